using System.Text;
using InfoHub.Cli;
using InfoHub.Cli.Watching;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>
/// What is put into the folder arrives, or comes back with its reasons; nothing is lost or overwritten.
/// </summary>
public sealed class WatchTests : CommandBench
{
    private const string Electricity = "GD-01.v1.202503.1";

    private string Watched => Path.Combine(Folder, "watch");

    [Fact]
    public async Task Once_GoodFile_IsSentAndItsReceiptsAreThere()
    {
        Counts(2, 0);
        var content = Sample("GD-01", "valid.csv");
        Put("GD-01_202503.csv", content);
        var ran = await OnceAsync();
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Equal(content, File.ReadAllBytes(In("sent", "GD-01_202503.csv")));
        Assert.Equal(content, Fake.Content(Electricity));
        Assert.Empty(Directory.GetFiles(In("in")));
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "verify", "--trust-bundled",
            In("receipts", Electricity + ".json"), "--file",
            In("sent", "GD-01_202503.csv"))).Code);
        Assert.Contains($"报送编号 {Electricity}：已入库并完成比对", File.ReadAllText(In("receipts", "GD-01_202503.csv.txt")),
            StringComparison.Ordinal);
        Assert.Contains("GD-01_202503.csv → sent", File.ReadAllText(In("infohub.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_SomeRowsRejected_TheirCopyCanBePutBack()
    {
        Counts(3, 1);
        var sample = Encoding.UTF8.GetString(Sample("GD-01", "valid.csv")).TrimStart('\uFEFF').Split('\n');
        Fake.RejectedColumns.AddRange(DelimitedRow.Split(sample[0].TrimEnd(), ','));
        Fake.RejectedRows.Add(new RejectedRow
        {
            Row = 2, Cells = { DelimitedRow.Split(sample[2].TrimEnd(), ',') },
                Reasons = { new RowError { Code = "IH-INT-303" } },
        });
        Put("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        Assert.Equal(ExitCode.RowsRejected, (await OnceAsync()).Code);
        Assert.True(File.Exists(In("sent", "GD-01_202503.csv")));
        var copy = In("rejected", $"GD-01_202503_mend_{Electricity}.xlsx");
        Assert.Contains("IH-INT-303", SheetOf(copy), StringComparison.Ordinal);
        Assert.Contains($">{Fake.RejectedRows[0].Cells[0]}<", SheetOf(copy), StringComparison.Ordinal);
        Assert.Contains("移到 in 目录，文件名不要改", File.ReadAllText(copy + ".说明.txt"), StringComparison.Ordinal);

        Counts(1, 0);
        Fake.NextSequence = 4;
        File.Move(copy, In("in", Path.GetFileName(copy)));
        var ran = await OnceAsync();
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Equal((Operation.Mend, Electricity), (Fake.Opened("GD-01.v1.202503.4").Operation,
            Fake.Opened("GD-01.v1.202503.4").Base));
    }

    [Fact]
    public async Task Once_HopelessFileAndUnclearName_ComeBackWithAnExplanation()
    {
        Put("GD-01_202503.csv", "甲,乙\n1,2\n"u8.ToArray());
        Put("三月.csv", "x"u8.ToArray());
        var ran = await OnceAsync();
        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.False(Fake.Knows(Electricity));
        Assert.Equal(["GD-01_202503.csv", "GD-01_202503.csv.说明.txt", "三月.csv", "三月.csv.说明.txt"],
            Directory.GetFiles(In("rejected")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var told = File.ReadAllText(In("rejected", "GD-01_202503.csv.说明.txt"));
        Assert.Contains("IH-INT-202 表头与模板不符", told, StringComparison.Ordinal);
        Assert.Contains("重新放进 in 目录", told, StringComparison.Ordinal);
        Assert.Contains("IH-INT-115", File.ReadAllText(In("rejected", "三月.csv.说明.txt")), StringComparison.Ordinal);
    }

    /// <summary>Cells of a copy are text: no spreadsheet makes 3.7E+12 of a number.</summary>
    private static string SheetOf(string workbook)
    {
        using var archive = System.IO.Compression.ZipFile.OpenRead(workbook);
        using var sheet = new StreamReader(archive.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        return sheet.ReadToEnd();
    }

    [Fact]
    public async Task Once_OnlyBadRows_AreCopiedBesideTheFile()
    {
        var lines = Encoding.UTF8.GetString(Sample("GD-01", "valid.csv")).Split('\n');
        Put("GD-01_202503.csv", Encoding.UTF8.GetBytes($"{lines[0]}\n1,,,,,,,,,,,,,,\n"));
        Assert.Equal(ExitCode.FileRefused, (await OnceAsync()).Code);
        Assert.Contains("IH-INT-301", SheetOf(In("rejected", "GD-01_202503.退回行.xlsx")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_HubIsAway_TheFileWaits()
    {
        Put("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        var nowhere = Hub.Settings("scjg");
        nowhere["INFOHUB_HUB"] = $"http://127.0.0.1:{Fakes.FakeHub.FreePort()}";
        nowhere["INFOHUB_AUTHORITY"] = nowhere["INFOHUB_HUB"];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await RunAsync(nowhere, "", ["watch", Watched, "--once", "--settle", "0"], patience.Token);
        Assert.True(File.Exists(In("in", "GD-01_202503.csv")));
        Assert.Empty(Directory.GetFiles(In("rejected")));
        var wrong = Hub.Settings("scjg");
        wrong["INFOHUB_CLIENT_SECRET"] = "guess";
        Assert.Equal(ExitCode.NotPermitted, (await RunAsync(wrong, "", ["watch", Watched, "--once", "--settle",
            "0"])).Code);
        Assert.True(File.Exists(In("in", "GD-01_202503.csv")));
        Assert.Equal(ExitCode.Ok, (await OnceAsync()).Code);
        Assert.True(File.Exists(In("sent", "GD-01_202503.csv")));
    }

    [Fact]
    public async Task Once_SameNameAgain_OverwritesNothing()
    {
        for (var i = 0; i < 3; i++)
        {
            Put("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
            Assert.Equal(ExitCode.Ok, (await OnceAsync()).Code);
        }
        Assert.Equal(["GD-01_202503-2.csv", "GD-01_202503-3.csv", "GD-01_202503.csv"],
            Directory.GetFiles(In("sent")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(1, Fake.Uploads);
    }

    [Fact]
    public async Task Once_FilesThatAreNotFinished_AreLeftAlone()
    {
        foreach (var name in new[] { "a.csv.part", "a.csv.filepart", "a.csv.crdownload", "a.tmp", "~$a.xlsx", ".a.csv",
            "a.csv~" })
            Put(name, [1]);
        Counts(2, 0);
        Put("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        Assert.Equal(ExitCode.Ok, (await OnceAsync()).Code);
        Assert.Equal(7, Directory.GetFiles(In("in")).Length);
        Assert.Equal("GD-01_202503.csv", Path.GetFileName(Assert.Single(Directory.GetFiles(In("sent")))));
    }

    [Fact]
    public void Ready_WhatTwoLooksSawAlike_AndNothingElse()
    {
        Put("a_1.csv", [1]);
        // An old time is no sign that the copy is complete.
        File.SetLastWriteTimeUtc(In("in", "a_1.csv"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var (folder, settle) = (new WatchFolder(Watched), TimeSpan.FromSeconds(5));
        Assert.Empty(folder.Ready(TimeSpan.FromSeconds(100), settle));
        Put("a_1.csv", [1, 2]);
        Assert.Empty(folder.Ready(TimeSpan.FromSeconds(106), settle));
        Assert.Empty(folder.Ready(TimeSpan.FromSeconds(110), settle));
        Assert.Equal(1, folder.Unsettled);
        Assert.Equal(["a_1.csv"], folder.Ready(TimeSpan.FromSeconds(111), settle));
        Put("a_2.csv", [1]);
        folder.Settle("a_2.csv");
        Assert.Equal(["a_1.csv", "a_2.csv"], folder.Ready(TimeSpan.FromSeconds(112), settle));
    }

    [Fact]
    public async Task Once_BrokenOffAnywhere_TheNextOneEndsIt()
    {
        Counts(2, 0);
        Put("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        Fake.TakesNothing = true;
        using (var killed = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
            Assert.Equal(ExitCode.Cancelled, (await RunAsync(Hub.Settings("scjg"), "",
                ["watch", Watched, "--once", "--settle", "0"], killed.Token)).Code);
        Assert.True(File.Exists(In("in", "GD-01_202503.csv")));
        Fake.TakesNothing = false;
        // Told but not yet moved: what a kill between the two steps leaves.
        File.WriteAllText(In("receipts", "GD-01_202503.csv.txt"), "half");
        Assert.Equal(ExitCode.Ok, (await OnceAsync()).Code);
        Assert.Contains("报送编号", File.ReadAllText(In("receipts", "GD-01_202503.csv.txt")), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(In("sent")));
    }

    [Fact]
    public async Task Watch_TwoOnOneFolder_TheSecondIsRefused()
    {
        using var first = new WatchFolder(Watched).Take();
        var ran = await OnceAsync();
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Contains("IH-CFG-016", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Ended_StopsInGoodOrder()
    {
        Counts(2, 0);
        using var ending = new CancellationTokenSource();
        var watching = RunAsync(Hub.Settings("scjg"), "", ["watch", Watched, "--poll", "1", "--settle", "0"],
            ending.Token);
        var until = DateTime.UtcNow.AddSeconds(30);
        while (!Directory.Exists(In("in")) && DateTime.UtcNow < until)
            await Task.Delay(20);
        Put("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        while (!File.Exists(In("sent", "GD-01_202503.csv")) && DateTime.UtcNow < until)
            await Task.Delay(20);
        await ending.CancelAsync();
        var ran = await watching;
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Contains("停止值守", ran.Out, StringComparison.Ordinal);
        Assert.Contains("在值守", File.ReadAllText(In("infohub.log")), StringComparison.Ordinal);
        Assert.True(File.Exists(In("sent", "GD-01_202503.csv")));
    }

    [Theory]
    [InlineData("systemd", "ExecStart=")]
    [InlineData("task-scheduler", "<BootTrigger>")]
    public async Task Install_PrintsWhatTheSystemNeeds(string system, string expected)
    {
        var ran = await RunAsync([], "", ["watch", Watched, "--install", system]);
        Assert.Contains(expected, ran.Out, StringComparison.Ordinal);
        Assert.Contains(Watched, ran.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Watched));
    }

    [Fact]
    public async Task Install_FolderWithSignsThatSystemdReads_AreEscaped()
    {
        if (OperatingSystem.IsWindows())
            return;
        var ran = await RunAsync([], "", ["watch", "/srv/数 据/a%b$c\"d\\e", "--install", "systemd"]);
        var lines = ran.Out.Split('\n');
        Assert.Contains("RequiresMountsFor=\"/srv/数 据/a%%b$c\\\"d\\\\e\"", lines);
        Assert.Contains("ReadWritePaths=\"/srv/数 据/a%%b$c\\\"d\\\\e\"", lines);
        Assert.Contains(lines, line => line.StartsWith("ExecStart=", StringComparison.Ordinal)
            && line.Contains(" watch \"/srv/数 据/a%%b$$c\\\"d\\\\e\" --profile \"default\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0 2 10 * *", "2025-04-10 02:00", "2025-05-10 02:00", "2025-04-10 02:00")]
    [InlineData("0 2 10 * *", "2025-04-09 23:59", "2025-04-10 02:00", "2025-03-10 02:00")]
    [InlineData("*/15 * * * *", "2025-12-31 23:50", "2026-01-01 00:00", "2025-12-31 23:45")]
    [InlineData("30 8-10 * * 1-5", "2025-04-04 10:30", "2025-04-07 08:30", "2025-04-04 10:30")]
    [InlineData("0 0 29 2 *", "2025-01-01 00:00", "2028-02-29 00:00", "2024-02-29 00:00")]
    [InlineData("0 0 1 * 0", "2025-04-02 00:00", "2025-04-06 00:00", "2025-04-01 00:00")]
    [InlineData("30 9 15 1,6 MON", "2025-04-02 00:00", "2025-06-02 09:30", "2025-01-27 09:30")]
    [InlineData("0 23 L * *", "2025-04-02 00:00", "2025-04-30 23:00", "2025-03-31 23:00")]
    [InlineData("0 0 * * 7", "2025-04-02 00:00", "2025-04-06 00:00", "2025-03-30 00:00")]
    [InlineData("5,10/20 0 * 3 *", "2025-03-01 00:05", "2025-03-01 00:10", "2025-03-01 00:05")]
    public void Cron_KnownTimes_AreFound(string schedule, string at, string next, string latest)
    {
        var cron = CronSchedule.Parse(schedule);
        Assert.Equal((Time(next), Time(latest)), (cron.Next(Time(at)), cron.Latest(Time(at))));
    }

    [Theory]
    [InlineData("0 2 10 *")]
    [InlineData("0 2 10 * * *")]
    [InlineData("60 2 10 * *")]
    [InlineData("0 24 * * *")]
    [InlineData("0 0 31 2 *")]
    [InlineData("0 0 32-1 * *")]
    [InlineData("0 0 1 13 0")]
    [InlineData("*/0 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("1-2-3 * * * *")]
    public void Cron_OtherText_IsUnsound(string schedule) =>
        Assert.Equal("IH-CFG-015", Assert.Throws<ProblemException>(() => CronSchedule.Parse(schedule)).Problem.Code);

    private static DateTime Time(string text) =>
        DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private Task<Ran> OnceAsync() => RunAsync("watch", Watched, "--once", "--settle", "0");

    private string In(params string[] parts) => Path.Combine([Watched, .. parts]);

    private void Put(string name, byte[] content) => FileOf(Path.Combine("watch", "in", name), content);

    /// <summary>Handed to the runtime it is runtime and assembly: <c>dotnet watch</c> is another tool.</summary>
    [Theory]
    [InlineData("/opt/infohub/infohub", "/opt/infohub/infohub.dll", new[] { "/opt/infohub/infohub" })]
    [InlineData("/opt/dotnet/dotnet", "/opt/infohub.dll", new[] { "/opt/dotnet/dotnet", "/opt/infohub.dll" })]
    [InlineData(null, "", new[] { "infohub" })]
    public void Install_OfWhateverStartsTheProgram_StartsItAgain(string? process, string assembly, string[] words) =>
        Assert.Equal(words, WatchInstall.ProgramOf(process, assembly));
}
