using System.Text;
using System.Text.Json;
using InfoHub.Cli;
using InfoHub.Cli.Settings;
using InfoHub.Contracts.Intake.V1;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>The second time: numbers that are taken, submissions that were withdrawn, folders that are full.</summary>
public sealed class SendingAgainTests : CommandBench
{
    private const string Mended = "原行号,甲\n1,2\n";

    [Fact]
    public async Task Mend_RememberedNumberTakenByAnotherFile_TakesTheNext()
    {
        await PushAsync();
        Fake.NextSequence = 5;
        var file = FileOf("mended.csv", Mended);
        Assert.Equal(ExitCode.Ok, (await MendAsync(file)).Code);
        Fake.Take("SCJG-03", "202503", 5, "another machine's"u8.ToArray());
        Fake.NextSequence = 6;
        var ran = await MendAsync(file);
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Equal(Submission, Fake.Opened("SCJG-03.v1.202503.6").Base);
    }

    [Theory]
    [InlineData(1, ExitCode.Ok)]
    [InlineData(3, ExitCode.Ok)]
    [InlineData(5, ExitCode.FileRefused)]
    public async Task Mend_NumberTakenByAnotherMachineBeforeItIsUsed_TakesTheNextInTheSameRun(
        int faster, ExitCode expected)
    {
        await PushAsync();
        Fake.NextSequence = 5;
        var left = faster;
        Fake.Refuses = request =>
        {
            if (left-- <= 0)
                return null;
            Fake.Take("SCJG-03", "202503", request.Sequence, "another machine's"u8.ToArray());
            Fake.NextSequence = request.Sequence + 1;
            return null;
        };
        var ran = await MendAsync(FileOf("mended.csv", Mended));
        Assert.True(ran.Code == expected, ran.ToString());
        if (expected != ExitCode.Ok)
            Assert.Contains("IH-INT-105", ran.Error, StringComparison.Ordinal);
        else
            Assert.Equal(Submission, Fake.Opened($"SCJG-03.v1.202503.{5 + faster}").Base);
    }

    [Fact]
    public async Task Mend_NumberOfOnesOwnIsTaken_IsNotGuessed()
    {
        await PushAsync();
        Fake.Take("SCJG-03", "202503", 5, "another file"u8.ToArray());
        Fake.NextSequence = 6;
        var ran = await RunAsync("mend", FileOf("mended.csv", Mended), "--base", Submission, "--no-check",
            "--sequence", "5");
        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.False(Fake.Knows("SCJG-03.v1.202503.6"));
    }

