using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Stages.Tests.Fakes;
using InfoHub.Templates.Problems;
using Xunit;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Stages.Tests.Client;

/// <summary>What the sender makes of what a hub says of itself, and what it does with one that says nothing.</summary>
public sealed class NewerHubTests : IAsyncLifetime
{
    private const string Submission = "SCJG-01.v1.202503.1";
    private const int Chunk = 256 << 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-newer-").FullName;
    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Send_EveryStream_BeginsByTakingOver()
    {
        _hub.Submissions.CutAt.Enqueue(2 * Chunk);
        var bytes = Text(5 * Chunk);
        await SendAsync(bytes);
        Assert.Equal((2, 2), (_hub.Submissions.Uploads, _hub.Submissions.TakeOvers));
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
    }

    [Fact]
    public async Task Send_HubDoesNotAnswerTheTakeOver_GoesOnFromOpen()
    {
        _hub.Submissions.IgnoresTakeOver = true;
        var bytes = Text(3 * Chunk);
        await SendAsync(bytes, o => o with { TakeOverTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        Assert.Equal(0, _hub.Submissions.TakeOvers);
    }

    [Theory]
    [InlineData(ChunkCompression.Always, true)]
    [InlineData(ChunkCompression.Auto, false)]
    [InlineData(ChunkCompression.Never, false)]
    public async Task Send_Compressed_ArrivesByteForByteOverFewerBytes(ChunkCompression compression, bool fewer)
    {
        var bytes = Text((4 * Chunk) + 100);
        await SendAsync(bytes, o => o with { Compression = compression });
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        Assert.Equal(fewer, _hub.Submissions.BytesOnTheWire < bytes.Length / 4);
        Assert.Empty(_hub.Submissions.BadChecksums);
        Assert.Equal(Chunk, _hub.Submissions.ChunkBytesMax);
    }

    /// <summary>zstd where the hub takes it, else gzip, else nothing; an unknown one is the hub's own affair.</summary>
    [Theory]
    [InlineData(new[] { Compression.Gzip, Compression.Zstd }, Compression.Zstd)]
    [InlineData(new[] { (Compression)77, Compression.Gzip }, Compression.Gzip)]
    [InlineData(new Compression[0], Compression.Unspecified)]
    public async Task Send_Compressed_IsWhatTheHubTakes(Compression[] offered, Compression used)
    {
        _hub.Submissions.Compressions = offered;
        var bytes = Text((2 * Chunk) + 1);
        await SendAsync(bytes, o => o with { Compression = ChunkCompression.Always });
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        // The last chunk is one byte, which nothing shrinks.
        Assert.Equal(used == Compression.Unspecified ? [used] : [Compression.Unspecified, used],
            _hub.Submissions.Compressed.Distinct().Order());
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstd)]
    public async Task Send_NoiseCompressed_IsSentAsItIs(Compression offered)
    {
        _hub.Submissions.Compressions = [offered];
        var bytes = new byte[2 * Chunk];
        new Random(7).NextBytes(bytes);
        await SendAsync(bytes, o => o with { Compression = ChunkCompression.Always });
        Assert.Equal(bytes, _hub.Submissions.Content(Submission));
        Assert.Equal(bytes.Length, _hub.Submissions.BytesOnTheWire);
    }

    [Fact]
    public async Task Send_HubOfBefore_NothingNewIsAskedOfIt()
    {
        _hub.Submissions.IsOld = true;
        var bytes = Text(Chunk);
        var status = await SendAsync(bytes, o => o with { Compression = ChunkCompression.Always, Environment =
            HubEnvironment.Test });
        Assert.Equal(SubmissionState.Used, status.State);
        Assert.Equal(bytes.Length, _hub.Submissions.BytesOnTheWire);
        using var connection = _hub.Connect();
        var failed = await Assert.ThrowsAsync<ProblemException>(() => connection.DescribeAsync(CancellationToken.None));
        Assert.Equal("IH-INT-134", failed.Problem.Code);
    }

    [Fact]
    public async Task Send_TestProfileToProduction_SendsNothing()
    {
        var failed = await Assert.ThrowsAsync<ProblemException>(
            () => SendAsync(Text(10), o => o with { Environment = HubEnvironment.Test }));
        Assert.Equal("IH-INT-136", failed.Problem.Code);
        Assert.False(_hub.Submissions.Knows(Submission));
        _hub.Submissions.Environment = HubEnvironment.Test;
        var status = await SendAsync(Text(10), o => o with { Environment = HubEnvironment.Test });
        Assert.Equal(HubEnvironment.Test, status.Environment);
    }

    [Fact]
    public async Task Send_UnfinishedFileUnderTheKey_GivesWayOnlyWhenAsked()
    {
        _hub.Submissions.TakesNothing = true;
        await Assert.ThrowsAsync<ProblemException>(() => SendAsync(Text(Chunk),
            o => o with { StallTimeout = TimeSpan.FromMilliseconds(100), AttemptsMax = 1 }));
        _hub.Submissions.TakesNothing = false;
        var other = Text((2 * Chunk) + 1);
        var conflict = await Assert.ThrowsAsync<ProblemException>(() => SendAsync(other));
        Assert.Equal("IH-INT-105", conflict.Problem.Code);
        _hub.Submissions.CutAt.Enqueue(Chunk);
        await SendAsync(other, file: f => f with { ReplacesUnfinished = true });
        Assert.Equal(other, _hub.Submissions.Content(Submission));
        // Open is repeated after the cut without throwing away what had arrived: two chunks and a byte in two streams.
        Assert.Equal(other.Length, _hub.Submissions.BytesOnTheWire);
    }

    [Fact]
    public async Task Send_WhatTheFileIs_IsToldAtOpenAndCommit()
    {
        var manifest = new Manifest { Rows = 3 };
        manifest.ControlSums["fee"] = "12.30";
        await SendAsync(Text(10), file: f => f with
        {
            Operation = Operation.Correction, Base = "SCJG-01.v1.202503.7", Encoding = TextEncoding.Gb18030,
                Sheet = "三月",
            Manifest = manifest,
        });
        var opened = _hub.Submissions.Opened(Submission);
        Assert.Equal((Operation.Correction, "SCJG-01.v1.202503.7", TextEncoding.Gb18030, "三月"),
            (opened.Operation, opened.Base, opened.Encoding, opened.Sheet));
        Assert.Equal(manifest, _hub.Submissions.Manifests[Submission]);
    }

    [Fact]
    public async Task ReadRejectedRows_CutAfterEach_HandsOnEachOnce()
    {
        await SendAsync(Text(10));
        _hub.Submissions.RejectedColumns.AddRange(["a", "b"]);
        _hub.Submissions.RejectedRows.AddRange(Enumerable.Range(1, 6).Select(row => new RejectedRow { Row = row * 2 }));
        _hub.Submissions.RejectedCuts = 4;
        using var connection = _hub.Connect();
        var replies = new List<RejectedRowsReply>();
        await foreach (var reply in new SubmissionSender(connection).ReadRejectedRowsAsync(Submission,
            CancellationToken.None))
            replies.Add(reply);
        Assert.Equal(["a", "b"], replies[0].Header.Columns);
        Assert.Equal([2L, 4, 6, 8, 10, 12], replies.Skip(1).Select(r => r.Row.Row));
    }

    private async Task<SubmissionStatus> SendAsync(byte[] bytes,
        Func<HubConnectionOptions, HubConnectionOptions>? change = null, Func<SubmissionFile, SubmissionFile>? file =
            null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var path = Path.Combine(_folder, "SCJG-01_202503.csv");
        await File.WriteAllBytesAsync(path, bytes, limit.Token);
        using var connection = _hub.Connect(change: change);
        var sent = SubmissionFile.FromPath(path);
        return await new SubmissionSender(connection).SendAsync(file?.Invoke(sent) ?? sent, SendUntil.Resting, null,
            limit.Token);
    }

    private static byte[] Text(int count)
    {
        var line = "3709830000001,云山市禾木五金有限公司,370983,202503,1860.00\n"u8;
        var bytes = new byte[count];
        for (var at = 0; at < count; at += line.Length)
            line[..Math.Min(line.Length, count - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
