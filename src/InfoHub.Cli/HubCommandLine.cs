using System.CommandLine;
using InfoHub.Cli.Commands;
using InfoHub.Client;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli;

/// <summary>The command <c>infohub</c>: its options, and the edge at which every failure becomes an exit code.</summary>
internal sealed class HubCommandLine
{
    // A push may be a nightly job and waits longer for the hub to come back than a person at the keyboard does.
    private const int PushAttemptsMax = 10;
    private const int QueryAttemptsMax = 4;

    private readonly Terminal _terminal;
    private readonly Option<string> _hub = Text("--hub", "平台 gRPC 地址（环境变量 INFOHUB_HUB）");
    private readonly Option<string> _authority = Text("--authority", "认证服务地址（INFOHUB_AUTHORITY）");
    private readonly Option<string> _clientId = Text("--client-id", "客户端标识（INFOHUB_CLIENT_ID）");
    private readonly Option<string> _clientSecret = Text("--client-secret", "客户端密钥；命令行对本机其他用户可见，请优先用环境变量 INFOHUB_CLIENT_SECRET");
    private readonly Option<bool> _clearText = Flag("--allow-clear-text", "允许向非本机的 http 地址明文传输（仅限隔离的测试网）");
    private readonly Option<bool> _verbose = Flag("--verbose", "出现内部错误时显示技术细节");

    private HubCommandLine(Terminal terminal) => _terminal = terminal;

    /// <summary>Results as JSON on standard output; everything else goes to standard error.</summary>
    public Option<bool> Json { get; } = Flag("--json", "以 JSON 输出结果（每行一个对象）");

    public static async Task<ExitCode> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        var line = new HubCommandLine(terminal);
        var root = new RootCommand("涉税信息共享平台：报送数据、查看回执与错误、查询疑点")
        {
            line._hub, line._authority, line._clientId, line._clientSecret, line._clearText, line._verbose, line.Json,
            PushCommand.Create(line), SubmissionCommands.Status(line), SubmissionCommands.Errors(line), SubmissionCommands.Templates(line),
            FindingCommands.Search(line), FindingCommands.Show(line),
        };
        var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        return (ExitCode)await root.Parse(arguments).InvokeAsync(configuration, cancellation);
    }

    /// <summary>Gives a command its action: runs it on a connection and turns every failure into an exit code.</summary>
    public Command Run(Command command, Func<CommandRun, Task<ExitCode>> action)
    {
        command.SetAction(async (parsed, cancellation) => (int)await GuardAsync(parsed, async () =>
        {
            using var connection = new HubConnection(OptionsOf(parsed));
            return await action(new CommandRun(_terminal, parsed, connection, parsed.GetValue(Json), cancellation));
        }));
        return command;
    }

    private async Task<ExitCode> GuardAsync(ParseResult parsed, Func<Task<ExitCode>> action)
    {
        try
        {
            return await action();
        }
        catch (ProblemException failed)
        {
            ProblemText.Write(_terminal.Error, failed.Problem);
            return ExitCodes.Of(failed.Problem);
        }
        catch (OperationCanceledException)
        {
            await _terminal.Error.WriteLineAsync("已取消。已上传的部分会保留，可直接重试。");
            return ExitCode.Cancelled;
        }
        catch (Exception fault)
        {
            await _terminal.Error.WriteLineAsync(parsed.GetValue(_verbose)
                ? fault.ToString()
                : $"程序内部错误：{Terminal.Clean(fault.Message)}\n请加 --verbose 重试，并把输出发给平台管理员。");
            return ExitCode.Fault;
        }
    }

    private HubConnectionOptions OptionsOf(ParseResult parsed)
    {
        var missing = new List<string>();
        string Value(Option<string> option, string variable)
        {
            var value = parsed.GetValue(option) is { Length: > 0 } given ? given : _terminal.Environment(variable);
            if (string.IsNullOrWhiteSpace(value))
                missing.Add($"{option.Name}（{variable}）");
            return value?.Trim() ?? "";
        }
        var (hub, authority) = (Value(_hub, "INFOHUB_HUB"), Value(_authority, "INFOHUB_AUTHORITY"));
        var (id, secret) = (Value(_clientId, "INFOHUB_CLIENT_ID"), Value(_clientSecret, "INFOHUB_CLIENT_SECRET"));
        if (missing.Count > 0)
            throw Unsound(string.Join("、", missing), "", "没有给出");
        return new HubConnectionOptions
        {
            Hub = UriOf("--hub", hub), Authority = UriOf("--authority", authority), ClientId = id, ClientSecret = secret,
            ClearTextAllowed = parsed.GetValue(_clearText),
            AttemptsMax = parsed.CommandResult.Command.Name == PushCommand.Name ? PushAttemptsMax : QueryAttemptsMax,
        };
    }

    private static Uri UriOf(string key, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw Unsound(key, text, "不是有效地址");

    private static ProblemException Unsound(string key, string value, string reason) => new(new Problem(
        ProblemCatalogue.ConfigurationUnsound, ("key", key), ("value", value), ("reason", reason), ("default", "无")));

    private static Option<string> Text(string name, string description) => new(name) { Description = description, Recursive = true };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description, Recursive = true };
}

/// <summary>One run of a command.</summary>
internal sealed record CommandRun(
    Terminal Terminal, ParseResult Parsed, HubConnection Connection, bool IsJson, CancellationToken Cancellation);
