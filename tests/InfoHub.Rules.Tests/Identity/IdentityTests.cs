using System.Collections.Immutable;
using System.Text;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Reconciliation;
using InfoHub.Rules.Tests.Reconciliation;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Identity;

/// <summary>What a row says of whose it is: which aliases, of which kind, and none from a damaged code.</summary>
public class IdentityClaimTests
{
    private const string Code = "91370983MA3C000113";
    private const string Organisation = "MA3C00011";
    private const string Citizen = "370983198001010009";
    private const string Legacy = "370983800101000";

    private static string Claim(string item, params (string Field, string Value)[] cells)
    {
        var template = CaseTemplates.Of(item);
        var row = new string?[template.Fields.Length];
        foreach (var (field, value) in cells)
            row[template.IndexOf(field)] = value;
        return string.Join(' ', IdentityClaim.Read(template, row).Aliases.Select(a => $"{(int)a.Kind}:{a.Value}"));
    }

    private static string Valid18(string first17) => first17 + (char)CitizenId.CheckCharacter(Encoding.ASCII.GetBytes(first17));

    /// <summary>Kind: a name with and without the place in front, of one operator in one county.</summary>
    [Theory]
    [InlineData("云山市东湖区老井面馆", "云山市东湖区老井巷7号", "老井面馆", "东湖区老井巷7号", true)]
    [InlineData("东湖区老井面馆", "山东省云山市东湖区老井巷7号", "老井面馆", "云山市东湖区老井巷7号", true)]
    [InlineData("云山市老井面馆", "云山市东湖区老井巷7号", "云山市东湖区老井面馆", "云山市东湖区老井巷7号", true)]
    [InlineData("云山市东湖区老井面馆", "云山市东湖区老井巷7号", "老井面馆", "云山市西湖区老井巷7号", false)]
    [InlineData("云山市东湖区老井面馆", "云山市东湖区老井巷7号", "老井饭庄", "云山市东湖区老井巷7号", false)]
    [InlineData("云山市东湖区老井面馆", "云山市东湖区老井巷7号", "老井面馆", "云山市东湖区新街12号", false)]
    [InlineData("云山市东湖区老井面馆", "云山市东湖区老井巷7号", "老井面馆", "云山市东湖区老井巷7号1楼", true)]
    [InlineData("好又多超市", "云山市东湖区超市巷7号", "超市", "云山市东湖区超市巷7号", false)]
    public void Read_NameWithAndWithoutItsPlace_IsOneOperator(
        string licence, string at, string atTax, string taxAddress, bool isOne)
    {
        var citizen = Valid18(Citizen[..17]);
        var one = Claim("SCJG-01", ("legal_rep_id_no", citizen), ("ent_name", licence), ("address", at)).Split(' ');
        var other = Claim("SW-01", ("nsrsbh", citizen + "01"), ("nsrmc", atTax), ("scjydz", taxAddress)).Split(' ');

        Assert.Equal(isOne, one.Intersect(other).Any(alias => alias.StartsWith("6:", StringComparison.Ordinal)));
        Assert.DoesNotContain("@", one.First(alias => alias.StartsWith("6:", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Code, $"1:{Code} 4:{Organisation}")]
    [InlineData("91370983MA3C000114", "")]
    [InlineData("91370983ma3c000113", "")]
    [InlineData("91370983MA3C00011", "")]
    [InlineData("９１370983MA3C000113", "")]
    public void Read_Uscc_GivesItAndItsOrganisationCodeOrNothing(string code, string expected) =>
        Assert.Equal(expected, Claim("SCJG-01", ("uscc", code), ("ent_name", "甲")));

    [Theory]
    [InlineData(Code, $"1:{Code} 4:{Organisation}")]
    [InlineData("L" + Code, $"1:{Code} 4:{Organisation}")]
    [InlineData("91370983MA3C000114", "")]
    [InlineData("370983MA3C00011", $"2:370983MA3C00011 4:{Organisation}")]
    [InlineData("L370983MA3C00011", $"2:L370983MA3C00011 4:{Organisation}")]
    [InlineData(Legacy, "2:" + Legacy + " 6:" + "{upgraded}|甲")]
    [InlineData(Legacy + "01", "2:" + Legacy + "01 6:{upgraded}|甲")]
    [InlineData("{citizen}01", "2:{citizen}01 6:{citizen}|甲")]
    [InlineData("L{citizen}", "2:L{citizen} 6:{citizen}|甲")]
    [InlineData("{damaged}01", "2:{damaged}01")]
    [InlineData("370983MA3C00012", "2:370983MA3C00012")]
    public void Read_TaxpayerNumber_OfEveryForm(string number, string expected)
    {
        var citizen = Valid18(Citizen[..17]);
        var upgraded = Valid18("37098319800101000");
        var damaged = citizen[..17] + (citizen[17] == '1' ? '2' : '1');
        string Fill(string text) => text.Replace("{citizen}", citizen, StringComparison.Ordinal)
            .Replace("{upgraded}", upgraded, StringComparison.Ordinal).Replace("{damaged}", damaged,
                StringComparison.Ordinal);

        Assert.Equal(Fill(expected), Claim("SW-01", ("nsrsbh", Fill(number)), ("nsrmc", "甲")));
    }

    [Fact]
    public void Read_LegacyAndPresentNumberOfOnePerson_GiveTheSameAlias()
    {
        var upgraded = Valid18("37098319800101000");
        Assert.Equal(Claim("GD-01", ("cust_id_no", upgraded), ("cust_name", "甲")), Claim("GD-01", ("cust_id_no",
            Legacy), ("cust_name", "甲")));
    }

    [Fact]
    public void Read_IdentityNumberWithoutName_GivesNothing() => Assert.Equal("", Claim("GD-01", ("cust_id_no",
        Valid18(Citizen[..17]))));

    [Theory]
    [InlineData("cust_id_no", Code, $"1:{Code} 4:{Organisation}")]
    [InlineData("cust_no", "370983", "7:GD-01|370983|甲(店)")]
    public void Read_MeterRow_TakesAnyCodeOrTheDepartmentsKey(string field, string value, string expected) =>
        Assert.Equal(expected, Claim("GD-01", (field, value), ("cust_name", "甲（店）")));

    [Fact]
    public void Read_SeveralCodes_StrongestFirstAndEachOnce() => Assert.Equal($"1:{Code} 3:10137098300000000001 4:{Organisation}",
        Claim("SW-01", ("djxh", "10137098300000000001"), ("nsrsbh", Code), ("uscc", Code), ("nsrmc", "甲")));

    [Fact]
    public void Read_RegistrationNumber_OnlyWithItsCheckDigit()
    {
        var number = "37098360000001";
        var good = number + (char)RegistrationNumber.CheckDigit(Encoding.ASCII.GetBytes(number));
        var bad = number + (char)('0' + ((good[14] - '0' + 1) % 10));
        Assert.Equal($"5:{good}", Claim("SCJG-01", ("reg_no", good)));
        Assert.Equal("", Claim("SCJG-01", ("reg_no", bad)));
        Assert.Equal("5:3709832000001", Claim("SCJG-01", ("reg_no", "3709832000001")));
    }

    [Fact]
    public void Read_NothingButAName_GivesNothing() => Assert.Equal("", Claim("SCJG-01", ("ent_name", "甲")));
}

public class NameKeyTests
{
    [Theory]
    [InlineData("武汉（甲）商贸 有限公司", "武汉(甲)商贸有限公司")]
    [InlineData("武汉〔甲〕商贸", "武汉(甲)商贸")]
    [InlineData("武汉【甲】[乙]", "武汉(甲)(乙)")]
    [InlineData("ａｂｃ Abc１２", "ABCABC12")]
    [InlineData("甲\u3000乙\u00A0丙\u200B丁\t", "甲乙丙丁")]
    [InlineData("  ", "")]
    [InlineData(null, "")]
    public void Of_WaysOfWriting_MeanTheSame(string? name, string expected)
    {
        Assert.Equal(expected, NameKey.Of(name));
        Assert.Equal(expected, NameKey.Of(NameKey.Of(name)));
    }
}

public class LadderTests
{
    private static Alias A(AliasKind kind, string value) => new(kind, value);

    private static IdentityClaim Row(params Alias[] aliases) => new([.. aliases.OrderBy(a => a.Kind)], "甲");

    private sealed class Memory
    {
        public Dictionary<Alias, KnownParty> Known { get; } = [];

        public LadderDecision Take(IdentityClaim claim, string fallback = "x")
        {
            var decision = Ladder.Decide(claim, a => Known.TryGetValue(a, out var party) ? party : null, fallback);
            var party = new KnownParty(decision.Party, decision.FoundedBy);
            foreach (var alias in decision.NewAliases)
                Known[alias] = party;
            foreach (var alias in Known.Where(k => decision.Merged.Contains(k.Value.Party)).Select(k => k.Key).ToArray())
                Known[alias] = party;
            return decision;
        }
    }

    public static TheoryData<AliasKind, string, LinkDecision> Kinds => new()
    {
        { AliasKind.Uscc, "uscc", LinkDecision.Linked }, { AliasKind.TaxpayerNumber, "taxpayer-number",
            LinkDecision.Linked },
        { AliasKind.TaxRegistrationKey, "tax-registration-key", LinkDecision.Linked }, { AliasKind.OrganisationCode, "organisation-code", LinkDecision.Linked },
        { AliasKind.RegistrationNumber, "registration-number", LinkDecision.Linked }, { AliasKind.CitizenIdAndName, "citizen-id-and-name", LinkDecision.Linked },
        { AliasKind.SourceKey, "source-key", LinkDecision.Unidentified },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decide_OneAliasNeverSeen_FoundsAParty(AliasKind kind, string step, LinkDecision decision)
    {
        var answer = Ladder.Decide(Row(A(kind, "v")), _ => null, "x");

        Assert.Equal((PartyId.FoundedBy(A(kind, "v")), kind, decision, step), (answer.Party, answer.FoundedBy, answer.Decision, answer.Step));
        Assert.Equal(A(kind, "v"), Assert.Single(answer.NewAliases));
        Assert.Empty(answer.Merged);
        Assert.Empty(answer.Contradicted);
    }

    [Fact]
    public void Decide_NoAlias_StandsForItself()
    {
        var answer = Ladder.Decide(Row(), _ => null, "GD-01#1");
        Assert.Equal((PartyId.FoundedBy(A(AliasKind.SourceKey, "GD-01#1")), LinkDecision.Unidentified), (answer.Party, answer.Decision));
    }

    [Fact]
    public void Decide_WeakPartyNamedWithAUscc_IsMerged()
    {
        var memory = new Memory();
        var weak = memory.Take(Row(A(AliasKind.TaxRegistrationKey, "d")));
        var strong = memory.Take(Row(A(AliasKind.Uscc, "u"), A(AliasKind.TaxRegistrationKey, "d")));

        Assert.Equal(weak.Party, Assert.Single(strong.Merged));
        Assert.Equal((PartyId.FoundedBy(A(AliasKind.Uscc, "u")), LinkDecision.Linked), (strong.Party, strong.Decision));
        Assert.Equal(strong.Party, memory.Take(Row(A(AliasKind.TaxRegistrationKey, "d"))).Party);
    }

    [Fact]
    public void Decide_TwoUsccs_AreNeverMerged()
    {
        var memory = new Memory();
        var first = memory.Take(Row(A(AliasKind.Uscc, "u1"), A(AliasKind.OrganisationCode, "o")));
        var second = memory.Take(Row(A(AliasKind.Uscc, "u2"), A(AliasKind.OrganisationCode, "o")));

        Assert.NotEqual(first.Party, second.Party);
        Assert.Equal(LinkDecision.Review, second.Decision);
        Assert.Equal(A(AliasKind.OrganisationCode, "o"), Assert.Single(second.Contradicted));
        Assert.Empty(second.Merged);
        Assert.Equal(first.Party, memory.Take(Row(A(AliasKind.OrganisationCode, "o"))).Party);
    }

    [Fact]
    public void Decide_WeakerRowOfAKnownParty_TeachesItsAlias()
    {
        var memory = new Memory();
        var known = memory.Take(Row(A(AliasKind.Uscc, "u"), A(AliasKind.OrganisationCode, "o")));
        var weaker = memory.Take(Row(A(AliasKind.OrganisationCode, "o"), A(AliasKind.RegistrationNumber, "r")));

        Assert.Equal((known.Party, AliasKind.Uscc, LinkDecision.Linked), (weaker.Party, weaker.FoundedBy, weaker.Decision));
        Assert.Equal(known.Party, memory.Take(Row(A(AliasKind.RegistrationNumber, "r"))).Party);
    }

    [Fact]
    public void Decide_ThreeWeakParties_BecomeOne()
    {
        var memory = new Memory();
        foreach (var kind in new[] { AliasKind.OrganisationCode, AliasKind.RegistrationNumber, AliasKind.SourceKey })
            memory.Take(Row(A(kind, "v")));
        var all = memory.Take(Row(A(AliasKind.Uscc, "u"), A(AliasKind.OrganisationCode, "v"), A(AliasKind.RegistrationNumber, "v"), A(AliasKind.SourceKey, "v")));

        Assert.Equal(3, all.Merged.Length);
        Assert.Single(memory.Known.Values.Distinct());
    }

    /// <summary>Goal: consistent rows, in any order, end with every alias under the same party.</summary>
    [Fact]
    public void Decide_ConsistentRowsInAnyOrder_EndTheSame()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            // Each firm has one value of each kind; a row shows some of them and always its USCC or its registration
            // key.
            var rows = Enumerable.Range(0, random.Next(2, 12)).Select(_ =>
            {
                var firm = random.Next(3);
                var kinds = Enum.GetValues<AliasKind>().Where(_ => random.Next(3) == 0).Append(random.Next(2) == 0 ? AliasKind.Uscc : AliasKind.TaxRegistrationKey).Distinct();
                return Row([.. kinds.Select(k => A(k, $"{firm}"))]);
            }).Concat(Enumerable.Range(0, 3).Select(firm => Row(A(AliasKind.Uscc, $"{firm}"), A(AliasKind.TaxRegistrationKey, $"{firm}")))).ToArray();
            string? expected = null;
            for (var order = 0; order < 6; order++)
            {
                random.Shuffle(rows);
                var memory = new Memory();
                foreach (var row in rows)
                    memory.Take(row);
                var state = string.Join(' ', memory.Known.OrderBy(k => k.Key.Kind).ThenBy(k => k.Key.Value, StringComparer.Ordinal).Select(k => $"{k.Key.Kind}:{k.Key.Value}={k.Value.Party}"));
                expected ??= state;
                Assert.True(expected == state, $"seed {seed}, round {round}\n{expected}\n{state}");
            }
        }
    }

    [Fact]
    public void PartyId_TextForm_ReadsBackAndRefusesOthers()
    {
        var random = new Random(7);
        foreach (var value in Enumerable.Range(0, 200).Select(_ => random.NextInt64(long.MaxValue)).Append(0).Append(long.MaxValue))
        {
            Assert.True(PartyId.TryParse(new PartyId(value).ToString(), out var id));
            Assert.Equal(value, id.Value);
        }
        foreach (var text in new[] { "", "P", "P000000000000I", "Q0000000000000", "PZZZZZZZZZZZZZ", "P00000000000000", "p0000000000000" })
            Assert.False(PartyId.TryParse(text, out _), text);
    }
}

public class RegistryDoubtsTests
{
    private static readonly RegistryDoubts Doubts = new(
    [
        new("SW-01", "甲商行", "91370983MA3C000113", null), new("SW-02", "", "91370983MA3C000113", "10137098300000000001"),
        new("SW-03", null, null, "10137098300000000001"),
    ]);

