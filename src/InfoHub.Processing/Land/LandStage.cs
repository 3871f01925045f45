using System.Diagnostics;
using Google.Protobuf;
using InfoHub.Contracts.Events.V1;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Parked;
using InfoHub.Streaming;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Rows;
using Microsoft.Extensions.Logging;

namespace InfoHub.Processing.Land;

/// <summary>
/// Takes records off one partition and lands them. Redelivered envelopes are known by their number, zombies by the
/// position; a record that cannot be read, or be landed for a fault of ours, is parked and the partition goes on.
/// </summary>
internal sealed class LandStage(IRecordLog log, LandingStore landing, TemplateRegistry templates, WorkSignal resolve, ILogger<LandStage> logger)
{
    /// <summary>What lands in one transaction, and what is read ahead of it.</summary>
    private static readonly ReadBounds Bounds = new(RecordsMax: 8, BytesMax: 8 << 20);

    private static readonly TimeSpan WhileTaken = TimeSpan.FromMilliseconds(250);

    /// <summary>Reads what is there from <paramref name="position"/> on; empty when nothing has come.</summary>
    public Task<LogBatch> ReadAsync(int partition, long position, CancellationToken cancellation) =>
        log.ReadAsync(partition, position, Bounds, cancellation);

    /// <summary>Lands entries read from <paramref name="position"/> on and returns the next position.</summary>
    public async Task<long> LandAsync(int partition, long position, IReadOnlyList<LogEntry> entries, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        ProcessingMetrics.Land.Lag(entries.Count);
        for (var taken = 0; taken < entries.Count;)
        {
            var group = Group(entries, taken);
            if (await LandOrParkAsync(partition, position, group, cancellation) is not { } next)
            {
                Log.PartitionTaken(logger, partition, position);
                // The host that is at it goes on undisturbed; when it is no more, this one does.
                await Task.Delay(WhileTaken, cancellation);
                return await landing.PositionAsync(log.Name, partition, cancellation);
            }
            position = next;
            taken += group.Count;
        }
        if (entries.Count > 0)
        {
            ProcessingMetrics.Land.Duration(Stopwatch.GetElapsedTime(started), "");
        }
        return position;
    }

    /// <summary>Tries a parked record again that was marked for it; false when none is. In their order.</summary>
    public async Task<bool> RetryAsync(int partition, CancellationToken cancellation)
    {
        if (await landing.ToRetryAsync(log.Name, partition, cancellation) is not { } parked)
            return false;
        var parsed = Parse(new LogEntry(parked.Position, parked.Content));
        var position = await landing.PositionAsync(log.Name, partition, cancellation);
        try
        {
            await using var landingOne = await landing.BeginAsync(log.Name, partition, position, cancellation);
            if (landingOne is null || !await landingOne.IsToRetryAsync(parked.Position, cancellation))
                return true;
            await LandGroupAsync(landingOne, [parsed], cancellation);
            await landingOne.CommitRetryAsync(parked.Position, cancellation);
            if (parsed.Record?.ContentCase == LogRecord.ContentOneofCase.Seal)
                resolve.Set();
        }
        catch (Exception fault) when (!Outage.Is(fault))
        {
            await using var parking = await landing.BeginAsync(log.Name, partition, position, cancellation);
            if (parking is null || !await parking.IsToRetryAsync(parked.Position, cancellation))
                return true;
            await ParkAsync(parking, parsed, Outage.ReasonOf(fault), cancellation);
            await parking.CommitAsync(position, cancellation);
        }
        return true;
    }

    /// <summary>
    /// Lands a group in one transaction. When that fails for a fault of ours its records land one by one, and the one
    /// that cannot is parked. Returns the next position; null when another consumer has moved the partition on.
    /// </summary>
    private async Task<long?> LandOrParkAsync(int partition, long position, List<Parsed> group,
        CancellationToken cancellation)
    {
        try
        {
            return await InOneAsync(partition, position, group, landingOne =>
                LandGroupAsync(landingOne, group, cancellation), cancellation);
        }
        catch (Exception fault) when (!Outage.Is(fault))
        {
            if (group.Count == 1)
                return await InOneAsync(partition, position, group, landingOne =>
                    ParkAsync(landingOne, group[0], Outage.ReasonOf(fault), cancellation), cancellation);
            Log.Narrowing(logger, "land", group.Count, fault);
        }
        long? next = position;
        for (var i = 0; i < group.Count && next is { } at; i++)
            next = await LandOrParkAsync(partition, at, [group[i]], cancellation);
        return next;
    }

    private async Task<long?> InOneAsync(int partition, long position, List<Parsed> group,
        Func<LandingTransaction, Task> work, CancellationToken cancellation)
    {
        await using var landingOne = await landing.BeginAsync(log.Name, partition, position, cancellation);
        if (landingOne is null)
            return null;
        await work(landingOne);
        var next = group[^1].Entry.Position + 1;
        await landingOne.CommitAsync(next, cancellation);
        if (group[0].Record?.ContentCase == LogRecord.ContentOneofCase.Seal)
            resolve.Set();
        return next;
    }

    /// <param name="Rows">Of an envelope, within the entry: valid as long as the batch it came in.</param>
    private readonly record struct Parsed(LogEntry Entry, LogRecord? Record, ReadOnlyMemory<byte> Rows, string Fault);

    /// <summary>Consecutive envelopes of one submission land together; anything else alone.</summary>
    private static List<Parsed> Group(IReadOnlyList<LogEntry> entries, int from)
    {
        var group = new List<Parsed> { Parse(entries[from]) };
        while (group[0].Record?.Envelope is { } first && from + group.Count < entries.Count
            && Parse(entries[from + group.Count]) is { Record.Envelope: { } } next && next.Record.Envelope.SubmissionId == first.SubmissionId)
            group.Add(next);
        return group;
    }

