using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>Shops are known by their sign, by whose name stands in it and by their district.</summary>
public sealed class ShopComparisonTests
{
    private static readonly LinkModel Model = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2026, 1, 1));

    private static readonly PartyText Noodles = new("S1", "武汉市江汉区顾记热干面馆（个体工商户）", "顾伟芳", "武汉市江汉区民意四路36号附2号", "武汉", "");

    [Theory]
    [InlineData("顾记热干面馆", "same")]
    [InlineData("顾记热干面店", "other-end")]
    [InlineData("顾记热干面", "other-end")]
    [InlineData("顾纪热干面馆", "slip")]
    [InlineData("顾记店", "begins")]
    [InlineData("民意顾记热干面馆", "within")]
    [InlineData("陈记热干面馆", "surname")]
    [InlineData("鑫源五金店", "little")]
    public void SignLevel_OfAWayToWrite_NamesIt(string written, string level)
    {
        var shared = written.Contains("热干面", StringComparison.Ordinal) ? 30f : 0;
        Assert.Equal(level, ComparisonFields.ShopSign.Levels[
            ShopComparison.SignLevel(written, "顾记热干面馆", isNonword: false, shared, least: 40)]);
        Assert.Equal(level, ComparisonFields.ShopSign.Levels[
            ShopComparison.SignLevel("顾记热干面馆", written, isNonword: false, shared, least: 40)]);
    }

    [Theory]
    [InlineData("顾记热干面店", "顾伟芳", "民意四路36号附2号")]
    [InlineData("顾记热干面", "", "江汉区民意四路36号附2号")]
    [InlineData("江汉区顾记面馆（顾伟芳）", "顾伟芳", "民意四路")]
    [InlineData("顾伟芳", "", "江汉区民意四路36号附2号")]
    public void Decide_AShopWrittenOtherwise_IsLinked(string name, string person, string address)
    {
        var decision = Decide(new PartyText("D1", name, person, address, "武汉", ""));
        Assert.Equal((LinkOutcome.Link, "S1"), (decision.Outcome, decision.Entry));
    }

    [Theory]
    [InlineData("汉阳区顾记热干面馆", "顾明", "武汉市汉阳区琴台路118号")]
    [InlineData("张记热干面馆", "张慧", "江汉区民意四路36号附2号")]
    [InlineData("顾小芳", "", "洪山区珞狮路9号")]
    public void Decide_AnotherShopThatIsLikeIt_IsNeverLinked(string name, string person, string address) =>
        Assert.NotEqual(LinkOutcome.Link, Decide(new PartyText("D1", name, person, address, "武汉", "")).Outcome);

    /// <summary>It moved and changed hands: without a code another shop's, with its code its own.</summary>
    [Fact]
    public void Decide_TheCodeAndTheName_AreEnough()
    {
        const string code = "91370983MA3C000113";
        var pharmacy = new PartyText("S1", "云山市松涛大药房", "周木禾", "云山市东湖区禾木路1号", "370983", code);
        var decision = new PartyMatcher(PartyRegister.Build([pharmacy], 1), Model).Decide(
            [pharmacy with { Id = "D1", Person = "陈松涛", Address = "云山市东湖区松涛街8号" }], 1)[0];
        Assert.Equal((LinkOutcome.Link, LinkStep.Uscc, "S1"), (decision.Outcome, decision.Step, decision.Entry));
    }

    /// <summary>When the entry changes, a row that bears its owner's name has to be decided again.</summary>
    [Theory]
    [InlineData("顾伟芳")]
    [InlineData("顾记热干面店")]
    public void OfRow_ByWhatTheShopIsFound_IsAKeyOfTheEntry(string name) => Assert.NotEmpty(
        PartyKeys.OfRow(new PartyText("D1", name, "", "", "武汉", "")).Intersect(PartyKeys.OfEntry(Noodles, Register())));

    private static RowDecision Decide(PartyText row) => new PartyMatcher(Register(), Model).Decide([row], 1)[0];

    /// <summary>Words tell what they tell in a register of some size.</summary>
    private static PartyRegister Register() =>
        PartyRegister.Build([.. GeneratedCity.Of(9_000, seed: 31), Noodles], 2);
}
