using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Sending;
using InfoHub.Cli.Settings;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>
/// Sends every finished file of a watched folder. Each step may be repeated: a process that is killed anywhere leaves
/// the file in <c>in</c>, and the next one comes to the same end.
/// </summary>
internal sealed partial class WatchPass(CommandRun run, WatchFolder folder, WatchLog log)
{
    // Nothing is wrong with the file: it waits where it is.
    private static readonly string[] LaterCodes =
    [
        ProblemCatalogue.HubUnreachable.Code, ProblemCatalogue.Overloaded.Code, ProblemCatalogue.NotSignedIn.Code,
        ProblemCatalogue.NotLoggedIn.Code, ProblemCatalogue.NotYours.Code, ProblemCatalogue.EnvironmentDiffers.Code,
        ProblemCatalogue.FileUnreadable.Code, ProblemCatalogue.NotWritable.Code, "IH-INT-119",
    ];

    /// <summary>The worst of what became of the files; Ok when there were none.</summary>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> files)
    {
        var codes = new List<ExitCode>();
        var sending = new FileSending(run, new SendingWishes { ReceiptsFolder = folder.Receipts });
        foreach (var path in files)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            codes.Add(await HandleAsync(sending, path));
        }
        return ExitCodes.Worst(codes);
    }

    private async Task<ExitCode> HandleAsync(FileSending sending, string path)
    {
        var name = Path.GetFileName(path);
        SendingOutcome outcome;
        SubmissionFile? file = null;
        try
        {
            file = await FileOfAsync(path);
            var before = new FileInfo(path) is var info ? (info.Length, info.LastWriteTimeUtc) : default;
            outcome = await sending.SendAsync(file, new Silent());
            if (new FileInfo(path) is var now && (now.Length, now.LastWriteTimeUtc) != before)
            {
                log.Write($"{name} 发送期间被改动，下次再看");
                return ExitCode.Ok;
            }
        }
        catch (ProblemException failed)
        {
            outcome = new SendingOutcome(path, null, failed.Problem);
        }
        if (outcome.Problem is { } problem && LaterCodes.Contains(problem.Code))
        {
            log.WriteOnce(name, $"{name} 留待以后：{problem.Code} {problem.Kind.TitleZh}：{problem.Detail}");
            return ExitCodes.Of(problem);
        }
        await PutAwayAsync(sending, file, outcome, name);
        return outcome.Code;
    }

    /// <summary>
    /// The copy of rejected rows that a watch wrote is recognised by its name when it comes back mended.
    /// </summary>
    private async Task<SubmissionFile> FileOfAsync(string path)
    {
        var mended = MendedForm().Match(Path.GetFileName(path));
        return mended.Success
            ? await MendCommands.PrepareAsync(run, path, mended.Groups["base"].Value, Operation.Mend, null)
            : SubmissionFile.FromPath(path);
    }

    private async Task PutAwayAsync(FileSending sending, SubmissionFile? file, SendingOutcome outcome, string name)
    {
        var taken = outcome.Status is { State: not (SubmissionState.FileRefused or SubmissionState.AllRowsRejected) };
        var target = WatchFolder.Free(taken ? folder.Sent : folder.Rejected, name);
        var rows = await CopyRowsAsync(sending, file, outcome);
        var told = Tell(outcome, rows);
        HubHome.Write(taken ? Path.Combine(folder.Receipts, Path.GetFileName(target) + ".txt") : target + ".说明.txt",
            WithMark(told));
        if (taken && rows is not null)
            HubHome.Write(rows + ".说明.txt", WithMark(told));
        File.Move(outcome.Path, target);
        var end = outcome.Status is { } status
            ? $"{status.Submission} {StatusText.StateOf(status.State)}，收到 {status.RowsReceived} 行，退回 {status.RowsRejected} 行，入库 {status.RowsStored} 行"
            : $"{outcome.Problem!.Code} {outcome.Problem.Kind.TitleZh}";
        log.Write($"{name} → {Path.GetRelativePath(folder.Root, target)}：{end}");
        if (outcome.ReceiptProblem is { } unsound)
            log.Write($"{name} 的回执：{unsound.Code} {unsound.Detail}");
    }

    /// <summary>
    /// The rejected rows, to be mended and put back into <c>in</c>; null when there are none to be had.
    /// </summary>
    private async Task<string?> CopyRowsAsync(FileSending sending, SubmissionFile? file, SendingOutcome outcome)
    {
        if (outcome.Status is { RowsRejected: > 0 } status && status.RowsRejected > status.RowsMended)
        {
            var path = Path.Combine(folder.Rejected, $"{status.Item}_{status.Period}_mend_{status.Submission}.csv");
            // Somebody may be mending the copy that an earlier, broken-off pass wrote.
            if (File.Exists(path))
                return path;
            try
            {
                using var copy = RejectedCopy.Create(path);
                await ErrorsCommand.WriteRejectedAsync(run, status.Submission, copy);
                return path;
            }
            catch (ProblemException old) when (old.Problem.Code == ProblemCatalogue.HubLacksCall.Code)
            {
                return null;
            }
        }
        if (outcome is not { Check.RowsRejected: > 0, Status: null } || file is null)
            return null;
        var local = WatchFolder.Free(folder.Rejected, Path.GetFileNameWithoutExtension(file.Path) + ".退回行.csv");
        using var found = RejectedCopy.Create(local);
        await sending.CopyRejectedAsync(file, found);
        return local;
    }

    private string Tell(SendingOutcome outcome, string? rows)
    {
        using var text = new StringWriter { NewLine = "\r\n" };
        var page = run.Terminal with { Out = text, IsInteractive = false };
        text.WriteLine($"文件：{Path.GetFileName(outcome.Path)}");
        if (outcome.Status is { } status)
        {
            StatusText.Write(page, status, outcome.Check);
            StatusText.WriteReceipts(text, status);
        }
        if (outcome.Problem is { } problem)
            ProblemText.Write(text, problem);
        if (outcome is { Status: null, Check: { } check })
            CheckText.WriteTotals(text, check);
        if (outcome.ReceiptPath is { } receipts)
            text.WriteLine($"回执：{Path.GetFileName(receipts)}（用 infohub receipt verify 可离线验证）");
        if (outcome.ReceiptProblem is { } unsound)
            ProblemText.Write(text, unsound);
        text.WriteLine();
        if (rows is not null && outcome.Status is not null)
            text.WriteLine($"怎样改正：打开 {Path.GetFileName(rows)}，按后三列的说明改正各行，保留“原行号”列，存盘后把它移到 in 目录，文件名不要改。");
        else if (outcome.Status is null or { State: SubmissionState.FileRefused or SubmissionState.AllRowsRejected })
            text.WriteLine("怎样改正：按上面箭头后的说明改好文件，重新放进 in 目录"
                + (outcome.Status is { } refused
                    ? $"，文件名改为 {refused.Item}_{refused.Period}_{refused.Sequence + 1}{Path.GetExtension(outcome.Path)}。" : "。"));
        return text.ToString();
    }

    /// <summary>With a byte order mark: Notepad shows Chinese.</summary>
    private static byte[] WithMark(string text) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)];

    [GeneratedRegex(@"\A.+_mend_(?<base>[A-Z][A-Z0-9]*-[A-Z0-9]{2}\.v[0-9]+\.[0-9Q]+\.[0-9]+)\.(csv|tsv|txt|xlsx)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex MendedForm();

    private sealed class Silent : IProgress<SendingProgress>
    {
        public void Report(SendingProgress value)
        {
        }
    }
}
