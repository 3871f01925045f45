using System.Text;
using InfoHub.Cli;
using InfoHub.Contracts.Intake.V1;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>What a clerk does with rejected rows: finds them, mends them in a spreadsheet, accounts for those not
/// sent.</summary>
public sealed class ClerksLoopTests : CommandBench
{
    private const string Header = "用户编号,用户名称,用电地址,区划,用电月份,用电类别,抄表电量(kWh),电费(元),用户状态\n";
    private const string Good = "370983000001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1\n";

    private async Task<(string Out, string Error, ExitCode Code)> CheckAsync(string rows, params string[] more)
    {
        var path = FileOf("GD-01_202503.csv", Header + rows);
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01"), .. more]);
        return (ran.Out, ran.Error, ran.Code);
    }

    [Fact]
    public async Task Check_NameForACode_SaysTheCode_AndTheRowAsASpreadsheetShowsIt()
    {
        var ran = await CheckAsync(Good + "370983000002,乙公司,东湖路2号,370983,202503,一般工商业,1,1,1\n"
            + "370983000003,丙公司,东湖路3号,370983,202503,200 一般工商业,1,1,在用\n");

        Assert.Contains("表格第 3 行（数据第 2 行）", ran.Out, StringComparison.Ordinal);
        Assert.Equal(2, ran.Out.Split("请填 200").Length - 1);
        Assert.Contains("请填 1", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("IH-INT-302", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('{', ran.Out);
        Assert.DoesNotContain('…', ran.Out);
    }

    [Fact]
    public async Task Check_ManyHints_HideNoRejection()
    {
        var hints = string.Concat(Enumerable.Range(0, 30).Select(i =>
            $"37098300{i:0000},甲公司,东湖路1号,370983,202502,200,1,1,1\n"));
        var ran = await CheckAsync(Good + hints + "370983999999,乙公司,东湖路2号,370983,202503,200,x,1,1\n", "--limit", "2");

        var rejection = ran.Out.IndexOf("370983999999|202503  IH-INT-303", StringComparison.Ordinal);
        Assert.True(rejection > 0 && rejection < ran.Out.IndexOf("以下是提示", StringComparison.Ordinal), ran.Out);
        Assert.Contains("退回 1 条，列出 1 条；提示 30 条，列出 2 条", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--limit 0", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WarningCheckOfAColumn_IsAHint()
    {
        var ran = await CheckAsync(Good + "370983000002,乙公司,东湖路2号,东湖区,202503,200,1,1,1\n");

        Assert.Equal(ExitCode.Ok, ran.Code);
        Assert.Contains("[区划]  提示 1 处", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_HeaderBelowTitles_RowsAreThoseOfTheSheet()
    {
        var path = FileOf("GD-01_202503.csv", "2025年3月用电明细\n\n\"单位\n元\"\n" + Header + Good
            + "370983000002,乙公司,东湖路2号,370983,202503,200,x,1,1\n");
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01")]);

        Assert.Contains("表格第 6 行（数据第 2 行）", ran.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GD-01_202503_1.xls", "旧版 xls 不能报送", "另存为 xlsx 或 CSV UTF-8")]
    [InlineData("三月用电.et", "旧版 xls 不能报送", "另存为 xlsx 或 CSV UTF-8")]
    [InlineData("GD-01_202503.csv", "旧版 xls 不能报送", "另存为 xlsx 或 CSV UTF-8")]
    public async Task Check_OldWorkbook_IsNamedBeforeItsName(string name, string what, string mend)
    {
        var path = FileOf(name, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[100]]);
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01")]);

        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.Contains("IH-INT-209", ran.Error, StringComparison.Ordinal);
        Assert.Contains(what, ran.Error, StringComparison.Ordinal);
        Assert.Contains(mend, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("改名", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_TextUnderTheNameOfAWorkbook_IsToldToBeRenamed()
    {
        var path = FileOf("GD-01_202503.xls", Header + Good);
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01")]);

        Assert.Contains("把扩展名改为 .csv", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GD-01_203001.csv", "IH-INT-149")]
    [InlineData("GD-01_2025Q1.csv", "IH-INT-106")]
    [InlineData("GD-01_202512.csv", "IH-INT-242")]
    public async Task Check_PeriodThatCannotBe_IsRefused(string name, string code)
    {
        var path = FileOf(name, Header + Good);
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01")]);

        Assert.Equal(ExitCode.FileRefused, ran.Code);
        Assert.Contains(code, ran.Out + ran.Error, StringComparison.Ordinal);
        if (code == "IH-INT-242")
            Assert.Contains("看来是 202503 的文件", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WithoutANumber_ListsWhatWasSent()
    {
        Assert.Contains("还没有报送过", (await RunAsync("status")).Out, StringComparison.Ordinal);
        Counts(3, 1);
        await RunAsync("push", FileOf("GD-01_202503.csv", Sample("GD-01", "valid.csv")));
        var ran = await RunAsync("status");

        Assert.Equal(ExitCode.Ok, ran.Code);
        Assert.Contains("GD-01.v1.202503.1", ran.Out, StringComparison.Ordinal);
        Assert.Contains("待改正", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_StoreOfTheHubIsAway_SaysSo()
    {
        Assert.Contains("平台数据库：可以读取", (await RunAsync("doctor")).Out, StringComparison.Ordinal);
        Fake.StoreIsAway = true;
        var ran = await RunAsync("doctor");

        Assert.Contains("多半是平台的数据库停了", ran.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.HubUnreachable, ran.Code);
    }

    [Fact]
    public async Task Mend_DroppedRows_AreSentWithTheirReason_AndOthersAreRefused()
    {
        Fake.RejectedColumns.AddRange(DelimitedTitles());
        Fake.RejectedRows.Add(new RejectedRow { Row = 17, Cells = { Good.TrimEnd().Split(',') },
            Reasons = { new RowError { Code = "IH-INT-501" } } });
        await RunAsync("push", FileOf("GD-01_202503.csv", Sample("GD-01", "valid.csv")));
        Fake.NextSequence = 2;
        var wrong = await RunAsync("mend", "--drop", "18", "--reason", "重复导出", "--base", "GD-01.v1.202503.1");
        Assert.Contains("IH-INT-151", wrong.Error, StringComparison.Ordinal);
        var ran = await RunAsync("mend", "--drop", "17", "--reason", "重复导出", "--base", "GD-01.v1.202503.1");

        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Equal(Operation.Mend, Fake.Opened("GD-01.v1.202503.2").Operation);
        Assert.Contains("重复导出", Encoding.UTF8.GetString(Fake.Content("GD-01.v1.202503.2")), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("mend", "--base", "GD-01.v1.202503.1")).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("mend", "--drop", "17", "--base", "GD-01.v1.202503.1")).Code);
    }

    private static string[] DelimitedTitles() => Header.TrimEnd().Split(',');
}