    [Theory]
    [InlineData("甲商行", null, "SW-01")]
    [InlineData("乙商行", null, "")]
    [InlineData("", null, "")]
    [InlineData("乙商行", "91370983MA3C000113", "SW-01 SW-02")]
    [InlineData("乙商行", "91370983MA3C000114", "SW-01 SW-02")]
    [InlineData("乙商行", "81370983MA3C000113", "SW-01 SW-02")]
    [InlineData("乙商行", "91370983MA3C000123", "SW-01 SW-02")]
    [InlineData("乙商行", "91370983MA3C000124", "")]
    [InlineData("乙商行", "91370983MA3C00011", "")]
    [InlineData("乙商行", "10137098300000000001", "SW-02 SW-03")]
    [InlineData("甲商行", "10137098300000000001", "SW-01 SW-02 SW-03")]
    [InlineData("乙商行", "10137098300000000002", "")]
    public void About_NameKeyOrCodeOneCharacterOff_NamesTheItems(string name, string? code, string items) =>
        Assert.Equal(items, string.Join(' ', Doubts.About([name], code is null ? [] : [code])));
}

public class PartyProfileTests
{
    private static Fact Fact(string item, string period, params (string Field, string Value)[] cells)
    {
        var template = CaseTemplates.Of(item);
        var values = new object?[template.Fields.Length];
        foreach (var (field, value) in cells)
            values[template.IndexOf(field)] = value;
        return new Fact(template, 1, 1, Period.Parse(period), [], values);
    }

