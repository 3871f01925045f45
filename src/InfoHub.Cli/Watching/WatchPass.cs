using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Sending;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Watching;

/// <summary>
/// Sends every finished file of a watched folder: first all of them are committed, then they are followed for a while.
/// A file that the hub has not ended by then stays in <c>.work</c> and is followed at the next pass. Each step may be
/// repeated: a process that is killed anywhere leaves the file in <c>in</c> or <c>.work</c>, and the next one comes to
/// the same end.
/// </summary>
/// <param name="followMax">For how long one pass follows what it sent.</param>
internal sealed partial class WatchPass(CommandRun run, WatchFolder folder, WatchLog log, TimeSpan followMax)
{
    private const int FirstCodeOfContent = 200;
    private const int WorkbookRowsMax = 1_000_000;

    // What the file's owner has to mend, besides the numbers from 200 on. With anything else the file waits: it may be
    // the hub's fault, or the account's, or the line's.
    private static readonly string[] FileCodes =
    [
        ProblemCatalogue.ItemUnknown.Code, ProblemCatalogue.SubmissionConflict.Code,
        ProblemCatalogue.PeriodInvalid.Code, ProblemCatalogue.FileTooLarge.Code, ProblemCatalogue.FileNameUnclear.Code,
        ProblemCatalogue.BaseUnsuitable.Code, ProblemCatalogue.NilContradicted.Code,
        ProblemCatalogue.RowNotStored.Code, ProblemCatalogue.ManifestDiffers.Code,
        ProblemCatalogue.MendWithoutOrigin.Code, ProblemCatalogue.RowNumbersMissing.Code,
    ];

    private readonly Dictionary<string, UnderWay> _underWay = new(StringComparer.Ordinal);
    private readonly WatchBackoff _backoff = new(run.Terminal.Clock);
    private readonly WatchText _text = new(run);

    // One per pass: it asks for the templates once.
    private FileSending _sending = null!;

    /// <summary>Whether a file of the last pass waits for a later one.</summary>
    public bool HasLater { get; private set; }

