using InfoHub.Domain.Findings;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Console.Tests.Rendering;

public sealed class FindingsListTests
{
    private static readonly ModelFigure Sz14 =
        new("SZ-14", 1, Money.FromYuan(2_469_526.25m), Money.FromYuan(71_927.95m), 1);

    [Fact]
    public async Task Table_OneFinding_TwelveCellsInTheOrderOfficersExpect()
    {
        var html = await Html.ListAsync("", [Html.Finding()], null, Sz14);

        Assert.Equal(
            ["SZ14-202503-0001", "SZ-14", "临江仁和门诊部", "91339901MA2K9T4X3E", "2025年3月", "7,221,836.40",
                "4,752,310.15", "2,469,526.25 收入", "—", "96.5%", "待反馈", "城关街道"],
            Assert.Single(Html.Rows(html, "findings")));
        Assert.Contains("<caption", html, StringComparison.Ordinal);
        Assert.Contains("scope=\"col\"", html, StringComparison.Ordinal);
        Assert.Contains("scope=\"row\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_InTenThousandYuan_RoundsHalfAwayFromZero()
    {
        var html = await Html.ListAsync("?unit=wan", [Html.Finding(gapYuan: 50m), Html.Finding("B", gapYuan: -50m)], null, Sz14);

        var rows = Html.Rows(html, "findings");
        Assert.Equal(["722.18", "475.23", "0.01 收入"], rows[0][5..8]);
        Assert.Equal("-0.01 收入", rows[1][7]);
        Assert.Contains("金额单位：万元", Html.Text(html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_HostileName_IsTextNotMarkup()
    {
        const string Name = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>商贸";
        var html = await Html.ListAsync("", [Html.Finding(party: Name)], null, Sz14);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_HostileAddress_IsTextNotMarkup()
    {
        var html = await Html.ListAsync("?party=%22%3E%3Cscript%3E&from=%3Cscript%3E&region=%3Cscript%3E", [Html.Finding()], null, Sz14);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Links_FilteredList_KeepTheFilter()
    {
        const string Filter = "model=SZ-14&model=SZ-01&region=339901001&from=2025-01&to=2025-06&state=Pushed&party=%E4%BB%81%E5%92%8C&gap=5";
        var html = await Html.ListAsync($"?{Filter}&unit=wan", [Html.Finding("A/1")], new FindingCursor(246_952_625, "A/1"), Sz14);

        Assert.Equal($"findings?{Filter}&unit=wan&after=246952625~A%2F1", Html.Link(html, "下一页"));
        Assert.Equal($"findings/A%2F1?{Filter}&unit=wan", Html.Link(html, "A/1"));
        Assert.Equal($"findings?{Filter}", Html.Link(html, "元"));
        Assert.DoesNotContain("回首页", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_SecondPage_LeadBackToTheFirst()
    {
        var html = await Html.ListAsync("?model=SZ-14&after=~X1", [Html.Finding()], null, Sz14);

        Assert.Equal("findings?model=SZ-14", Html.Link(html, "回首页"));
        Assert.DoesNotContain("rel=\"next\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_WithFilter_SaysHowToWidenIt()
    {
        var html = await Html.ListAsync("?party=%E6%B2%A1%E6%9C%89", []);

        Assert.Contains("没有符合条件的疑点 请放宽条件", Html.Text(html), StringComparison.Ordinal);
        Assert.DoesNotContain("<table class=\"findings\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_WithoutFilter_SaysWhenFindingsAppear() =>
        Assert.Contains("管辖范围内目前没有未结疑点", Html.Text(await Html.ListAsync("", [])), StringComparison.Ordinal);

    [Theory]
    [InlineData("?from=2025-13", "所属期“2025-13”无法识别")]
    [InlineData("?from=2025-06&to=2025-01", "所属期止早于所属期起")]
    [InlineData("?gap=-5", "差额“-5”应为不小于零的金额")]
    [InlineData("?gap=99999999999999999999", "差额“99999999999999999999”")]
    [InlineData("?region=33%25", "区划代码“33%”应为数字")]
    public async Task Form_UnreadableCondition_SaysSoAndKeepsWhatWasTyped(string address, string expected) =>
        Assert.Contains(expected, Html.Text(await Html.ListAsync(address, [])), StringComparison.Ordinal);

    [Fact]
    public async Task Summary_ManyModels_CardsAndRestAddUpToTheTotal()
    {
        var figures = Enumerable.Range(1, 9)
            .Select(n => new ModelFigure($"SZ-{n:00}", n, Money.FromYuan(1000 - n), null, 0)).ToArray();
        var text = Html.Text(await Html.ListAsync("", [Html.Finding()], null, figures));

        Assert.Contains("未结疑点 45 件", text, StringComparison.Ordinal);
        Assert.Contains("其余模型 30 件", text, StringComparison.Ordinal);
    }

    /// <summary>Goal: what is missing of a tax is never added to what is missing of receipts.</summary>
    [Fact]
    public async Task Summary_GapsOfTwoKinds_AreTwoSums()
    {
        var text = Html.Text(await Html.ListAsync("", [Html.Finding()], null,
            new("SZ-14", 7, Money.FromYuan(971_904.28m), null, 0),
            new("SZ-01", 50, Money.FromYuan(504_737.49m), Money.FromYuan(504_737.49m), 50),
            new("HJ-01", 22, null, null, 0)));

        Assert.Contains("收入差额合计 971,904.28 元 税费差额合计 504,737.49 元 估算税额合计 504,737.49 元（50 件有估算）", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("1,476,641.77", text, StringComparison.Ordinal);
        Assert.Contains("HJ-01 市场主体未办理税务信息确认 22 件 不涉及金额", text, StringComparison.Ordinal);
    }

    /// <summary>Goal: two models that the catalogue does not know are not taken for one kind.</summary>
    [Fact]
    public async Task Summary_UnknownModels_AreSumsOfTheirOwn()
    {
        var text = Html.Text(await Html.ListAsync("", [Html.Finding()], null,
            new("SZ-98", 1, Money.FromYuan(2m), null, 0), new("SZ-99", 1, Money.FromYuan(1m), null, 0)));

        Assert.Contains("SZ-98差额合计 2.00 元 SZ-99差额合计 1.00 元", text, StringComparison.Ordinal);
    }

    /// <summary>Goal: a search of findings without amounts shows no sum of zero.</summary>
    [Fact]
    public async Task Summary_WithoutAmounts_SaysSo()
    {
        var finding = Html.Finding(gapYuan: null);
        var html = await Html.ListAsync("?model=HJ-01", [finding with
        {
            Draft = finding.Draft with { Model = "HJ-01", Expected = null, Actual = null },
        }], null, new ModelFigure("HJ-01", 22, null, null, 0));

        Assert.Contains("查询到的疑点不涉及金额", Html.Text(html), StringComparison.Ordinal);
        Assert.DoesNotContain("0.00", Html.Text(html), StringComparison.Ordinal);
        Assert.DoesNotContain("差额合计", Html.Text(html), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg role=\"img\"", html, StringComparison.Ordinal);
        Assert.Equal("2025年3月起", Assert.Single(Html.Rows(html, "findings"))[4]);
    }

    [Fact]
    public async Task Chart_GapsAndNone_BarsInProportionAndTableTwin()
    {
        var html = await Html.ListAsync("", [Html.Finding()], null,
            new("SZ-03", 3, Money.FromYuan(200m), null, 0), new("SZ-01", 2, Money.FromYuan(100m), null, 0),
            new("SZ-14", 2, Money.FromYuan(50m), null, 0), new("SZ-02", 2, Money.FromYuan(25m), null, 0),
            new("HJ-01", 4, null, null, 0));

        // One scale per kind: SZ-02 and SZ-03 are unknown to the catalogue and kinds of their own.
        Assert.Equal(["48%", "48%", "48%", "48%"], System.Text.RegularExpressions.Regex
            .Matches(html, "class=\"bar\".*?width=\"([^\"]+)\"").Select(m => m.Groups[1].Value));
        Assert.Contains("HJ-01 4 — —", Html.Text(html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task States_AllEight_CanBeAskedForInChinese()
    {
        var text = Html.Text(await Html.ListAsync("", []));

        foreach (var name in new[] { "待推送", "待反馈", "待审核", "已归档", "自动消除", "已退回", "已排除", "转稽查", "全部状态" })
            Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Equal(8, Enum.GetValues<FindingState>().Length);
    }
}