    private static PartyProfile Of(params Fact[] facts) =>
        PartyProfile.Of(facts.GroupBy(f => f.Template.Item).ToDictionary(g => g.Key, g => g.ToImmutableArray()));

    [Fact]
    public void Of_TaxRegisterBeforeMarketRegisterBeforeOthers()
    {
        var (tax, market, meter) = (Fact("SW-01", "202401", ("nsrmc", "税名"), ("jdxz_dm", "370983001")),
            Fact("SCJG-01", "202503", ("ent_name", "市名"), ("region_code", "370984"), ("town_code", "370984002")), Fact("GD-01", "202503", ("cust_name", "电名"), ("region_code", "370985")));

        Assert.Equal(new PartyProfile("税名", "370983", "370983001"), Of(meter, market, tax));
        Assert.Equal(new PartyProfile("市名", "370984", "370984002"), Of(meter, market));
        Assert.Equal(new PartyProfile("电名", "370985", ""), Of(meter));
        Assert.Equal(new PartyProfile("", "", ""), Of());
    }

    [Fact]
    public void Of_SeveralPeriods_TheLatestSpeaksAndABlankGivesWay()
    {
        Assert.Equal("新名", Of(Fact("GD-01", "202501", ("cust_name", "旧名")), Fact("GD-01", "202503", ("cust_name", "新名"))).Name);
        Assert.Equal("旧名", Of(Fact("GD-01", "202501", ("cust_name", "旧名")), Fact("GD-01", "202503", ("cust_name", ""))).Name);
    }
}
