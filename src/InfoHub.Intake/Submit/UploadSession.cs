using System.Globalization;
using System.Numerics;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Problems;
using SubmissionState = InfoHub.Domain.Submissions.SubmissionState;

namespace InfoHub.Intake.Submit;

/// <summary>
/// One upload stream. Bytes are appended at the durable offset only, checked against their crc32c, flushed to disk every
/// few megabytes, and acknowledged when they are there.
/// </summary>
internal sealed class UploadSession(SubmissionDesk desk, SubmissionStore submissions, FileSpool spool)
{
    public const int ChunkBytesMax = 1 << 20;
    public const long CreditBytes = 8 << 20;

    private const long FlushEveryBytes = 4 << 20;

    public async Task RunAsync(Caller caller, IAsyncStreamReader<UploadChunk> chunks, IServerStreamWriter<UploadAck> acks, CancellationToken cancellation)
    {
        SpoolWriter? writer = null;
        Submission? submission = null;
        try
        {
            var flushed = 0L;
            while (await chunks.MoveNext(cancellation))
            {
                var chunk = chunks.Current;
                if (submission is null)
                {
                    (submission, writer) = await BeginAsync(caller, chunk.Submission, cancellation);
                    flushed = writer.Offset;
                }
                Append(submission, writer!, chunk);
                if (writer!.Offset - flushed < FlushEveryBytes && writer.Offset < submission.File.SizeBytes)
                    continue;
                writer.Flush();
                flushed = writer.Offset;
                await acks.WriteAsync(new UploadAck { DurableOffset = flushed, CreditBytes = CreditBytes }, cancellation);
            }
        }
        finally
        {
            writer?.Flush();
            writer?.Dispose();
        }
    }

    private async Task<(Submission, SpoolWriter)> BeginAsync(Caller caller, string reference, CancellationToken cancellation)
    {
        var submission = await desk.FindAsync(caller, reference, cancellation);
        if (submission.State > SubmissionState.Uploading)
            throw SubmissionDesk.Refused(ProblemCatalogue.StateForbids, ("submission", reference), ("state", submission.State.Title()));
        await submissions.MarkUploadingAsync(submission.Id, cancellation);
        try
        {
            return (submission, spool.OpenWriter(submission.Id));
        }
        catch (IOException)
        {
            // The ghost of a cut connection still holds the file; its stream ends within the keep-alive time.
            throw SubmissionDesk.Refused(ProblemCatalogue.Overloaded, ("seconds", "2"));
        }
    }

    private static void Append(Submission submission, SpoolWriter writer, UploadChunk chunk)
    {
        var durable = writer.Offset.ToString(CultureInfo.InvariantCulture);
        if (chunk.Offset != writer.Offset)
            throw SubmissionDesk.Refused(ProblemCatalogue.OffsetWrong, ("offset", chunk.Offset.ToString(CultureInfo.InvariantCulture)), ("durable", durable));
        if (chunk.Data.Length > ChunkBytesMax || writer.Offset + chunk.Data.Length > submission.File.SizeBytes)
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", "data"),
                ("reason", $"at most {ChunkBytesMax} bytes a chunk and {submission.File.SizeBytes} in all"));
        if (Crc32C(chunk.Data.Span) != chunk.Crc32C)
            throw SubmissionDesk.Refused(ProblemCatalogue.ChunkDamaged, ("offset", chunk.Offset.ToString(CultureInfo.InvariantCulture)), ("durable", durable));
        writer.Append(chunk.Data.Span);
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BitConverter.ToUInt64(bytes));
        foreach (var unit in bytes)
            crc = BitOperations.Crc32C(crc, unit);
        return ~crc;
    }
}
