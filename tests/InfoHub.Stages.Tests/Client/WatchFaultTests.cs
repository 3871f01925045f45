using InfoHub.Cli;
using InfoHub.Cli.Watching;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>
/// What goes wrong around a watched folder: names that come again, hubs that refuse or do not come to an end, due times
/// that are missed.
/// </summary>
public sealed class WatchFaultTests : CommandBench
{
    private const string Electricity = "GD-01.v1.202503.1";
    private const string Name = "GD-01_202503.csv";

    private string Watched => Path.Combine(Folder, "watch");

    private byte[] Valid => Sample("GD-01", "valid.csv");

    [Fact]
    public async Task SameNameComesWhileTheFirstIsTold_WhatWasSentIsPutAway()
    {
        Counts(3, 1);
        Put(Name, Valid);
        Fake.OnRejectedRows = () => Put(Name, "the next one"u8.ToArray());
        await OnceAsync();
        Assert.Equal(Valid, File.ReadAllBytes(In("sent", Name)));
        Assert.Equal("the next one", File.ReadAllText(In("in", Name)));
    }

    [Fact]
    public async Task KilledUnderWay_TheNextOneTakesItUp()
    {
        Counts(2, 0);
        Put(Name, Valid, ".work");
        var ran = await OnceAsync();
        Assert.True(File.Exists(In("sent", Name)), ran.ToString());
        Assert.Empty(Directory.GetFiles(In(".work")));
    }

    [Fact]
    public async Task TimeInTheFuture_IsNoObstacle()
    {
        Counts(2, 0);
        Put(Name, Valid);
        File.SetLastWriteTimeUtc(In("in", Name), DateTime.UtcNow.AddYears(1));
        Assert.Contains("修改时间在将来", (await OnceAsync()).Out, StringComparison.Ordinal);
        Assert.True(File.Exists(In("sent", Name)));
    }

    [Theory]
    [InlineData("IH-CFG-001", "in")]
    [InlineData("IH-INT-104", "in")]
    [InlineData("IH-INT-109", "in")]
    [InlineData("IH-INT-114", "in")]
    [InlineData("IH-INT-120", "in")]
    [InlineData("IH-INT-134", "in")]
    [InlineData("IH-INT-103", "rejected")]
    [InlineData("IH-INT-105", "rejected")]
    [InlineData("IH-INT-112", "rejected")]
    public async Task TheHubRefuses_OnlyWhatIsTheFilesOwnMovesIt(string code, string expected)
    {
        Put(Name, Valid);
        Fake.Refuses = _ => ProblemCatalogue.All[code];
        var ran = await OnceAsync();
        Assert.NotEqual(ExitCode.Ok, ran.Code);
        Assert.True(File.Exists(In(expected, Name)), ran.ToString());
    }

