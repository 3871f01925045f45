using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Intake.Submit;

/// <summary>What may be done with a submission and by whom: opening, receiving bytes, closing the upload.</summary>
internal sealed class SubmissionDesk(
    SubmissionStore submissions, FileSpool spool, TemplateRegistry templates, IntakeOptions options, ChannelWriter<long> toCheck, TimeProvider clock)
{
    private const int RetryAfterSeconds = 30;
    private const int Sha256Bytes = 32;

    private int _waiting;

    public void Waiting() => Interlocked.Increment(ref _waiting);

    public void Checked() => Interlocked.Decrement(ref _waiting);

    public async Task<Submission> OpenAsync(Caller caller, OpenedFile opened, CancellationToken cancellation)
    {
        var template = templates.Get(opened.Item, opened.Version);
        if (template.Department != caller.Department)
            throw Refused(ProblemCatalogue.NotYours, ("who", caller.ClientId), ("what", opened.Item));
        var period = TemplateRegistry.ReadPeriod(template, opened.Period);
        RequireSound(opened);
        if (Volatile.Read(ref _waiting) >= options.OpenSubmissionsMax)
            throw Refused(ProblemCatalogue.Overloaded, ("seconds", RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)));
        var key = new SubmissionKey(caller.Department, template.Item, template.Version, period, opened.Sequence);
        var submission = await submissions.OpenAsync(key, opened.File, cancellation);
        if (!submission.File.Sha256.AsSpan().SequenceEqual(opened.File.Sha256.AsSpan()))
            throw Refused(ProblemCatalogue.SubmissionConflict, ("submission", key.Ref),
                ("onFile", Short(submission.File)), ("offered", Short(opened.File)),
                ("next", (await submissions.LastSequenceAsync(key, cancellation) + 1).ToString(CultureInfo.InvariantCulture)));
        return submission;
    }

    private static string Short(DeclaredFile file) => Convert.ToHexStringLower(file.Sha256.AsSpan()[..6]) + "…";

    private void RequireSound(OpenedFile opened)
    {
        if (opened.Sequence is < 1 or > 9999)
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "sequence"), ("reason", "1..9999"));
        if (opened.File.Sha256.Length != Sha256Bytes)
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "sha256"), ("reason", "32 bytes"));
        if (!Enum.IsDefined(opened.File.Format))
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "format"), ("reason", "CSV | XLSX"));
        if (opened.File.SizeBytes < 0 || opened.File.SizeBytes > options.FileBytesMax)
            throw Refused(ProblemCatalogue.FileTooLarge, ("size", opened.File.SizeBytes.ToString(CultureInfo.InvariantCulture)),
                ("max", options.FileBytesMax.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>A submission of the caller's own department.</summary>
    public async Task<Submission> FindAsync(Caller caller, string reference, CancellationToken cancellation)
    {
        var submission = await submissions.FindAsync(reference, cancellation) ?? throw Refused(ProblemCatalogue.SubmissionUnknown, ("submission", reference));
        return submission.Key.Department == caller.Department
            ? submission : throw Refused(ProblemCatalogue.NotYours, ("who", caller.ClientId), ("what", reference));
    }

    public long DurableOffset(Submission submission) =>
        submission.State <= SubmissionState.Uploading ? spool.DurableOffset(submission.Id) : submission.File.SizeBytes;

    /// <summary>Closes the upload: the bytes on disk must be those that Open declared. Issues R1 and hands over to the checks.</summary>
    public async Task<Submission> CommitAsync(Caller caller, string reference, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var submission = await FindAsync(caller, reference, cancellation);
        if (submission.State > SubmissionState.Uploading)
            return submission;
        var size = spool.DurableOffset(submission.Id);
        if (size < submission.File.SizeBytes)
            throw Refused(ProblemCatalogue.OffsetWrong,
                ("offset", submission.File.SizeBytes.ToString(CultureInfo.InvariantCulture)),
                ("durable", size.ToString(CultureInfo.InvariantCulture)));
        if (size > 0 && !submission.File.Sha256.SequenceEqual(await spool.HashAsync(submission.Id, cancellation)))
        {
            // What lies there is not what was declared: the next upload starts from nothing.
            spool.Discard(submission.Id);
            IntakeMetrics.Received.Rows(1, 0, 1, submission.Key.Item);
            throw Refused(ProblemCatalogue.ContentMismatch, ("declared", Short(submission.File)), ("received", $"{size} bytes"));
        }
        if (size == 0)
            spool.OpenWriter(submission.Id).Dispose();
        var receipt = Receipt.Issue(ReceiptKind.BytesReceived, submission.Key.Ref, clock.GetUtcNow(), null, new System.Text.Json.Nodes.JsonObject
        {
            ["sha256"] = Convert.ToHexStringLower(submission.File.Sha256.AsSpan()), ["size_bytes"] = size, ["department"] = submission.Key.Department,
        });
        await submissions.AdvanceAsync(submission, SubmissionState.Received, receipt, cancellation);
        IntakeMetrics.Received.Rows(1, 1, 0, submission.Key.Item);
        IntakeMetrics.Received.Duration(Stopwatch.GetElapsedTime(started), submission.Key.Item);
        IntakeMetrics.Received.Lag(Interlocked.Increment(ref _waiting));
        await toCheck.WriteAsync(submission.Id, cancellation);
        return await FindAsync(caller, reference, cancellation);
    }

    internal static ProblemException Refused(ProblemKind kind, params (string, string)[] values) => new(new Problem(kind, values));
}

/// <summary>What Open declares.</summary>
internal sealed record OpenedFile(string Item, int Version, string Period, int Sequence, DeclaredFile File);
