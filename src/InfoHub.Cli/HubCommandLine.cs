using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json.Nodes;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Settings;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli;

/// <summary>
/// The command <c>infohub</c>: its options, and the edge at which every failure becomes an exit code.
/// </summary>
internal sealed class HubCommandLine
{
    // A push may be a nightly job and waits longer for the hub to come back than a person at the keyboard does.
    private const int PushAttemptsMax = 10;
    private const int QueryAttemptsMax = 4;

    private static readonly TimeSpan EndingTimeMax = TimeSpan.FromSeconds(30);

    private readonly Terminal _terminal;
    private readonly HubOptions _options = new();
    private readonly Option<bool> _verbose = HubOptions.Flag("--verbose", "出现内部错误时显示技术细节");

    private HubCommandLine(Terminal terminal) => _terminal = terminal;

    /// <summary>Results as JSON on standard output; everything else goes to standard error.</summary>
    public Option<bool> Json { get; } = HubOptions.Flag("--json", "以 JSON 输出结果（每行一个对象）");

    public static async Task<ExitCode> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        var line = new HubCommandLine(terminal);
        var parsed = line.Tree().Parse(arguments);
        if (parsed.Action is ParseErrorAction && arguments.Contains(line.Json.Name, StringComparer.Ordinal))
        {
            var unsound = new Problem(ProblemCatalogue.CommandLineUnsound,
                ("reason", string.Join("；", parsed.Errors.Select(error => error.Message))),
                ("command", parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name));
            line.Tell(isJson: true, unsound);
            return ExitCodes.Of(unsound);
        }
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false,
            // After SIGTERM a watch puts the file under way down in good order.
            ProcessTerminationTimeout = EndingTimeMax,
        };
        return (ExitCode)await parsed.InvokeAsync(configuration, cancellation);
    }

    /// <summary>Every command there is.</summary>
    public static RootCommand Commands(Terminal terminal) => new HubCommandLine(terminal).Tree();

    private RootCommand Tree() => new("涉税信息共享平台：检查、报送数据，查看回执与错误，查询疑点")
    {
        _options.Profile, _options.Hub, _options.Authority, _options.ClientId,
        _options.ClientSecret, _options.ClearText, _verbose, Json,
        LoginCommand.Create(this), TemplateCommands.Create(this), CheckCommand.Create(this), PushCommand.Create(this),
        SubmissionCommands.Status(this), ErrorsCommand.Create(this), MendCommands.Mend(this),
        MendCommands.Correct(this), PeriodCommands.Nil(this), PeriodCommands.Withdraw(this),
        ReceiptCommands.Create(this), WatchCommand.Create(this), ExtractCommand.Create(this),
        DoctorCommand.Create(this), FindingCommands.Search(this), FindingCommands.Show(this),
    };

    /// <summary>
    /// Gives a command its action: every failure becomes an exit code. The hub is connected to when the action first
    /// asks for it.
    /// </summary>
    public Command Run(Command command, Func<CommandRun, Task<ExitCode>> action)
    {
        command.SetAction(async (parsed, cancellation) => (int)await GuardAsync(parsed, async () =>
        {
            var settings = new HubSettings(_terminal, parsed, _options, Sends(command) ? PushAttemptsMax
                : QueryAttemptsMax);
            using var run = new CommandRun(_terminal, parsed, parsed.GetValue(Json), settings, cancellation);
            return await action(run);
        }));
        return command;
    }

    private static bool Sends(Command command) => command.Name is PushCommand.Name or MendCommands.MendName
        or MendCommands.CorrectName or WatchCommand.Name;

    private async Task<ExitCode> GuardAsync(ParseResult parsed, Func<Task<ExitCode>> action)
    {
        try
        {
            return await action();
        }
        catch (ProblemException failed)
        {
            Tell(parsed.GetValue(Json), failed.Problem);
            return ExitCodes.Of(failed.Problem);
        }
        catch (OperationCanceledException)
        {
            if (parsed.GetValue(Json))
                await _terminal.Out.WriteLineAsync("{\"cancelled\":true}");
            await _terminal.Error.WriteLineAsync("已取消。已上传的部分会保留，可直接重试。");
            return ExitCode.Cancelled;
        }
        catch (Exception fault)
        {
            if (parsed.GetValue(Json))
                await _terminal.Out.WriteLineAsync(new JsonObject { ["fault"] = Terminal.Clean(fault.Message) }
                    .ToJsonString(ProblemText.PlainJson));
            await _terminal.Error.WriteLineAsync(parsed.GetValue(_verbose)
                ? fault.ToString()
                : $"程序内部错误：{Terminal.Clean(fault.Message)}\n请加 --verbose 重试，并把输出发给平台管理员。");
            return ExitCode.Fault;
        }
    }

    private void Tell(bool isJson, Problem problem)
    {
        if (isJson)
            _terminal.Out.WriteLine($"{{\"problem\":{ProblemText.Json.Format(ProblemText.ToWire(problem))}}}");
        else
            ProblemText.Write(_terminal.Error, problem);
    }
}
