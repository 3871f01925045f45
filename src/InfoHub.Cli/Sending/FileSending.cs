using System.Globalization;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Client.Checking;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Sending;

/// <summary>How files are sent.</summary>
internal sealed record SendingWishes
{
    public SendUntil Until { get; init; } = SendUntil.Resting;

    /// <summary>For how long a file that the hub has is followed.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Whether the file is checked here first.</summary>
    public bool Checks { get; init; } = true;

    /// <summary>A file with a single bad row is not sent.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Null: the account's own folder.</summary>
    public string? ReceiptsFolder { get; init; }
}

/// <summary>
/// What became of one file: a status or a problem; both when the hub has the file and is not done with it; neither when
/// it was not tried.
/// </summary>
/// <param name="Check">What was counted here; null when the file was not checked.</param>
/// <param name="Receipts">The verified receipts and what vouches for them; null when there are none.</param>
/// <param name="ReceiptProblem">The file is where it belongs, but its receipts do not verify or are not kept.</param>
internal sealed record SendingOutcome(
    string Path, SubmissionStatus? Status, Problem? Problem, CheckOutcome? Check = null, KeptReceipts? Receipts = null,
    Problem? ReceiptProblem = null)
{
    public string? ReceiptPath => Receipts?.Path;

    /// <summary>A receipt that could not be kept changes nothing; one that is not genuine does.</summary>
    public ExitCode Code => ExitCodes.Worst(
    [
        Problem is not null ? ExitCodes.Of(Problem) : Status is not null ? ExitCodes.Of(Status) : ExitCode.Fault,
        ReceiptProblem is not null && ExitCodes.Of(ReceiptProblem) == ExitCode.NotGenuine ? ExitCode.NotGenuine
            : ExitCode.Ok,
    ]);
}

/// <summary>
/// Sends a file the whole way: checked here, counted, uploaded, followed, its receipts verified and kept. Everything
/// may be repeated after a cut.
/// </summary>
internal sealed class FileSending(CommandRun run, SendingWishes wishes)
{
    // Every other machine of a department may have been told the same number; more than that is no race.
    private const int NumbersTriedMax = 5;

    private IReadOnlyList<TemplateDocument>? _templates;

    /// <param name="nextSequence">Where the caller has no sequence of his own: asks the hub for the next.</param>
    /// <exception cref="ProblemException">Whatever keeps the file from being sent.</exception>
    public async Task<SendingOutcome> SendAsync(
        SubmissionFile file, IProgress<SendingProgress> progress, Func<Task<int>>? nextSequence = null)
    {
        var check = wishes.Checks ? await CheckAsync(file, progress) : null;
        if (check?.Refusal is { } refusal)
            return new SendingOutcome(file.Path, null, refusal, check);
        if (check is { RowsRejected: > 0 } && wishes.IsStrict)
            return new SendingOutcome(file.Path, null, new Problem(ProblemCatalogue.RowsWouldBeRejected,
                ("file", file.Name), ("rows", Number(check.RowsReceived)), ("bad", Number(check.RowsRejected))), check);
        if (check is not null)
            file = file with { Manifest = check.Manifest() };
        (file, var status) = await OfferAsync(file, progress, nextSequence);
        var outcome = await KeepAsync(new SendingOutcome(file.Path, status, null, check));
        Note(file, status);
        if (status.State == SubmissionState.Withdrawn)
            return outcome with
            {
                Status = null, Problem = new Problem(ProblemCatalogue.SubmissionWithdrawn,
                    ("submission", status.Submission), ("next", Number(await run.NextSequenceAsync(status)))),
            };
        return wishes.Until == SendUntil.Committed || SubmissionSender.Rests(status.State) ? outcome : outcome with
        {
            Problem = new Problem(ProblemCatalogue.NotYetProcessed, ("submission", status.Submission),
                ("seconds", Number((long)wishes.Wait.TotalSeconds))),
        };
    }

