using System.CommandLine;
using System.Diagnostics;
using InfoHub.Host.Batch;
using InfoHub.Host.Composition;

namespace InfoHub.Host.Commands;

/// <summary><c>run</c>: an empty embedded hub, a folder of extracts, and what came of them.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var extracts = new Option<string>("--extracts") { Required = true, Description = "Folder of <ITEM>_<period>[_<seq>].csv or .xlsx files" };
        var output = new Option<string>("--out") { Required = true, Description = "Folder for findings.csv, links.csv, row-errors.csv, receipts.jsonl, summary.json" };
        var command = new Command("run", "Push a folder of extracts through an empty hub and write out what came of it")
        {
            extracts, output, CommonOptions.AsOf, CommonOptions.Templates, CommonOptions.Log,
        };
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            var started = Stopwatch.GetTimestamp();
            var files = BatchFeed.Extracts(parse.GetValue(extracts)!);
            await using var batch = await BatchHub.StartAsync(parse.GetValue(CommonOptions.Log)!, new HubOptions
            {
                DataFolder = CommonOptions.NewTemporaryFolder("run"), TemplatesFolder = CommonOptions.TemplatesOf(parse),
                // Without --as-of the clock stands at today, so that two runs of one day give the same bytes.
                AsOf = parse.GetValue(CommonOptions.AsOf) ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime),
            }, cancellation);
            using var feed = new BatchFeed(batch.Hub, CommonOptions.Display());
            var pushed = await feed.PushAsync(files, cancellation);
            var refused = await feed.RefusedAsync(pushed, cancellation);
            await new RunOutput(batch.Hub, parse.GetValue(output)!).WriteAsync(pushed, refused, Stopwatch.GetElapsedTime(started), cancellation);
            foreach (var (submission, problem) in refused)
                await System.Console.Out.WriteLineAsync($"  {submission}：{problem}");
            await System.Console.Out.WriteLineAsync($"  结果写入 {Path.GetFullPath(parse.GetValue(output)!)}");
            await feed.RequireAllWorkedAsync(cancellation);
            return 0;
        }));
        return command;
    }
}
