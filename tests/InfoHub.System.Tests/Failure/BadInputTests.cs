using System.Text;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>
/// Every bad input gets its number and says what to do, on the command line and in the reply; what came before stays as
/// it
/// was, and what comes after is used.
/// </summary>
[Collection(HubCollection.Name)]
public sealed class BadInputTests(RunningHub hub)
{
    private const int Refused = 2, RowsRejected = 3;

    public static TheoryData<string, string, int> Files { get; } = new()
    {
        { "wrong header", "IH-INT-202", Refused },
        { "column twice", "IH-INT-210", Refused },
        { "full-width semicolons", "IH-INT-211", Refused },
        { "no encoding at all", "IH-INT-203", Refused },
        { "GBK after good rows", "IH-INT-203", Refused },
        { "empty", "IH-INT-201", Refused },
        { "header only", "IH-INT-207", Refused },
        { "only bad rows", "IH-INT-311", Refused },
        { "mostly bad rows", "IH-INT-208", Refused },
        { "one column too many", "IH-INT-402", RowsRejected },
        { "text behind a quote", "IH-INT-403", RowsRejected },
        { "unclosed quote", "IH-INT-205", Refused },
        { "NUL byte", "IH-INT-204", Refused },
        { "long line", "IH-INT-206", Refused },
        { "workbook named csv", "IH-INT-209", Refused },
        { "text named xlsx", "IH-INT-220", Refused },
    };

