using System.Globalization;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Model;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Cli.Commands;

/// <summary>A submission as the department reads it: number, state, control totals, errors with remedies.</summary>
internal static class StatusText
{
    private const int HashDigitsShown = 16;

    /// <summary>Codes about the file as a whole.</summary>
    private const string FileFamily = "IH-INT-2";

    /// <param name="check">What was counted here before the file was sent; null when it was not.</param>
    /// <param name="template">Tells the columns' titles; null when it is not on this machine.</param>
    public static void Write(
        Terminal terminal, SubmissionStatus status, CheckOutcome? check = null, Template? template = null)
    {
        var to = terminal.Out;
        var rehearsal = status.Environment == HubEnvironment.Test ? "〔测试环境〕" : "";
        to.WriteLine($"报送编号 {status.Submission}：{StateOf(status.State)}{rehearsal}");
        if (status.State is SubmissionState.Opened or SubmissionState.Uploading)
            to.WriteLine(Invariant($"  已上传 {status.DurableOffset} / {status.SizeBytes} 字节"));
        else
            WriteRows(terminal, status, check, template ?? check?.Template);
        if (status.SupersededBy.Length > 0)
            to.WriteLine($"  已被全量报送 {status.SupersededBy} 替换，其中的行不再计入；再报送同一文件不会改变这一点。");
        if (status.WithdrawnReason.Length > 0)
            to.WriteLine(Terminal.Clean($"  撤回原因：{status.WithdrawnReason}"));
        foreach (var problem in status.Problems)
            ProblemText.Write(to, problem, "  ");
        if (status.ErrorTotals.Count > 0)
            WriteTotals(to, status.ErrorTotals, template ?? check?.Template);
        if (status.RowsRejected > status.RowsMended && CanBeMended(status))
        {
            to.WriteLine($"  改正：infohub errors {status.Submission} --format rejected --out 退回行.xlsx");
            to.WriteLine($"        改好后 infohub mend 退回行.xlsx --base {status.Submission}");
            to.WriteLine("        不必再报的行（如重复的行）：在“不再报送的原因”一列写明原因，不要删行。");
        }
    }

    /// <summary>
    /// The hub takes mended rows for this submission: it was checked row by row, and still counts.
    /// </summary>
    public static bool CanBeMended(SubmissionStatus status) => status.SupersededBy.Length == 0 && status.State
        is SubmissionState.Checked or SubmissionState.AllRowsRejected or SubmissionState.Stored or SubmissionState.Used;

    private static void WriteRows(
        Terminal terminal, SubmissionStatus status, CheckOutcome? check, Template? template)
    {
        terminal.Out.WriteLine(Invariant($"  收到 {status.RowsReceived} 行 = 退回 {status.RowsRejected} 行 + 接收 {status.RowsAccepted} 行；已入库 {status.RowsStored} 行"));
        if (status.RowsMended > 0)
            terminal.Out.WriteLine(Invariant($"  退回的行中 {status.RowsMended} 行已改正，还有 {status.RowsRejected - status.RowsMended} 行。"));
        var counted =
            status.State is not (SubmissionState.Received or SubmissionState.Readable or SubmissionState.FileRefused);
        if (counted && (check is not null || status.ControlSums.Count > 0))
            CheckText.WriteBeside(terminal, check, status, template);
    }

    public static void WriteReceipts(TextWriter to, SubmissionStatus status)
    {
        foreach (var receipt in status.Receipts)
        {
            var hash = Convert.ToHexStringLower(receipt.Hash.Span);
            to.WriteLine($"  回执 {KindOf(receipt.Kind)}  {hash[..Math.Min(hash.Length, HashDigitsShown)]}");
        }
    }

    /// <summary>Rejections first, hints apart: they ask for nothing.</summary>
    /// <param name="template">Tells titles and what a column takes; null when it is not on this machine.</param>
    public static void WriteTotals(TextWriter to, IEnumerable<ErrorTotal> totals, Template? template)
    {
        var all = totals.OrderByDescending(t => t.Count).ThenBy(t => t.Code, StringComparer.Ordinal).ToArray();
        foreach (var (heading, effect, severity) in new[]
            { ("错误合计（所在行退回）：", "退回", Severity.Error), ("提示合计（所在行照常接收，核对即可）：", "提示", Severity.Warning) })
        {
            var part = all.Where(t => t.Severity == Severity.Warning == (severity == Severity.Warning)).ToArray();
            if (part.Length > 0)
                to.WriteLine($"  {heading}");
            foreach (var total in part)
            {
                var index = template?.IndexOf(total.Field) ?? -1;
                var field = total.Field.Length == 0
                    ? total.Code.StartsWith(FileFamily, StringComparison.Ordinal) ? "整份文件" : "整行"
                    : Terminal.Clean(index < 0 ? total.Field : template!.Fields[index].Title);
                to.WriteLine(Invariant($"    {total.Code} {ProblemText.TitleOf(total.Code)}  [{field}]  {effect} {total.Count} 处"));
                to.WriteLine($"      → {Terminal.Clean(ProblemText.RemedyOf(total.Code, field))}");
            }
        }
    }

    public static string StateOf(SubmissionState state) => state switch
    {
        SubmissionState.Opened => "已登记，等待上传",
        SubmissionState.Uploading => "上传中",
        SubmissionState.Received => "已收到文件，等待检查",
        SubmissionState.Readable => "文件可读，正在逐行检查",
        SubmissionState.FileRefused => "整份退回",
        SubmissionState.Checked => "已检查，正在入库",
        SubmissionState.AllRowsRejected => "全部行退回",
        SubmissionState.Stored => "已入库，等待比对",
        SubmissionState.Used => "已入库并完成比对",
        SubmissionState.Withdrawn => "已撤回",
        _ => "状态未知",
    };

    public static string KindOf(ReceiptKind kind) => kind switch
    {
        ReceiptKind.R1BytesReceived => "R1 收到文件",
        ReceiptKind.R2FileReadable => "R2 文件可读",
        ReceiptKind.R3RowsChecked => "R3 逐行检查",
        ReceiptKind.R4Stored => "R4 入库",
        ReceiptKind.R5Used => "R5 比对",
        ReceiptKind.Withdrawn => "撤回",
        _ => "未知",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
