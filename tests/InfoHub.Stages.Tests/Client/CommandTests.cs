using System.IO.Compression;
using InfoHub.Cli;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using Xunit;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Stages.Tests.Client;

/// <summary>A liaison's day at the command line: log in, check, push, look at errors, mend, take back.</summary>
public sealed class CommandTests : CommandBench
{
    private const string Electricity = "GD-01.v1.202503.1";

    [Fact]
    public async Task Login_KeepsWhatIsNeededAndNobodyElseReadsTheSecret()
    {
        Fake.Environment = HubEnvironment.Test;
        var settings = Hub.Settings("scjg");
        var ran = await RunAsync(new Dictionary<string, string>(), settings["INFOHUB_CLIENT_SECRET"] + "\n",
            ["login", "--hub", settings["INFOHUB_HUB"], "--authority", settings["INFOHUB_AUTHORITY"], "--client-id",
                "scjg", "--secret-stdin"]);
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Contains("测试环境", ran.Out, StringComparison.Ordinal);
        Assert.Contains(Fake.KeyId, ran.Out, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(Home, "profiles")))
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(settings["INFOHUB_CLIENT_SECRET"],
            File.ReadAllText(Path.Combine(Home, "profiles", "default.json")), StringComparison.Ordinal);

        var push = await RunAsync([], "", ["push", "--no-check", FileOf("SCJG-03_202503.csv", "a\n")]);
        Assert.True(push.Code == ExitCode.Ok, push.ToString());
        Assert.Equal(HubEnvironment.Test, Fake.Opened(Submission).Environment);
        Fake.Environment = HubEnvironment.Production;
        var other = await RunAsync([], "", ["push", "--no-check", FileOf("SCJG-03_202504.csv", "a\n")]);
        Assert.Equal(ExitCode.NotPermitted, other.Code);
        Assert.Contains("IH-INT-136", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_CredentialsFile_SeveralProfiles_VariablesWin()
    {
        var env = Path.Combine(Hub.DataFolder, "credentials", "scjg.env");
        Assert.Equal(ExitCode.Ok, (await RunAsync([], "", ["login", "--env-file", env, "--profile", "work"])).Code);
        Assert.Contains("work  scjg", (await RunAsync([], "", ["login", "--list"])).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync([], "", ["templates", "--profile", "work"])).Code);
        var none = await RunAsync([], "", ["templates"]);
        Assert.Equal(ExitCode.Usage, none.Code);
        Assert.Contains("IH-CFG-010", none.Error, StringComparison.Ordinal);
        var wrong = new Dictionary<string, string> { ["INFOHUB_CLIENT_SECRET"] = "guess" };
        Assert.Equal(ExitCode.NotPermitted, (await RunAsync(wrong, "", ["templates", "--profile", "work"])).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync([], "", ["templates", "--profile", "../x"])).Code);
    }

    [Fact]
    public async Task Login_WrongSecretOrOtherEnvironment_KeepsNothing()
    {
        var settings = Hub.Settings("scjg");
        settings["INFOHUB_CLIENT_SECRET"] = "guess";
        Assert.Equal(ExitCode.NotPermitted, (await RunAsync(settings, "", ["login"])).Code);
        settings = Hub.Settings("scjg");
        settings["INFOHUB_ENVIRONMENT"] = "test";
        Assert.Equal(ExitCode.NotPermitted, (await RunAsync(settings, "", ["login"])).Code);
        Assert.False(Directory.Exists(Path.Combine(Home, "profiles")));
    }

    [Fact]
    public async Task Templates_SavedAndListedOffline()
    {
        var save = Path.Combine(Folder, "save");
        Assert.Equal(ExitCode.Ok, (await RunAsync("templates", "--save", save)).Code);
        Assert.Equal(File.ReadAllText(TemplateOf("GD-01")), File.ReadAllText(Path.Combine(save, "GD-01.v1.yaml")));
        Fake.UnavailableCalls = int.MaxValue;
        Assert.Contains("非居民用户月用电信息", (await RunAsync([], "", ["templates", "--offline"])).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_Checked_TellsTheManifestAndComparesSideBySide()
    {
        Fake.Outcome = status =>
        {
            status.State = SubmissionState.Used;
            (status.RowsReceived, status.RowsAccepted, status.RowsStored) = (2, 2, 2);
            status.ControlSums.Clear();
            status.ControlSums.Add(new ControlSum { Field = "fee", Received = "3.30", Rejected = "0",
                Accepted = "3.30", Stored = "3.30" });
            status.ControlSums.Add(new ControlSum { Field = "kwh", Received = "9.00", Rejected = "0",
                Accepted = "9.00", Stored = "9.00" });
        };
        var ran = await RunAsync("push", FileOf("GD-01_202503.csv", Rows("1.10", "2.20")));
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Equal(2, Fake.Manifests[Electricity].Rows);
        Assert.Equal("3.30", Fake.Manifests[Electricity].ControlSums["fee"]);
        Assert.Matches(@"电费\(元\)\s+3\.30\s+3\.30\s+0\s+3\.30\s+3\.30", ran.Out);
        Assert.Matches(@"抄表电量\(kWh\)\s+2\.00 ≠\s+9\.00", ran.Out);
        Assert.True(File.Exists(Path.Combine(Receipts, Electricity + ".json")));
        Assert.Contains("\"event\":\"ended\"", File.ReadAllText(Path.Combine(Home, "journal.jsonl")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_HopelessFile_NeverLeavesTheMachine()
    {
        var ran = await RunAsync("push", FileOf("GD-01_202503.csv", "甲,乙\n1,2\n"));
        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.Contains("IH-INT-202", ran.Error, StringComparison.Ordinal);
        Assert.False(Fake.Knows(Electricity));
        var sent = await RunAsync("push", "--no-check", FileOf("GD-01_202503.csv", "甲,乙\n1,2\n"));
        Assert.Equal(ExitCode.Ok, sent.Code);
    }

    [Fact]
    public async Task Push_BadRows_AreSentUnlessStrict()
    {
        Counts(3, 1);
        var path = FileOf("GD-01_202503.csv", Rows("1.10", "不是数", "2.20"));
        var strict = await RunAsync("push", "--strict", path);
        Assert.Equal(ExitCode.RowsRejected, strict.Code);
        Assert.Contains("IH-INT-140", strict.Error, StringComparison.Ordinal);
        Assert.False(Fake.Knows(Electricity));
        var sent = await RunAsync("push", "--operation", "snapshot", "--encoding", "utf-8", path);
        Assert.True(sent.Code == ExitCode.RowsRejected, sent.ToString());
        Assert.Contains("infohub mend", sent.Out, StringComparison.Ordinal);
        Assert.Equal((Operation.Snapshot, TextEncoding.Utf8), (Fake.Opened(Electricity).Operation,
            Fake.Opened(Electricity).Encoding));
        Assert.Equal(3, Fake.Manifests[Electricity].Rows);
        Assert.Equal("3.30", Fake.Manifests[Electricity].ControlSums["fee"]);
    }

    [Fact]
    public async Task Errors_EveryFormat_SaysTheSame()
    {
        await RunAsync("push", "--no-check", FileOf("GD-01_202503.csv", Rows("1")));
        Fake.Errors.AddRange(Enumerable.Range(3, 5000).Select(row => new RowError
        {
            Row = row, RowKey = $"=K{row}", Code = "IH-INT-301", Field = "fee", FieldTitle = "电费(元)", Observed = "空",
                Fix = "请补填。",
        }));
        var text = await RunAsync("errors", Electricity, "--limit", "2");
        Assert.Contains("同样的错误 5000 处，数据第 3 行 至 数据第 5002 行", text.Out, StringComparison.Ordinal);
        Assert.Contains("退回 5000 条，列出 2 条", text.Error, StringComparison.Ordinal);
        var csv = Path.Combine(Folder, "errors.csv");
        Assert.Equal(ExitCode.Ok, (await RunAsync("errors", Electricity, "--format", "csv", "--out", csv)).Code);
        var lines = File.ReadAllLines(csv);
        Assert.Equal(5001, lines.Length);
        Assert.StartsWith("3,,'=K3,fee,电费(元),IH-INT-301,", lines[1], StringComparison.Ordinal);
        var json = Path.Combine(Folder, "errors.jsonl");
        await RunAsync("errors", Electricity, "--format", "jsonl", "--out", json);
        Assert.Equal(5001, File.ReadLines(json).Count());
        Assert.Contains("\"details\": \"5000\"", File.ReadLines(json).First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mend_RejectedRows_GoBackUnderTheNextNumberAndKeepIt()
    {
        Counts(3, 2);
        await RunAsync("push", "--no-check", FileOf("GD-01_202503.csv", Rows("1", "2", "3")));
        RejectTwo();
        var copy = Path.Combine(Folder, "退回行.csv");
        var errors = await RunAsync("errors", Electricity, "--format", "rejected", "--out", copy);
        Assert.True(errors.Code == ExitCode.Ok, errors.ToString());
        var lines = File.ReadAllLines(copy);
        Assert.Equal("原行号,表格行号,用户编号,电费(元),错误代码,错误说明,修改建议,不再报送的原因", lines[0].TrimStart('\uFEFF'));
        Assert.Equal(["2", "", "0007", "'=x", "IH-INT-303；IH-INT-301"], DelimitedRow.Split(lines[1], ',').Take(5));
        Assert.Equal(["3", "", "8", "a,b"], DelimitedRow.Split(lines[2], ',').Take(4));

        Fake.NextSequence = 5;
        Counts(2, 0);
        var mended = await RunAsync("mend", "--no-check", copy, "--base", Electricity);
        Assert.True(mended.Code == ExitCode.Ok, mended.ToString());
        Assert.Contains("还有 2 行待改正", mended.Out, StringComparison.Ordinal);
        var opened = Fake.Opened("GD-01.v1.202503.5");
        Assert.Equal((Operation.Mend, Electricity, 1), (opened.Operation, opened.Base, opened.TemplateVersion));
        Fake.NextSequence = 6;
        var again = await RunAsync("mend", "--no-check", copy, "--base", Electricity);
        Assert.True(again.Code == ExitCode.Ok, again.ToString());
        Assert.False(Fake.Knows("GD-01.v1.202503.6"));

        var lost = await RunAsync("mend", FileOf("lost.csv", "用户编号,电费(元)\n1,2\n"), "--base", Electricity);
        Assert.Equal(ExitCode.Usage, lost.Code);
        Assert.Contains("IH-INT-130", lost.Error, StringComparison.Ordinal);
        var corrected = await RunAsync("correct", FileOf("any.csv", Rows("9")), "--base", Electricity);
        Assert.True(corrected.Code == ExitCode.Ok, corrected.ToString());
        Assert.Equal(Operation.Correction, Fake.Opened("GD-01.v1.202503.6").Operation);
    }

    [Fact]
    public async Task Nil_AndWithdraw_AreConfirmedByReceipts()
    {
        var nil = await RunAsync("nil", "gd-01", "202504", "--reason", "停产");
        Assert.True(nil.Code == ExitCode.Ok, nil.ToString());
        Assert.Contains("GD-01.v1.202504.1", nil.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "verify", "--trust-bundled",
            Path.Combine(Receipts, "GD-01.v1.202504.1.json"))).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("nil", "GD-01", "202504")).Code);

        await RunAsync("push", "--no-check", "--until", "committed", FileOf("GD-01_202503.csv", Rows("1")));
        var unsure = await RunAsync("withdraw", Electricity, "--reason", "重复");
        Assert.Equal(ExitCode.Usage, unsure.Code);
        Assert.Contains("IH-INT-141", unsure.Error, StringComparison.Ordinal);
        var withdrawn = await RunAsync("withdraw", Electricity, "--reason", "重复", "--yes");
        Assert.True(withdrawn.Code == ExitCode.Ok, withdrawn.ToString());
        Assert.Contains("已撤回", withdrawn.Out, StringComparison.Ordinal);
        Assert.Contains("撤回原因：重复", (await RunAsync("status", Electricity)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_HubOfBefore_SayWhatItLacks()
    {
        Fake.IsOld = true;
        await RunAsync("push", "--no-check", FileOf("GD-01_202503.csv", Rows("1")));
        foreach (var arguments in new string[][]
            { ["errors", Electricity, "--format", "rejected"], ["nil", "GD-01", "202504", "--reason", "x"],
                ["receipt", "prove", Electricity, "1", "--out", "x"] })
        {
            var ran = await RunAsync(arguments);
            Assert.Equal(ExitCode.Usage, ran.Code);
            Assert.Contains("IH-INT-134", ran.Error, StringComparison.Ordinal);
        }
        Assert.Equal(ExitCode.Ok, (await RunAsync("login")).Code);
    }

    [Fact]
    public async Task Doctor_SaysWhatIsWrong_AndItsBundleHoldsNoSecret()
    {
        await RunAsync("login");
        await RunAsync("templates");
        var well = await RunAsync("doctor");
        Assert.True(well.Code == ExitCode.Ok, well.ToString());
        Assert.DoesNotContain("fail", well.Out, StringComparison.Ordinal);
        Fake.ClockSkew = TimeSpan.FromHours(2);
        var zip = Path.Combine(Folder, "support.zip");
        var ill = await RunAsync("doctor", "--bundle", zip);
        Assert.Equal(ExitCode.Usage, ill.Code);
        Assert.Contains("fail 时钟：IH-CFG-012", ill.Out, StringComparison.Ordinal);
        using var archive = ZipFile.OpenRead(zip);
        var all = string.Concat(archive.Entries.Select(entry => new StreamReader(entry.Open()).ReadToEnd()));
        Assert.Contains("client_secret set", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Hub.SecretOf("scjg"), all, StringComparison.Ordinal);
        Fake.UnavailableCalls = int.MaxValue;
        Assert.Equal(ExitCode.HubUnreachable, (await RunAsync("doctor")).Code);
    }

    [Fact]
    public void SupportBundle_LogLines_LoseWhatMayBeACell() => Assert.Equal("第 3 行 “…” 编号 …，共 12 行",
        Cli.Diagnosing.SupportBundle.WithoutCells("第 3 行 “张三” 编号 420106198001011234，共 12 行"));

    [Theory]
    [InlineData("电话 13800138000", "电话 …")]
    [InlineData("户号 370983", "户号 …")]
    [InlineData("第 12345 行", "第 12345 行")]
    [InlineData("'张三'，‘李四’，「王五」", "“…”，“…”，“…”")]
    [InlineData("税号 91420106MA4KABCD1X", "税号 …")]
    [InlineData("GD-01.v1.202503.4782 已入库", "GD-01.v1.202503.4782 已入库")]
    public void SupportBundle_Text_LosesShortNumbersToo(string line, string expected) =>
        Assert.Equal(expected, Cli.Diagnosing.SupportBundle.WithoutCells(line));

    [Fact]
    public async Task SupportBundle_OfADiagnosis_LosesThemAsWell()
    {
        var zip = Path.Combine(Folder, "support.zip");
        await RunAsync("doctor", "--hub", "http://127.0.0.1:1/13800138000", "--dir",
            Path.Combine(Folder, "420106198001011234"), "--bundle", zip);
        using var archive = ZipFile.OpenRead(zip);
        using var doctor = new StreamReader(archive.GetEntry("doctor.txt")!.Open());
        var text = await doctor.ReadToEndAsync();
        Assert.Contains("IH-INT-116", text, StringComparison.Ordinal);
        Assert.DoesNotContain("13800138000", text, StringComparison.Ordinal);
    }

    private void RejectTwo()
    {
        Fake.RejectedColumns.AddRange(["用户编号", "电费(元)"]);
        Fake.RejectedRows.AddRange(
        [
            new RejectedRow
            {
                Row = 2, Cells = { "0007", "=x" },
                Reasons = { new RowError { Code = "IH-INT-303", Fix = "请改。" }, new RowError { Code = "IH-INT-301",
                    Fix = "请改。" } },
            },
            new RejectedRow { Row = 3, Cells = { "8", "a", "b" },
                Reasons = { new RowError { Code = "IH-INT-402", Fix = "加引号。" } } },
        ]);
    }

    private static string Rows(params string[] fees) =>
        "用户编号,用户名称,用电地址,区划,用电月份,用电类别,合同容量(kVA),抄表电量(kWh),电费(元),转供电标志,立户日期,用户状态\n"
        + string.Concat(fees
            .Select((fee, i) =>
                $"370983000000{i},云山市禾木五金有限公司,禾木路{i}号,370983,202503,200,50,1.00,{fee},N,2019-01-18,1\n"));
}