    /// <summary>The worst of what became of the files; Ok when there were none.</summary>
    /// <param name="ready">Names in <c>in</c>.</param>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> ready)
    {
        HasLater = false;
        _sending = new FileSending(run,
            new SendingWishes { Until = SendUntil.Committed, ReceiptsFolder = folder.Receipts });
        var codes = new List<ExitCode>();
        foreach (var (name, isClaimed) in folder.Claimed().Where(name => !_underWay.ContainsKey(name))
            .Select(name => (name, true)).Concat(ready.Select(name => (name, false))).ToArray())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (_backoff.IsDue(name))
                codes.Add(await SendAsync(name, isClaimed));
            else
                HasLater = true;
        }
        codes.AddRange(await FollowAsync());
        return ExitCodes.Worst(codes);
    }

    private async Task<ExitCode> SendAsync(string name, bool isClaimed)
    {
        string? path = null;
        var isDone = false;
        try
        {
            path = isClaimed ? Path.Combine(folder.Work, name) : folder.Claim(name);
            if (path is null)
                return Later(name, "又有变化，或同名的前一份还在处理", ExitCode.HubUnreachable);
            var before = WatchFolder.Stamp(path);
            var (file, outcome) = await OfferAsync(path);
            if (WatchFolder.Stamp(path) != before)
                return Later(name, "发送期间被改动，下次再看", ExitCode.Ok);
            if (outcome.Problem is { } problem && !IsOfTheFile(problem, name))
                return Later(name, Said(problem), ExitCodes.Of(problem));
            isDone = true;
            if (outcome.Status is { } status && !SubmissionSender.Rests(status.State))
            {
                _underWay[name] = new UnderWay(file, outcome);
                return ExitCode.Ok;
            }
            return await PutAwayAsync(name, file, outcome);
        }
        catch (Exception fault) when (!run.Cancellation.IsCancellationRequested)
        {
            isDone = false;
            return Failed(name, fault);
        }
        finally
        {
            if (path is not null && !isDone)
                folder.Return(path);
        }
    }

    private async Task<(SubmissionFile? File, SendingOutcome Outcome)> OfferAsync(string path)
    {
        SubmissionFile? file = null;
        try
        {
            var mended = MendedForm().Match(Path.GetFileName(path));
            if (!mended.Success)
                return (file = SubmissionFile.FromPath(path), await OfferAsync(file));
            // The copy of rejected rows that a watch wrote is recognised by its name when it comes back mended.
            Task<SubmissionFile> PrepareAsync() =>
                MendCommands.PrepareAsync(run, path, mended.Groups["base"].Value, Operation.Mend, null);
            file = await PrepareAsync();
            return (file, await OfferAsync(file, async () => (await PrepareAsync()).Sequence));
        }
        catch (ProblemException failed)
        {
            return (file, new SendingOutcome(path, null, failed.Problem));
        }
    }

    /// <param name="nextSequence">Where the hub gives out the sequence: nobody else's upload gives way then.</param>
    private async Task<SendingOutcome> OfferAsync(SubmissionFile file, Func<Task<int>>? nextSequence = null)
    {
        try
        {
            return await _sending.SendAsync(file, new Silent(), nextSequence);
        }
        catch (ProblemException conflict) when (nextSequence is null
            && conflict.Problem.Code == ProblemCatalogue.SubmissionConflict.Code)
        {
            // An upload that never ended gives way to the file that lies here now; one that did still conflicts.
            var replaced = await _sending.SendAsync(file with { ReplacesUnfinished = true }, new Silent());
            log.Write($"{file.Name}：同一序号下没有传完的旧文件已作废，改报本文件");
            return replaced;
        }
        catch (ProblemException moved) when (moved.Problem.Code == ProblemCatalogue.StateForbids.Code)
        {
            // Another process brought it further in the meantime: opened again, the hub says where it is.
            return await _sending.SendAsync(file, new Silent(), nextSequence);
        }
    }

    private async Task<IReadOnlyList<ExitCode>> FollowAsync()
    {
        var codes = new List<ExitCode>();
        using var limit = new CancellationTokenSource(followMax, run.Terminal.Clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.Cancellation);
        var following = _underWay.ToDictionary(
            file => _sending.FollowAsync(file.Value.Outcome, ending.Token), file => file.Key);
        await foreach (var ended in Task.WhenEach(following.Keys))
            codes.Add(await EndAsync(following[ended], ended));
        return codes;
    }

    private async Task<ExitCode> EndAsync(string name, Task<SendingOutcome> ended)
    {
        var known = _underWay[name];
        try
        {
            var outcome = await ended;
            var code = await PutAwayAsync(name, known.File, outcome);
            _underWay.Remove(name);
            return code;
        }
        catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
        {
            return Later(name, $"{known.Outcome.Status!.Submission} 已送达，平台还在处理；文件留在 .work",
                ExitCode.HubUnreachable);
        }
        catch (ProblemException failed)
        {
            // Sent again from .work, the hub says where it is.
            _underWay.Remove(name);
            return Later(name, Said(failed.Problem), ExitCodes.Of(failed.Problem));
        }
        catch (Exception fault) when (!run.Cancellation.IsCancellationRequested)
        {
            _underWay.Remove(name);
            return Failed(name, fault);
        }
    }

    private async Task<ExitCode> PutAwayAsync(string name, SubmissionFile? file, SendingOutcome outcome)
    {
        var state = outcome.Status?.State;
        var isTaken = state is not (null or SubmissionState.FileRefused or SubmissionState.AllRowsRejected
            or SubmissionState.Withdrawn);
        var target = WatchFolder.Free(isTaken ? folder.Sent : folder.Rejected, name);
        var rows = await CopyRowsAsync(file, outcome);
        var told = await _text.TellAsync(name, outcome, rows, MendedForm().IsMatch(name));
        WatchFolder.WriteText(
            isTaken ? Path.Combine(folder.Receipts, Path.GetFileName(target) + ".txt") : target + ".说明.txt", told);
        if (isTaken && rows is not null)
            WatchFolder.WriteText(rows + ".说明.txt", told);
        File.Move(outcome.Path, target);
        _backoff.Succeeded(name);
        var place = Path.GetRelativePath(folder.Root, target);
        log.Write($"{name} → {place}：{WatchText.EndOf(outcome)}", FactsOf(name, place, outcome));
        if (outcome.ReceiptProblem is { } unsound)
            log.Write($"{name} 的回执：{unsound.Code} {unsound.Detail}");
        return state == SubmissionState.Withdrawn ? ExitCode.FileRefused : outcome.Code;
    }

    /// <summary>
    /// The rejected rows, to be mended and put back into <c>in</c>, or, of a file that was refused here as a whole, to
    /// be
    /// looked at; null when there are none to be had.
    /// </summary>
    private async Task<string?> CopyRowsAsync(SubmissionFile? file, SendingOutcome outcome)
    {
        if (outcome.Status is { } status)
        {
            if (status.RowsRejected <= status.RowsMended || !WatchText.CanBeMended(status))
                return null;
            var name = Path.Combine(folder.Rejected, $"{status.Item}_{status.Period}_mend_{status.Submission}");
            // A spreadsheet opened on CSV spoils long numbers; only a sheet's height is a reason for one.
            var path = name + (status.RowsRejected - status.RowsMended < WorkbookRowsMax ? ".xlsx" : ".csv");
            // Somebody may be mending the copy that an earlier, broken-off pass wrote.
            if (new[] { path, name + ".csv" }.FirstOrDefault(File.Exists) is { } before)
                return before;
            try
            {
                using var copy = RejectedCopy.Create(path, forGroup: true);
                await ErrorsCommand.WriteRejectedAsync(run, status.Submission, copy);
                return path;
            }
            catch (ProblemException old) when (old.Problem.Code == ProblemCatalogue.HubLacksCall.Code)
            {
                return null;
            }
        }
        if (outcome is not { Check.RowsRejected: > 0 } || file is null)
            return null;
        var local = WatchFolder.Free(folder.Rejected, Path.GetFileNameWithoutExtension(file.Path) + ".退回行.xlsx");
        using var found = RejectedCopy.Create(local, forGroup: true);
        await _sending.CopyRejectedAsync(file, found);
        return local;
    }

    /// <summary>As <c>push --json</c> says it, and where the file lies now.</summary>
    private static JsonObject FactsOf(string name, string place, SendingOutcome outcome)
    {
        var facts = new JsonObject { ["file"] = name, ["moved_to"] = place };
        if (outcome.Status is { } status)
            facts["submission"] = JsonNode.Parse(ProblemText.Json.Format(status));
        if (outcome.Problem is { } problem)
            facts["problem"] = JsonNode.Parse(ProblemText.Json.Format(ProblemText.ToWire(problem)));
        return facts;
    }

    private ExitCode Later(string name, string reason, ExitCode code)
    {
        HasLater = true;
        log.WriteOnce(name, $"{name} 留待以后：{reason}", new JsonObject { ["file"] = name, ["waits"] = true });
        return code;
    }

    private ExitCode Failed(string name, Exception fault)
    {
        _backoff.Failed(name);
        return fault is ProblemException { Problem: var problem }
            ? Later(name, Said(problem), ExitCodes.Of(problem))
            : Later(name, $"{fault.GetType().Name}：{fault.Message}", ExitCode.Fault);
    }

    private static bool IsOfTheFile(Problem problem, string name) => FileCodes.Contains(problem.Code)
        || (problem.Code == ProblemCatalogue.SubmissionUnknown.Code && MendedForm().IsMatch(name))
        || (problem.Code.StartsWith("IH-INT-", StringComparison.Ordinal)
            && int.TryParse(problem.Code.AsSpan("IH-INT-".Length), out var number) && number >= FirstCodeOfContent);

    private static string Said(Problem problem) => $"{problem.Code} {problem.Kind.TitleZh}：{problem.Detail}";

    /// <summary>Also with the -2 that a name gets which is taken.</summary>
    [GeneratedRegex(
        @"\A.+_mend_(?<base>[A-Z][A-Z0-9]*-[A-Z0-9]{2}\.v[0-9]+\.[0-9Q]+\.[0-9]+)(-[0-9]+)?\.(csv|tsv|txt|xlsx)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex MendedForm();

    /// <summary>Committed, and not at rest when it was seen last.</summary>
    private sealed record UnderWay(SubmissionFile? File, SendingOutcome Outcome);

    private sealed class Silent : IProgress<SendingProgress>
    {
        public void Report(SendingProgress value)
        {
        }
    }
}