    private static Parsed Parse(LogEntry entry)
    {
        try
        {
            var record = RecordInPlace.Parse(entry.Content, out var rows);
            return new Parsed(entry, record, rows, "");
        }
        catch (InvalidProtocolBufferException fault)
        {
            return new Parsed(entry, null, default, fault.Message);
        }
    }

    private async Task LandGroupAsync(LandingTransaction landingOne, List<Parsed> group, CancellationToken cancellation)
    {
        switch (group[0].Record?.ContentCase)
        {
            case LogRecord.ContentOneofCase.Envelope:
                await LandEnvelopesAsync(landingOne, group, cancellation);
                break;
            case LogRecord.ContentOneofCase.Seal:
                await SealAsync(landingOne, group[0], cancellation);
                break;
            case LogRecord.ContentOneofCase.Abandoned:
                await AbandonAsync(landingOne, group[0].Record!.Abandoned.SubmissionId, cancellation);
                break;
            default:
                await ParkAsync(landingOne, group[0], group[0].Fault.Length > 0 ? group[0].Fault : "no content", cancellation);
                break;
        }
    }

    private async Task LandEnvelopesAsync(LandingTransaction landingOne, List<Parsed> group, CancellationToken cancellation)
    {
        var first = group[0].Record!.Envelope;
        if (await landingOne.LockSubmissionAsync(first.SubmissionId, cancellation) is not { } progress)
        {
            foreach (var parsed in group)
                await ParkAsync(landingOne, parsed, $"submission {first.SubmissionId} is not there", cancellation);
            return;
        }
        if ((SubmissionState)progress.State is not (SubmissionState.Received or SubmissionState.Readable or SubmissionState.Checked))
            return;
        var expected = progress.EnvelopesLanded;
        var rows = new List<RowBatchView>();
        foreach (var parsed in group)
        {
            var envelope = parsed.Record!.Envelope;
            if (envelope.Number < expected)
                continue;
            if (envelope.Number > expected)
                await ParkAsync(landingOne, parsed, $"envelope {envelope.Number} came, {expected} is missing", cancellation);
            else if (View(envelope, parsed.Rows) is { } view)
            {
                rows.Add(view);
                expected++;
            }
            else
                await ParkAsync(landingOne, parsed, "the rows do not fit their template", cancellation);
        }
        if (rows.Count == 0)
            return;
        await landingOne.LandAsync(templates.Get(first.Item, first.TemplateVersion), first.SubmissionId, progress, rows, cancellation);
        var count = rows.Sum(r => (long)r.RowCount);
        ProcessingMetrics.Land.Rows(count, count, 0, first.Item);
    }

    private RowBatchView? View(RecordEnvelope envelope, ReadOnlyMemory<byte> rows)
    {
        try
        {
            return envelope.RowFormat == RowBatch.Format
                ? new RowBatchView(templates.Get(envelope.Item, envelope.TemplateVersion), rows)
                : null;
        }
        catch (Exception fault) when (fault is InvalidDataException or ProblemException)
        {
            return null;
        }
    }

    private async Task SealAsync(LandingTransaction landingOne, Parsed parsed, CancellationToken cancellation)
    {
        var seal = parsed.Record!.Seal;
        if (await landingOne.LockSubmissionAsync(seal.SubmissionId, cancellation) is not { } progress)
            await ParkAsync(landingOne, parsed, $"submission {seal.SubmissionId} is not there", cancellation);
        else if ((SubmissionState)progress.State != SubmissionState.Checked)
            return;
        else if (progress.RowsStored != seal.RowCount)
            await ParkAsync(landingOne, parsed, $"{seal.RowCount} rows are sealed, {progress.RowsStored} have landed", cancellation);
        else
        {
            var template = templates.Get(progress.Item, progress.Version);
            // A seal of an older release names no root.
            if (seal.RowsRoot.IsEmpty || seal.RowsRoot.Span.SequenceEqual(LandingTransaction.RootOf(template, progress)))
                await landingOne.SealAsync(template, seal.SubmissionId, progress, cancellation);
            else
                await ParkAsync(landingOne, parsed, "the rows that have landed are not the rows that were checked", cancellation);
        }
    }

    private async Task AbandonAsync(LandingTransaction landingOne, long submission, CancellationToken cancellation)
    {
        if (await landingOne.LockSubmissionAsync(submission, cancellation) is { State: (int)SubmissionState.FileRefused } progress)
            await landingOne.AbandonAsync(templates.Get(progress.Ref.Split('.')[0], 0), submission, cancellation);
    }

    private async Task ParkAsync(LandingTransaction landingOne, Parsed parsed, string reason, CancellationToken cancellation)
    {
        Log.Parked(logger, parsed.Entry.Position, reason);
        ProcessingMetrics.Land.Rows(0, 0, 1, "");
        await landingOne.ParkAsync(parsed.Entry.Position, reason, parsed.Entry.Content,
            (SubmissionOf(parsed.Record), log.Partitions), cancellation);
    }

    private static long? SubmissionOf(LogRecord? record) => record?.ContentCase switch
    {
        LogRecord.ContentOneofCase.Envelope => record.Envelope.SubmissionId,
        LogRecord.ContentOneofCase.Seal => record.Seal.SubmissionId,
        LogRecord.ContentOneofCase.Abandoned => record.Abandoned.SubmissionId,
        _ => null,
    };
}
