using System.Text.Json;
using InfoHub.Cli;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Stages.Tests.Fakes;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>What a person and a script see of <c>infohub</c>: text, JSON, exit code; never the secret.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-cli-").FullName;
    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Push_CleanFile_TellsNumberAndControlTotals()
    {
        var (code, output, _) = await RunAsync("scjg", "push", FileOf("SCJG-01_202503.csv"));
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("报送编号 SCJG-01.v1.202503.1：已入库并完成比对", output, StringComparison.Ordinal);
        Assert.Contains("收到 3 行 = 退回 0 行 + 接收 3 行", output, StringComparison.Ordinal);
        Assert.Contains("SCJG-01_202503.csv  上传 100%", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Push_RowsRejected_TellsWhatAndHowToMend()
    {
        RejectTwo();
        var (code, output, _) = await RunAsync("scjg", "push", FileOf("SCJG-01_202503.csv"));
        Assert.Equal(ExitCode.RowsRejected, code);
        Assert.Contains("收到 5 行 = 退回 2 行 + 接收 3 行", output, StringComparison.Ordinal);
        Assert.Contains("IH-INT-301 必填项为空  [ent_name]  退回 2 处", output, StringComparison.Ordinal);
        Assert.Contains("→ 请补填。", output, StringComparison.Ordinal);
        Assert.Contains("infohub mend 退回行.xlsx --base SCJG-01.v1.202503.1", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.RowsRejected, (await RunAsync("scjg", "status", "SCJG-01.v1.202503.1")).Code);
    }

    [Fact]
    public async Task Push_Json_IsOneObjectPerFileAndNothingElse()
    {
        RejectTwo();
        var (code, output, error) = await RunAsync("scjg", "push", "--json", FileOf("SCJG-01_202503.csv"),
            FileOf("nonsense.csv"));
        Assert.Equal(ExitCode.Usage, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Equal("USED", lines[0].GetProperty("submission").GetProperty("state").GetString()!.Split('_')[^1]);
        Assert.Equal("IH-INT-115", lines[1].GetProperty("problem").GetProperty("code").GetString());
        Assert.Contains("上传", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_FileRefused_UnclearName_NoFile_NotSignedIn_NoHub_EachHasItsExitCode()
    {
        Assert.Equal(ExitCode.Usage, (await RunAsync("scjg", "push", FileOf("what.csv"))).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("scjg", "push",
            Path.Combine(_folder, "SCJG-01_202503.csv"))).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("scjg", "push")).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("scjg", "push", "--sequence", "2", "a.csv", "b.csv")).Code);
        Assert.Equal(ExitCode.NotPermitted, (await RunAsync("tax-city", "push", FileOf("SCJG-01_202503.csv"))).Code);
        Assert.Equal(ExitCode.NotPermitted, (await RunAsync("scjg", "status", "X", "--client-secret", "guess")).Code);
        Assert.Equal(ExitCode.HubUnreachable, (await RunAsync("scjg", "status", "X", "--hub",
            $"http://127.0.0.1:{FakeHub.FreePort()}")).Code);
        _hub.Submissions.Outcome = status => status.State = SubmissionState.FileRefused;
        Assert.Equal(ExitCode.FileRefused, (await RunAsync("scjg", "push", FileOf("SCJG-01_202503.csv"))).Code);
    }

    [Fact]
    public async Task Push_NotSignedIn_DoesNotTryTheOthers()
    {
        var (code, output, error) = await RunAsync(
            "scjg", "push", "--client-secret", "guess", FileOf("SCJG-01_202503.csv"), FileOf("SCJG-01_202504.csv"));
        Assert.Equal(ExitCode.NotPermitted, code);
        Assert.Contains("未报送", output, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'), line => line.Contains("IH-INT-101", StringComparison.Ordinal));
        Assert.Equal(0, _hub.Submissions.Uploads);
    }

    [Fact]
    public async Task Commands_WithoutSettings_NameWhatIsMissing()
    {
        var (code, _, error) = await RunAsync(null, "templates");
        Assert.Equal(ExitCode.Usage, code);
        foreach (var name in new[] { "INFOHUB_HUB", "INFOHUB_AUTHORITY", "INFOHUB_CLIENT_ID", "INFOHUB_CLIENT_SECRET" })
            Assert.Contains(name, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_MoreThanTheLimit_SaysSo()
    {
        _hub.Submissions.Errors.AddRange(Enumerable.Range(1, 5).Select(row => new RowError
        {
            Row = row, Code = "IH-INT-301", Field = "ent_name", FieldTitle = "企业名称", Fix = "请补填。",
                Observed = "\u001b[31mred",
        }));
        await RunAsync("scjg", "push", FileOf("SCJG-01_202503.csv"));
        var (code, output, error) = await RunAsync("scjg", "errors", "SCJG-01.v1.202503.1", "--limit", "2");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("第 2 行", output, StringComparison.Ordinal);
        Assert.DoesNotContain("第 3 行", output, StringComparison.Ordinal);
        Assert.Contains("退回 5 条，列出 2 条；提示 0 条，列出 0 条", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        var json = await RunAsync("scjg", "errors", "SCJG-01.v1.202503.1", "--limit", "0", "--json");
        Assert.Equal(6, json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Templates_OfTheDepartment_AreListed() =>
        Assert.Contains("市场主体设立登记信息", (await RunAsync("scjg", "templates")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Findings_AskedByADepartment_IsNotPermitted()
    {
        var (code, _, error) = await RunAsync("scjg", "findings");
        Assert.Equal(ExitCode.NotPermitted, code);
        Assert.Contains("IH-INT-102", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("tax-city", "findings", "--page-size", "201")).Code);
    }

    private void RejectTwo() => _hub.Submissions.Outcome = status =>
    {
        status.State = SubmissionState.Used;
        (status.RowsReceived, status.RowsRejected, status.RowsAccepted, status.RowsStored) = (5, 2, 3, 3);
        status.ErrorTotals.Clear();
        status.ErrorTotals.Add(new ErrorTotal { Code = "IH-INT-301", Field = "ent_name", Severity = Severity.Error,
            Count = 2 });
    };

    private async Task<(ExitCode Code, string Output, string Error)> RunAsync(string? client, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var settings = client is null ? [] : _hub.Settings(client);
        var code = await HubCommandLine.RunAsync(arguments, new Terminal(output, error, IsInteractive: false,
            settings.GetValueOrDefault), limit.Token);
        if (client is not null)
            Assert.DoesNotContain(_hub.SecretOf(client), output.ToString() + error, StringComparison.Ordinal);
        return (code, output.ToString(), error.ToString());
    }

    private string FileOf(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, "uscc,ent_name\n1,2\n");
        return path;
    }
}
