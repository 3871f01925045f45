using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Intake.Validate;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Intake.Submit;

/// <summary>What Open declares, before anything of it is believed.</summary>
internal sealed record OpenedFile(string Item, int Version, string Period, int Sequence, DeclaredFile File)
{
    /// <summary>The base is named in <see cref="BaseRef"/> and not looked up yet.</summary>
    public required SubmissionTerms Terms { get; init; }

    public string BaseRef { get; init; } = "";

    public bool ReplaceUnfinished { get; init; }
}

/// <summary>What may be done with a submission and by whom: opening, closing the upload, taking back.</summary>
internal sealed class SubmissionDesk(
    SubmissionStore submissions, WithdrawalStore withdrawals, FileSpool spool, UploadHolders holders, TemplateRegistry templates,
    SpoolRoom room, IntakeOptions options, CheckQueue toCheck, TimeProvider clock)
{
    public const int SequenceMax = 9999;

    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private const int RetryAfterSeconds = 30;
    private const int Sha256Bytes = 32;
    private const int ReasonLengthMax = 500;

    /// <summary>
    /// Registers a submission or returns the one on file, as it stands now. Other content under a key that is taken
    /// is a
    /// conflict that says what is on file; an upload that was never committed can be told to give way.
    /// </summary>
    public async Task<Submission> OpenAsync(Caller caller, OpenedFile opened, CancellationToken cancellation)
    {
        var (template, key) = KeyOf(caller, opened);
        RequireSound(opened);
        // What is on file is answered before its base is judged again: that may have been taken back since.
        var known = await submissions.FindAsync(key.Ref, cancellation);
        if (known is not null && IsSame(known, opened))
            return known;
        var terms = await TermsAsync(caller, key, opened, cancellation);
        if (opened.File.SizeBytes > 0)
            room.Require();
        if (known is null && toCheck.Count >= options.OpenSubmissionsMax)
            throw new ProblemException(Problem.Busy(RetryAfterSeconds, "等待检查的报送已满"));
        if (known is null)
            await RequireShareAsync(caller, opened, cancellation);
        var submission = await submissions.OpenAsync(key, opened.File, terms, cancellation);
        if (IsSame(submission, opened))
            return submission;
        if (opened.ReplaceUnfinished && await ReplaceAsync(submission.Id, opened.File, terms, cancellation))
            return await submissions.GetAsync(submission.Id, cancellation);
        throw Refused(ProblemCatalogue.SubmissionConflict, ("submission", key.Ref),
            ("onFile", Short(submission.File)), ("state", submission.State.Title()), ("offered", Short(opened.File)),
            ("next", Whole(await submissions.LastSequenceAsync(key, cancellation) + 1)));
    }

    /// <summary>No department fills the spool with what it does not finish.</summary>
    private async Task RequireShareAsync(Caller caller, OpenedFile opened, CancellationToken cancellation)
    {
        var (count, bytes) = await submissions.UnfinishedAsync(
            caller.Department, clock.GetUtcNow() - options.UploadKept, cancellation);
        if (count == 0 || (count < options.UnfinishedMax
            && bytes + opened.File.SizeBytes <= options.UnfinishedBytesMax))
            return;
        throw Refused(ProblemCatalogue.UnfinishedTooMany, ("count", Whole(count)), ("size", DiskRoom.MiB(bytes)),
            ("max", $"{Whole(options.UnfinishedMax)} 份、{DiskRoom.MiB(options.UnfinishedBytesMax)} MB"));
    }

    /// <summary>Another file takes the place of an upload that was never committed; whoever was uploading it is ended
    /// first.</summary>
    private async Task<bool> ReplaceAsync(long submission, DeclaredFile file, SubmissionTerms terms, CancellationToken cancellation)
    {
        using var alone = await holders.AloneAsync(submission, cancellation);
        if (!await submissions.ReplaceUnfinishedAsync(submission, file, terms, cancellation))
            return false;
        spool.Discard(submission);
        return true;
    }

    private static bool IsSame(Submission submission, OpenedFile opened) =>
        submission.File.Sha256.AsSpan().SequenceEqual(opened.File.Sha256.AsSpan()) && submission.File.Format == opened.File.Format
        && submission.Terms.Operation == opened.Terms.Operation && submission.Terms.BaseRef == opened.BaseRef;

    /// <summary>The caller's own template, and the key the submission would have.</summary>
    public (Template Template, SubmissionKey Key) KeyOf(Caller caller, OpenedFile opened)
    {
        var template = templates.Get(opened.Item, opened.Version);
        if (template.Department != caller.Department)
            throw Refused(ProblemCatalogue.NotYours, ("who", caller.ClientId), ("what", opened.Item));
        if (opened.Terms.IsTest != options.IsTest)
            throw Refused(ProblemCatalogue.EnvironmentMismatch,
                ("marked", EnvironmentTitle(opened.Terms.IsTest)), ("hub", EnvironmentTitle(options.IsTest)));
        if (opened.Sequence is < 1 or > SequenceMax)
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "sequence"), ("reason", "1..9999"));
        var period = TemplateRegistry.ReadPeriod(template, opened.Period,
            DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime));
        return (template, new SubmissionKey(caller.Department, template.Item, template.Version, period, opened.Sequence));
    }

    private static string EnvironmentTitle(bool isTest) => isTest ? "测试环境" : "正式环境";

    private static string Short(DeclaredFile file) => Convert.ToHexStringLower(file.Sha256.AsSpan()[..6]) + "…";

    private void RequireSound(OpenedFile opened)
    {
        if (opened.File.Sha256.Length != Sha256Bytes)
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "sha256"), ("reason", "32 bytes"));
        if (!Enum.IsDefined(opened.File.Format))
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "format"), ("reason", "CSV | XLSX"));
        if (!Enum.IsDefined(opened.Terms.Operation))
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "operation"), ("reason", "INCREMENT | SNAPSHOT | CORRECTION | MEND"));
        if (opened.File.Encoding is { } encoding && !Enum.IsDefined(encoding))
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "encoding"), ("reason", "UTF8 | GB18030 | UTF16"));
        if (opened.File.SizeBytes < 0 || opened.File.SizeBytes > options.FileBytesMax)
            throw Refused(ProblemCatalogue.FileTooLarge, ("size", opened.File.SizeBytes.ToString(CultureInfo.InvariantCulture)),
                ("max", options.FileBytesMax.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The terms with their base looked up: an earlier submission of the same item and period that can be
    /// corrected.</summary>
    private async Task<SubmissionTerms> TermsAsync(Caller caller, SubmissionKey key, OpenedFile opened, CancellationToken cancellation)
    {
        if (opened.Terms.Operation is not (Operation.Correction or Operation.Mend))
            return opened.BaseRef.Length == 0 ? opened.Terms
                : throw Refused(ProblemCatalogue.RequestUnsound, ("field", "base"), ("reason", "CORRECTION | MEND"));
        if (opened.BaseRef.Length == 0)
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "base"), ("reason", "the submission that is corrected"));
        var mended = await FindAsync(caller, opened.BaseRef, cancellation);
        var reason = (mended.Key.Item, mended.Key.Period) != (key.Item, key.Period) ? "不是同一信息项和所属期"
            : mended.Key.Sequence >= key.Sequence ? $"序号应大于 {mended.Key.Sequence}"
            : mended.State == SubmissionState.Withdrawn ? "已撤回"
            : mended.SupersededBy.Length > 0 ? $"已被 {mended.SupersededBy} 整份替换"
            : mended.State == SubmissionState.FileRefused ? "整份退回"
            : mended.State < SubmissionState.Checked ? "还没有检查完"
            : opened.Terms.Operation == Operation.Mend && mended.RowsRejected == 0 ? "没有被退回的行"
            : "";
        return reason.Length == 0 ? opened.Terms with { BaseId = mended.Id, BaseRef = mended.Key.Ref }
            : throw Refused(ProblemCatalogue.BaseUnsuitable, ("base", opened.BaseRef), ("reason", reason));
    }

    /// <summary>
    /// A submission of the caller's own department. Another one's is refused like one that nobody has: whether it was
    /// sent is none of the caller's business.
    /// </summary>
    public async Task<Submission> FindAsync(Caller caller, string reference, CancellationToken cancellation) =>
        await submissions.FindAsync(reference, cancellation) is { } found && found.Key.Department == caller.Department
            ? found : throw Refused(ProblemCatalogue.SubmissionUnknown, ("submission", reference));

    /// <summary>The department's submissions, the one that moved last first.</summary>
    public async Task<IReadOnlyList<Submission>> RecentAsync(Caller caller, string item, int limit,
        CancellationToken cancellation)
    {
        var found = new List<Submission>(limit);
        foreach (var reference in await submissions.RecentAsync(caller.Department, item, limit, cancellation))
            if (await submissions.FindAsync(reference, cancellation) is { } submission)
                found.Add(submission);
        return found;
    }

    public long DurableOffset(Submission submission) =>
        submission.State <= SubmissionState.Uploading ? spool.DurableOffset(submission.Id) : submission.File.SizeBytes;

    /// <summary>Closes the upload: the bytes on disk must be those that Open declared. Issues R1 and hands over to
    /// the checks.</summary>
    public async Task<Submission> CommitAsync(Caller caller, string reference, Manifest? manifest, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var submission = await FindAsync(caller, reference, cancellation);
        if (submission.State > SubmissionState.Uploading)
            return submission;
        // Nobody writes any more, here or elsewhere, and no other file can take this one's place while it is being hashed.
        using var alone = await holders.AloneAsync(submission.Id, cancellation);
        if (await submissions.TakeUploadAsync(submission.Id, cancellation) is not { } epoch)
            return await FindAsync(caller, reference, cancellation);
        submission = await submissions.GetAsync(submission.Id, cancellation);
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
        if (manifest is not null)
            await submissions.SetManifestAsync(submission.Id, manifest, cancellation);
        await ReceiveAsync(submission, new JsonObject
        {
            ["sha256"] = Convert.ToHexStringLower(submission.File.Sha256.AsSpan()), ["size_bytes"] = size, ["department"] = submission.Key.Department,
        }, epoch, cancellation);
        IntakeMetrics.Received.Duration(Stopwatch.GetElapsedTime(started), submission.Key.Item);
        return await FindAsync(caller, reference, cancellation);
    }

    /// <summary>
    /// Issues R1 with this content and queues the submission for its check. Where somebody else was quicker nothing
    /// happens.
    /// </summary>
    public async Task ReceiveAsync(Submission submission, JsonObject content, long? epoch, CancellationToken cancellation)
    {
        if (submission.Terms.BaseRef.Length > 0)
            content["base"] = submission.Terms.BaseRef;
        content["operation"] = submission.Terms.Operation.ToString().ToLowerInvariant();
        var receipt = Receipt.Issue(ReceiptKind.BytesReceived, submission.Key.Ref, clock.GetUtcNow(), null, content, submission.Terms.IsTest);
        if (!await submissions.AdvanceAsync(submission, SubmissionState.Received, receipt, cancellation, epoch))
            return;
        toCheck.Put(submission.Id, submission.Key.Department);
        IntakeMetrics.Received.Rows(1, 1, 0, submission.Key.Item);
        IntakeMetrics.Received.Lag(toCheck.Count);
    }

    /// <summary>Takes a submission back; one that is under way has to come to rest first.</summary>
    public async Task<Submission> WithdrawAsync(Caller caller, string reference, string reason, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLengthMax)
            throw Refused(ProblemCatalogue.RequestUnsound, ("field", "reason"), ("reason", $"1..{ReasonLengthMax}"));
        var submission = await FindAsync(caller, reference, cancellation);
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        using var alone = await holders.AloneAsync(submission.Id, cancellation);
        if (!await withdrawals.WithdrawAsync(submission, template, reason.Trim(), cancellation))
            throw Refused(ProblemCatalogue.StateForbids, ("submission", reference), ("state", submission.State.Title()));
        if (submission.State <= SubmissionState.Uploading)
            spool.Discard(submission.Id);
        return await FindAsync(caller, reference, cancellation);
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    internal static ProblemException Refused(ProblemKind kind, params (string, string)[] values) => new(new Problem(kind, values));
}
