using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Cli.Reporting;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Checks;

namespace InfoHub.Cli.Commands;

/// <summary><c>errors</c>: the row errors of a submission, for people, programs and spreadsheets.</summary>
internal static class ErrorsCommand
{
    private const int ErrorsShownDefault = 100;
    private const int RowsBetweenNotes = 50_000;

    private static readonly string[] CsvTitles =
        ["行号", "表格行号", "主键", "列", "列名", "错误代码", "错误", "处理", "规则", "填报", "应为", "修改建议"];

    public static Command Create(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        var limit = new Option<int>("--limit")
        {
            Description = "text 最多显示多少条退回、多少条提示（默认各 100），其他格式默认全部；0 为全部", DefaultValueFactory = _ => -1,
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
        var output = new Option<string>("--out") { Description = "写到此文件；rejected 请用 .xlsx（长号码不会被表格软件改坏），也可用 .csv" };
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
        var (next, header) = (0, 0L);
        await foreach (var reply in run.Sender.ReadRejectedRowsAsync(submission, run.Cancellation))
        {
            if (reply.PartCase == RejectedRowsReply.PartOneofCase.Header)
            {
                copy.Begin(reply.Header.Columns, reply.Header.HeaderRow);
                (next, header) = (reply.Header.NextSequence, reply.Header.HeaderRow);
                continue;
            }
            copy.Write(reply.Row.Row, reply.Row.Cells,
                [.. reply.Row.Reasons.Select(r => ReasonText.Of(r, ProblemText.TitleOf(r.Code), header))]);
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
        {
            run.Note(path is null ? $"共 {rows} 行待改正。要用表格软件改，请加 --out 退回行.xlsx。"
            : $"共 {rows} 行待改正，已写到 {path}。改好后：infohub mend {path} --base {submission}（序号 {next}）");
            if (path is not null && !path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase))
                run.Note("注意：用表格软件打开 CSV 会把长号码变成科学计数法；请改用 --out 退回行.xlsx。");
        }
        return ExitCode.Ok;
    }

    private static ErrorSheet SheetOf(string? form, TextWriter to) => form switch
    {
        "jsonl" => new JsonLines(to), "csv" => new Csv(to), _ => new Plain(to),
    };

    /// <summary>
    /// How many errors were written: rejections as they come, hints behind them, each up to the limit.
    /// </summary>
    private static async Task<long> WriteAsync(CommandRun run, string number, ErrorSheet sheet, int limit)
    {
        var (rejections, hints, rejecting, all) = (0L, new List<RowErrorsReply>(), 0L, 0L);
        await foreach (var reply in run.Sender.ReadErrorsAsync(number, afterRow: 0, run.Cancellation))
        {
            if (reply.PartCase == RowErrorsReply.PartOneofCase.Totals)
            {
                all = reply.Totals.Details;
                rejecting = reply.Totals.Totals.Where(t => t.Severity != Severity.Warning).Sum(t => t.Count);
                sheet.Begin(reply);
                continue;
            }
            var isHint = sheet.PartsHints && reply.Error.Disposition == Disposition.Warn;
            if (isHint && (limit == 0 || hints.Count < limit))
                hints.Add(reply);
            if (!isHint && (limit == 0 || rejections < limit))
            {
                sheet.Write(reply);
                rejections++;
            }
            if (limit > 0 && rejections >= Math.Min(limit, sheet.PartsHints ? rejecting : all)
                && (!sheet.PartsHints || hints.Count >= Math.Min(limit, all - rejecting)))
                break;
            if ((rejections + hints.Count) % RowsBetweenNotes == 0)
                run.Note($"已读 {rejections + hints.Count} / {all} 条…");
        }
        sheet.Part(hints.Count);
        foreach (var hint in hints)
            sheet.Write(hint);
        if (sheet.PartsHints && (rejections < rejecting || hints.Count < all - rejecting))
            run.Note($"退回 {rejecting} 条，列出 {rejections} 条；提示 {all - rejecting} 条，列出 {hints.Count} 条。"
                + $"全部列出：infohub errors {number} --limit 0；退回的行导出来改：infohub errors {number} --format rejected --out 退回行.xlsx");
        else if (!sheet.PartsHints && limit > 0 && all > limit)
            run.Note($"仅列出前 {limit} 条，共 {all} 条；--limit 0 列出全部。");
        return rejections + hints.Count;
    }

    /// <summary>One way to write errors down.</summary>
    private abstract class ErrorSheet
    {
        public abstract void Begin(RowErrorsReply totals);

        public abstract void Write(RowErrorsReply error);

        /// <summary>For people: rejections first, hints behind. Programs get the order of the rows.</summary>
        public virtual bool PartsHints => false;

        /// <summary>So many hints follow.</summary>
        public virtual void Part(int hints)
        {
        }
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
                error.Row.ToString(CultureInfo.InvariantCulture), error.SheetRow > 0
                    ? error.SheetRow.ToString(CultureInfo.InvariantCulture) : "",
                error.RowKey, error.Field, error.FieldTitle, error.Code,
                ProblemText.TitleOf(error.Code), error.Disposition == Disposition.Warn ? "提示" : "退回", error.Rule,
                error.Observed, error.Expected, error.Fix,
            ];
            to.Write(DelimitedRow.Join(cells));
        }
    }

    private sealed class Plain(TextWriter to) : ErrorSheet
    {
        private long _headerRow;

        public override bool PartsHints => true;

        public override void Begin(RowErrorsReply totals)
        {
            _headerRow = totals.Totals.HeaderRow;
            StatusText.WriteTotals(to, totals.Totals.Totals, template: null);
            foreach (var group in totals.Totals.Groups.Where(g => g.Count > 1).OrderBy(g =>
                g.Severity == Severity.Warning))
                to.WriteLine(Terminal.Clean($"  同样的{(group.Severity == Severity.Warning ? "提示" : "错误")} {group.Count} 处，"
                    + $"{SheetRow.Text(group.FirstRow, _headerRow)} 至 {SheetRow.Text(group.LastRow, _headerRow)}：{group.Code} "
                    + $"{ProblemText.TitleOf(group.Code)} [{(group.Field.Length == 0 ? "整行" : group.Field)}] 填报“{group.Observed}”"));
            if (totals.Totals.GroupsLeftOut > 0)
                to.WriteLine($"  另有 {totals.Totals.GroupsLeftOut} 组未列出，已计入上面的合计。");
        }

        public override void Part(int hints)
        {
            if (hints > 0)
                to.WriteLine("以下是提示，所在的行已照常接收：");
        }

        public override void Write(RowErrorsReply reply)
        {
            var error = reply.Error;
            var reason = ReasonText.Of(error, ProblemText.TitleOf(error.Code), _headerRow);
            var where = error.Row == 0 ? "整份文件" : $"{SheetRow.Text(error.Row, _headerRow)} {error.RowKey}";
            to.WriteLine(Terminal.Clean($"{where}  {reason.Code} {reason.Text}"));
            to.WriteLine(Terminal.Clean($"    → {error.Fix}"));
        }
    }
}