    [Fact]
    public async Task Push_TheHubIsNotDoneInTime_EndsWithHowToGoOn()
    {
        Fake.Outcome = _ => { };
        var file = FileOf("SCJG-03_202503.csv", "a,b\n1,2\n");
        var ran = await RunAsync("push", "--no-check", "--timeout", "1", file);
        Assert.True(ran.Code == ExitCode.HubUnreachable, ran.ToString());
        Assert.Contains("已收到文件，等待检查", ran.Out, StringComparison.Ordinal);
        Assert.Contains($"IH-INT-148 平台已收下文件，还没有处理完：{Submission} 已由平台收下，1 秒内没有处理完",
            ran.Error, StringComparison.Ordinal);
        Assert.Contains($"infohub status {Submission}", ran.Error, StringComparison.Ordinal);
        Assert.Contains($"infohub receipt save {Submission}", ran.Error, StringComparison.Ordinal);
        var json = await RunAsync("push", "--no-check", "--timeout", "0", "--json", file);
        Assert.Equal(ExitCode.HubUnreachable, json.Code);
        var said = JsonDocument.Parse(json.Out).RootElement;
        Assert.Equal(Submission, said.GetProperty("submission").GetProperty("submission").GetString());
        Assert.Equal("IH-INT-148", said.GetProperty("problem").GetProperty("code").GetString());
        Assert.Equal(ExitCode.Ok, (await RunAsync("push", "--no-check", "--no-wait", file)).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("push", "--timeout", "86401", file)).Code);
    }

    [Fact]
    public async Task Mend_NumberOfAnotherHubOrOperation_IsNotTaken()
    {
        await PushAsync();
        var file = FileOf("mended.csv", Mended);
        Fake.NextSequence = 5;
        Assert.Equal(ExitCode.Ok, (await MendAsync(file)).Code);
        Fake.NextSequence = 6;
        Assert.Equal(ExitCode.Ok, (await RunAsync("correct", "--no-check", file, "--base", Submission)).Code);
        Assert.Equal(Operation.Correction, Fake.Opened("SCJG-03.v1.202503.6").Operation);
        var journal = Path.Combine(Home, "journal.jsonl");
        var elsewhere = File.ReadAllText(journal).Replace(Hub.Hub.Host, "127.0.0.9", StringComparison.Ordinal);
        File.WriteAllText(journal, elsewhere);
        Fake.NextSequence = 7;
        Assert.Equal(ExitCode.Ok, (await MendAsync(file)).Code);
        Assert.True(Fake.Knows("SCJG-03.v1.202503.7"));
    }

    [Fact]
    public async Task Push_FileThatWasWithdrawn_IsNoSuccess()
    {
        var file = await PushAsync();
        Assert.Equal(ExitCode.Ok, (await RunAsync("withdraw", Submission, "--reason", "重复", "--yes")).Code);
        Fake.NextSequence = 9;
        var ran = await RunAsync("push", "--no-check", file);
        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.Contains("IH-INT-147", ran.Error, StringComparison.Ordinal);
        Assert.Contains("请用序号 9 重新报送", ran.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("push", "--no-check", "--sequence", "9", file)).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("status", Submission)).Code);
    }

    [Fact]
    public async Task Push_ReceiptOrJournalCannotBeKept_TheFileIsSentAllTheSame()
    {
        var blocked = FileOf("blocked", "a file, not a folder");
        var ran = await RunAsync("push", "--no-check", "--receipts", blocked,
            FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Contains("IH-CFG-014", ran.Error, StringComparison.Ordinal);
        Assert.Contains("已入库并完成比对", ran.Out, StringComparison.Ordinal);
        File.Delete(Path.Combine(Home, "journal.jsonl"));
        Directory.CreateDirectory(Path.Combine(Home, "journal.jsonl"));
        ran = await RunAsync("push", "--no-check", FileOf("SCJG-03_202504.csv", "a,b\n1,2\n"));
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Contains("IH-CFG-014", ran.Error, StringComparison.Ordinal);
        File.Delete(blocked);
        var receipts = Path.Combine(Home, "receipts");
        Directory.Delete(receipts, recursive: true);
        File.WriteAllText(receipts, "");
        var nil = await RunAsync("nil", "GD-01", "202504", "--reason", "停产");
        Assert.True(nil.Code == ExitCode.Ok, nil.ToString());
        Assert.Contains("GD-01.v1.202504.1", nil.Out, StringComparison.Ordinal);
        Assert.Contains("IH-CFG-014", nil.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_CacheCannotBeWritten_IsANote()
    {
        FileOf("home/templates", "a file, not a folder");
        var ran = await RunAsync("templates");
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Contains("模板没有保存到本机", ran.Error, StringComparison.Ordinal);
        Assert.Contains("非居民用户月用电信息", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_UnchangedOnes_AreNotWrittenAgain()
    {
        await RunAsync("templates");
        var kept = Path.Combine(Home, "templates", "GD-01.v1.yaml");
        using var reader = File.OpenRead(kept);
        await RunAsync("templates");
        // The one that is open is still the one in the folder: nothing was moved over it.
        File.AppendAllText(kept, "#");
        Assert.Equal(reader.Length, new FileInfo(kept).Length);
    }

    [Fact]
    public void Write_ManyAtOnce_EachIsWholeAndNothingIsLeftOver()
    {
        var path = Path.Combine(Folder, "shared", "file.txt");
        var texts = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 50_000)).ToArray();
        Parallel.ForEach(texts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, text =>
        {
            for (var i = 0; i < 20; i++)
                HubHome.Write(path, text);
        });
        Assert.Contains(File.ReadAllText(path), texts);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    /// <summary>Somebody may have written in the file since.</summary>
    [Theory]
    [InlineData("errors", Submission, "--format", "csv", "--out")]
    [InlineData("errors", Submission, "--format", "jsonl", "--out")]
    [InlineData("errors", Submission, "--format", "text", "--out")]
    [InlineData("errors", Submission, "--format", "rejected", "--out")]
    [InlineData("receipt", "prove", Submission, "1", "--out")]
    [InlineData("doctor", "--bundle")]
    [InlineData("check", "SCJG-03_202503.csv", "--rejected")]
    public async Task Commands_AFileOfThatNameIsThere_ItStaysUnlessForced(params string[] arguments)
    {
        await RunAsync("templates");
        await PushAsync();
        Fake.RejectedColumns.Add("甲");
        Fake.Proof = new RowProof { Submission = Submission, Row = 1 };
        var path = FileOf("kept.csv", "somebody's work");
        arguments = [.. arguments.Select(a => a == "SCJG-03_202503.csv" ? Path.Combine(Folder, a) : a), path];
        var refused = await RunAsync(arguments);
        Assert.True(refused.Code == ExitCode.Usage, refused.ToString());
        Assert.Contains("--force", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal("somebody's work", File.ReadAllText(path));
        await RunAsync([.. arguments, "--force"]);
        Assert.NotEqual("somebody's work", File.ReadAllText(path));
    }

    [Fact]
    public async Task Templates_SavedOverAFileThatDiffers_OnlyWhenForced()
    {
        var folder = Path.Combine(Folder, "saved");
        Assert.Equal(ExitCode.Ok, (await RunAsync("templates", "--save", folder)).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("templates", "--save", folder)).Code);
        var path = Directory.GetFiles(folder)[0];
        File.WriteAllText(path, "changed");
        Assert.Equal(ExitCode.Usage, (await RunAsync("templates", "--save", folder)).Code);
        Assert.Equal("changed", File.ReadAllText(path));
        Assert.Equal(ExitCode.Ok, (await RunAsync("templates", "--save", folder, "--force")).Code);
        Assert.NotEqual("changed", File.ReadAllText(path));
    }

    [Fact]
    public async Task RowsAndJournal_AreReadByNobodyElse()
    {
        if (OperatingSystem.IsWindows())
            return;
        await PushAsync();
        var before = FileOf("errors.csv", "was readable by all");
        File.SetUnixFileMode(before, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var fresh = Path.Combine(Folder, "errors.jsonl");
        Assert.Equal(ExitCode.Ok, (await RunAsync("errors", Submission, "--format", "csv", "--out", before,
            "--force")).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("errors", Submission, "--format", "jsonl", "--out", fresh)).Code);
        foreach (var path in new[] { before, fresh, Path.Combine(Home, "journal.jsonl") })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(SubmissionState.FileRefused, "", false)]
    [InlineData(SubmissionState.AllRowsRejected, "", true)]
    [InlineData(SubmissionState.Used, "", true)]
    [InlineData(SubmissionState.Used, "SCJG-03.v1.202503.2", false)]
    public async Task Status_AdviceToMend_OnlyWhereTheHubTakesIt(SubmissionState state, string by, bool expected)
    {
        Fake.Outcome = status =>
        {
            (status.State, status.SupersededBy, status.RowsReceived, status.RowsRejected) = (state, by, 2, 2);
        };
        var ran = await RunAsync("push", "--no-check", FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.Equal(expected, ran.Out.Contains("infohub mend", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryCommand_Json_IsJsonLineByLineAlsoWhenItFails()
    {
        await PushAsync();
        Fake.Proof = new RowProof { Submission = Submission, Row = 1 };
        var (proof, rows) = (Path.Combine(Folder, "p.json"), Path.Combine(Folder, "rows.csv"));
        var bundle = Path.Combine(Receipts, Submission + ".json");
        string[][] commands =
        [
            ["login"], ["login", "--list"], ["templates"], ["templates", "--offline"],
            ["check", FileOf("GD-01_202503.csv", "甲\n1\n")], ["status", Submission], ["errors", Submission],
            ["errors", Submission, "--format", "rejected", "--out", rows], ["receipt", "show", Submission],
            ["receipt", "save", Submission], ["receipt", "prove", Submission, "1", "--out", proof],
            ["receipt", "verify", bundle], ["doctor"], ["nil", "GD-01", "202504", "--reason", "x"],
            ["mend", FileOf("m.csv", Mended), "--base", Submission],
            ["withdraw", Submission, "--reason", "x", "--yes"],
            // And what fails before it begins.
            ["receipt", "verify", bundle, "--proof", proof], ["status", "GD-01.v1.209901.1"],
            ["withdraw", Submission, "--reason", "x"], ["templates", "--client-secret", "guess"],
            ["receipt", "verify", "none.json"], ["check", "--template", "none.yaml", "x.csv"],
        ];
        foreach (var command in commands)
        {
            var ran = await RunAsync([.. command, "--json"]);
            var lines = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length > 0, string.Join(' ', command) + "\n" + ran);
            Assert.All(lines, line => Assert.True(IsObject(line), string.Join(' ', command) + "\n" + line));
        }
    }

    private async Task<string> PushAsync()
    {
        var file = FileOf("SCJG-03_202503.csv", Encoding.UTF8.GetBytes("a,b\n1,2\n"));
        var ran = await RunAsync("push", "--no-check", file);
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        return file;
    }

    private static bool IsObject(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Task<Ran> MendAsync(string file) => RunAsync("mend", "--no-check", file, "--base", Submission);
}