    /// <summary>
    /// The file under the number it went by. Another machine may take the number between the hub's telling it and this
    /// file's opening it: then the next one is asked for.
    /// </summary>
    private async Task<(SubmissionFile File, SubmissionStatus Status)> OfferAsync(
        SubmissionFile file, IProgress<SendingProgress> progress, Func<Task<int>>? nextSequence)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return (file, await run.Sender.SendAsync(file, wishes.Until, progress, run.Cancellation));
            }
            catch (ProblemException taken) when (taken.Problem.Code == ProblemCatalogue.SubmissionConflict.Code
                && nextSequence is not null && tried < NumbersTriedMax)
            {
                var before = file.Sequence;
                file = file with { Sequence = await nextSequence() };
                if (file.Sequence == before)
                    throw;
                run.Note($"序号 {before} 已被另一份报送占用，改用 {file.Sequence}。");
            }
        }
    }

    /// <summary>The hub has the file: a journal that cannot be written does not change that.</summary>
    private void Note(SubmissionFile file, SubmissionStatus status)
    {
        try
        {
            run.Journal.Append(new JournalEntry("", "ended", file.Path, Convert.ToHexStringLower(status.Sha256.Span),
                file.Base, file.Sequence, status.Submission, status.State.ToString(), run.JournalHub,
                file.Operation.ToString()));
        }
        catch (ProblemException notKept)
        {
            ProblemText.Write(run.Terminal.Error, notKept.Problem);
        }
    }

    /// <summary>The rows that would be rejected, with their reasons.</summary>
    public async Task CopyRejectedAsync(SubmissionFile file, RejectedCopy copy)
    {
        var header = 0L;
        if (await TemplateAsync(file) is { } template)
            await new LocalCheck(template, run.Terminal.Clock).RunAsync(file, new CheckListener
            {
                OnHeader = (columns, row) =>
                {
                    header = row;
                    copy.Begin(columns, row);
                },
                OnRejected = row => copy.Write(row.Row, row.Cells,
                    [.. row.Reasons.Select(r => ReasonText.Of(r, template, header))]),
            }, run.Cancellation);
        copy.Complete();
    }

    /// <summary>
    /// Follows a file that was committed until it rests, then keeps its receipts. Cancelling leaves it as it is.
    /// </summary>
    /// <exception cref="ProblemException">The hub cannot be reached, or does not know the submission.</exception>
    public async Task<SendingOutcome> FollowAsync(SendingOutcome committed, CancellationToken cancellation)
    {
        var status = committed.Status ?? throw new InvalidOperationException("only what was sent can be followed");
        await foreach (var change in run.Sender.WatchAsync(status.Submission, cancellation))
            status = change;
        return await KeepAsync(committed with { Status = status });
    }

    private async Task<SendingOutcome> KeepAsync(SendingOutcome outcome)
    {
        try
        {
            var shelf = run.Shelf(wishes.ReceiptsFolder, outcome.Status!.Environment == HubEnvironment.Test);
            return outcome with
            {
                Receipts = await shelf.KeepAsync(run.Connection, outcome.Status, run.Cancellation),
            };
        }
        catch (ProblemException unsound)
        {
            return outcome with { ReceiptProblem = unsound.Problem };
        }
    }

    /// <summary>Null when the file cannot be checked here; the hub will.</summary>
    private async Task<CheckOutcome?> CheckAsync(SubmissionFile file, IProgress<SendingProgress> progress)
    {
        if (await TemplateAsync(file) is not { } template)
            return null;
        var size = new FileInfo(file.Path) is { Exists: true } found ? found.Length : 0;
        var listener = new CheckListener
        {
            OnRead = read => progress.Report(new SendingProgress(SendingStep.Checking, read, size)),
        };
        var local = new LocalCheck(template, run.Terminal.Clock) { OtherTemplates = () =>
            new TemplateCache(run.Home).All() };
        return await local.RunAsync(file, listener, run.Cancellation);
    }

    /// <summary>As the hub has it now, asked once per run.</summary>
    private async Task<Template?> TemplateAsync(SubmissionFile file)
    {
        _templates ??= await new TemplateCache(run.Home).RefreshAsync(run.Sender, run.Terminal.Clock, run.Note,
                run.Cancellation);
        var newest = _templates.Where(t => t.Item == file.Item
            && (file.TemplateVersion == 0 || t.Version == file.TemplateVersion)).MaxBy(t => t.Version);
        if (newest is null)
            return null;
        try
        {
            return OdcsReader.Read(newest.OdcsYaml);
        }
        catch (ProblemException newer)
        {
            run.Note($"{newer.Problem.Code}：本机读不懂 {newest.Item} 第 {newest.Version} 版模板，跳过本地检查，由平台检查。");
            return null;
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
