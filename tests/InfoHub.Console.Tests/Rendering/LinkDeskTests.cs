using System.Net;
using InfoHub.Console.Links;
using InfoHub.Console.Tests.Fixtures;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using Xunit;

namespace InfoHub.Console.Tests.Rendering;

/// <summary>What the queue and the model desk tell, from what the store has counted.</summary>
public sealed class LinkDeskTests
{
    private static QueuedRow Row(QueueKind kind, LinkRuling? first = null, bool showsFirst = false) => new(7, "GD-01",
        "恒盛五金 13800138000", "建设路77号", "339901", kind, LinkSeed.PartyOf(4), "临江恒盛五金商行", 0.8712f, 12_960_000, 3,
        IsUnsure: true, first) { ShowsFirst = showsFirst };

    private static AuditBand Band(int band, int judged, int errors, string department = "", string branch = "") =>
        new(department, branch, band, judged + 1, judged, errors, 1, 0, 0, 0, 0);

    private static ErrorRatesView Rates(AuditBand[] bands, params AuditStratum[] strata) => new(
        [.. BandView.All([.. bands.Where(b => b.Department.Length + b.Branch.Length == 0)], strata)],
        [.. bands.Where(b => b.Department.Length > 0).GroupBy(b => b.Department).Select(g =>
            GroupView.Of(g.Key, [.. g], strata.Where(s => s.Department == g.Key)))],
        [.. bands.Where(b => b.Branch.Length > 0).GroupBy(b => b.Branch).Select(g =>
            GroupView.Of(g.Key, [.. g], strata.Where(s => s.Branch == g.Key)))],
        RowsMin: 30, strata.GroupBy(s => s.Band).ToDictionary(g => g.Key, g => g.Sum(s => s.Rows)));

    [Fact]
    public async Task Queue_Filled_ShowsKindInterestAndHidesNumbers()
    {
        var html = await Html.QueueAsync("?item=GD-01", Row(QueueKind.CodeContradicted), Row(QueueKind.Review));
        var rows = Html.Rows(html, "findings links");
        Assert.Equal("代码矛盾 曾拿不准", rows[0][3]);
        Assert.Equal(("—", "87.12%"), (rows[0][5], rows[1][5]));
        Assert.Equal("1,296.00 万元", rows[0][6]);
        Assert.DoesNotContain("13800138000", html, StringComparison.Ordinal);
        Assert.Equal("links/7?item=GD-01", Html.Link(html.Replace("</th>", "\n", StringComparison.Ordinal)[
            ..html.IndexOf("</tr>", html.IndexOf("<tbody", StringComparison.Ordinal), StringComparison.Ordinal)],
            "恒盛五金 ［电话已隐藏］"));
    }

