using System.Text.Json;
using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>A register that follows its source change by change answers as one that is built anew.</summary>
public sealed class RegisterChangeTests
{
    private static readonly LinkModel Model = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2025, 4, 1));

    private static RowDecision[] Decide(PartyRegister register, params PartyText[] rows) =>
        new PartyMatcher(register, Model).Decide(rows, 2);

    private static PartyText Bare(PartyText entry) => entry with { Id = $"row of {entry.Id}", Codes = "" };

    [Fact]
    public void With_ChangesOfTheRegister_DecidesAsOneBuiltAnewWithTheSameWeights()
    {
        var city = GeneratedCity.Of(1_200, seed: 13);
        var (first, later) = (city[..1_000], city[1_000..]);
        var (renamed, removed) = (first[5] with { Name = "武汉市翻新改名贸易有限公司" }, first[6]);
        PartyText[] now = [.. first.Where(f => f.Id != renamed.Id && f.Id != removed.Id), renamed, .. later];
        var built = PartyRegister.Build(first, 2);
        var followed = built.With(later[..100], [], 2).With([renamed, .. later[100..]], [removed.Id], 2);
        var anew = PartyRegister.Build(now, 2, RegisterWeights.FromBytes(built.Weights.ToBytes()));

        Assert.Equal(now.Length, followed.Count);
        Assert.False(followed.Contains(removed.Id));
        PartyText[] asked = [.. later.Select(Bare), Bare(renamed), Bare(first[5]), Bare(removed)];
        Assert.Equal(Decide(anew, asked), Decide(followed, asked));
        Assert.Equal((LinkOutcome.Link, renamed.Id),
            (Decide(followed, Bare(renamed))[0].Outcome, Decide(followed, Bare(renamed))[0].Entry));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void With_AnyHistory_ExplainsAsOneBuiltAnewWithTheSameWeights(int seed)
    {
        var dice = new Random(seed);
        var all = Crowded(GeneratedCity.Of(2_000, seed)).ToArray();
        dice.Shuffle(all);
        var now = all[..1_200].ToDictionary(e => e.Id);
        var register = PartyRegister.Build([.. now.Values], 2);
        var weights = register.Weights.ToBytes();
        for (var step = 0; step < 12; step++)
        {
            var removed = now.Keys.Order(StringComparer.Ordinal).Where(_ => dice.Next(30) == 0).ToArray();
            var changed = all.Where(_ => dice.Next(25) == 0).Where(e => !removed.Contains(e.Id))
                .Select(e => dice.Next(3) > 0 ? e : e with { Address = all[dice.Next(all.Length)].Address }).ToArray();
            register = register.With(changed, removed, 2);
            foreach (var id in removed)
                now.Remove(id);
            foreach (var entry in changed)
                now[entry.Id] = entry;
        }
        dice.Shuffle(all);
        var anew = PartyRegister.Build([.. all.Where(e => now.ContainsKey(e.Id)).Select(e => now[e.Id])], 2,
            RegisterWeights.FromBytes(weights));
        var noise = new RowNoise(all, seed);
        PartyText[] rows = [.. all.Select(e => noise.Write(e, $"row of {e.Id}", isRegistered: true).Row)];
        Assert.True(register.Segments.Length > 6);
        Assert.Equal(Explained(anew, rows), Explained(register, rows));
    }

    /// <summary>More at one address, of one name and of one person than a key is allowed to lead to.</summary>
    private static IEnumerable<PartyText> Crowded(List<PartyText> city) => city.Select((entry, i) => (i % 8) switch
    {
        0 => entry with { Address = city[0].Address },
        1 => entry with { Name = "武汉好又多超市" },
        2 => entry with { Person = "王伟强" },
        _ => entry,
    });

    private static string[] Explained(PartyRegister register, PartyText[] rows)
    {
        var explained = new string[rows.Length];
        new PartyMatcher(register, Model).Explain(rows, 2,
            (i, explanation) => explained[i] = JsonSerializer.Serialize(explanation));
        return explained;
    }

    [Fact]
    public void With_LeavesTheRegisterItCameFromAsItWas()
    {
        var city = GeneratedCity.Of(400, seed: 3);
        var before = PartyRegister.Build(city, 2);
        var rows = city.Select(Bare).ToArray();
        var expected = Decide(before, rows);
        var after = before.With([], [.. city.Take(200).Select(c => c.Id)], 2);

        Assert.Equal(expected, Decide(before, rows));
        Assert.DoesNotContain(Decide(after, rows), d => city.Take(200).Any(c => c.Id == d.Entry));
    }

    [Fact]
    public void Decide_OverTwoFacesOfOneParty_IsALink()
    {
        var city = GeneratedCity.Of(300, seed: 5);
        var face = city[10];
        var former = face with { Name = "武汉曾用名贸易有限公司", Codes = "" };
        var register = PartyRegister.Build([.. city, former, face with { Address = "" }], 2);
        foreach (var row in new[] { Bare(face), Bare(former) })
            Assert.Equal((LinkOutcome.Link, face.Id),
                (Decide(register, row)[0].Outcome, Decide(register, row)[0].Entry));
    }

    [Fact]
    public void Decide_WithAnotherValidCode_IsNeverALink()
    {
        var city = GeneratedCity.Of(500, seed: 9);
        var stranger = city[20] with { Id = "row", Codes = GeneratedCity.Codes("4201", 8_888_888) };
        var decision = Decide(PartyRegister.Build(city, 2), stranger)[0];
        Assert.Equal((LinkOutcome.Review, LinkStep.OtherCode), (decision.Outcome, decision.Step));
    }

    [Fact]
    public void Keys_OfARowAndItsEntry_HaveOneInCommon()
    {
        var (entries, rows) = RowNoise.Bed(GeneratedCity.Of(2_500, seed: 17), 1_500, seed: 17);
        var register = PartyRegister.Build(entries, 2);
        var byId = entries.ToDictionary(r => r.Id);
        var decisions = Decide(register, [.. rows.Select(r => r.Row)]);
        foreach (var (row, decision) in rows.Zip(decisions).Where(d => d.Second.Outcome == LinkOutcome.Link))
            Assert.True(PartyKeys.OfRow(row.Row).Intersect(PartyKeys.OfEntry(byId[decision.Entry], register)).Any(),
                $"{row.Row.Name} / {byId[decision.Entry].Name}");
    }

    [Fact]
    public void Alike_RowsOfOneOperator_FindEachOtherAndNotThemselves()
    {
        var (_, rows) = RowNoise.Bed(GeneratedCity.Of(1_000, seed: 21), 600, seed: 21);
        PartyText[] texts = [.. rows.Select(r => r.Row),
            .. rows.Take(100).Select(r => r.Row with { Id = $"again {r.Row.Id}" })];
        var alike = OperatorRegister.Build(texts, 2).Alike(texts, Model, 4.6f, 2);
        Assert.All(texts.Zip(alike), a => Assert.DoesNotContain(a.First.Id, a.Second));
        var found = Enumerable.Range(0, 100).Count(i => alike[i].Contains($"again {texts[i].Id}"));
        Assert.True(found >= 90, $"{found} of 100");
    }

    private const string Place = "武汉市江汉区花楼街街道解放大道108号6号门面";

    /// <summary>The shop is 陈记热干面馆 at <see cref="Place"/>; other words at other places are others.</summary>
    [Theory]
    [InlineData("武汉市江汉区陈记热干面馆", "江汉区解放大道108号6号门面", true)]
    [InlineData("陈记热干面店", "江汉区解放大道１０８号６号门面", true)]
    [InlineData("陈记热干面餐馆", "解放大道108号6门面", true)]
    [InlineData("陈记热干面", Place, true)]
    [InlineData("江汉区陈记热干面店", "武汉市武昌区粮道街道中山路9号2号门面", false)]
    [InlineData("江汉区鑫信五金店", Place, false)]
    [InlineData("王建国", Place, false)]
    public void Alike_SignOfAShop_IsKnownAtItsPlaceOnly(string name, string address, bool isOne)
    {
        var city = GeneratedCity.Of(1_000, seed: 29);
        var weights = PartyRegister.Build(city, 2).Weights;
        PartyText[] texts =
            [new("shop", "江汉区陈记热干面馆", "", Place, "420100", ""), new("other", name, "", address, "420100", "")];
        var alike = OperatorRegister.Build(texts, 2, weights).Alike(texts, Model, 4.6f, 2);
        Assert.Equal(isOne, alike[0].Contains("other") || alike[1].Contains("shop"));
        var later = OperatorRegister.Build([texts[0]], 2, weights).With([texts[1]], [], 2);
        Assert.Equal(isOne, later.Alike(texts, Model, 4.6f, 1).Any(found => found.Count > 0));
        Assert.All(later.With([], ["other"], 2).Alike([texts[0]], Model, 4.6f, 1), Assert.Empty);
    }

    [Theory]
    [InlineData("陈记热干面", "刘记热干面馆", false)]
    [InlineData("老陈牛肉面", "老沈牛肉面店", false)]
    [InlineData("老王烧烤", "老张烧烤", false)]
    [InlineData("张三五金店", "李四五金店", false)]
    [InlineData("陈记热干面馆", "热干面馆", false)]
    [InlineData("陈记热干面馆", "陈记热干馆", true)]
    [InlineData("江汉区鸿运牛肉面馆", "鸿云牛肉面馆", true)]
    [InlineData("江汉区鸿运五金商行", "鸿云五金商行", true)]
    [InlineData("老王烧烤", "老王烧烤店", true)]
    public void Alike_TwoShopsAtOneDoor_AreKeptApartByTheirSigns(string name, string other, bool isOne)
    {
        var weights = PartyRegister.Build(GeneratedCity.Of(1_000, seed: 29), 2).Weights;
        PartyText[] texts = [new("a", name, "", Place, "420100", ""), new("b", other, "", Place, "420100", "")];
        var alike = OperatorRegister.Build(texts, 2, weights).Alike(texts, Model, 4.6f, 2);
        Assert.Equal(isOne, alike.Any(found => found.Count > 0));
        alike = OperatorRegister.Build(texts, 2).Alike(texts, Model, 4.6f, 2);
        Assert.Equal(isOne, alike.Any(found => found.Count > 0));
    }

    [Fact]
    public void Weights_ThatAreNone_AreRefused() =>
        Assert.Throws<InvalidDataException>(() =>
            RegisterWeights.FromBytes([1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0]));

    [Fact]
    public void Fit_OnRowsOfKnownTruth_IsRepeatableAndLearns()
    {
        var (entries, rows) = RowNoise.Bed(GeneratedCity.Of(2_000, seed: 23), 1_500, seed: 23);
        var (texts, truths) = (rows.ConvertAll(r => r.Row), rows.ConvertAll(r => r.Truth));
        var register = PartyRegister.Build(entries, 2);
        var fitted = WeightFitting.Fit(register, texts, truths, "own", Model.Bands);
        Assert.Equal(fitted.Lines(), WeightFitting.Fit(register, texts, truths, "own", Model.Bands).Lines());
        Assert.Equal(fitted.Lines(), LinkModel.Read(fitted.Lines(), Model.Bands).Lines());

        var (others, asked) = RowNoise.Bed(GeneratedCity.Of(2_000, seed: 29), 1_500, seed: 29);
        var decisions = new PartyMatcher(PartyRegister.Build(others, 2), fitted).Decide(asked.ConvertAll(r => r.Row),
            2);
        var registered = asked.Count(a => a.Truth.Length > 0);
        Assert.True(decisions.Zip(asked).Count(d =>
            d.First.Outcome == LinkOutcome.Link && d.First.Entry == d.Second.Truth) > registered * 8 / 10);
    }
}
