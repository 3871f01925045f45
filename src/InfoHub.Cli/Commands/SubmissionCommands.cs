using System.CommandLine;
using InfoHub.Cli.Settings;

namespace InfoHub.Cli.Commands;

/// <summary><c>status</c>.</summary>
internal static class SubmissionCommands
{
    public static Command Status(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号，例如 GD-01.v1.202503.1" };
        return line.Run(new Command("status", "查看一次报送的状态、控制数与回执") { submission }, async run =>
        {
            var status = await run.Sender.GetAsync(run.Parsed.GetRequiredValue(submission), run.Cancellation);
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
}
