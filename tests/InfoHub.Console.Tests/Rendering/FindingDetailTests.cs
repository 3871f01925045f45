using InfoHub.Console.Findings;
using InfoHub.Console.Tests.Fixtures;
using InfoHub.Domain.Findings;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parties;
using Xunit;

namespace InfoHub.Console.Tests.Rendering;

public sealed class FindingDetailTests
{
    private static StoredFinding With(ArithmeticLine[] lines, params StoredEvidence[] evidence)
    {
        var finding = Html.Finding();
        return finding with { Draft = finding.Draft with { Arithmetic = [.. lines] }, Evidence = [.. evidence] };
    }

    [Fact]
    public async Task Arithmetic_FactAndResult_ReadsLikeACalculation()
    {
        var html = await Html.DetailAsync(With(
            [
                new("结算额", "", "7221836.40", "元", "YB-01"),
                new("差额", "7221836.40 − 4752310.15", "2469526.25", "元", "征管法35条"),
                new("末期", "", "202503", "", "SW-03"),
            ]));

        Assert.Equal(
            [
                ["1", "结算额", "—", "7,221,836.40", "元", "YB-01"],
                ["2", "差额", "= 7,221,836.40 − 4,752,310.15", "2,469,526.25", "元", "征管法35条"],
                ["3", "末期", "—", "202503", "", "SW-03"],
            ],
            Html.Rows(html, "arithmetic"));
    }

    [Fact]
    public async Task Evidence_Row_TellsItemSubmissionRowAndShortFingerprint()
    {
        var html = await Html.DetailAsync(With([], new StoredEvidence("YB-01", "YB-01.v1.202503.1", 18, [0xAB, 0xCD, 1, 2, 3, 4, 5, 6], "结算 2,310,442.10 元")));

        Assert.Equal(["YB-01 定点医药机构医保结算信息", "结算 2,310,442.10 元", "YB-01.v1.202503.1", "18", "abcd01020304"],
            Assert.Single(Html.Rows(html, "evidence")));
    }

    [Fact]
    public async Task Wordings_OfAPartyWithoutCode_LeadToTheirComparisons()
    {
        var html = await Html.DetailAsync(Html.Finding(), "", new PartyRow(7, "GD-01", "陈记热干面馆", 4, 0.9831f),
            new PartyRow(9, "GD-01", $"陈记热干面{LinjiangCity.HiddenPhone}", 4, 1f));

        Assert.Equal(
            [["GD-01 用电信息", "陈记热干面馆", "未登记", "98.31%", "逐项比较 陈记热干面馆"],
                ["GD-01 用电信息", $"陈记热干面{PersonalNumbers.HiddenPhone}", "未登记", "100.00%",
                    $"逐项比较 陈记热干面{PersonalNumbers.HiddenPhone}"]],
            Html.Rows(html, "evidence wordings"));
        Assert.Equal("links/7", Html.Link(html, "逐项比较 陈记热干面馆"));
        Assert.DoesNotContain("wordings", await Html.DetailAsync(Html.Finding()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_IdentityAndPhoneInText_AreNotShown()
    {
        var html = await Html.DetailAsync(With(
            [new("说明", $"证件 {LinjiangCity.HiddenIdentity}", "1", "", $"电话 {LinjiangCity.HiddenPhone}")],
            new StoredEvidence("SW-03", "S", 1, [1], $"经办人{LinjiangCity.HiddenIdentity}，{LinjiangCity.HiddenPhone}")));

        Assert.DoesNotContain(LinjiangCity.HiddenIdentity, html, StringComparison.Ordinal);
        Assert.DoesNotContain(LinjiangCity.HiddenPhone, html, StringComparison.Ordinal);
        Assert.Contains(PersonalNumbers.HiddenIdentity, Html.Text(html), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("91339901MA2K9T4X3E")]
    [InlineData("结算 13800138000.00 元")]
    [InlineData("YB-01.v1.202503.1")]
    [InlineData("12330100470512345X")]
    public void PersonalNumbers_CodesAndAmounts_StayAsTheyAre(string text) => Assert.Equal(text, PersonalNumbers.Hide(text));

    [Fact]
    public async Task SingleSource_WarnsBeforeUse()
    {
        var finding = Html.Finding();
        finding = finding with { Draft = finding.Draft with { SingleSource = true } };

        Assert.Contains("单一来源：未经佐证或负责人批准不得对外使用", Html.Text(await Html.DetailAsync(finding)), StringComparison.Ordinal);
        Assert.DoesNotContain("单一来源", Html.Text(await Html.DetailAsync(Html.Finding())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackLink_FilteredList_KeepsTheFilterAndThePage()
    {
        var html = await Html.DetailAsync(Html.Finding(), "?model=SZ-14&unit=wan&after=100~Z");

        Assert.Equal("findings?model=SZ-14&unit=wan&after=100~Z", Html.Link(html, "返回清单"));
    }

    [Fact]
    public async Task About_Versions_AreNamed()
    {
        var text = Html.Text(await Html.DetailAsync(Html.Finding()));

        Assert.Contains("模型版本 第 3 版", text, StringComparison.Ordinal);
        Assert.Contains("规则集版本 RS-2025.04", text, StringComparison.Ordinal);
        Assert.Contains("如何消除 更正申报。", text, StringComparison.Ordinal);
        Assert.Contains("可信度 96.5%", text, StringComparison.Ordinal);
    }

    /// <summary>Goal: the taxpayer number of a citizen is his identity number and two digits.</summary>
    [Theory]
    [InlineData("110101199003077758")]
    [InlineData("11010119900307775800")]
    public void Numbers_OfACitizen_AreHidden(string number) =>
        Assert.Equal("［证件号已隐藏］ 92339901MA2LL00066", PersonalNumbers.Hide($"{number} 92339901MA2LL00066"));
}
