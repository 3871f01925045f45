using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Workbooks;

namespace InfoHub.Intake.Validate;

/// <summary>
/// Checks a received file row by row and publishes what is good. It can be broken off anywhere and run again: the same
/// file cuts into the same envelopes, and landing knows those it has.
/// </summary>
internal sealed class CheckStage(
    SubmissionStore submissions, RowErrorStore errors, LandingStore landing, IRecordLog log, FileSpool spool, TemplateRegistry templates,
    IntakeOptions options, TimeProvider clock)
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
            await EnvelopePublisher.SealAsync(log, submission, -1, RootOf(submission.Receipts[^1]), cancellation);
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
        await errors.ClearErrorsAsync(id, cancellation);
        if (submission.File.Format == FileFormat.Nil)
        {
            await CheckNilAsync(submission, cancellation);
            return;
        }
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
        if (submission.File.Format == FileFormat.Csv && FileKinds.Refusal(file, isWorkbook: false) is { } refusal)
        {
            await file.DisposeAsync();
            throw new ProblemException(refusal);
        }
        if (submission.File.Format != FileFormat.Xlsx)
            return file;
        await using (file)
        {
            var csv = new FileStream(spool.PathOf(submission.Id) + ".csv", FileMode.Create,
                FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            try
            {
                var request = new WorkbookRequest(template, options.FileBytesMax)
                {
                    Sheet = submission.File.Sheet, Checkpoint = cancellation.ThrowIfCancellationRequested,
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
        var reader = new RowReader(template, new FileContext(submission.Key.Period, today, seed)
        {
            Overflow = overflow, Encoding = submission.File.Encoding,
            AnyPeriod = submission.Terms.Operation is Operation.Mend or Operation.Correction,
            OtherTemplates = () => templates.All.Select(t => t.Template).OrderBy(t =>
                t.Department != template.Department),
            RejectedOrigins = submission.Terms is { Operation: Operation.Mend, BaseId: { } mended }
                ? await errors.RejectedRowsAsync(mended, cancellation) : null,
        });
        using var report = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var publisher = new EnvelopePublisher(log, landing, template, submission, options.EnvelopesAheadMax, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var (start, end, ended) = (0, 0, false);
            while (true)
            {
                var status = reader.Read(buffer.AsSpan(start, end - start), ended, out var consumed);
                start += consumed;
                if (submission.Terms.Operation == Operation.Mend && reader.Layout is { } layout && !layout.Titles.Any(RejectedColumns.IsOrigin))
                    throw new ProblemException(WithNext(new Problem(ProblemCatalogue.MendWithoutOrigin), submission));
                if (reader.RowsReceived + reader.RowsDropped > 0 && submission.State == SubmissionState.Received)
                    submission = await ReadableAsync(submission, template, reader.Layout!, cancellation);
                if (status != ReadStatus.NeedsData)
                    await TakeAsync(submission, reader, publisher, report, cancellation);
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
        await EndAsync(submission, reader, publisher, report.GetHashAndReset(), cancellation);
    }

    private async Task<Submission> ReadableAsync(Submission submission, Template template, FileLayout layout, CancellationToken cancellation)
    {
        await submissions.SetLayoutAsync(submission.Id, layout, cancellation);
        var receipt = Receipt.Issue(ReceiptKind.FileReadable, submission.Key.Ref, clock.GetUtcNow(), submission.Receipts[^1], new JsonObject
        {
            ["template"] = template.Id,
            ["format"] = submission.File.Format.ToString().ToLowerInvariant(),
            ["encoding"] = NameOf(layout.Encoding),
            ["delimiter"] = layout.Delimiter.ToString(),
            ["header_line"] = layout.HeaderLine,
        }, submission.Terms.IsTest);
        await submissions.AdvanceAsync(submission, SubmissionState.Readable, receipt, cancellation);
        return submission with { State = SubmissionState.Readable, Receipts = submission.Receipts.Add(receipt) };
    }

    /// <summary>ascii: no byte so far tells one encoding from another.</summary>
    private static string NameOf(TextEncoding? encoding) => encoding?.ToString().ToLowerInvariant() ?? "ascii";

    private async Task TakeAsync(Submission submission, RowReader reader, EnvelopePublisher publisher, IncrementalHash report, CancellationToken cancellation)
    {
        if (reader.Errors.Count > 0)
        {
            var rejections = reader.Errors.Rejections()
                .Select(r => r with { Name = KeyOf(NameKey.Of(r.Name)), Code = KeyOf(r.Code ?? "") });
            var details = reader.Errors.Details().ToArray();
            foreach (var error in details)
                report.AppendData(Encoding.UTF8.GetBytes(LineOf(error)));
            await errors.AddErrorsAsync(submission.Id, submission.Key.Item, details, [.. rejections], cancellation);
            reader.Errors.Clear();
        }
        if (submission.Terms.Operation == Operation.Mend && reader.Batch.OriginRows.ContainsAnyExcept(0))
            await errors.AddMendedAsync(submission.Id, reader.Batch.OriginRows.ToArray().Where(origin => origin > 0).ToArray(), cancellation);
        if (submission.Terms.Operation == Operation.Mend && reader.DroppedRows.Count > 0)
            await errors.AddMendedAsync(submission.Id, reader.DroppedRows, cancellation, dropped: true);
        reader.DroppedRows.Clear();
        if (reader.Refusal is null)
            await publisher.PublishAsync(reader.Batch, cancellation);
        reader.Batch.Clear();
    }

    /// <summary>
    /// An error as the report's hash covers it; who reads all errors can compute it again, leaving out IH-INT-502,
    /// which comes later.
    /// </summary>
    private static string LineOf(RowError error) => string.Create(CultureInfo.InvariantCulture,
        $"{error.Row}\t{error.Field}\t{error.Kind.Code}\t{(int)error.Disposition}\t{error.RowKey}\t{error.Observed}\t{error.Expected}\n");

    private async Task EndAsync(Submission submission, RowReader reader, EnvelopePublisher publisher, byte[] reportHash, CancellationToken cancellation)
    {
        await publisher.CompleteAsync();
        IntakeMetrics.Checked.Rows(reader.RowsReceived, reader.RowsAccepted, reader.RowsRejected, submission.Key.Item);
        submission = submission with
        {
            RowsReceived = reader.RowsReceived, RowsRejected = reader.RowsRejected, RowsAccepted = reader.RowsAccepted,
            Sums = [.. reader.Sums().Select(s => new ControlSum(
                s.Field, ControlTotals.Of(s.Received), ControlTotals.Of(s.Rejected), ControlTotals.Of(s.Accepted)) { IsComplete = s.IsComplete })],
        };
        var totals = reader.Errors.Totals().Select(t => new ErrorTotal(t.Kind.Code, t.Field, t.Count, t.IsRejecting));
        await errors.SetErrorTotalsAsync(submission.Id, [.. totals], cancellation);
        if ((reader.Refusal ?? ControlTotals.Compare(submission)) is { } refusal)
        {
            await RefuseAsync(submission, WithNext(refusal, submission), publisher.Count, cancellation);
            return;
        }
        if (reader.NothingGood is { } nothing)
            submission = submission with { Problems = [WithNext(nothing, submission)] };
        var root = publisher.Tree.Root();
        await CheckedAsync(submission, RowsCheckedContent(submission, reader, root, reportHash), publisher.Count, root, cancellation);
    }

    private static JsonObject RowsCheckedContent(Submission submission, RowReader reader, byte[] root, byte[] reportHash)
    {
        var content = new JsonObject
        {
            ["template"] = submission.Key.Item + ".v" + submission.Key.Version.ToString(CultureInfo.InvariantCulture),
            ["rows_received"] = reader.RowsReceived,
            ["rows_rejected"] = reader.RowsRejected,
            ["rows_accepted"] = reader.RowsAccepted,
            ["errors"] = new JsonObject(reader.Errors.Totals().GroupBy(t => t.Kind.Code).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => KeyValuePair.Create(g.Key, (JsonNode?)g.Sum(t => t.Count)))),
            ["error_report_sha256"] = Convert.ToHexStringLower(reportHash),
            ["sums"] = ControlTotals.ToJson(submission.Sums),
            ["rows_root"] = Convert.ToHexStringLower(root),
            ["encoding"] = NameOf(reader.Layout?.Encoding),
        };
        if (reader.RowsDropped > 0)
            content["rows_dropped"] = reader.RowsDropped;
        if (submission.Manifest is not null)
            content["manifest_compared"] = new JsonArray([.. ControlTotals.Compared(submission).Select(c => (JsonNode?)c)]);
        if (reader.Layout?.TotalRow is { } total)
            content["total_row"] = new JsonObject { ["row"] = total.Row, ["compared"] = new JsonArray([.. total.Compared.Select(c => (JsonNode?)c)]) };
        return content;
    }

    /// <summary>Issues R3, and seals what is on the log.</summary>
    private async Task CheckedAsync(Submission submission, JsonObject content, int envelopes, byte[] root, CancellationToken cancellation)
    {
        var receipt = Receipt.Issue(ReceiptKind.RowsChecked, submission.Key.Ref, clock.GetUtcNow(), submission.Receipts[^1], content, submission.Terms.IsTest);
        var to = submission.RowsReceived > 0 && submission.RowsAccepted == 0 && !content.ContainsKey("rows_dropped")
            ? SubmissionState.AllRowsRejected : SubmissionState.Checked;
        await submissions.AdvanceAsync(submission, to, receipt, cancellation);
        if (to == SubmissionState.Checked)
            await EnvelopePublisher.SealAsync(log, submission, envelopes, root, cancellation);
    }

    /// <summary>A nil return has no rows to check; it is sealed like any other, so that it counts as
    /// received.</summary>
    private Task CheckNilAsync(Submission submission, CancellationToken cancellation)
    {
        var root = new RowTree().Root();
        return CheckedAsync(submission, new JsonObject
        {
            ["nil"] = true, ["rows_received"] = 0, ["rows_rejected"] = 0, ["rows_accepted"] = 0, ["rows_root"] = Convert.ToHexStringLower(root),
        }, 0, root, cancellation);
    }

    private static byte[] RootOf(Receipt rowsChecked) =>
        Convert.FromHexString(JsonNode.Parse(rowsChecked.BodyJson)!["content"]!["rows_root"]?.GetValue<string>() ?? "");

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
