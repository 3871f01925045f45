using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Stages.Tests.Fakes;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>Whatever the network and the hub do, the file arrives byte for byte or the sender says why not.</summary>
public sealed class SubmissionSenderTests : IAsyncLifetime, IDisposable
{
    private const int Chunk = 256 << 10;
    private const string Submission = "SCJG-01.v1.202503.1";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-send-").FullName;
    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Send_QuietNetwork_ArrivesByteForByte()
    {
        var bytes = Bytes((10 * Chunk) + 17);
        var seen = new List<SendingProgress>();
        var status = await SendAsync(bytes, seen);
        Assert.Equal(SubmissionState.Used, status.State);
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        Assert.Empty(_hub.Submissions.BadChecksums);
        Assert.Equal(Chunk, _hub.Submissions.ChunkBytesMax);
        Assert.Equal(1, _hub.Submissions.Uploads);
        Assert.Equal(bytes.Length, seen.Where(p => p.Step == SendingStep.Uploading).Max(p => p.BytesDone));
        Assert.Equal(SendingStep.Resting, seen[^1].Step);
        Assert.Equal([SendingStep.Hashing, SendingStep.Uploading, SendingStep.Processing, SendingStep.Resting],
            seen.Select(p => p.Step).Distinct());
    }

    [Fact]
    public async Task Send_CutTwentyTimes_GoesOnFromWhatIsDurable()
    {
        var bytes = Bytes(20 * Chunk);
        for (var i = 1; i <= 20; i++)
            _hub.Submissions.CutAt.Enqueue(i * Chunk);
        var seen = new List<SendingProgress>();
        var status = await SendAsync(bytes, seen);
        Assert.Equal(SubmissionState.Used, status.State);
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        Assert.Contains(seen, p => p.Step == SendingStep.Waiting && p.Retrying!.Code == "IH-INT-116");
    }

