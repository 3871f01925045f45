using System.Numerics;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>
/// The calls of the intake one by one, without what the client library adds: no retry, no check of its own.
/// </summary>
internal sealed class RawSender(HubConnection connection)
{
    private const int ChunkBytes = 256 << 10;

    public static OpenRequest Request(byte[] content, int sequence, string item = Electricity.Item, FileFormat format = FileFormat.Csv) => new()
    {
        Item = item, Period = Electricity.Period, Sequence = sequence, SizeBytes = content.Length,
        Sha256 = ByteString.CopyFrom(SHA256.HashData(content)), Format = format, FileName = "raw",
    };

    public async Task<SubmissionStatus> OpenAsync(OpenRequest request) => await connection.Submissions.OpenAsync(request, await OptionsAsync());

    public async Task<SubmissionStatus> CommitAsync(string submission) =>
        await connection.Submissions.CommitAsync(new CommitRequest { Submission = submission }, await OptionsAsync());

    public async Task<SubmissionStatus> GetAsync(string submission) =>
        await connection.Submissions.GetAsync(new GetSubmissionRequest { Submission = submission }, await OptionsAsync());

    /// <summary>The bytes from <paramref name="from"/> up to <paramref name="to"/> as one chunk.</summary>
    public static UploadChunk Chunk(string submission, byte[] content, int from, int to)
    {
        var data = content.AsMemory(from, to - from);
        return new UploadChunk { Submission = submission, Offset = from, Data = UnsafeByteOperations.UnsafeWrap(data), Crc32C = Crc32C(data.Span) };
    }

    /// <summary>
    /// Sends the bytes from <paramref name="from"/> up to <paramref name="to"/> and returns what is durable then.
    /// </summary>
    public async Task<long> UploadAsync(string submission, byte[] content, int from, int to)
    {
        using var call = connection.Submissions.Upload(await OptionsAsync());
        for (var offset = from; offset < to; offset += ChunkBytes)
        {
            await call.RequestStream.WriteAsync(Chunk(submission, content, offset, Math.Min(to, offset + ChunkBytes)));
        }
        await call.RequestStream.CompleteAsync();
        var durable = (long)from;
        await foreach (var ack in call.ResponseStream.ReadAllAsync())
            durable = ack.DurableOffset;
        return durable;
    }

    public async Task<SubmissionStatus> SendAsync(OpenRequest request, byte[] content)
    {
        var status = await OpenAsync(request);
        await UploadAsync(status.Submission, content, 0, content.Length);
        await CommitAsync(status.Submission);
        return await RestAsync(status.Submission);
    }

    /// <summary>The status once nothing will change any more.</summary>
    public async Task<SubmissionStatus> RestAsync(string submission)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var last = new SubmissionStatus();
        await foreach (var status in new SubmissionSender(connection).WatchAsync(submission, limit.Token))
            last = status;
        return last;
    }

    public static Problem ProblemOf(RpcException refused) => Problem.Parser.ParseFrom(refused.Trailers.GetValueBytes("infohub-problem-bin"));

    private Task<CallOptions> OptionsAsync() => connection.CallOptionsAsync(CancellationToken.None);

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var unit in bytes)
            crc = BitOperations.Crc32C(crc, unit);
        return ~crc;
    }
}