    [Fact]
    public async Task AnUploadThatNeverEnded_GivesWay()
    {
        Counts(2, 0);
        Put(Name, Valid);
        Fake.Refuses = open => open.ReplaceUnfinished ? null : ProblemCatalogue.SubmissionConflict;
        var ran = await OnceAsync();
        Assert.True(File.Exists(In("sent", Name)), ran.ToString());
        Assert.Contains("没有传完的旧文件已作废", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneDoesNotComeToRest_TheOthersDo()
    {
        Fake.Outcome = status => status.State = status.Sequence == 1 ? SubmissionState.Stored : SubmissionState.Used;
        Put(Name, Valid);
        Put("GD-01_202503_2.csv", Valid);
        var ran = await RunAsync("watch", Watched, "--once", "--settle", "0", "--follow", "2");
        Assert.Equal(ExitCode.HubUnreachable, ran.Code);
        Assert.Equal("GD-01_202503_2.csv", Path.GetFileName(Assert.Single(Directory.GetFiles(In("sent")))));
        Assert.True(File.Exists(In(".work", Name)));
        Assert.Contains($"{Electricity} 已送达，平台还在处理", ran.Out, StringComparison.Ordinal);
        Counts(2, 0);
        Assert.Equal(ExitCode.Ok, (await OnceAsync()).Code);
        Assert.True(File.Exists(In("sent", Name)));
    }

    [Fact]
    public async Task DueTimePassedUnseen_IsMadeUpFor_UntilEverythingHasGone()
    {
        Counts(2, 0);
        Put(Name, Valid);
        FileOf($"watch/{WatchState.Name}", """{ "done": "2020-01-10T02:00:00", "owed": false, "extracts": {} }""");
        var refusals = 1;
        Fake.Refuses = _ => Interlocked.Decrement(ref refusals) >= 0 ? ProblemCatalogue.EnvironmentMismatch : null;
        using var ending = new CancellationTokenSource();
        var watching = RunAsync(Hub.Settings("scjg"), "",
            ["watch", Watched, "--schedule", "0 2 10 * *", "--poll", "1", "--settle", "0"], ending.Token);
        var until = DateTime.UtcNow.AddSeconds(30);
        while (new WatchState(Watched).Done?.Year is null or 2020 && DateTime.UtcNow < until)
            await Task.Delay(50);
        await ending.CancelAsync();
        var ran = await watching;
        Assert.True(File.Exists(In("sent", Name)), ran.ToString());
        Assert.Contains("留待以后：IH-INT-120", ran.Out, StringComparison.Ordinal);
        Assert.NotEqual(2020, new WatchState(Watched).Done?.Year);
    }

    [Fact]
    public async Task Withdrawn_IsNoSuccess()
    {
        Put(Name, Valid);
        Fake.NextSequence = 7;
        Fake.Outcome = status => status.State = SubmissionState.Withdrawn;
        var ran = await OnceAsync();
        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.True(File.Exists(In("rejected", Name)), ran.ToString());
        var told = File.ReadAllText(In("rejected", Name + ".说明.txt"));
        Assert.Contains("已撤回，再放一次不会入库", told, StringComparison.Ordinal);
        Assert.Contains("GD-01_202503_7.csv", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Superseded_IsTold()
    {
        Put(Name, Valid);
        Fake.Outcome = status =>
            (status.State, status.SupersededBy) = (SubmissionState.Used, "GD-01.v1.202503.9");
        Assert.Contains("已被全量报送 GD-01.v1.202503.9 替换", (await OnceAsync()).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedAsAWhole_NoMendIsOffered_AndTheNumberIsTheHubs()
    {
        Put(Name, Valid);
        Fake.NextSequence = 7;
        Fake.Outcome = status =>
            (status.State, status.RowsReceived, status.RowsRejected) = (SubmissionState.FileRefused, 3, 3);
        Assert.Equal(ExitCode.FileRefused, (await OnceAsync()).Code);
        Assert.Empty(Directory.GetFiles(In("rejected"), "*_mend_*"));
        Assert.Contains("文件名改为 GD-01_202503_7.csv", File.ReadAllText(In("rejected", Name + ".说明.txt")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMendIsRefused_ItKeepsItsName_AlsoWithASuffix()
    {
        Counts(3, 1);
        Put(Name, Valid);
        await OnceAsync();
        Fake.NextSequence = 4;
        Fake.Outcome = status => status.State = SubmissionState.FileRefused;
        var mend = $"GD-01_202503_mend_{Electricity}-2.csv";
        var lines = System.Text.Encoding.UTF8.GetString(Valid).TrimStart('\uFEFF').TrimEnd().Split('\n');
        Put(mend, System.Text.Encoding.UTF8.GetBytes(
            string.Join('\n', lines.Select((line, i) => (i == 0 ? "原行号," : $"{i},") + line))));
        var ran = await RunAsync("watch", Watched, "--once", "--settle", "0");
        Assert.Equal(Operation.Mend, Fake.Opened("GD-01.v1.202503.4").Operation);
        var told = File.ReadAllText(In("rejected", mend + ".说明.txt"));
        Assert.True(told.Contains($"文件名仍为 {mend}", StringComparison.Ordinal), told + ran);
    }

    [Fact]
    public async Task RowsOfALocallyRefusedFile_AreForLookingOnly_AndNotForEverybody()
    {
        var header = System.Text.Encoding.UTF8.GetString(Valid).Split('\n')[0];
        Put(Name, System.Text.Encoding.UTF8.GetBytes($"{header}\n1,,,,,,,,,,,,,,\n"));
        await OnceAsync();
        Assert.Contains("只供对照；请改原文件", File.ReadAllText(In("rejected", Name + ".说明.txt")),
            StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return;
        var others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var copy = File.GetUnixFileMode(In("rejected", "GD-01_202503.退回行.xlsx"));
        Assert.Equal((UnixFileMode.None, UnixFileMode.GroupRead), (copy & others, copy & UnixFileMode.GroupRead));
        Assert.Equal(UnixFileMode.GroupRead,
            File.GetUnixFileMode(In("rejected", Name + ".说明.txt")) & UnixFileMode.GroupRead);
    }

    [Fact]
    public async Task CheckedRows_NeverTakeTheInputsPlaceNorThatOfAnEarlierCopy()
    {
        var input = FileOf(Name, Valid);
        var ran = await RunAsync([], "", ["check", input, "--template", TemplateOf("GD-01"), "--rejected", input]);
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Equal(Valid, File.ReadAllBytes(input));
        var copy = FileOf("退回行.csv", "mended by hand");
        string[] again = ["check", input, "--template", TemplateOf("GD-01"), "--rejected", copy];
        Assert.Equal(ExitCode.Usage, (await RunAsync([], "", again)).Code);
        Assert.Equal("mended by hand", File.ReadAllText(copy));
        await RunAsync([], "", [.. again, "--force"]);
        Assert.StartsWith("原行号", File.ReadAllText(copy), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("systemd", "PrivateTmp=yes", "StateDirectory=infohub", "INFOHUB_HOME=/var/lib/infohub",
        "sudo -u infohub INFOHUB_HOME=/var/lib/infohub")]
    [InlineData("task-scheduler", "<LogonType>S4U</LogonType>", "<UserId>", "set &quot;INFOHUB_HOME=",
        "\\.&quot; --profile")]
    public async Task Install_NamesAccountAndSettings(string system, params string[] expected)
    {
        var ran = await RunAsync([], "", ["watch", Watched + "\\", "--install", system]);
        Assert.All(expected, text => Assert.Contains(text, ran.Out, StringComparison.Ordinal));
        if (system == "task-scheduler")
            System.Xml.Linq.XDocument.Parse(ran.Out);
    }

    private Task<Ran> OnceAsync() => RunAsync("watch", Watched, "--once", "--settle", "0");

    private string In(params string[] parts) => Path.Combine([Watched, .. parts]);

    private void Put(string name, byte[] content, string folder = "in") =>
        FileOf(Path.Combine("watch", folder, name), content);
}