    [Fact]
    public async Task Send_ChunksDamagedAndHubForgetful_IsSentAgainFromThere()
    {
        var bytes = Bytes(8 * Chunk);
        _hub.Submissions.DamageAt.Enqueue(2 * Chunk);
        _hub.Submissions.DamageAt.Enqueue(2 * Chunk);
        _hub.Submissions.LoseAt.Enqueue(5 * Chunk);
        await SendAsync(bytes);
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        Assert.Equal(4, _hub.Submissions.Uploads);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1000, false)]
    [InlineData(Chunk - 1, true)]
    [InlineData((2 * Chunk) + 5, false)]
    public async Task Send_CreditIsTight_NeverSendsPastIt(long credit, bool offersAtOpen)
    {
        var bytes = Bytes(credit == 1 ? Chunk + 300 : 4 * Chunk);
        (_hub.Submissions.CreditBytes, _hub.Submissions.OffersCreditAtOpen) = (credit, offersAtOpen);
        await SendAsync(bytes);
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        // Without any credit beforehand one chunk is offered: the hub's credit counts from its first answer on.
        Assert.InRange(_hub.Submissions.AheadMax, 1, Math.Max(credit, Chunk));
    }

    [Fact]
    public async Task Send_SecondTime_AnswersWithoutUpload()
    {
        var bytes = Bytes(Chunk);
        var first = await SendAsync(bytes);
        var second = await SendAsync(bytes);
        Assert.Equal(first, second);
        Assert.Equal(1, _hub.Submissions.Uploads);
    }

    [Fact]
    public async Task Send_OtherContentUnderTheSameNumber_IsAConflictWithTheHubsText()
    {
        await SendAsync(Bytes(10));
        var failed = await Assert.ThrowsAsync<ProblemException>(() => SendAsync(Bytes(11)));
        Assert.Equal("IH-INT-105", failed.Problem.Code);
        Assert.Contains(Submission, failed.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("序号改为 2", failed.Problem.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("{", failed.Problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_HubRefusesTheFile_IsAnAnswer()
    {
        _hub.Submissions.Outcome = status =>
        {
            status.State = SubmissionState.FileRefused;
            status.Problems.Add(new InfoHub.Contracts.Intake.V1.Problem { Code = "IH-INT-202", Title = "表头与模板不符",
                Detail = "缺少列：uscc", Remedy = "改表头" });
        };
        var status = await SendAsync(Bytes(100));
        Assert.Equal((SubmissionState.FileRefused, "IH-INT-202"), (status.State, status.Problems.Single().Code));
    }

    [Fact]
    public async Task Send_UntilCommitted_DoesNotWaitForTheHub()
    {
        using var connection = _hub.Connect();
        var status = await new SubmissionSender(connection).SendAsync(FileOf(Bytes(100)), SendUntil.Committed, null,
            _limit.Token);
        Assert.Equal(SubmissionState.Received, status.State);
    }

    [Fact]
    public async Task Send_HubRestartsAndIsBusyAndRefusesTheToken_GoesThrough()
    {
        (_hub.Submissions.UnavailableCalls, _hub.Submissions.OverloadedOpens, _hub.Submissions.TokenRefusals,
            _hub.Submissions.WatchCuts) = (2, 1, 1, 3);
        Assert.Equal(SubmissionState.Used, (await SendAsync(Bytes(1000))).State);
    }

    [Fact]
    public async Task Send_HubStaysAway_IsUnreachableAfterBoundedAttempts()
    {
        _hub.Submissions.UnavailableCalls = int.MaxValue;
        var seen = new List<SendingProgress>();
        var failed = await Assert.ThrowsAsync<ProblemException>(() => SendAsync(Bytes(10), seen));
        Assert.Equal("IH-INT-116", failed.Problem.Code);
        Assert.Equal(4, seen.Count(p => p.Step == SendingStep.Waiting));
    }

    [Fact]
    public async Task Send_EveryChunkArrivesDamaged_IsBounded()
    {
        for (var i = 0; i < 100; i++)
            _hub.Submissions.DamageAt.Enqueue(0);
        var failed = await Assert.ThrowsAsync<ProblemException>(() => SendAsync(Bytes(10)));
        Assert.Equal("IH-INT-107", failed.Problem.Code);
        Assert.Equal(5, _hub.Submissions.Uploads);
    }

    [Fact]
    public async Task Send_HubEndsEachUploadAfterOneChunk_ArrivesAllTheSame()
    {
        _hub.Submissions.EndsUploadsEarly = true;
        var bytes = Bytes(9 * Chunk);
        await SendAsync(bytes);
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
    }

    [Fact]
    public async Task Send_HubTakesNothing_IsCutAsStalled()
    {
        _hub.Submissions.TakesNothing = true;
        using var connection = _hub.Connect(change: o => o with { StallTimeout = TimeSpan.FromMilliseconds(300),
            AttemptsMax = 2 });
        var file = FileOf(Bytes(40 * Chunk));
        var failed = await Assert.ThrowsAsync<ProblemException>(() =>
            new SubmissionSender(connection).SendAsync(file, SendUntil.Resting, null, _limit.Token));
        Assert.Equal("IH-INT-116", failed.Problem.Code);
        Assert.Contains("没有进展", failed.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_CallerGivesUp_IsCancelled()
    {
        _hub.Submissions.TakesNothing = true;
        using var connection = _hub.Connect();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SubmissionSender(connection).SendAsync(FileOf(Bytes(40 * Chunk)), SendUntil.Resting, null,
                patience.Token));
    }

    [Fact]
    public async Task Send_NoFile_EmptyFile_AFolder_SayWhy()
    {
        using var connection = _hub.Connect();
        var sender = new SubmissionSender(connection);
        Task Try(string path) => sender.SendAsync(
            new SubmissionFile { Path = path, Item = "SCJG-01", Period = Period.Parse("202503"),
                Format = FileFormat.Csv }, SendUntil.Resting, null, _limit.Token);
        var empty = Path.Combine(_folder, "empty.csv");
        await File.WriteAllBytesAsync(empty, [], _limit.Token);
        Assert.Equal("IH-INT-117", (await Assert.ThrowsAsync<ProblemException>(() =>
            Try(Path.Combine(_folder, "none.csv")))).Problem.Code);
        Assert.Equal("IH-INT-117", (await Assert.ThrowsAsync<ProblemException>(() => Try(_folder))).Problem.Code);
        Assert.Equal("IH-INT-201", (await Assert.ThrowsAsync<ProblemException>(() => Try(empty))).Problem.Code);
    }

    [Fact]
    public async Task Calls_WrongSecret_ConsumersToken_OtherDepartmentsItem_NoHub_EachSaySo()
    {
        async Task<string> CodeOf(Func<HubConnectionOptions, HubConnectionOptions> change, string client = "scjg",
            string item = "SCJG-01")
        {
            using var connection = _hub.Connect(client, change);
            var file = FileOf(Bytes(10)) with { Item = item };
            return (await Assert.ThrowsAsync<ProblemException>(() =>
                new SubmissionSender(connection).SendAsync(file, SendUntil.Resting, null, _limit.Token))).Problem.Code;
        }
        Assert.Equal("IH-INT-101", await CodeOf(o => o with { ClientSecret = "guess" }));
        Assert.Equal("IH-INT-102", await CodeOf(o => o, "tax-city"));
        Assert.Equal("IH-INT-102", await CodeOf(o => o, item: "GD-01"));
        Assert.Equal("IH-INT-116", await CodeOf(o => o
            with { Hub = new Uri($"http://127.0.0.1:{FakeHub.FreePort()}") }));
        Assert.Equal("IH-INT-116", await CodeOf(o => o
            with { Authority = new Uri($"http://127.0.0.1:{FakeHub.FreePort()}") }));
    }

    [Fact]
    public void Connection_SecretWouldTravelInClear_IsRefused()
    {
        var failed = Assert.Throws<ProblemException>(() =>
            _hub.Connect(change: o => o with { Hub = new Uri("http://10.1.2.3:5000") }));
        Assert.Equal("IH-CFG-001", failed.Problem.Code);
        _hub.Connect(change: o => o with { Hub = new Uri("http://10.1.2.3:5000"), ClearTextAllowed = true }).Dispose();
    }

    [Fact]
    public async Task ReadErrors_CutInsideARow_HandsOnEachOnce()
    {
        _hub.Submissions.Errors.AddRange(from row in Enumerable.Range(1, 5)
                                         from code in new[] { "IH-INT-301", "IH-INT-305", "IH-INT-308" }
                                         select new RowError { Row = row, Code = code, Field = "f" });
        await SendAsync(Bytes(10));
        _hub.Submissions.ErrorCuts = 4;
        using var connection = _hub.Connect();
        var replies = new List<RowErrorsReply>();
        await foreach (var reply in new SubmissionSender(connection).ReadErrorsAsync(Submission, 0, _limit.Token))
            replies.Add(reply);
        Assert.Equal(15, replies[0].Totals.Errors);
        Assert.Equal(_hub.Submissions.Errors, replies.Skip(1).Select(r => r.Error));
    }

    [Fact]
    public async Task Get_UnknownSubmission_IsTheHubsProblem()
    {
        using var connection = _hub.Connect();
        var failed = await Assert.ThrowsAsync<ProblemException>(() => new SubmissionSender(connection).GetAsync("X",
            _limit.Token));
        Assert.Equal(("IH-INT-110", "本部门没有编号为 X 的报送。"), (failed.Problem.Code, failed.Problem.Detail));
    }

    private async Task<SubmissionStatus> SendAsync(byte[] bytes, List<SendingProgress>? seen = null)
    {
        using var connection = _hub.Connect();
        return await new SubmissionSender(connection).SendAsync(FileOf(bytes), SendUntil.Resting, seen is null ? null
            : new Recorder(seen), _limit.Token);
    }

    private SubmissionFile FileOf(byte[] bytes)
    {
        var path = Path.Combine(_folder, "SCJG-01_202503.csv");
        File.WriteAllBytes(path, bytes);
        return SubmissionFile.FromPath(path);
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private sealed class Recorder(List<SendingProgress> seen) : IProgress<SendingProgress>
    {
        public void Report(SendingProgress value) => seen.Add(value);
    }
}
