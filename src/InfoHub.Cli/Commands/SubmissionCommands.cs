using System.CommandLine;
using System.Globalization;
using InfoHub.Cli.Settings;
using InfoHub.Contracts.Intake.V1;
using Spectre.Console;

namespace InfoHub.Cli.Commands;

/// <summary><c>status</c>.</summary>
internal static class SubmissionCommands
{
    private const int ListedDefault = 20;
    private const int ListedMax = 100;

    public static Command Status(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") 
        {
            Description = "报送编号，例如 GD-01.v1.202503.1；不给则列出最近的报送", Arity = ArgumentArity.ZeroOrOne,
        };
        var item = new Option<string>("--item") { Description = "只列出这个信息项的报送" };
        var limit = new Option<int>("--limit") { Description = "最多列出多少份（默认 20，最多 100）", DefaultValueFactory = _ =>
            ListedDefault };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > ListedMax)
                result.AddError($"--limit 应为 1 至 {ListedMax}");
        });
        return line.Run(new Command("status", "查看一次报送的状态、控制数与回执；不给编号则列出最近的报送") { submission, item, limit }, async run =>
        {
            if (run.Parsed.GetValue(submission) is not { } number)
                return await ListAsync(run, run.Parsed.GetValue(item) ?? "", run.Parsed.GetValue(limit));
            var status = await run.Sender.GetAsync(number, run.Cancellation);
            if (run.IsJson)
            {
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(status));
                return ExitCodes.Of(status);
            }
            StatusText.Write(run.Terminal, status,
                template: new TemplateCache(run.Home).Find(status.Item, status.TemplateVersion));
            StatusText.WriteReceipts(run.Terminal.Out, status);
            return ExitCodes.Of(status);
        });
    }

    private static async Task<ExitCode> ListAsync(CommandRun run, string item, int limit)
    {
        var found = await run.Sender.ListAsync(item.ToUpperInvariant(), limit, run.Cancellation);
        if (run.IsJson)
            foreach (var status in found)
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(status));
        else if (found.Count == 0)
            run.Terminal.Out.WriteLine("还没有报送过。");
        else
            Write(run, found);
        return ExitCode.Ok;
    }

    private static void Write(CommandRun run, IReadOnlyList<SubmissionStatus> found)
    {
        var table = new Table().NoBorder().AddColumns("报送编号", "状态", "收到", "入库", "退回", "待改正");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var status in found)
            table.AddRow([.. new[]
            {
                status.Submission, StatusText.StateOf(status.State), Number(status.RowsReceived),
                    Number(status.RowsStored),
                Number(status.RowsRejected), StatusText.CanBeMended(status)
                    ? Number(status.RowsRejected - status.RowsMended) : "—",
            }.Select(text => new Text(Terminal.Clean(text)))]);
        run.Terminal.Console().Write(table);
        run.Terminal.Out.WriteLine("详情：infohub status 报送编号");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
