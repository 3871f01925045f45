using System.CommandLine;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using Spectre.Console;

namespace InfoHub.Cli.Commands;

/// <summary><c>status</c>, <c>errors</c>, <c>templates</c>.</summary>
internal static class SubmissionCommands
{
    private const int ErrorsShownDefault = 100;

    public static Command Status(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号，例如 GD-01.v1.202503.1" };
        return line.Run(new Command("status", "查看一次报送的状态、控制数与回执") { submission }, async run =>
        {
            var status = await new SubmissionSender(run.Connection).GetAsync(run.Parsed.GetRequiredValue(submission), run.Cancellation);
            if (run.IsJson)
            {
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(status));
                return ExitCodes.Of(status);
            }
            StatusText.Write(run.Terminal.Out, status);
            StatusText.WriteReceipts(run.Terminal.Out, status);
            return ExitCodes.Of(status);
        });
    }

    public static Command Errors(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        var limit = new Option<int>("--limit") { Description = "最多显示多少条，0 为全部", DefaultValueFactory = _ => ErrorsShownDefault };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
                result.AddError("--limit 不得为负");
        });
        return line.Run(new Command("errors", "查看一次报送的逐行错误") { submission, limit }, async run =>
        {
            await WriteErrorsAsync(run, run.Parsed.GetRequiredValue(submission), run.Parsed.GetValue(limit));
            return ExitCode.Ok;
        });
    }

    public static Command Templates(HubCommandLine line) =>
        line.Run(new Command("templates", "列出本部门可以报送的模板"), async run =>
        {
            var templates = await new SubmissionSender(run.Connection).ListTemplatesAsync(run.Cancellation);
            if (run.IsJson)
            {
                foreach (var template in templates)
                    run.Terminal.Out.WriteLine(ProblemText.Json.Format(template));
                return ExitCode.Ok;
            }
            var table = new Table().NoBorder().AddColumns("信息项", "版本", "名称", "SHA-256");
            foreach (var template in templates)
                table.AddRow(new Text(template.Item), new Text($"v{template.Version}"),
                    new Text(Terminal.Clean(TitleOf(template))), new Text(template.Sha256Hex));
            run.Terminal.Console().Write(table);
            return ExitCode.Ok;
        });

    private static async Task WriteErrorsAsync(CommandRun run, string submission, int limit)
    {
        var (shown, details) = (0L, 0L);
        await foreach (var reply in new SubmissionSender(run.Connection).ReadErrorsAsync(submission, afterRow: 0, run.Cancellation))
        {
            if (reply.PartCase == RowErrorsReply.PartOneofCase.Totals)
                details = reply.Totals.Details;
            else if (limit > 0 && shown++ >= limit)
                break;
            if (run.IsJson)
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(reply));
            else if (reply.PartCase == RowErrorsReply.PartOneofCase.Totals)
                StatusText.WriteTotals(run.Terminal.Out, reply.Totals.Totals);
            else
                WriteError(run.Terminal.Out, reply.Error);
        }
        if (limit > 0 && details > limit)
            await run.Terminal.Error.WriteLineAsync($"仅显示前 {limit} 条，共 {details} 条；--limit 0 显示全部。");
    }

    private static void WriteError(TextWriter to, RowError error)
    {
        var field = error.FieldTitle.Length > 0 ? error.FieldTitle : error.Field;
        to.WriteLine(Terminal.Clean($"第 {error.Row} 行 {error.RowKey}  {field}  {error.Code} {ProblemText.TitleOf(error.Code)}"));
        if (error.Observed.Length > 0 || error.Expected.Length > 0)
            to.WriteLine(Terminal.Clean($"    填报：{error.Observed}  应为：{error.Expected}"));
        to.WriteLine(Terminal.Clean($"    → {error.Fix}"));
    }

    /// <summary>The contract's name stands in a top-level <c>name:</c> line; enough for a list without a YAML reader.</summary>
    private static string TitleOf(TemplateDocument template) =>
        template.OdcsYaml.Split('\n').FirstOrDefault(text => text.StartsWith("name:", StringComparison.Ordinal))
            ?["name:".Length..].Trim(' ', '\'', '"', '\r') ?? "";
}
