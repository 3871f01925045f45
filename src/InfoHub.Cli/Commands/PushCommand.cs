using System.CommandLine;
using System.Text.Json;
using InfoHub.Cli.Sending;
using InfoHub.Client;
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
            Description = "文件，命名为 <信息项>_<所属期>[_<序号>].csv、.tsv、.txt 或 .xlsx", Arity = ArgumentArity.OneOrMore,
        };
        var item = new Option<string>("--item") { Description = "信息项，例如 SCJG-01；文件名不合约定时给出" };
        var period = new Option<string>("--period") { Description = "所属期：202503、2025Q1 或 2025" };
        var sequence = new Option<int?>("--sequence") { Description = "序号；更正或补充时加一" };
        var operation = new Option<string>("--operation") { Description = "increment 增量（默认）或 snapshot 全量替换本期" };
        operation.AcceptOnlyFromAmong("increment", "snapshot");
        var replace = new Option<bool>("--replace-unfinished") { Description = "同一序号下没传完的旧文件作废，改传本文件" };
        var options = new SendingOptions();
        var command = new Command(Name, "报送一个或多个文件；先在本地检查，中断后重新执行会从断点续传")
        {
            files, item, period, sequence, operation, replace,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            var isOneKey = result.GetValue(sequence) is not null
                || (result.GetValue(item) is not null && result.GetValue(period) is not null);
            if (isOneKey && result.GetValue(files)?.Length > 1)
                result.AddError("给出 --sequence，或同时给出 --item 和 --period 时，一次只能报送一个文件");
        });
        return line.Run(command, async run =>
        {
            var push = new Push(run, options.Read(run));
            await push.SendAllAsync(run.Parsed.GetRequiredValue(files), path =>
                options.Apply(run.Parsed, SubmissionFile.FromPath(
                path, run.Parsed.GetValue(item), run.Parsed.GetValue(period), run.Parsed.GetValue(sequence)) with
            {
                Operation = run.Parsed.GetValue(operation) switch
                {
                    "snapshot" => Operation.Snapshot, "increment" => Operation.Increment, _ => Operation.Unspecified,
                },
                ReplacesUnfinished = run.Parsed.GetValue(replace),
            }));
            return push.Summarise();
        });
    }
}

/// <summary>The options of every command that sends files.</summary>
internal sealed class SendingOptions
{
    private const int TimeoutSecondsDefault = 600;
    private const int TimeoutSecondsMax = 86_400;

    private readonly Option<bool> _wait = new("--wait") { Description = "等到检查、入库、比对完成（默认）" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "上传完成即返回，同 --until committed" };
    private readonly Option<string> _until = new("--until") { Description = "committed 上传完成，或 used 比对完成（默认）" };
    private readonly Option<bool> _noCheck = new("--no-check") { Description = "不在本地检查，直接上传" };
    private readonly Option<bool> _strict = new("--strict") { Description = "本地检查有任何错误行就不发送" };
    private readonly Option<string> _receipts = new("--receipts") { Description = "回执保存目录（默认在用户配置目录的 receipts 下）" };
    private readonly Option<string> _encoding = new("--encoding") { Description =
        "文件编码：auto（默认）、utf-8、gb18030、utf-16" };
    private readonly Option<string> _sheet = new("--sheet") { Description = "xlsx 的工作表名；默认读取表头相符的各张可见工作表" };
    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "平台收下文件后最多等多少秒（默认 600，最长 86400）；到时没有处理完以退出码 5 返回，不必重新报送",
        DefaultValueFactory = _ => TimeoutSecondsDefault,
    };
    private readonly Option<string> _compress = new("--compress") { Description =
        "压缩传输：auto（默认，本机平台不压缩）、always、never" };

    public void AddTo(Command command)
    {
        _until.AcceptOnlyFromAmong("committed", "used");
        _compress.AcceptOnlyFromAmong("auto", "always", "never");
        foreach (var option in new Option[] { _wait, _noWait, _until, _noCheck, _strict, _receipts, _compress,
            _timeout })
            command.Options.Add(option);
        AddReadingTo(command);
        _timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > TimeoutSecondsMax)
                result.AddError($"--timeout 应为 0 至 {TimeoutSecondsMax}");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(_wait) && (result.GetValue(_noWait) || result.GetValue(_until) == "committed"))
                result.AddError("--wait 与 --no-wait 只能给出一个");
            if (result.GetValue(_noCheck) && result.GetValue(_strict))
                result.AddError("--strict 需要本地检查，不能与 --no-check 同用");
        });
    }

    /// <summary>How the file is written: all that a check needs.</summary>
    public void AddReadingTo(Command command)
    {
        _encoding.AcceptOnlyFromAmong("auto", "utf-8", "gb18030", "utf-16");
        command.Options.Add(_encoding);
        command.Options.Add(_sheet);
    }

    public SendingWishes Read(CommandRun run)
    {
        run.Settings.Compression = run.Parsed.GetValue(_compress) switch
        {
            "always" => ChunkCompression.Always, "never" => ChunkCompression.Never, _ => ChunkCompression.Auto,
        };
        var wait = TimeSpan.FromSeconds(run.Parsed.GetValue(_timeout));
        run.Settings.FollowTimeout = wait;
        return new SendingWishes
        {
            Wait = wait,
            Until = run.Parsed.GetValue(_noWait) || run.Parsed.GetValue(_until) == "committed"
                ? SendUntil.Committed : SendUntil.Resting,
            Checks = !run.Parsed.GetValue(_noCheck), IsStrict = run.Parsed.GetValue(_strict),
            ReceiptsFolder = run.Parsed.GetValue(_receipts),
        };
    }

    public SubmissionFile Apply(ParseResult parsed, SubmissionFile file) => file with
    {
        Sheet = parsed.GetValue(_sheet) ?? "",
        Encoding = parsed.GetValue(_encoding) switch
        {
            "utf-8" => TextEncoding.Utf8, "gb18030" => TextEncoding.Gb18030, "utf-16" => TextEncoding.Utf16,
            _ => TextEncoding.Unspecified,
        },
    };
}

