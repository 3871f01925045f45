using System.Globalization;
using System.Text.Json.Nodes;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Model;
using Spectre.Console;
using Disposition = InfoHub.Templates.Problems.Disposition;

namespace InfoHub.Cli.Commands;

/// <summary>What was counted here, and how it compares with what the hub counted.</summary>
internal static class CheckText
{
    public static void Write(Terminal terminal, CheckOutcome check)
    {
        var to = terminal.Out;
        to.WriteLine(Invariant($"  {check.Template.Id} {check.Template.Title}：共 {check.RowsReceived} 行")
            + Invariant($" = 会退回 {check.RowsRejected} 行 + 会接收 {check.RowsAccepted} 行"));
        if (check.RowsDropped > 0)
            to.WriteLine(Invariant($"  另有 {check.RowsDropped} 行按填写的原因不再报送。"));
        if (check.Sums.Count > 0 && check.RowsReceived > 0)
        {
            var table = new Table().NoBorder().AddColumns("  控制数", "合计", "会退回", "会接收", "单位");
            foreach (var column in table.Columns.Skip(1).SkipLast(1))
                column.RightAligned();
            foreach (var sum in check.Sums)
                table.AddRow(Cell($"  {sum.Field.Title}"), Cell(sum.Received), Cell(sum.Rejected), Cell(sum.Accepted),
                    Cell(sum.Field.Unit));
            terminal.Console().Write(table);
        }
        if (check.Refusal is { } refusal)
            ProblemText.Write(to, refusal, "  ");
        WriteTotals(to, check);
    }

    public static void WriteTotals(TextWriter to, CheckOutcome check)
    {
        if (check.Totals.Count == 0)
            return;
        StatusText.WriteTotals(to, check.Totals.Select(t => new ErrorTotal
        {
            Code = t.Kind.Code, Field = t.Field, Count = t.Count,
            Severity = t.IsRejecting ? Severity.Error : Severity.Warning,
        }), check.Template);
    }

    public static JsonObject ToJson(CheckOutcome check)
    {
        var json = new JsonObject
        {
            ["template"] = check.Template.Id,
            ["rows_received"] = check.RowsReceived, ["rows_rejected"] = check.RowsRejected,
            ["rows_accepted"] = check.RowsAccepted, ["rows_dropped"] = check.RowsDropped,
            ["sums"] = new JsonObject(check.Sums.Select(s => KeyValuePair.Create(s.Field.Name, (JsonNode?)new JsonObject
            {
                ["received"] = s.Received, ["rejected"] = s.Rejected, ["accepted"] = s.Accepted,
            }))),
            ["totals"] = new JsonArray([.. check.Totals.Select(t => (JsonNode?)new JsonObject
            {
                ["code"] = t.Kind.Code, ["field"] = t.Field, ["count"] = t.Count,
                ["disposition"] = (t.IsRejecting ? Disposition.RejectRow : Disposition.Warn).ToString(),
            })]),
        };
        if (check.Refusal is { } refusal)
            json["refusal"] = JsonNode.Parse(ProblemText.Json.Format(ProblemText.ToWire(refusal)));
        return json;
    }

    /// <summary>
    /// Rows and sums side by side: in the file, received, rejected, accepted, stored. A number of the file that the hub
    /// does not confirm is marked.
    /// </summary>
    public static void WriteBeside(
        Terminal terminal, CheckOutcome? check, SubmissionStatus status, Template? template)
    {
        var table = new Table().NoBorder().AddColumns("  控制数", "文件", "收到", "退回", "接收", "入库");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        table.AddRow(Cell("  行数"), Cell(Compared(check is null ? null : Invariant($"{check.RowsReceived}"),
            Invariant($"{status.RowsReceived}"))),
            Cell(Invariant($"{status.RowsReceived}")), Cell(Invariant($"{status.RowsRejected}")),
            Cell(Invariant($"{status.RowsAccepted}")), Cell(Invariant($"{status.RowsStored}")));
        foreach (var sum in status.ControlSums)
        {
            var own = check?.Sums.FirstOrDefault(s => s.Field.Name == sum.Field);
            table.AddRow(Cell($"  {TitleOf(template, sum.Field)}"), Cell(Compared(own?.Received, sum.Received)),
                Cell(sum.Received), Cell(sum.Rejected), Cell(sum.Accepted), Cell(sum.Stored));
        }
        terminal.Console().Write(table);
    }

    private static string TitleOf(Template? template, string field) =>
        template?.IndexOf(field) is { } index and >= 0 ? template.Fields[index].Title : field;

    private static string Compared(string? own, string hub) => own is null ? "—"
        : SameNumber(own, hub) ? own : own + " ≠";

    private static bool SameNumber(string own, string hub) =>
        decimal.TryParse(own, NumberStyles.Number, CultureInfo.InvariantCulture, out var left)
        && decimal.TryParse(hub, NumberStyles.Number, CultureInfo.InvariantCulture, out var right) && left == right;

    private static Text Cell(string text) => new(Terminal.Clean(text));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
