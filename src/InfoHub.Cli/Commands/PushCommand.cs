using System.CommandLine;
using System.Text.Json;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Commands;

/// <summary><c>push</c>: sends files one after the other and tells for each what the hub made of it.</summary>
internal static class PushCommand
{
    public const string Name = "push";

    public static Command Create(HubCommandLine line)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "文件，命名为 <信息项>_<所属期>[_<序号>].csv 或 .xlsx", Arity = ArgumentArity.OneOrMore,
        };
        var item = new Option<string>("--item") { Description = "信息项，例如 SCJG-01；文件名不合约定时给出" };
        var period = new Option<string>("--period") { Description = "所属期：202503、2025Q1 或 2025" };
        var sequence = new Option<int?>("--sequence") { Description = "序号；更正或补充时加一" };
        var wait = new Option<bool>("--wait") { Description = "等到检查、入库、比对完成（默认）" };
        var noWait = new Option<bool>("--no-wait") { Description = "上传完成即返回" };
        var command = new Command(Name, "报送一个或多个文件；中断后重新执行会从断点续传") { files, item, period, sequence, wait, noWait };
        command.Validators.Add(result =>
        {
            if (result.GetValue(wait) && result.GetValue(noWait))
                result.AddError("--wait 与 --no-wait 只能给出一个");
            var isOneKey = result.GetValue(sequence) is not null || (result.GetValue(item) is not null && result.GetValue(period) is not null);
            if (isOneKey && result.GetValue(files)?.Length > 1)
                result.AddError("给出 --sequence，或同时给出 --item 和 --period 时，一次只能报送一个文件");
        });
        return line.Run(command, async run =>
        {
            var until = run.Parsed.GetValue(noWait) ? SendUntil.Committed : SendUntil.Resting;
            var push = new Push(run, until);
            await push.SendAllAsync(run.Parsed.GetRequiredValue(files),
                path => SubmissionFile.FromPath(path, run.Parsed.GetValue(item), run.Parsed.GetValue(period), run.Parsed.GetValue(sequence)));
            return push.Summarise();
        });
    }

    /// <summary>What became of one file: a status or a problem; neither when it was not tried.</summary>
    private sealed record Outcome(string Path, SubmissionStatus? Status, Problem? Problem);

    private sealed class Push(CommandRun run, SendUntil until)
    {
        // Not signed in, no hub, no room: the next file would fail the same way.
        private static readonly string[] StopCodes =
            [ProblemCatalogue.NotSignedIn.Code, ProblemCatalogue.HubUnreachable.Code, ProblemCatalogue.Overloaded.Code];

        private readonly List<Outcome> _outcomes = [];
        private Problem? _stop;

        public async Task SendAllAsync(string[] paths, Func<string, SubmissionFile> read)
        {
            await using var display = await PushDisplay.StartAsync(run, paths);
            foreach (var path in paths)
                _outcomes.Add(_stop is not null ? new Outcome(path, null, null) : await SendAsync(path, read, display));
        }

        public ExitCode Summarise()
        {
            foreach (var outcome in _outcomes)
            {
                if (run.IsJson)
                    WriteJson(outcome);
                else
                    WriteText(outcome);
            }
            return ExitCodes.Worst(_outcomes.Select(CodeOf));
        }

        private async Task<Outcome> SendAsync(string path, Func<string, SubmissionFile> read, PushDisplay display)
        {
            try
            {
                var file = read(path);
                var status = await new SubmissionSender(run.Connection).SendAsync(file, until, display.Of(path), run.Cancellation);
                return new Outcome(path, status, null);
            }
            catch (ProblemException failed)
            {
                display.Failed(path, failed.Problem);
                if (StopCodes.Contains(failed.Problem.Code))
                    _stop = failed.Problem;
                return new Outcome(path, null, failed.Problem);
            }
        }

        private ExitCode CodeOf(Outcome outcome) => outcome switch
        {
            { Problem: { } problem } => ExitCodes.Of(problem),
            { Status: { } status } => ExitCodes.Of(status),
            _ => _stop is null ? ExitCode.Fault : ExitCodes.Of(_stop),
        };

        private void WriteText(Outcome outcome)
        {
            var to = run.Terminal.Out;
            to.WriteLine();
            to.WriteLine(Terminal.Clean(Path.GetFileName(outcome.Path)));
            if (outcome.Status is { } status)
                StatusText.Write(to, status);
            else if (outcome.Problem is { } problem)
                ProblemText.Write(run.Terminal.Error, problem, "  ");
            else
                to.WriteLine("  未报送：前一个文件已无法送达平台。");
        }

        private void WriteJson(Outcome outcome)
        {
            var file = JsonSerializer.Serialize(outcome.Path, PushJson.Options);
            var rest = outcome.Status is { } status ? $",\"submission\":{ProblemText.Json.Format(status)}"
                : outcome.Problem is { } problem ? $",\"problem\":{ProblemText.Json.Format(ProblemText.ToWire(problem))}"
                : ",\"skipped\":true";
            run.Terminal.Out.WriteLine($"{{\"file\":{file}{rest}}}");
        }
    }

    private static class PushJson
    {
        public static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
