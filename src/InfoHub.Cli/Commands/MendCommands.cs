using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Client.Checking;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Commands;

/// <summary><c>mend</c> and <c>correct</c>: rows that belong to a submission of before.</summary>
internal static class MendCommands
{
    public const string MendName = "mend";
    public const string CorrectName = "correct";

    private const int HeaderBytesMax = 1 << 16;

    public static Command Mend(HubCommandLine line) => Create(line, MendName,
        "报送改正后的退回行（errors --format rejected 导出的文件，保留原行号列）", Operation.Mend);

    public static Command Correct(HubCommandLine line) => Create(line, CorrectName,
        "更正已入库的行：按主键替换原报送中的行，每行写全", Operation.Correction);

    private static Command Create(HubCommandLine line, string name, string description, Operation operation)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "改正后的文件，文件名不限（.xlsx 或 .csv）", Arity = ArgumentArity.ZeroOrOne,
        };
        var drop = new Option<string>("--drop") { Description = "不再报送的行，写原行号，例如 17,23；不需要文件" };
        var reason = new Option<string>("--reason") { Description = "为什么不再报送，例如“重复导出”；与 --drop 同用" };
        var @base = new Option<string>("--base") { Description = "被改正的报送编号", Required = true };
        var sequence = new Option<int?>("--sequence") { Description = "序号，默认由平台给出下一个" };
        var options = new SendingOptions();
        var command = new Command(name, description) { file, @base, sequence };
        if (operation == Operation.Mend)
        {
            command.Options.Add(drop);
            command.Options.Add(reason);
        }
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            var drops = operation == Operation.Mend && result.GetValue(drop) is not null;
            if (drops == (result.GetValue(file) is not null))
                result.AddError(operation == Operation.Mend ? "给出改正后的文件，或用 --drop 给出不再报送的行" : "给出更正的文件");
            if (drops && (string.IsNullOrWhiteSpace(result.GetValue(reason))
                || Numbers(result.GetValue(drop)!) is null))
                result.AddError("--drop 写原行号，例如 17,23，并用 --reason 写明为什么不再报送");
        });
        return line.Run(command, async run =>
        {
            var number = run.Parsed.GetRequiredValue(@base);
            // What the wishes say of the connection has to be known before it is used.
            var wishes = options.Read(run);
            using var dropped = operation == Operation.Mend && run.Parsed.GetValue(drop) is { } rows
                ? await DroppedRows.WriteAsync(run, number, Numbers(rows)!, run.Parsed.GetValue(reason)!) : null;
            var path = dropped?.Path ?? run.Parsed.GetRequiredValue(file);
            var given = run.Parsed.GetValue(sequence);
            var prepared = await PrepareAsync(run, path, number, operation, given);
            var push = new Push(run, wishes)
            {
                NextSequence = given is not null ? null
                    : async () => (await PrepareAsync(run, path, number, operation, null)).Sequence,
            };
            await push.SendAllAsync([path], _ => options.Apply(run.Parsed, prepared));
            var code = push.Summarise();
            if (operation == Operation.Mend && code is ExitCode.Ok or ExitCode.RowsRejected && !run.IsJson)
                await TellOpenAsync(run, number);
            return code;
        });
    }

    /// <summary>Row numbers, each once; null when the text is no list of them.</summary>
    private static int[]? Numbers(string text)
    {
        var parts = text.Split([',', '，', '、', ' '], StringSplitOptions.RemoveEmptyEntries);
        var rows = parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? row : 0)
            .Distinct().Order().ToArray();
        return rows.Length == 0 || rows[0] == 0 ? null : rows;
    }

    /// <summary>
    /// The file as the next of its base. The same content keeps the number it was given first, so that sending it again
    /// after a cut repeats nothing.
    /// </summary>
    /// <exception cref="ProblemException">IH-INT-130: the mended file has lost its row numbers.</exception>
    public static async Task<SubmissionFile> PrepareAsync(
        CommandRun run, string path, string number, Operation operation, int? sequence)
    {
        if (operation == Operation.Mend)
            RequireRowNumbers(path);
        var status = await run.Sender.GetAsync(number, run.Cancellation);
        var sha256 = HashOf(path);
        var next = sequence ?? await RememberedAsync(run, status, operation, sha256)
            ?? await run.NextSequenceAsync(status);
        var file = SubmissionFile.FromPath(path, status.Item, status.Period, next) with
        {
            TemplateVersion = status.TemplateVersion, Operation = operation, Base = number,
        };
        run.Journal.Append(new JournalEntry("", "begun", path, sha256, number, next, "", "", run.JournalHub,
            operation.ToString()));
        return file;
    }

    /// <summary>
    /// The number this content was given before, unless the hub has something else on file there by now: two machines
    /// may have been told the same next number, and the later one has to take another.
    /// </summary>
    private static async Task<int?> RememberedAsync(
        CommandRun run, SubmissionStatus status, Operation operation, string sha256)
    {
        if (run.Journal.SequenceOf(run.JournalHub, operation.ToString(), status.Submission, sha256) is not { } sequence)
            return null;
        try
        {
            var onFile = await run.Sender.GetAsync(string.Create(CultureInfo.InvariantCulture,
                $"{status.Item}.v{status.TemplateVersion}.{status.Period}.{sequence}"), run.Cancellation);
            return Convert.ToHexStringLower(onFile.Sha256.Span) == sha256 ? sequence : null;
        }
        catch (ProblemException unknown) when (unknown.Problem.Code is "IH-INT-102" or "IH-INT-113"
            || unknown.Problem.Code == ProblemCatalogue.SubmissionUnknown.Code)
        {
            return sequence;
        }
    }

    private static async Task TellOpenAsync(CommandRun run, string number)
    {
        var status = await run.Sender.GetAsync(number, run.Cancellation);
        var open = status.RowsRejected - status.RowsMended;
        run.Terminal.Out.WriteLine(open <= 0 ? $"原报送 {number} 退回的 {status.RowsRejected} 行已全部处理。"
            : $"原报送 {number} 退回 {status.RowsRejected} 行，已处理 {status.RowsMended} 行，还有 {open} 行待改正。");
        if (open > 0)
            run.Terminal.Out.WriteLine($"不必再报的行（如重复的行）：infohub mend --drop 原行号 --reason 原因 --base {number}");
    }

    /// <summary>In the header of a text file; a workbook is the hub's to read.</summary>
    private static void RequireRowNumbers(string path)
    {
        if (Path.GetExtension(path).Equals(".xlsx", StringComparison.OrdinalIgnoreCase))
            return;
        var head = new byte[HeaderBytesMax];
        using var file = Open(path);
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var line = head.AsSpan(0, length);
        line = line.IndexOf((byte)'\n') is var end and >= 0 ? line[..end] : line;
        // Spreadsheets save CSV in the system's encoding; the title has other bytes there.
        if (line.IndexOf(Encoding.UTF8.GetBytes(RejectedColumns.Origin)) < 0 && line.IndexOf(RowTitleGb) < 0
            && line.IndexOf(Encoding.Unicode.GetBytes(RejectedColumns.Origin)) < 0)
            throw new ProblemException(new Problem(ProblemCatalogue.RowNumbersMissing,
                ("file", Path.GetFileName(path))));
    }

    /// <summary>原行号 in GB18030.</summary>
    private static ReadOnlySpan<byte> RowTitleGb => [0xD4, 0xAD, 0xD0, 0xD0, 0xBA, 0xC5];

    private static string HashOf(string path)
    {
        using var file = Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }
}
