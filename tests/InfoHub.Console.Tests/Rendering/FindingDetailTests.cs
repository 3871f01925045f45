using InfoHub.Console.Findings;
using InfoHub.Console.Tests.Fixtures;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
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
        var html = await Html.DetailAsync(Html.Finding(), "", new PartyRow(7, "GD-01", "陈记热干面馆", 4, 0.9831f, 12),
            new PartyRow(9, "GD-01", $"陈记热干面{LinjiangCity.HiddenPhone}", 4, 1f, 3),
            new PartyRow(11, "GS-01", "陈记面馆", 4, 1f, 0));

        Assert.Equal(
            [["GD-01 用电信息", "陈记热干面馆", "未登记", "98.31%（与 12 户比较）", "逐项比较 陈记热干面馆"],
                ["GD-01 用电信息", $"陈记热干面{PersonalNumbers.HiddenPhone}", "未登记", "＞99.99%（与 3 户比较）",
                    $"逐项比较 陈记热干面{PersonalNumbers.HiddenPhone}"],
                ["GS-01", "陈记面馆", "未登记", "按名称、人员、地址查过登记库，没有相近的主体可比，不计概率", "逐项比较 陈记面馆"]],
            Html.Rows(html, "evidence wordings"));
        Assert.Equal("links/7", Html.Link(html, "逐项比较 陈记热干面馆"));
        Assert.DoesNotContain("wordings", await Html.DetailAsync(Html.Finding()), StringComparison.Ordinal);
    }

    /// <summary>Goal: an officer knows where to go; whom he will meet is not on the screen in full.</summary>
    [Fact]
    public async Task Places_OfAParty_ShowTheAddressAndMaskPersonAndTelephone()
    {
        var html = await Html.DetailAsync(Html.Finding(), [new PartyPlace("GD-01", "陈记热干面馆", "城关街道建设路77号", "陈大有",
            LinjiangCity.HiddenPhone, 1, 9), new PartyPlace("YB-01", "陈记", "建设路77号", "", "", 1, 9)]);

        Assert.Equal(
            [["GD-01 用电信息", "陈记热干面馆", "城关街道建设路77号", "陈** 138******00"],
                ["YB-01 定点医药机构医保结算信息", "陈记", "建设路77号", "未填报"]],
            Html.Rows(html, "evidence places"));
        Assert.DoesNotContain("陈大有", html, StringComparison.Ordinal);
        Assert.DoesNotContain(LinjiangCity.HiddenPhone, html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0538-0000101", "053*******01")]
    [InlineData("12345", "*****")]
    [InlineData("", "")]
    public void Phone_Masked_ShowsStartAndEndOnly(string phone, string shown) =>
        Assert.Equal(shown, PersonalNumbers.MaskPhone(phone));

    [Fact]
    public async Task Related_RegistrationByLicenceAndByActivity_AreOneMatterAndLinked()
    {
        var licence = Html.Finding("HJ01");
        var activity = Html.Finding("HJ05");
        licence = licence with { Draft = licence.Draft with { Model = "HJ-01", Title = "查无此户" } };
        activity = activity with { Draft = activity.Draft with { Model = "HJ-05" } };
        var html = await Html.DetailAsync(activity, related: [licence, Html.Finding("SZ14")]);

        Assert.Equal("findings/HJ01", Html.Link(html, "HJ-01 查无此户"));
        Assert.Equal("findings/SZ14", Html.Link(html, "SZ-14 医保结算额高于申报销售额"));
        Assert.Contains("同一事项 都因未办理税务登记而起", Html.Text(html), StringComparison.Ordinal);
        Assert.DoesNotContain("同一事项",
            Html.Text(await Html.DetailAsync(licence, related: [Html.Finding("SZ14")])), StringComparison.Ordinal);
        Assert.DoesNotContain("同一户的其他疑点", Html.Text(await Html.DetailAsync(licence)), StringComparison.Ordinal);
    }

    /// <summary>Goal: a day that moved reads as words, not as a sum.</summary>
    [Fact]
    public async Task Arithmetic_WordsInsteadOfAFormula_StandWithoutAnEqualsSign()
    {
        var html = await Html.DetailAsync(With(
            [new("应缴之日", "3月15日为星期六，顺延至3月17日", "2025-03-17", "", "实施细则第一百零九条")]));

        Assert.Equal(["1", "应缴之日", "3月15日为星期六，顺延至3月17日", "2025-03-17", "", "实施细则第一百零九条"],
            Assert.Single(Html.Rows(html, "arithmetic")));
    }

    [Theory]
    [InlineData("HJ-05", "0.6", true, "置信度：仅用电（平台默认值（户名可能是房东））")]
    [InlineData("HJ-05", "0.6", false, "")]
    [InlineData("HJ-05", "0.59", false, "置信度：无代码、仅一个部门看到、仅用电")]
    [InlineData("HJ-01", "0.5", true, "")]
    [InlineData("XX-01", "0.6", true, "")]
    public void Confidence_OfAModel_TellsTheParameterItIs(string model, string value, bool hasCode, string from)
    {
        var finding = Html.Finding();
        var told = FindingDesk.ConfidenceOf(finding with
        {
            Uscc = hasCode ? finding.Uscc : null,
            Draft = finding.Draft with
            {
                Model = model, Confidence = decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            },
        }, ParameterSet.Shipped);
        Assert.StartsWith(from, told, StringComparison.Ordinal);
        Assert.Equal(from.Length == 0, told.Length == 0);
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
        Assert.Contains("可信度 96.5%（较高） 比对模型按证据的种类", text, StringComparison.Ordinal);
    }

    /// <summary>Goal: the taxpayer number of a citizen is his identity number and two digits.</summary>
    [Theory]
    [InlineData("110101199003077758")]
    [InlineData("11010119900307775800")]
    public void Numbers_OfACitizen_AreHidden(string number) =>
        Assert.Equal("［证件号已隐藏］ 92339901MA2LL00066", PersonalNumbers.Hide($"{number} 92339901MA2LL00066"));
}
