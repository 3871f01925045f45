using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Intake.Publish;
using InfoHub.Intake.Submit;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Streaming;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Workbooks;

namespace InfoHub.Intake.Validate;

/// <summary>
/// Checks a received file row by row and publishes what is good. It can be broken off anywhere and run again: the same
/// file cuts into the same envelopes, and landing knows those it has.
/// </summary>
internal sealed class CheckStage(
    SubmissionStore submissions, LandingStore landing, IRecordLog log, FileSpool spool, TemplateRegistry templates, IntakeOptions options, TimeProvider clock)
{
    private const int KeyLengthMax = 200;

    /// <summary>Holds one record of the longest allowed length and a block behind it.</summary>
    private const int BufferBytes = RowReader.RecordBytesMax + (1 << 20);

    /// <summary>Brings one submission from Received (R1) to Checked (R3) or to a refusal.</summary>
    public async Task RunAsync(long id, CancellationToken cancellation)
    {
        var submission = await submissions.GetAsync(id, cancellation);
        if (submission.State == SubmissionState.Checked)
        {
            // The power went between R3 and the seal: landing ignores a second one.
            await EnvelopePublisher.SealAsync(log, submission, -1, cancellation);
            return;
        }
        if (submission is { State: SubmissionState.FileRefused, RowsStored: > 0, Problems: [var refused, ..] })
        {
            await EnvelopePublisher.AbandonAsync(log, submission, refused.Code, cancellation);
            return;
        }
        if (submission.State is not (SubmissionState.Received or SubmissionState.Readable))
            return;
        var started = Stopwatch.GetTimestamp();
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        await submissions.ClearErrorsAsync(id, cancellation);
        try
        {
            await using var content = await OpenContentAsync(submission, template, cancellation);
            await CheckAsync(submission, template, content, cancellation);
        }
        catch (ProblemException refusal)
        {
            await RefuseAsync(submission, refusal.Problem, published: 0, cancellation);
        }
        IntakeMetrics.Checked.Duration(Stopwatch.GetElapsedTime(started), submission.Key.Item);
    }

    private async Task<Stream> OpenContentAsync(Submission submission, Template template,
        CancellationToken cancellation)
    {
        var file = spool.OpenReader(submission.Id);
        if (submission.File.Format == FileFormat.Csv)
            return file;
        await using (file)
        {
            var csv = new FileStream(spool.PathOf(submission.Id) + ".csv", FileMode.Create,
                FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            try
            {
                var request = new WorkbookRequest(template, options.FileBytesMax)
                {
                    Checkpoint = cancellation.ThrowIfCancellationRequested,
                };
                WorkbookAsCsv.Write(file, csv, request);
                csv.Position = 0;
                return csv;
            }
            catch
            {
                await csv.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>A cell too long to be a name or a code names nobody, and would not fit an index.</summary>
    private static string? KeyOf(string key) => key.Length is > 0 and <= KeyLengthMax ? key : null;

    /// <summary>The day (China) of R1: a check that is run again on a later day comes to the same rows.</summary>
    private static DateOnly ReceivedOn(Submission submission) => DateOnly.FromDateTime(DateTimeOffset.Parse(
        JsonNode.Parse(submission.Receipts[0].BodyJson)!["issued_at"]!.GetValue<string>(), CultureInfo.InvariantCulture)
        .ToOffset(TimeSpan.FromHours(8)).DateTime);

    private async Task CheckAsync(Submission submission, Template template, Stream content, CancellationToken cancellation)
    {
        var seed = new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        var today = ReceivedOn(submission);
        await using var overflow = new FileStream(spool.PathOf(submission.Id) + ".keys", FileMode.Create,
            FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        var file = new FileContext(submission.Key.Period, today, seed) { Overflow = overflow };
        var reader = new RowReader(template, file);
        await using var publisher = new EnvelopePublisher(log, landing, template, submission, options.EnvelopesAheadMax, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var (start, end, ended) = (0, 0, false);
            while (true)
            {
                var status = reader.Read(buffer.AsSpan(start, end - start), ended, out var consumed);
                start += consumed;
                if (reader.RowsReceived > 0 && submission.State == SubmissionState.Received)
                    submission = await ReadableAsync(submission, template, cancellation);
                if (status != ReadStatus.NeedsData)
                    await TakeAsync(submission, reader, publisher, cancellation);
                if (status is ReadStatus.Refused or ReadStatus.End)
                    break;
                if (status == ReadStatus.Pause)
                    continue;
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                var read = await content.ReadAsync(buffer.AsMemory(end, BufferBytes - end), cancellation);
                end += read;
                ended = read == 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        await EndAsync(submission, reader, publisher, cancellation);
    }

    private async Task<Submission> ReadableAsync(Submission submission, Template template, CancellationToken cancellation)
    {
        var receipt = Receipt.Issue(ReceiptKind.FileReadable, submission.Key.Ref, clock.GetUtcNow(), submission.Receipts[^1],
            new JsonObject { ["template"] = template.Id, ["format"] = submission.File.Format.ToString().ToLowerInvariant(), ["encoding"] = "utf-8" });
        await submissions.AdvanceAsync(submission, SubmissionState.Readable, receipt, cancellation);
        return submission with { State = SubmissionState.Readable, Receipts = submission.Receipts.Add(receipt) };
    }

    private async Task TakeAsync(Submission submission, RowReader reader, EnvelopePublisher publisher, CancellationToken cancellation)
    {
        if (reader.Errors.Count > 0)
        {
            var rejections = reader.Errors.Rejections()
                .Select(r => r with { Name = KeyOf(NameKey.Of(r.Name)), Code = KeyOf(r.Code ?? "") });
            await submissions.AddErrorsAsync(
                submission.Id, submission.Key.Item, [.. reader.Errors.Details()], [.. rejections], cancellation);
            reader.Errors.Clear();
        }
        if (reader.Refusal is null)
            await publisher.PublishAsync(reader.Batch, cancellation);
        reader.Batch.Clear();
    }

    private async Task EndAsync(Submission submission, RowReader reader, EnvelopePublisher publisher, CancellationToken cancellation)
    {
        await publisher.CompleteAsync();
        IntakeMetrics.Checked.Rows(reader.RowsReceived, reader.RowsAccepted, reader.RowsRejected, submission.Key.Item);
        submission = submission with { RowsReceived = reader.RowsReceived, RowsRejected = reader.RowsRejected, RowsAccepted = reader.RowsAccepted };
        var totals = reader.Errors.Totals().Select(t => new ErrorTotal(t.Kind.Code, t.Field, t.Count));
        await submissions.SetErrorTotalsAsync(submission.Id, [.. totals], cancellation);
        if (reader.Refusal is { } refusal)
        {
            await RefuseAsync(submission, WithNext(refusal, submission), publisher.Count, cancellation);
            return;
        }
        if (reader.NothingGood is { } nothing)
            submission = submission with { Problems = [WithNext(nothing, submission)] };
        var receipt = Receipt.Issue(ReceiptKind.RowsChecked, submission.Key.Ref, clock.GetUtcNow(), submission.Receipts[^1], new JsonObject
        {
            ["template"] = submission.Key.Item + ".v" + submission.Key.Version.ToString(CultureInfo.InvariantCulture),
            ["rows_received"] = reader.RowsReceived,
            ["rows_rejected"] = reader.RowsRejected,
            ["rows_accepted"] = reader.RowsAccepted,
            ["errors"] = new JsonObject(reader.Errors.Totals().GroupBy(t => t.Kind.Code).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => KeyValuePair.Create(g.Key, (JsonNode?)g.Sum(t => t.Count)))),
        });
        var to = reader.RowsAccepted == 0 ? SubmissionState.AllRowsRejected : SubmissionState.Checked;
        await submissions.AdvanceAsync(submission, to, receipt, cancellation);
        if (to == SubmissionState.Checked)
            await EnvelopePublisher.SealAsync(log, submission, publisher.Count, cancellation);
    }

    private static Problem WithNext(Problem problem, Submission submission) => new(problem.Kind,
        [.. problem.Values, KeyValuePair.Create("next", (submission.Key.Sequence + 1).ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Refuses a file on which the check itself fails, and takes away what it may have published.</summary>
    public async Task GiveUpAsync(long id, CancellationToken cancellation)
    {
        var submission = await submissions.GetAsync(id, cancellation);
        var problem = new Problem(ProblemCatalogue.CheckFailed, ("submission", submission.Key.Ref));
        await RefuseAsync(submission, WithNext(problem, submission), published: 1, cancellation);
    }

    private async Task RefuseAsync(Submission submission, Problem problem, int published, CancellationToken cancellation)
    {
        await submissions.AdvanceAsync(submission with { Problems = [problem] }, SubmissionState.FileRefused, null, cancellation);
        if (published > 0)
            await EnvelopePublisher.AbandonAsync(log, submission, problem.Code, cancellation);
    }
}
