using System.Globalization;
using InfoHub.Contracts.Intake.V1;

namespace InfoHub.Cli.Commands;

/// <summary>A submission as the department reads it: number, state, control totals, errors with remedies.</summary>
internal static class StatusText
{
    private const int HashDigitsShown = 16;

    public static void Write(TextWriter to, SubmissionStatus status)
    {
        to.WriteLine($"报送编号 {status.Submission}：{StateOf(status.State)}");
        if (status.State is SubmissionState.Opened or SubmissionState.Uploading)
            to.WriteLine(Invariant($"  已上传 {status.DurableOffset} / {status.SizeBytes} 字节"));
        else
            to.WriteLine(Invariant($"  收到 {status.RowsReceived} 行 = 退回 {status.RowsRejected} 行 + 接收 {status.RowsAccepted} 行；已入库 {status.RowsStored} 行"));
        foreach (var problem in status.Problems)
            ProblemText.Write(to, problem, "  ");
        if (status.ErrorTotals.Count > 0)
            WriteTotals(to, status.ErrorTotals);
        if (status.RowsRejected > 0)
            to.WriteLine(Invariant($"  逐行错误：infohub errors {status.Submission}；改正后把退回的行以序号 {status.Sequence + 1} 报送。"));
    }

    public static void WriteReceipts(TextWriter to, SubmissionStatus status)
    {
        foreach (var receipt in status.Receipts)
        {
            var hash = Convert.ToHexStringLower(receipt.Hash.Span);
            to.WriteLine($"  回执 {KindOf(receipt.Kind)}  {hash[..Math.Min(hash.Length, HashDigitsShown)]}");
        }
    }

    public static void WriteTotals(TextWriter to, IEnumerable<ErrorTotal> totals)
    {
        to.WriteLine("  错误合计：");
        foreach (var total in totals.OrderByDescending(t => t.Count).ThenBy(t => t.Code, StringComparer.Ordinal))
        {
            var field = total.Field.Length == 0 ? "整行" : Terminal.Clean(total.Field);
            var effect = total.Severity == Severity.Warning ? "提示" : "退回";
            to.WriteLine(Invariant($"    {total.Code} {ProblemText.TitleOf(total.Code)}  [{field}]  {effect} {total.Count} 处"));
            to.WriteLine($"      → {ProblemText.RemedyOf(total.Code, field)}");
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
        _ => "状态未知",
    };

    private static string KindOf(ReceiptKind kind) => kind switch
    {
        ReceiptKind.R1BytesReceived => "R1 收到文件",
        ReceiptKind.R2FileReadable => "R2 文件可读",
        ReceiptKind.R3RowsChecked => "R3 逐行检查",
        ReceiptKind.R4Stored => "R4 入库",
        ReceiptKind.R5Used => "R5 比对",
        _ => "未知",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
