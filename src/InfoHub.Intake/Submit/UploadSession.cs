using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using ZstdSharp;

namespace InfoHub.Intake.Submit;

/// <summary>
/// Upload streams. Bytes are appended at the durable offset only, checked against their crc32c, flushed to disk every
/// few
/// megabytes, and acknowledged when they are there. A new stream takes the upload over at once: the epoch in the
/// store is
/// raised, the older stream of this host is ended, and one of another host finds out at its next flush.
/// </summary>
internal sealed class UploadSession(SubmissionDesk desk, SubmissionStore submissions, FileSpool spool,
    UploadHolders holders,
    SpoolRoom room)
{
    public const int ChunkBytesMax = 1 << 20;
    public const long CreditBytes = 8 << 20;

    private const long FlushEveryBytes = 4 << 20;
    private const int BusySeconds = 2;

    private static readonly TimeSpan GhostPoll = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(Caller caller, IAsyncStreamReader<UploadChunk> chunks, IServerStreamWriter<UploadAck> acks, CancellationToken cancellation)
    {
        if (!await chunks.MoveNext(cancellation))
            return;
        room.Require();
        var submission = await desk.FindAsync(caller, chunks.Current.Submission, cancellation);
        using var holder = new UploadHolder();
        var (epoch, writer) = await BeginAsync(submission, holder, cancellation);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, holder.Evicted);
        try
        {
            await ReceiveAsync(submission, (epoch, writer), chunks, acks, either.Token);
        }
        catch (OperationCanceledException) when (holder.Evicted.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw TakenOver(submission);
        }
        finally
        {
            writer.Flush();
            writer.Dispose();
            holders.Leave(submission.Id, holder);
        }
    }

    /// <summary>Ends whoever holds the upload, raises the epoch and opens the file, all before anybody else can do
    /// so.</summary>
    private async Task<(long Epoch, SpoolWriter Writer)> BeginAsync(Submission submission, UploadHolder holder, CancellationToken cancellation)
    {
        using var alone = await holders.AloneAsync(submission.Id, cancellation);
        var epoch = await submissions.TakeUploadAsync(submission.Id, cancellation)
            ?? throw SubmissionDesk.Refused(ProblemCatalogue.StateForbids, ("submission", submission.Key.Ref), ("state", submission.State.Title()));
        var writer = await OpenWriterAsync(submission.Id, cancellation);
        holders.Enter(submission.Id, holder);
        return (epoch, writer);
    }

    private async Task ReceiveAsync(
        Submission submission, (long Epoch, SpoolWriter Writer) own, IAsyncStreamReader<UploadChunk> chunks, IServerStreamWriter<UploadAck> acks,
        CancellationToken cancellation)
    {
        var (epoch, writer) = own;
        // What a ghost wrote last may not be on disk yet.
        writer.Flush();
        var flushed = writer.Offset;
        if (chunks.Current.Data.IsEmpty)
            await acks.WriteAsync(AckOf(flushed, epoch), cancellation);
        do
        {
            if (chunks.Current.Data.IsEmpty)
                continue;
            room.Require();
            Append(submission, writer, chunks.Current);
            if (writer.Offset - flushed < FlushEveryBytes && writer.Offset < submission.File.SizeBytes)
                continue;
            if (!await submissions.HoldsUploadAsync(submission.Id, epoch, cancellation))
                throw TakenOver(submission);
            writer.Flush();
            flushed = writer.Offset;
            await acks.WriteAsync(AckOf(flushed, epoch), cancellation);
        }
        while (await chunks.MoveNext(cancellation));
    }

    private static UploadAck AckOf(long durable, long epoch) => new() { DurableOffset = durable, CreditBytes = CreditBytes, Epoch = epoch };

    private static ProblemException TakenOver(Submission submission) =>
        SubmissionDesk.Refused(ProblemCatalogue.UploadTakenOver, ("submission", submission.Key.Ref));

    /// <summary>A ghost of another host lets the file go when it next looks at the epoch.</summary>
    private async Task<SpoolWriter> OpenWriterAsync(long submission, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; ; waited += GhostPoll)
        {
            try
            {
                return spool.OpenWriter(submission);
            }
            catch (IOException) when (waited < UploadHolders.GhostTimeMax)
            {
                await Task.Delay(GhostPoll, cancellation);
            }
            catch (IOException)
            {
                throw new ProblemException(Templates.Problems.Problem.Busy(BusySeconds));
            }
        }
    }

    private static void Append(Submission submission, SpoolWriter writer, UploadChunk chunk)
    {
        var durable = writer.Offset.ToString(CultureInfo.InvariantCulture);
        var offset = chunk.Offset.ToString(CultureInfo.InvariantCulture);
        if (chunk.Submission.Length > 0 && chunk.Submission != submission.Key.Ref)
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", "submission"), ("reason", submission.Key.Ref));
        if (chunk.Offset != writer.Offset)
            throw SubmissionDesk.Refused(ProblemCatalogue.OffsetWrong, ("offset", offset), ("durable", durable));
        if (Crc32c.Of(chunk.Data.Span) != chunk.Crc32C)
            throw SubmissionDesk.Refused(ProblemCatalogue.ChunkDamaged, ("offset", offset), ("durable", durable));
        if (chunk.Compression == Compression.Unspecified)
        {
            Write(submission, writer, chunk.Data.Span);
            return;
        }
        if (chunk.Compression is not (Compression.Gzip or Compression.Zstd))
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound,
                ("field", "compression"), ("reason", "GZIP | ZSTD"));
        var plain = ArrayPool<byte>.Shared.Rent(ChunkBytesMax + 1);
        try
        {
            Write(submission, writer, plain.AsSpan(0, Expand(chunk, plain.AsSpan(0, ChunkBytesMax + 1), (offset, durable))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static void Write(Submission submission, SpoolWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ChunkBytesMax || writer.Offset + bytes.Length > submission.File.SizeBytes)
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", "data"),
                ("reason", $"at most {ChunkBytesMax} bytes a chunk and {submission.File.SizeBytes} in all"));
        writer.Append(bytes);
    }

    /// <summary>Reads no further than one byte past what a chunk may hold, whatever the chunk pretends to be.</summary>
    private static int Expand(UploadChunk chunk, Span<byte> plain, (string Offset, string Durable) at)
    {
        try
        {
            if (chunk.Compression == Compression.Zstd)
            {
                // At one go into the room there is: no window is set aside, whatever size a frame asks for.
                using var zstd = new Decompressor();
                return zstd.TryUnwrap(chunk.Data.Span, plain, out var length) ? length : plain.Length;
            }
            using var gzip = new GZipStream(new MemoryStream(chunk.Data.ToByteArray(), writable: false), CompressionMode.Decompress);
            return gzip.ReadAtLeast(plain, plain.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException)
        {
            throw SubmissionDesk.Refused(ProblemCatalogue.ChunkDamaged, ("offset", at.Offset), ("durable", at.Durable));
        }
    }
}