    [Fact]
    public async Task Queue_FirstRuling_IsShownToWhoeverHasRuled()
    {
        var first = new LinkRuling(1, "tax-x", LinkVerdict.Nobody, default, "看过", DateTimeOffset.UnixEpoch, true);
        var hidden = Html.Rows(await Html.QueueAsync("", Row(QueueKind.AwaitsSecond, first)), "findings links")[0][3];
        var shown = Html.Rows(await Html.QueueAsync("", Row(QueueKind.AwaitsSecond, first, showsFirst: true)),
            "findings links")[0][3];
        Assert.DoesNotContain("tax-x", hidden, StringComparison.Ordinal);
        Assert.Contains("tax-x：登记库中没有", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("339901", "城关区")]
    [InlineData("420113", "汉南区")]
    [InlineData("420100", "武汉市")]
    [InlineData("420106007", "黄鹤楼街道")]
    [InlineData("999999", "999999")]
    [InlineData("999999001", "999999001")]
    [InlineData("", "")]
    public void Division_HasTheCitysNameOrTheNationalOne(string code, string expected) => Assert.Equal(expected,
        new ConsoleCatalogue([], [], [new NamedCode("339901", "城关区")]).DivisionName(code));

    [Theory]
    [InlineData(3.0, "有力地支持，约 20 倍")]
    [InlineData(-0.7, "略微反对，降到约 2 分之一")]
    [InlineData(1.49, "明显支持，约 4.4 倍")]
    [InlineData(6.0, "极有力地支持，约 403 倍")]
    [InlineData(-12.0, "极有力地反对，降到约 16 万 分之一")]
    [InlineData(-40.0, "极有力地反对，降到不足百万分之一")]
    [InlineData(0.07, "几乎没有影响")]
    public void Strength_OfAWeight_IsSaidInWordsAndTimes(double weight, string expected) =>
        Assert.Equal(expected, LinksText.Strength(weight));

    [Theory]
    [InlineData(1.0, "＞99.99%")]
    [InlineData(0.99995, "＞99.99%")]
    [InlineData(0.9999, "99.99%")]
    [InlineData(0.5, "50.00%")]
    [InlineData(0.0, "＜0.01%")]
    public void Chance_NeverCertain(double share, string expected) => Assert.Equal(expected, LinksText.ChanceOf(share));

    [Theory]
    [InlineData("", "管辖范围内没有待核对的数据行")]
    [InlineData("?kind=Ambiguous", "没有符合条件的数据行")]
    public async Task Queue_Empty_SaysWhy(string address, string expected) =>
        Assert.Contains(expected, Html.Text(await Html.QueueAsync(address)), StringComparison.Ordinal);

    [Fact]
    public async Task ModelDesk_WithoutASample_SaysSoAndOffersOne()
    {
        var html = Html.Text(await Html.ModelDeskAsync(Rates([], new AuditStratum("GD", "339901", 1, 900))));
        Assert.Contains("还没有抽取样本。", html, StringComparison.Ordinal);
        Assert.Contains("盲核以后这里显示各概率段的实际比例。", html, StringComparison.Ordinal);
        Assert.Contains("归户 900（100.00%）", html, StringComparison.Ordinal);
        Assert.DoesNotContain("各部门差错率", html, StringComparison.Ordinal);
    }

    /// <summary>Goal: a large stratum with few samples weighs as much as it has rows.</summary>
    [Fact]
    public async Task ModelDesk_Verdicts_AreTotalledByTheRowsTheyStandFor()
    {
        var html = await Html.ModelDeskAsync(Rates([Band(1, 100, 0), Band(4, 100, 10), Band(5, 100, 50)],
            new AuditStratum("GD", "339901", 1, 8_000), new AuditStratum("GD", "339901", 4, 1_900),
            new AuditStratum("GD", "339901", 5, 100)));
        var rows = Html.Rows(html, "odds bands").ToDictionary(r => r[0], r => r[1..]);
        Assert.Equal(["101", "100", "10", "10.00%", "5.52% – 17.44%"], rows["自动判定未登记：有相近主体"][..5]);
        Assert.Equal("50.00%", rows["自动判定未登记：无相近主体"][3]);
        // (1900 × 10 % + 100 × 50 %) ÷ 2000 and not 60 ÷ 200; of all three, 240 ÷ 10,000.
        Assert.Equal(["202", "200", "60", "12.00%"], rows["自动判定未登记合计"][..4]);
        Assert.Equal("2.40%", rows["系统自行判定合计"][3]);
        Assert.Equal(["0", "0", "0", "—", "—"], rows["已登记，待辨认"][..5]);
    }

    /// <summary>Goal: what nobody has looked at does not count as right.</summary>
    [Fact]
    public async Task ModelDesk_AStratumNobodyJudged_LeavesTheSumOpen()
    {
        var html = await Html.ModelDeskAsync(Rates([Band(1, 100, 0), Band(4, 100, 0)],
            new AuditStratum("GD", "339901", 4, 500), new AuditStratum("GD", "339901", 5, 500)));
        var sum = Html.Rows(html, "odds bands").Single(r => r[0] == "自动判定未登记合计");
        Assert.Equal("—", sum[4]);
        Assert.Matches("^0.00% – 5[0-9].[0-9][0-9]%$", sum[5]);
    }

    [Fact]
    public async Task ModelDesk_Departments_WithFewVerdictsTellNoRate()
    {
        var html = WebUtility.HtmlDecode(await Html.ModelDeskAsync(Rates(
            [Band(1, 70, 3), Band(1, 40, 2, "GD"), Band(4, 29, 0, "GD"), Band(1, 30, 1, "YB"),
                Band(1, 70, 3, branch: "339901")],
            new AuditStratum("GD", "339901", 1, 100), new AuditStratum("GD", "339901", 4, 100))));
        var departments = Html.Rows(html[html.IndexOf("各部门差错率", StringComparison.Ordinal)..], "odds groups");
        Assert.Equal(["GD", "40", "5.00%", "1.38% – 16.50%", "29", "不足 30 行"], departments[0]);
        Assert.Equal(["YB", "30", "3.33%", "0.59% – 16.67%", "0", "不足 30 行"], departments[1]);
        var branches = Html.Rows(html[html.IndexOf("各分局差错率", StringComparison.Ordinal)..], "odds groups");
        Assert.Equal(["339901", "70", "4.29%", "1.47% – 11.86%", "0", "不足 30 行"], branches[0]);
    }
}
