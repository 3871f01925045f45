using System.CommandLine;
using System.Text.Json.Nodes;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Client.Checking;
using InfoHub.Client.Sending;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Commands;

/// <summary><c>check</c>: the hub's own checks on this machine, without a network.</summary>
internal static class CheckCommand
{
    private const int ErrorsShownDefault = 20;

    public static Command Create(HubCommandLine line)
    {
        var files = new Argument<string[]>("FILE") { Description = "要检查的文件，命名同 push", Arity = ArgumentArity.OneOrMore };
        var template = new Option<string>("--template") { Description = "模板文件（.yaml）；默认用 infohub templates 保存在本机的模板" };
        var item = new Option<string>("--item") { Description = "信息项；文件名不合约定时给出" };
        var period = new Option<string>("--period") { Description = "所属期" };
        var limit = new Option<int>("--limit")
        {
            Description = "最多显示多少条退回、多少条提示，0 为全部", DefaultValueFactory = _ => ErrorsShownDefault,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
                result.AddError("--limit 不得为负");
        });
        var rejected = new Option<string>("--rejected") { Description = "把会被退回的行连同原因写到此文件（请用 .xlsx，长号码不会被表格软件改坏；也可用 .csv）" };
        var force = new Option<bool>("--force") { Description = "--rejected 的文件已存在时覆盖" };
        var options = new SendingOptions();
        var command = new Command("check", "离线检查文件，规则与平台完全相同；不需要网络，不发送任何数据")
        {
            files, template, item, period, limit, rejected, force,
        };
        options.AddReadingTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(rejected) is not null && result.GetValue(files)?.Length > 1)
                result.AddError("给出 --rejected 时，一次只能检查一个文件");
        });
        return line.Run(command, async run =>
        {
            var codes = new List<ExitCode>();
            foreach (var path in run.Parsed.GetRequiredValue(files))
                codes.Add(await CheckAsync(run, path, new Wishes(run.Parsed.GetValue(template),
                    run.Parsed.GetValue(item),
                    run.Parsed.GetValue(period), run.Parsed.GetValue(limit), run.Parsed.GetValue(rejected), options,
                    run.Parsed.GetValue(force))));
            return ExitCodes.Worst(codes);
        });
    }

    private sealed record Wishes(
        string? Template, string? Item, string? Period, int Limit, string? Rejected, SendingOptions Options,
        bool Force);

    private static async Task<ExitCode> CheckAsync(CommandRun run, string path, Wishes wishes)
    {
        try
        {
            using var shown = new Listed(wishes.Limit);
            var outcome = await ReadAsync(run, path, wishes, shown);
            if (run.IsJson)
                WriteJson(run, path, outcome, shown);
            else
                WriteText(run, path, outcome, shown);
            return outcome.Refusal is { } refusal ? ExitCodes.Of(refusal)
                : outcome.RowsRejected > 0 ? ExitCode.RowsRejected : ExitCode.Ok;
        }
        catch (ProblemException failed)
        {
            if (run.IsJson)
                run.Terminal.Out.WriteLine(new JsonObject
                {
                    ["file"] = path, ["problem"] =
                        JsonNode.Parse(ProblemText.Json.Format(ProblemText.ToWire(failed.Problem))),
                }.ToJsonString(ProblemText.PlainJson));
            else
            {
                run.Terminal.Out.WriteLine(Terminal.Clean(Path.GetFileName(path)));
                ProblemText.Write(run.Terminal.Error, failed.Problem, "  ");
            }
            return ExitCodes.Of(failed.Problem);
        }
    }

    private static async Task<CheckOutcome> ReadAsync(CommandRun run, string path, Wishes wishes, Listed shown)
    {
        var named = wishes.Template is null ? null : TemplateCache.FromFile(wishes.Template);
        var file = wishes.Options.Apply(run.Parsed, SubmissionFile.FromPath(path, wishes.Item ?? named?.Item,
            wishes.Period));
        var template = named ?? new TemplateCache(run.Home).Get(file.Item);
        if (wishes.Rejected is not null && Path.GetFullPath(wishes.Rejected) == Path.GetFullPath(path))
            throw HubHome.NotWritable(wishes.Rejected, "这是被检查的文件本身");
        using var copy = wishes.Rejected is null ? null : RejectedCopy.Create(wishes.Rejected, wishes.Force);
        var check = new LocalCheck(template, run.Terminal.Clock)
        {
            OtherTemplates = () => new TemplateCache(run.Home).All(wishes.Template),
        };
        var header = 0L;
        var outcome = await check.RunAsync(file, new CheckListener
        {
            OnHeader = (columns, row) =>
            {
                header = row;
                copy?.Begin(columns, row);
            },
            OnRejected = row => copy?.Write(row.Row, row.Cells,
                [.. row.Reasons.Select(r => ReasonText.Of(r, template, header))]),
            OnError = error => shown.Add(error, e => run.IsJson ? JsonOf(e, template, header) : TextOf(e, template,
                header)),
        }, run.Cancellation);
        copy?.Complete();
        return outcome;
    }

    private static void WriteText(CommandRun run, string path, CheckOutcome outcome, Listed shown)
    {
        var to = run.Terminal.Out;
        to.WriteLine(Terminal.Clean(Path.GetFileName(path)));
        CheckText.Write(run.Terminal, outcome);
        WriteLines(to, shown.Rejections);
        if (shown.Hints.Count > 0)
            to.WriteLine("  以下是提示，所在的行照常接收：");
        WriteLines(to, shown.Hints);
        var rejecting = outcome.Totals.Where(t => t.IsRejecting).Sum(t => t.Count);
        var hints = outcome.Totals.Sum(t => t.Count) - rejecting;
        if (shown.Rejections.Count < rejecting || shown.Hints.Count < hints)
            run.Note($"退回 {rejecting} 条，列出 {shown.Rejections.Count} 条；提示 {hints} 条，列出 {shown.Hints.Count} 条。"
                + "--limit 0 全部列出；--rejected 退回行.xlsx 导出会被退回的行。");
        if (outcome.Refusal is null)
            to.WriteLine(outcome.RowsRejected == 0 ? "  检查通过，可以报送。" : "  有错误行：可先改正，也可直接报送，平台会退回这些行。");
    }

    private static void WriteLines(TextWriter to, ErrorSpool spool)
    {
        foreach (var error in spool.Lines())
            foreach (var text in error.Split('\t'))
                to.WriteLine(text);
    }

    /// <summary>What is shown of the errors: rejections first, hints apart, each up to the limit.</summary>
    /// <param name="limit">0: all.</param>
    private sealed class Listed(int limit) : IDisposable
    {
        public ErrorSpool Rejections { get; } = new();

        public ErrorSpool Hints { get; } = new();

        public void Add(RowError error, Func<RowError, string> text)
        {
            var spool = error.Disposition == Disposition.Warn ? Hints : Rejections;
            if (limit == 0 || spool.Count < limit)
                spool.Add(text(error));
        }

        public void Dispose()
        {
            Rejections.Dispose();
            Hints.Dispose();
        }
    }

    /// <summary>Two lines, with a tab for the line end: cleaned text has none of its own.</summary>
    private static string TextOf(RowError error, Template template, long header)
    {
        var reason = ReasonText.Of(error, template, header);
        return Terminal.Clean($"  {SheetRow.Text(error.Row, header)} {error.RowKey}  {reason.Code} {reason.Text}")
            + "\t"
            + Terminal.Clean($"      → {reason.Fix}");
    }

    private static string JsonOf(RowError error, Template template, long header) => new JsonObject
    {
        ["row"] = error.Row, ["sheet_row"] = header + error.Row, ["row_key"] = error.RowKey, ["field"] = error.Field,
            ["code"] = error.Kind.Code,
        ["disposition"] = error.Disposition.ToString(), ["observed"] = error.Observed,
        ["expected"] = error.Expected, ["fix"] = ReasonText.Of(error, template, header).Fix,
    }.ToJsonString(ProblemText.PlainJson);

    private static void WriteJson(CommandRun run, string path, CheckOutcome outcome, Listed shown)
    {
        var json = CheckText.ToJson(outcome);
        json.Insert(0, "file", path);
        // The errors come last, one after the other.
        var to = run.Terminal.Out;
        to.Write($"{json.ToJsonString(ProblemText.PlainJson)[..^1]},\"errors\":[");
        var separator = "";
        foreach (var error in shown.Rejections.Lines().Concat(shown.Hints.Lines()))
        {
            to.Write(separator + error);
            separator = ",";
        }
        to.WriteLine("]}");
    }
}
