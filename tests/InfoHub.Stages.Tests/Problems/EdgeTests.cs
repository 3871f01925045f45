using System.Data.Common;
using System.Net.Http.Headers;
using Grpc.Core;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Contracts.Reflection.V1;
using InfoHub.Host.Problems;
using InfoHub.Templates.Problems;
using Xunit;
using Problem = InfoHub.Templates.Problems.Problem;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Stages.Tests.Problems;

/// <summary>However a call fails, its answer carries a number, and nothing of the inside.</summary>
public sealed class EdgeTests
{
    private const string Secret = "Host=10.0.0.7;Password=hunter2";

    [Fact]
    public async Task Call_UnforeseenFault_Is199WithTheIncidentOfTheLog()
    {
        await using var hub = await FaultyHub.StartAsync();
        hub.Act = _ => throw new InvalidOperationException(Secret);
        var (status, problem) =
            await FailureAsync(async () => await hub.Findings.SearchAsync(new SearchFindingsRequest()));

        Assert.Equal((StatusCode.Internal, "IH-INT-199"), (status.StatusCode, problem?.Code));
        Assert.DoesNotContain("hunter2", status.Detail + problem, StringComparison.Ordinal);
        var incident = problem!.Detail.Split("事件编号 ")[1].TrimEnd('。');
        Assert.Matches("^[0-9a-f]{12}$", incident);
        Assert.Contains(hub.Logged, line => line.Contains(incident, StringComparison.Ordinal)
            && line.Contains(Secret, StringComparison.Ordinal));
        Assert.Contains(incident, problem.Remedy + problem.RemedyEn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_StoreOutage_IsUnavailableWithRetryAfter()
    {
        await using var hub = await FaultyHub.StartAsync();
        hub.Act = _ => throw new Outage(Secret);
        var failed = await Assert.ThrowsAsync<RpcException>(
            async () => await hub.Findings.SearchAsync(new SearchFindingsRequest()));

        Assert.Equal((StatusCode.Unavailable, "IH-INT-111"), (failed.StatusCode, ProblemOf(failed)?.Code));
        Assert.Equal("2", failed.Trailers.GetValue("retry-after"));
        Assert.DoesNotContain("hunter2", failed.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An id is bounded before it is looked up, and never comes back whole.</summary>
    [Theory]
    [InlineData(1_025)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task Call_IdOfAbsurdLength_IsRefusedWithANumberAndWithoutTheId(int length)
    {
        await using var hub = await FaultyHub.StartAsync();
        var (status, problem) = await FailureAsync(async () =>
            await hub.Findings.GetAsync(new GetFindingRequest { FindingId = new string('指', length) }));

        Assert.Equal((StatusCode.InvalidArgument, "IH-INT-113"), (status.StatusCode, problem?.Code));
        Assert.Contains("finding_id", problem!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("指", problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>However long what a problem tells, the answer fits the header fields of every client.</summary>
    [Fact]
    public async Task Call_ProblemWithLongValues_IsToldShortened()
    {
        await using var hub = await FaultyHub.StartAsync();
        var value = string.Concat(Enumerable.Repeat("𠮷", 40_000));
        var conflict = new Problem(ProblemCatalogue.SubmissionConflict, ("submission", value), ("onFile", value),
            ("state", value), ("offered", value), ("next", value));
        hub.Act = _ => throw new ProblemException(conflict);
        var (status, problem) =
            await FailureAsync(async () => await hub.Findings.SearchAsync(new SearchFindingsRequest()));

        Assert.Equal((StatusCode.AlreadyExists, "IH-INT-105"), (status.StatusCode, problem?.Code));
        Assert.Contains("共 80000 个字符", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_StatusOfALibrary_GetsANumber()
    {
        await using var hub = await FaultyHub.StartAsync();
        hub.Act = _ => throw new RpcException(new Status(StatusCode.Internal, Secret));
        var (status, problem) =
            await FailureAsync(async () => await hub.Findings.SearchAsync(new SearchFindingsRequest()));

        Assert.Equal((StatusCode.InvalidArgument, "IH-INT-113"), (status.StatusCode, problem?.Code));
        Assert.DoesNotContain("hunter2", status.Detail + problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_MethodThatNobodyHasWritten_SaysSo()
    {
        await using var hub = await FaultyHub.StartAsync();
        var (status, problem) = await FailureAsync(async () => await hub.Findings.GetAsync(new GetFindingRequest()));

        Assert.Equal((StatusCode.Unimplemented, "IH-INT-113"), (status.StatusCode, problem?.Code));
        Assert.Contains("没有这个方法", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Cancelled_StaysCancelledAndIsNoFault()
    {
        await using var hub = await FaultyHub.StartAsync();
        var (entered, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        hub.Act = async context =>
        {
            entered.SetResult();
            context.CancellationToken.Register(left.SetResult);
            await left.Task;
            throw new InvalidOperationException("because nobody is there");
        };
        using var stop = new CancellationTokenSource();
        var call = hub.Findings.SearchAsync(new SearchFindingsRequest(), cancellationToken: stop.Token).ResponseAsync;
        await entered.Task;
        await stop.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
        await left.Task;
        hub.Act = _ => Task.CompletedTask;
        await hub.Findings.SearchAsync(new SearchFindingsRequest());
        Assert.DoesNotContain(hub.Logged, line => line.StartsWith("9003 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_TooLarge_SaysSo()
    {
        await using var hub = await FaultyHub.StartAsync();
        var large = new SearchFindingsRequest { Party = new string('x', 5 << 20) };
        var (status, problem) = await FailureAsync(async () => await hub.Findings.SearchAsync(large));

        Assert.Equal((StatusCode.ResourceExhausted, "IH-INT-113"), (status.StatusCode, problem?.Code));
        Assert.Contains("4 MiB", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithNul_NamesTheField_AlsoInAStream()
    {
        await using var hub = await FaultyHub.StartAsync();
        var (status, problem) = await FailureAsync(
            async () => await hub.Findings.SearchAsync(new SearchFindingsRequest { Models = { "A", "B\0" } }));
        Assert.Equal((StatusCode.InvalidArgument, "IH-INT-113"), (status.StatusCode, problem?.Code));
        Assert.StartsWith("models[1]：", problem!.Detail, StringComparison.Ordinal);

        using var stream = hub.Streams.ServerReflectionInfo();
        await stream.RequestStream.WriteAsync(new ServerReflectionRequest { Host = "sound" });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        await stream.RequestStream.WriteAsync(
            new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = "\0" } });
        (_, problem) = await FailureAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.StartsWith("file_containing_extension.containing_type：", problem!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/infohub.delivery.v1.Findings/Search", new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff }, "3")]
    [InlineData("/infohub.delivery.v1.Findings/Search", new byte[] { 0, 0, 0, 0, 9, 0x0a }, "3")]
    [InlineData("/infohub.delivery.v1.Findings/Search", new byte[] { }, "3")]
    [InlineData("/infohub.delivery.v1.Findings/Search", new byte[] { 1, 0, 0, 0, 1, 0x0a }, "3")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff }, "3")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", new byte[] { 9, 9, 9, 9, 9 }, "3")]
    [InlineData("/infohub.delivery.v1.Findings/Nothing", new byte[] { 0, 0, 0, 0, 0 }, "12")]
    [InlineData("/no.such.Service/Call", new byte[] { 0, 0, 0, 0, 0 }, "12")]
    public async Task Request_Damaged_HasANumber(string path, byte[] body, string expected)
    {
        await using var hub = await FaultyHub.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Address, path))
        {
            Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var fields = response.Headers.Concat(response.TrailingHeaders).ToDictionary(f => f.Key, f => f.Value.First());

        Assert.Equal(expected, fields["grpc-status"]);
        var problem = Wire.Problem.Parser.ParseFrom(Convert.FromBase64String(fields["infohub-problem-bin"]));
        Assert.Equal("IH-INT-113", problem.Code);
    }

    [Fact]
    public async Task Request_OfAnotherContentType_HasANumber()
    {
        await using var hub = await FaultyHub.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(hub.Address, "/infohub.delivery.v1.Findings/Search"))
        {
            Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("hello"),
        };
        using var response = await client.SendAsync(request);

        Assert.Equal("3", response.Headers.GetValues("grpc-status").Single());
        var problem = Convert.FromBase64String(response.Headers.GetValues("infohub-problem-bin").Single());
        Assert.Equal("IH-INT-113", Wire.Problem.Parser.ParseFrom(problem).Code);
    }

    [Fact]
    public void PathOfForbidden_OfEachKindOfField_IsItsPath()
    {
        Assert.Null(RequestText.PathOfForbidden(
            new SubmitRecordsRequest { Item = "GD-01",
            Records = { new Wire.Record { Cells = { new Cell { Text = "好" }, new Cell { Whole = 0 } } } } }));
        Assert.Equal("item", RequestText.PathOfForbidden(new SubmitRecordsRequest { Item = "\0" }));
        Assert.Equal("records[1].cells[0].decimal", RequestText.PathOfForbidden(new SubmitRecordsRequest
        {
            Records = { new Wire.Record(), new Wire.Record { Cells = { new Cell { Decimal = "1\0" } } } },
        }));
        var commit = new CommitRequest { Manifest = new Manifest() };
        commit.Manifest.ControlSums["fee"] = "1\0";
        Assert.Equal("manifest.control_sums [fee]", RequestText.PathOfForbidden(commit));
        commit.Manifest.ControlSums.Clear();
        commit.Manifest.ControlSums["f\0"] = "1";
        Assert.Equal("manifest.control_sums (key)", RequestText.PathOfForbidden(commit));
    }

    private static async Task<(Status Status, Wire.Problem? Problem)> FailureAsync(Func<Task> call)
    {
        var failed = await Assert.ThrowsAsync<RpcException>(call);
        return (failed.Status, ProblemOf(failed));
    }

    private static Wire.Problem? ProblemOf(RpcException failed) =>
        failed.Trailers.GetValueBytes("infohub-problem-bin") is { } bytes ? Wire.Problem.Parser.ParseFrom(bytes) : null;

    private sealed class Outage(string message) : DbException(message)
    {
        public override bool IsTransient => true;
    }
}