    private static byte[] Content(string kind) => kind switch
    {
        "wrong header" => Electricity.Bytes(Electricity.Header.Replace("kwh,", "energie,", StringComparison.Ordinal), [Electricity.Row(1)]),
        "column twice" => Electricity.Bytes(Electricity.Header.Replace("pv_kwh", "kwh", StringComparison.Ordinal), [Electricity.Row(1)]),
        "full-width semicolons" => Electricity.Bytes(Electricity.Header.Replace(',', '；'), [Electricity.Row(1).Replace(',', '；')]),
        "no encoding at all" => [.. Electricity.Good(rows: 0), .. Enumerable.Repeat((byte)0xFF, 40), (byte)'\n'],
        "GBK after good rows" => [.. Electricity.Good(rows: 100), .. Gbk(Electricity.Row(101) + "\n")],
        "empty" => [],
        "header only" => Electricity.Good(rows: 0),
        "only bad rows" => Electricity.Bytes(Electricity.Header, Enumerable.Range(1, 5).Select(n => Electricity.Row(n, kwh: "-5"))),
        "mostly bad rows" => Electricity.Bytes(Electricity.Header, Enumerable.Range(1, 2_000).Select(n => Electricity.Row(n, kwh: n % 10 == 0 ? "5" : "-5"))),
        "one column too many" => Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2) + ",x", Electricity.Row(3)]),
        "text behind a quote" => Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2).Replace("武汉市试验", "\"武汉\"试验", StringComparison.Ordinal)]),
        "unclosed quote" => Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2).Replace("武汉市试验", "\"武汉市试验", StringComparison.Ordinal), Electricity.Row(3)]),
        "NUL byte" => Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2).Replace("试验", "试\0验", StringComparison.Ordinal)]),
        "long line" => [.. Electricity.Good(rows: 1), .. Enumerable.Repeat((byte)'x', 3 << 20), .. Electricity.Good(rows: 1)],
        "workbook named csv" => [0x50, 0x4B, 3, 4, .. Electricity.Good()],
        "text named xlsx" => Electricity.Good(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string ExtensionOf(string kind) => kind == "text named xlsx" ? ".xlsx" : ".csv";

    private static byte[] Gbk(string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding("GBK").GetBytes(text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Push_BadFile_TellsNumberAndRemedy_AndNothingElseNotices(string kind, string code, int exitCode)
    {
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var before = await raw.SendAsync(RawSender.Request(Electricity.Good(), hub.NextSequence()), Electricity.Good());
        var result = await hub.RunAsync("gd", "push", hub.WriteFile(Electricity.Item, Content(kind), ExtensionOf(kind)));
        Assert.True(result.Code == exitCode, result.ToString());
        Assert.Contains($"{code} {ProblemCatalogue.All[code].TitleZh}", result.All, StringComparison.Ordinal);
        AssertRemedy(code, result.All[result.All.IndexOf('→', StringComparison.Ordinal)..]);
        await AssertUntouchedAsync(raw, before);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Grpc_BadFile_ReplyTellsNumberAndRemedy_AndNothingElseNotices(string kind, string code, int exitCode)
    {
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var before = await raw.SendAsync(RawSender.Request(Electricity.Good(), hub.NextSequence()), Electricity.Good());
        var content = Content(kind);
        var format = ExtensionOf(kind) == ".xlsx" ? FileFormat.Xlsx : FileFormat.Csv;
        var status = await raw.SendAsync(RawSender.Request(content, hub.NextSequence(), format: format), content);
        if (status.State == SubmissionState.FileRefused)
        {
            var problem = Assert.Single(status.Problems);
            Assert.Equal(code, problem.Code);
            AssertRemedy(code, problem.Remedy);
            Assert.NotEmpty(problem.RemedyEn);
            Assert.DoesNotContain('{', problem.Detail + problem.RemedyEn);
            Assert.Equal(0, status.RowsStored);
        }
        else
        {
            Assert.Equal(exitCode == Refused ? SubmissionState.AllRowsRejected : SubmissionState.Used, status.State);
            Assert.Equal(exitCode == Refused ? ["IH-INT-214"] : [], status.Problems.Select(problem => problem.Code));
            Assert.Contains(status.ErrorTotals, total => total.Code == code && total.Count > 0);
            Assert.Equal(status.RowsReceived, status.RowsRejected + status.RowsAccepted);
            Assert.Equal(status.RowsAccepted, status.RowsStored);
            await foreach (var reply in new SubmissionSender(connection).ReadErrorsAsync(status.Submission, afterRow: 0, CancellationToken.None))
                if (reply.PartCase == RowErrorsReply.PartOneofCase.Error)
                    AssertRemedy(reply.Error.Code, reply.Error.Fix);
        }
        await AssertUntouchedAsync(raw, before);
    }

    [Fact]
    public async Task Push_UnknownItem_TellsTheKnownOnes()
    {
        var path = hub.WriteFile("ZZ-99", Electricity.Good());
        var result = await hub.RunAsync("gd", "push", path);
        Assert.Equal(Refused, result.Code);
        Assert.Contains("IH-INT-103", result.Error, StringComparison.Ordinal);
        Assert.Contains("GD-01", result.Error, StringComparison.Ordinal);
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var refused = await Assert.ThrowsAsync<RpcException>(() => raw.OpenAsync(RawSender.Request(Electricity.Good(), 1, item: "ZZ-99")));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        var problem = RawSender.ProblemOf(refused);
        Assert.Equal("IH-INT-103", problem.Code);
        AssertRemedy(problem.Code, problem.Remedy);
    }

    [Fact]
    public async Task Push_AsProcess_BadThenGood_ExitCodesAndText()
    {
        var environment = hub.EnvironmentOf("gd");
        var path = hub.WriteFile(Electricity.Item, Content("no encoding at all"));
        var bad = await Programs.RunAsync(Programs.Own("InfoHub.Cli", "infohub", "push", path), environment);
        Assert.True(bad.Code == Refused, bad.ToString());
        Assert.Contains("IH-INT-203 文件编码无法识别", bad.All, StringComparison.Ordinal);
        Assert.Contains("→ 请", bad.All, StringComparison.Ordinal);
        var good = await Programs.RunAsync(Programs.Own("InfoHub.Cli", "infohub", "push", hub.WriteFile(Electricity.Item, Electricity.Good())), environment);
        Assert.True(good.Code == 0, good.ToString());
        Assert.Contains("已入库并完成比对", good.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(environment["INFOHUB_CLIENT_SECRET"], bad.All + good.All, StringComparison.Ordinal);
    }

    private static void AssertRemedy(string code, string text)
    {
        var remedy = ProblemCatalogue.All[code].RemedyZh;
        var fixedPart = remedy.Split('{')[0];
        Assert.NotEmpty(fixedPart);
        Assert.Contains(fixedPart, text, StringComparison.Ordinal);
        Assert.DoesNotContain('{', text);
    }

    private async Task AssertUntouchedAsync(RawSender raw, SubmissionStatus before)
    {
        Assert.Equal(SubmissionState.Used, before.State);
        Assert.Equal(before.ToByteString(), (await raw.GetAsync(before.Submission)).ToByteString());
        var good = await hub.RunAsync("gd", "push", hub.WriteFile(Electricity.Item, Electricity.Good()));
        Assert.True(good.Code == 0, good.ToString());
        Assert.Contains("已入库并完成比对", good.Out, StringComparison.Ordinal);
    }
}