/// <summary>Sends files one after the other and shows what became of each.</summary>
internal sealed class Push(CommandRun run, SendingWishes wishes)
{
    // Not signed in, no hub, no room, the wrong hub: the next file would fail the same way.
    private static readonly string[] StopCodes =
    [
        ProblemCatalogue.NotSignedIn.Code, ProblemCatalogue.HubUnreachable.Code, ProblemCatalogue.Overloaded.Code,
        ProblemCatalogue.EnvironmentDiffers.Code, ProblemCatalogue.NotLoggedIn.Code,
    ];

    private readonly FileSending _sending = new(run, wishes);
    private readonly List<SendingOutcome> _outcomes = [];
    private Problem? _stop;

    /// <summary>Where the hub gives out the sequence: the next one, when the one given out is taken by now.</summary>
    public Func<Task<int>>? NextSequence { get; init; }

    public async Task SendAllAsync(string[] paths, Func<string, SubmissionFile> read)
    {
        await using var display = await PushDisplay.StartAsync(run, paths);
        foreach (var path in paths)
            _outcomes.Add(_stop is not null ? new SendingOutcome(path, null, null)
                : await SendAsync(path, read, display));
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
        return ExitCodes.Worst(_outcomes.Select(outcome =>
            outcome is { Status: null, Problem: null } && _stop is not null ? ExitCodes.Of(_stop) : outcome.Code));
    }

    private async Task<SendingOutcome> SendAsync(string path, Func<string, SubmissionFile> read, PushDisplay display)
    {
        SendingOutcome outcome;
        try
        {
            outcome = await _sending.SendAsync(read(path), display.Of(path), NextSequence);
        }
        catch (ProblemException failed)
        {
            outcome = new SendingOutcome(path, null, failed.Problem);
        }
        if (outcome.Problem is { } problem)
        {
            display.Failed(path, problem);
            if (StopCodes.Contains(problem.Code))
                _stop = problem;
        }
        return outcome;
    }

    private void WriteText(SendingOutcome outcome)
    {
        var to = run.Terminal.Out;
        to.WriteLine();
        to.WriteLine(Terminal.Clean(Path.GetFileName(outcome.Path)));
        if (outcome.Status is { } status)
            StatusText.Write(run.Terminal, status, outcome.Check);
        if (outcome.Problem is { } problem)
            ProblemText.Write(run.Terminal.Error, problem, "  ");
        if (outcome is { Status: null, Problem: null })
            to.WriteLine("  未报送：前一个文件已无法送达平台。");
        if (outcome is { Status: null, Problem: not null, Check: { } check })
            CheckText.WriteTotals(to, check);
        if (outcome.Check is { } looked)
            CheckText.WriteNotices(to, looked);
        if (outcome.Receipts is { } kept)
            to.WriteLine($"  {kept.Text}");
        if (outcome.ReceiptProblem is { } unsound)
            ProblemText.Write(run.Terminal.Error, unsound, "  ");
    }

    private void WriteJson(SendingOutcome outcome)
    {
        var rest = outcome is { Status: null, Problem: null } ? ",\"skipped\":true" : "";
        if (outcome.Status is { } status)
            rest += $",\"submission\":{ProblemText.Json.Format(status)}";
        if (outcome.Problem is { } problem)
            rest += $",\"problem\":{ProblemText.Json.Format(ProblemText.ToWire(problem))}";
        if (outcome.Check is { } check)
            rest += $",\"checked\":{CheckText.ToJson(check).ToJsonString(ProblemText.PlainJson)}";
        if (outcome.ReceiptPath is { } path)
            rest += $",\"receipts\":{JsonSerializer.Serialize(path, ProblemText.PlainJson)}";
        if (outcome.Receipts is { } kept)
            rest += $",\"receipt_trust\":\"{kept.Trust}\"";
        if (outcome.ReceiptProblem is { } unsound)
            rest += $",\"receipt_problem\":{ProblemText.Json.Format(ProblemText.ToWire(unsound))}";
        run.Terminal.Out.WriteLine($"{{\"file\":{JsonSerializer.Serialize(outcome.Path, ProblemText.PlainJson)}{rest}}}");
    }
}
