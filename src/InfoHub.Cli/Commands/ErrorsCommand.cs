using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Cli.Reporting;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;

namespace InfoHub.Cli.Commands;

/// <summary><c>errors</c>: the row errors of a submission, for people, programs and spreadsheets.</summary>
internal static class ErrorsCommand
{
    private const int ErrorsShownDefault = 100;
    private const int RowsBetweenNotes = 50_000;

    private static readonly string[] CsvTitles =
        ["行号", "主键", "列", "列名", "错误代码", "错误", "处理", "规则", "填报", "应为", "修改建议"];

    public static Command Create(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        var limit = new Option<int>("--limit")
        {
            Description = "text 最多显示多少条（默认 100），其他格式默认全部；0 为全部", DefaultValueFactory = _ => -1,
        };
        limit.Validators.Add(result =>
        {
            if (result is { Implicit: false } && result.GetValueOrDefault<int>() < 0)
                result.AddError("--limit 不得为负");
        });
        var format = new Option<string>("--format")
        {
            Description = "text（默认）、jsonl、csv（可用表格软件打开）、rejected（退回行原样加原因，改好后用 mend 报送）",
            DefaultValueFactory = _ => "text",
        };
        format.AcceptOnlyFromAmong("text", "jsonl", "csv", "rejected");
        var output = new Option<string>("--out") { Description = "写到此文件；rejected 可用 .csv 或 .xlsx" };
        var force = new Option<bool>("--force") { Description = "--out 的文件已存在时覆盖" };
        var command = new Command("errors", "查看或导出一次报送的逐行错误与退回行")
        {
            submission, limit, format, output, force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(format) == "rejected" && result.GetValue(line.Json) && result.GetValue(output) is null)
                result.AddError("--format rejected 与 --json 同用时需要 --out：标准输出只写 JSON");
        });
        return line.Run(command, async run =>
        {
            var number = run.Parsed.GetRequiredValue(submission);
            var path = run.Parsed.GetValue(output);
            if (run.Parsed.GetValue(format) == "rejected")
                return await WriteRejectedAsync(run, number, path, run.Parsed.GetValue(force));
            var form = run.IsJson ? "jsonl" : run.Parsed.GetValue(format);
            var shown = run.Parsed.GetValue(limit) is var given and >= 0 ? given
                : form == "text" || (run.IsJson && path is null) ? ErrorsShownDefault : 0;
            if (path is null)
            {
                await WriteAsync(run, number, SheetOf(form, run.Terminal.Out), shown);
                return ExitCode.Ok;
            }
            using var file = FreshFile.Create(path, run.Parsed.GetValue(force));
            await using (var text = new StreamWriter(file.Content, new UTF8Encoding(form == "csv"), leaveOpen: true))
            {
                var written = await WriteAsync(run, number, SheetOf(form, text), shown);
                if (run.IsJson)
                    run.WriteJson(new JsonObject { ["submission"] = number, ["errors"] = written, ["path"] = path });
            }
            file.Complete();
            return ExitCode.Ok;
        });
    }

    /// <summary>Writes the rejected rows as a file to be mended; how many there were.</summary>
    public static async Task<(long Rows, int NextSequence)> WriteRejectedAsync(
        CommandRun run, string submission, RejectedCopy copy)
    {
        var next = 0;
        await foreach (var reply in run.Sender.ReadRejectedRowsAsync(submission, run.Cancellation))
        {
            if (reply.PartCase == RejectedRowsReply.PartOneofCase.Header)
            {
                copy.Begin(reply.Header.Columns);
                next = reply.Header.NextSequence;
                continue;
            }
            copy.Write(reply.Row.Row, reply.Row.Cells,
                [.. reply.Row.Reasons.Select(r => ReasonText.Of(r, ProblemText.TitleOf(r.Code)))]);
            if (copy.Rows % RowsBetweenNotes == 0)
                run.Note($"已写出 {copy.Rows} 行…");
        }
        copy.Complete();
        return (copy.Rows, next);
    }

    private static async Task<ExitCode> WriteRejectedAsync(
        CommandRun run, string submission, string? path, bool overwrites)
    {
        using var copy = path is null ? RejectedCopy.To(run.Terminal.Out) : RejectedCopy.Create(path, overwrites);
        var (rows, next) = await WriteRejectedAsync(run, submission, copy);
        if (run.IsJson)
            run.WriteJson(new JsonObject
            {
                ["submission"] = submission, ["rows"] = rows, ["path"] = path, ["next_sequence"] = next,
            });
        else
            run.Note(path is null ? $"共 {rows} 行待改正。"
            : $"共 {rows} 行待改正，已写到 {path}。改好后：infohub mend {path} --base {submission}（序号 {next}）");
        return ExitCode.Ok;
    }

    private static ErrorSheet SheetOf(string? form, TextWriter to) => form switch
    {
        "jsonl" => new JsonLines(to), "csv" => new Csv(to), _ => new Plain(to),
    };

    /// <summary>How many errors were written.</summary>
    private static async Task<long> WriteAsync(CommandRun run, string submission, ErrorSheet sheet, int limit)
    {
        var (shown, details) = (0L, 0L);
        await foreach (var reply in run.Sender.ReadErrorsAsync(submission, afterRow: 0, run.Cancellation))
        {
            if (reply.PartCase == RowErrorsReply.PartOneofCase.Totals)
            {
                details = reply.Totals.Details;
                sheet.Begin(reply);
                continue;
            }
            if (limit > 0 && shown >= limit)
                break;
            sheet.Write(reply);
            if (++shown % RowsBetweenNotes == 0)
                run.Note($"已写出 {shown} / {details} 条…");
        }
        if (limit > 0 && details > limit)
            run.Note($"仅显示前 {limit} 条，共 {details} 条；--limit 0 显示全部。");
        return shown;
    }

    /// <summary>One way to write errors down.</summary>
    private abstract class ErrorSheet
    {
        public abstract void Begin(RowErrorsReply totals);

        public abstract void Write(RowErrorsReply error);
    }

    private sealed class JsonLines(TextWriter to) : ErrorSheet
    {
        public override void Begin(RowErrorsReply totals) => to.WriteLine(ProblemText.Json.Format(totals));

        public override void Write(RowErrorsReply error) => to.WriteLine(ProblemText.Json.Format(error));
    }

    private sealed class Csv(TextWriter to) : ErrorSheet
    {
        public override void Begin(RowErrorsReply totals) => to.Write(DelimitedRow.Join(CsvTitles));

        public override void Write(RowErrorsReply reply)
        {
            var error = reply.Error;
            string[] cells =
            [
                error.Row.ToString(CultureInfo.InvariantCulture), error.RowKey, error.Field, error.FieldTitle,
                    error.Code,
                ProblemText.TitleOf(error.Code), error.Disposition == Disposition.Warn ? "提示" : "退回", error.Rule,
                error.Observed, error.Expected, error.Fix,
            ];
            to.Write(DelimitedRow.Join(cells));
        }
    }

    private sealed class Plain(TextWriter to) : ErrorSheet
    {
        public override void Begin(RowErrorsReply totals)
        {
            StatusText.WriteTotals(to, totals.Totals.Totals);
            foreach (var group in totals.Totals.Groups.Where(g => g.Count > 1))
                to.WriteLine(Terminal.Clean($"  同样的错误 {group.Count} 处，第 {group.FirstRow}～{group.LastRow} 行：{group.Code} "
                    + $"{ProblemText.TitleOf(group.Code)} [{(group.Field.Length == 0 ? "整行" : group.Field)}] 填报“{group.Observed}”"));
            if (totals.Totals.GroupsLeftOut > 0)
                to.WriteLine($"  另有 {totals.Totals.GroupsLeftOut} 组未列出，已计入上面的合计。");
        }

        public override void Write(RowErrorsReply reply)
        {
            var error = reply.Error;
            var field = error.FieldTitle.Length > 0 ? error.FieldTitle : error.Field;
            if (error.Row == 0)
            {
                var notice = ReasonText.Notice(field, ProblemText.TitleOf(error.Code), error.Observed);
                to.WriteLine(Terminal.Clean($"整份文件  {error.Code} {notice}"));
            }
            else
                to.WriteLine(Terminal.Clean($"第 {error.Row} 行 {error.RowKey}  {field}  {error.Code} {ProblemText.TitleOf(error.Code)}"));
            if (error.Row > 0 && (error.Observed.Length > 0 || error.Expected.Length > 0))
                to.WriteLine(Terminal.Clean($"    填报：{error.Observed}  应为：{error.Expected}"));
            to.WriteLine(Terminal.Clean($"    → {error.Fix}"));
        }
    }
}
