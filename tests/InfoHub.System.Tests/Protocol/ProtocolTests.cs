using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Client;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using InfoHub.Templates.Rows;
using Xunit;
using ZstdSharp;

namespace InfoHub.System.Tests.Protocol;

/// <summary>The submission protocol call by call, as a program in any language meets it.</summary>
[Collection(HubCollection.Name)]
public sealed class ProtocolTests(RunningHub hub)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static string Json(Receipt receipt, string name) => JsonNode.Parse(receipt.BodyJson)!["content"]![name]!.ToString();

    private async Task<HubDescription> DescribeAsync(HubConnection connection) =>
        await connection.Submissions.DescribeAsync(new DescribeRequest(), await connection.CallOptionsAsync(None));

    [Fact]
    public async Task Describe_TellsVersionLimitsEnvironmentAndKeys()
    {
        using var connection = hub.Connect("gd");
        var said = await DescribeAsync(connection);

        Assert.Equal((3, Contracts.Intake.V1.Environment.Production, "GD", "gd"), (said.ProtocolVersion,
            said.Environment, said.Department, said.ClientId));
        Assert.Equal((1 << 20, 8L << 20, 1000), (said.ChunkBytesMax, said.UploadCreditBytes, said.RecordsMax));
        Assert.Equal([Compression.Gzip, Compression.Zstd], said.Compressions);
        Assert.NotEmpty(said.ServerVersion);
        var key = Assert.Single(said.ReceiptKeys);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.PublicKey.Span))[..16], key.KeyId);
    }

    [Fact]
    public async Task Receipts_EveryOneIsChainedAndSignedByTheKeyItNames()
    {
        using var connection = hub.Connect("gd");
        var content = Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2, kwh: "-1"), Electricity.Row(3, kwh: "0.50")]);
        var used = await new RawSender(connection).SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        var keys = (await DescribeAsync(connection)).ReceiptKeys.ToDictionary(k => k.KeyId);

        Assert.Equal(5, used.Receipts.Count);
        var before = ByteString.Empty;
        foreach (var receipt in used.Receipts)
        {
            Assert.Equal(before, receipt.PreviousHash);
            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(receipt.BodyJson)), receipt.Hash.ToByteArray());
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(keys[receipt.KeyId].PublicKey.Span, out _);
            Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(receipt.BodyJson), receipt.Signature.Span,
                HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            before = receipt.Hash;
        }
        Assert.Equal(("utf8", ","), (Json(used.Receipts[1], "encoding"), Json(used.Receipts[1], "delimiter")));
        Assert.Equal(Json(used.Receipts[2], "rows_root"), Json(used.Receipts[3], "rows_root"));
        Assert.Equal("1500.50", JsonNode.Parse(used.Receipts[3].BodyJson)!["content"]!["sums"]!["kwh"]!.ToString());
        var sum = used.ControlSums.Single(s => s.Field == "kwh");
        Assert.Equal(("1499.50", "-1.00", "1500.50", "1500.50"), (sum.Received, sum.Rejected, sum.Accepted, sum.Stored));
    }

    [FactWith("openssl")]
    public async Task Receipts_CanBeCheckedWithOpenssl()
    {
        using var connection = hub.Connect("gd");
        var content = Electricity.Good(rows: 2);
        var used = await new RawSender(connection).SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        var keys = (await DescribeAsync(connection)).ReceiptKeys;
        var folder = Directory.CreateTempSubdirectory("infohub-openssl-").FullName;
        string At(string name) => Path.Combine(folder, name);
        await File.WriteAllTextAsync(At("hub.pem"), PemEncoding.WriteString("PUBLIC KEY", keys[0].PublicKey.Span));
        await File.WriteAllTextAsync(At("body"), used.Receipts[3].BodyJson);
        await File.WriteAllBytesAsync(At("signature"), used.Receipts[3].Signature.ToByteArray());
        var run = await Programs.RunAsync(new("openssl", ["dgst", "-sha256", "-verify", At("hub.pem"), "-signature", At("signature"), At("body")]));
        Directory.Delete(folder, recursive: true);
        Assert.Contains("Verified OK", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProveRow_LeadsToTheRootOfR4_ForThisRowOnly()
    {
        using var connection = hub.Connect("gd");
        var content = Electricity.Bytes(Electricity.Header, Enumerable.Range(1, 700).Select(n => Electricity.Row(n, kwh: n % 7 == 0 ? "-1" : "5.00")));
        var used = await new RawSender(connection).SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        var root = Convert.FromHexString(Json(used.Receipts[3], "rows_root"));
        async Task<RowProof> ProveAsync(long row) => await connection.Submissions.ProveRowAsync(
            new ProveRowRequest { Submission = used.Submission, Row = row }, await connection.CallOptionsAsync(None));
        bool Holds(RowProof proof, ByteString hash) => RowTree.Verify(hash.Span, proof.Steps.Select(
            s => new TreeStep(s.Position, [.. s.Siblings.Select(b => b.ToByteArray())])), root);

        var (first, last) = (await ProveAsync(1), await ProveAsync(699));
        Assert.True(Holds(first, first.RowHash));
        Assert.True(Holds(last, last.RowHash));
        Assert.False(Holds(first, last.RowHash));
        await Refusal.AssertAsync(StatusCode.NotFound, "IH-INT-123", () => ProveAsync(7));
        await Refusal.AssertAsync(StatusCode.NotFound, "IH-INT-123", () => ProveAsync(701));
    }

    [Fact]
    public async Task Upload_TakenOver_EndsTheOlderStreamAndGoesOnFromTheDurableOffset()
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good(rows: 30_000));
        var opened = await raw.OpenAsync(RawSender.Request(content, hub.NextSequence()));
        var half = content.Length / 2;
        using var ghost = connection.Submissions.Upload(await connection.CallOptionsAsync(None));
        await ghost.RequestStream.WriteAsync(new UploadChunk { Submission = opened.Submission });
        Assert.True(await ghost.ResponseStream.MoveNext(None));
        Assert.Equal((0L, true), (ghost.ResponseStream.Current.DurableOffset, ghost.ResponseStream.Current.Epoch > 0));
        await ghost.RequestStream.WriteAsync(RawSender.Chunk(opened.Submission, content, 0, 200_000));

        using var next = connection.Submissions.Upload(await connection.CallOptionsAsync(None));
        await next.RequestStream.WriteAsync(new UploadChunk { Submission = opened.Submission });
        Assert.True(await next.ResponseStream.MoveNext(None));
        Assert.True(next.ResponseStream.Current.Epoch > ghost.ResponseStream.Current.Epoch);
        var durable = (int)next.ResponseStream.Current.DurableOffset;
        Assert.Contains(durable, new[] { 0, 200_000 });
        await Refusal.AssertAsync(StatusCode.Aborted, "IH-INT-119", () => ghost.ResponseStream.MoveNext(None));
        for (; durable < content.Length; durable += 500_000)
            await next.RequestStream.WriteAsync(RawSender.Chunk(opened.Submission, content, durable, Math.Min(content.Length, durable + 500_000)));
        await next.RequestStream.CompleteAsync();
        while (await next.ResponseStream.MoveNext(None))
            Assert.True(next.ResponseStream.Current.DurableOffset > half / 4);
        await raw.CommitAsync(opened.Submission);
        Assert.Equal((SubmissionState.Used, 30_000L), ((await raw.RestAsync(opened.Submission)) is var used ? (used.State, used.RowsStored) : default));
    }

    [Fact]
    public async Task Upload_CompressedChunks_AreStoredAsTheFileIs()
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good(rows: 20_000));
        var opened = await raw.OpenAsync(RawSender.Request(content, hub.NextSequence()));
        using var call = connection.Submissions.Upload(await connection.CallOptionsAsync(None));
        for (var at = 0; at < content.Length; at += 1 << 20)
            await call.RequestStream.WriteAsync(Compressed(opened.Submission, at,
                content.AsSpan(at, Math.Min(1 << 20, content.Length - at)), at == 0 ? Compression.Gzip : Compression.Zstd));
        await call.RequestStream.CompleteAsync();
        var durable = 0L;
        await foreach (var ack in call.ResponseStream.ReadAllAsync())
            durable = ack.DurableOffset;

        Assert.Equal(content.Length, durable);
        await raw.CommitAsync(opened.Submission);
        Assert.Equal(20_000, (await raw.RestAsync(opened.Submission)).RowsStored);
    }

    private static UploadChunk Compressed(string submission, long offset, ReadOnlySpan<byte> data, Compression by)
    {
        using var packed = new MemoryStream();
        if (by == Compression.Gzip)
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(data);
        else
            using (var zstd = new Compressor(1))
                packed.Write(zstd.Wrap(data));
        var chunk = RawSender.Chunk(submission, packed.ToArray(), 0, (int)packed.Length);
        (chunk.Offset, chunk.Compression) = (offset, by);
        return chunk;
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstd)]
    public async Task Upload_ABombOrGarbageAsCompressedChunk_IsRefusedAndNothingIsStored(Compression by)
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), new byte[4 << 20]);
        var opened = await raw.OpenAsync(RawSender.Request(content, hub.NextSequence()));
        async Task SendAsync(UploadChunk chunk)
        {
            using var call = connection.Submissions.Upload(await connection.CallOptionsAsync(None));
            await call.RequestStream.WriteAsync(chunk);
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(None);
        }
        var garbage = RawSender.Chunk(opened.Submission, Encoding.UTF8.GetBytes("not so"), 0, 6);
        garbage.Compression = by;
        var unknown = RawSender.Chunk(opened.Submission, content, 0, 6);
        unknown.Compression = (Compression)77;
        var bomb = Compressed(opened.Submission, 0, content, by);
        await Refusal.AssertAsync(StatusCode.InvalidArgument, "IH-INT-113", () => SendAsync(bomb));
        await Refusal.AssertAsync(StatusCode.InvalidArgument, "IH-INT-113", () => SendAsync(unknown));
        await Refusal.AssertAsync(StatusCode.DataLoss, "IH-INT-107", () => SendAsync(garbage));
        Assert.Equal(0, (await raw.GetAsync(opened.Submission)).DurableOffset);
    }

    [Fact]
    public async Task Open_OtherContent_TakesTheUnfinishedUploadsPlaceOnlyWhenAskedTo()
    {
        using var connection = hub.Connect("gd");
        var (raw, sequence) = (new RawSender(connection), hub.NextSequence());
        var (first, second) = (Electricity.Good(rows: 3_000), Electricity.Good(rows: 4_000));
        var opened = await raw.OpenAsync(RawSender.Request(first, sequence));
        await raw.UploadAsync(opened.Submission, first, 0, 100_000);
        var request = RawSender.Request(second, sequence);
        await Refusal.AssertAsync(StatusCode.AlreadyExists, "IH-INT-105", () => raw.OpenAsync(request));
        request.ReplaceUnfinished = true;
        var replaced = await raw.OpenAsync(request);

        Assert.Equal((SubmissionState.Opened, 0L, (long)second.Length), (replaced.State, replaced.DurableOffset, replaced.SizeBytes));
        Assert.Equal(4_000, (await raw.SendAsync(request, second)).RowsStored);
        var late = RawSender.Request(first, sequence);
        late.ReplaceUnfinished = true;
        await Refusal.AssertAsync(StatusCode.AlreadyExists, "IH-INT-105", () => raw.OpenAsync(late));
    }

    [Theory]
    [InlineData(3, "4500.00", SubmissionState.Used)]
    [InlineData(4, "4500.00", SubmissionState.FileRefused)]
    [InlineData(3, "4500.01", SubmissionState.FileRefused)]
    public async Task Commit_Manifest_IsComparedWithWhatWasReceived(int rows, string kwh, SubmissionState expected)
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good(rows: 3));
        var opened = await raw.OpenAsync(RawSender.Request(content, hub.NextSequence()));
        await raw.UploadAsync(opened.Submission, content, 0, content.Length);
        await connection.Submissions.CommitAsync(new CommitRequest
        {
            Submission = opened.Submission, Manifest = new Manifest { Rows = rows, ControlSums = { ["kwh"] = kwh } },
        }, await connection.CallOptionsAsync(None));
        var rests = await raw.RestAsync(opened.Submission);

        Assert.Equal(expected, rests.State);
        Assert.Equal(expected == SubmissionState.Used ? [] : ["IH-INT-124"], rests.Problems.Select(p => p.Code));
        Assert.Equal(expected == SubmissionState.Used ? 3 : 0, rests.RowsStored);
    }

    [Fact]
    public async Task Watch_AfterAReceipt_LeavesOutWhatTheCallerHas()
    {
        using var connection = hub.Connect("gd");
        var content = Electricity.Good(rows: 2);
        var used = await new RawSender(connection).SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        using var watch = connection.Submissions.Watch(
            new WatchRequest { Submission = used.Submission, AfterReceipt = 3 }, await connection.CallOptionsAsync(None));
        Assert.True(await watch.ResponseStream.MoveNext(None));

        Assert.Equal([ReceiptKind.R4Stored, ReceiptKind.R5Used], watch.ResponseStream.Current.Receipts.Select(r => r.Kind));
        Assert.False(await watch.ResponseStream.MoveNext(None));
    }

    [Fact]
    public async Task Open_DataOfARehearsal_IsRefusedInProduction()
    {
        using var connection = hub.Connect("gd");
        var request = RawSender.Request(Electricity.Good(), hub.NextSequence());
        request.Environment = Contracts.Intake.V1.Environment.Test;
        await Refusal.AssertAsync(StatusCode.FailedPrecondition, "IH-INT-120", () => new RawSender(connection).OpenAsync(request));
    }
}
