using System.Globalization;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>What a watch tells the officers about a file: what became of it, and what they can do.</summary>
internal sealed class WatchText(CommandRun run)
{
    /// <param name="rows">The copy of the rejected rows; null when there is none.</param>
    /// <param name="isMend">The file holds mended rows, which its name says.</param>
    public async Task<string> TellAsync(string name, SendingOutcome outcome, string? rows, bool isMend)
    {
        await using var text = new StringWriter { NewLine = "\r\n" };
        var page = run.Terminal with { Out = text, IsInteractive = false };
        text.WriteLine($"文件：{name}");
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
        if (await AdviceAsync(name, outcome, rows, isMend) is { } advice)
            text.WriteLine(advice);
        if (outcome.Status is null && rows is not null)
            text.WriteLine($"{Path.GetFileName(rows)} 列出有错误的行，只供对照；请改原文件，不要把它放进 in 目录。");
        return text.ToString();
    }

    /// <summary>How it ended, for the log.</summary>
    public static string EndOf(SendingOutcome outcome)
    {
        if (outcome.Status is not { } status)
            return $"{outcome.Problem!.Code} {outcome.Problem.Kind.TitleZh}";
        var end = string.Create(CultureInfo.InvariantCulture,
            $"{status.Submission} {StatusText.StateOf(status.State)}，收到 {status.RowsReceived} 行，")
            + string.Create(CultureInfo.InvariantCulture,
                $"退回 {status.RowsRejected} 行，入库 {status.RowsStored} 行");
        return status.SupersededBy.Length > 0 ? $"{end}；已被全量报送 {status.SupersededBy} 替换" : end;
    }

    /// <summary>Whether the hub takes mended rows for it.</summary>
    public static bool CanBeMended(SubmissionStatus status) => status.SupersededBy.Length == 0
        && status.State is not (SubmissionState.FileRefused or SubmissionState.Withdrawn);

    private async Task<string?> AdviceAsync(string name, SendingOutcome outcome, string? rows, bool isMend)
    {
        if (outcome.Status is not { } status)
            return isMend || outcome.Problem?.Code is not ("IH-INT-105" or "IH-INT-115")
                ? $"怎样改正：按上面箭头后的说明改好文件，重新放进 in 目录，文件名仍为 {name}。"
                : "怎样改正：按上面箭头后的说明改好文件名，重新放进 in 目录。";
        if (status.State == SubmissionState.Withdrawn)
        {
            var next = await NextAsync(status);
            return $"报送 {status.Submission} 已撤回，再放一次不会入库。请用序号 {next} 重新报送："
                + (isMend ? $"infohub mend {name} --base {status.Base} --sequence {next}"
                    : $"文件名改为 {Renamed(name, status, next)}，重新放进 in 目录。");
        }
        if (status.SupersededBy.Length > 0)
            return $"报送 {status.SupersededBy} 已整份替换本期的这份数据；如有增改，请用序号 {await NextAsync(status)} 报送。";
        if (rows is not null)
            return $"怎样改正：打开 {Path.GetFileName(rows)}，按后几列的说明改正各行，保留“原行号”列，存盘后把它移到 in 目录，"
                + "文件名不要改。不必再报的行（如重复的行）不要删，在最后一列写明原因。";
        if (status.State is not (SubmissionState.FileRefused or SubmissionState.AllRowsRejected))
            return null;
        return "怎样改正：按上面箭头后的说明改好文件，重新放进 in 目录，"
            + (isMend ? $"文件名仍为 {name}（序号由平台给出）。" : $"文件名改为 {Renamed(name, status, await NextAsync(status))}。");
    }

    private static string Renamed(string name, SubmissionStatus status, int sequence) => string.Create(
        CultureInfo.InvariantCulture, $"{status.Item}_{status.Period}_{sequence}{Path.GetExtension(name)}");

    /// <summary>The hub's own next number; the one behind this where the hub does not tell.</summary>
    private async Task<int> NextAsync(SubmissionStatus status)
    {
        try
        {
            await foreach (var reply in run.Sender.ReadRejectedRowsAsync(status.Submission, run.Cancellation))
                if (reply.PartCase == RejectedRowsReply.PartOneofCase.Header && reply.Header.NextSequence > 0)
                    return reply.Header.NextSequence;
                else
                    break;
        }
        catch (ProblemException)
        {
            // A hub of before, or one that keeps no rows of such a file.
        }
        return status.Sequence + 1;
    }
}
