using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>What has to hold for any register and any rows; on a made-up city with the shipped weights.</summary>
public sealed class MatcherTests
{
    private const int Parties = 3000;
    private const int RowCount = 1500;
    private const int Seed = 20;

    private static readonly LinkModel Model = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2026, 1, 1));

    private static readonly List<PartyText> City = GeneratedCity.Of(Parties, Seed);

    private static readonly (List<PartyText> Register, List<NoisyRow> Rows) Bed = RowNoise.Bed(City, RowCount, Seed);

    private static readonly List<PartyText> Rows = Bed.Rows.ConvertAll(r => r.Row);

    private static readonly PartyMatcher Matcher = Over(Bed.Register);

    [Fact]
    public void Decide_NoisyRows_FindsMostAndInventsNothing()
    {
        var decisions = Matcher.Decide(Rows, threads: 2);

        var links = decisions.Index().Where(d => d.Item.Outcome == LinkOutcome.Link).ToList();
        var none = decisions.Index().Where(d => d.Item.Outcome == LinkOutcome.None).ToList();
        var wrong = links.Count(d => d.Item.Entry != Bed.Rows[d.Index].Truth);
        Assert.True(links.Count > RowCount * 0.7, $"{links.Count} links");
        Assert.True(wrong <= links.Count / 200, $"{wrong} of {links.Count} links are wrong");
        Assert.True(none.Count > RowCount * 0.15, $"{none.Count} rows are nobody's");
        var missed = none.Count(d => Bed.Rows[d.Index].Truth.Length > 0);
        Assert.True(missed <= none.Count / 20, $"{missed} of {none.Count} are in the register");
    }

    [Fact]
    public void Decide_AnyOrderAndThreads_IsTheSame()
    {
        var expected = Matcher.Decide(Rows, threads: 1);
        var order = Enumerable.Range(0, Rows.Count).ToArray();
        new Random(Seed).Shuffle(order);
        var shuffled = Matcher.Decide(Array.ConvertAll(order, i => Rows[i]), threads: 3);
        var register = Bed.Register.ToArray();
        new Random(Seed).Shuffle(register);
        var other = Over(register).Decide(Rows, threads: 2);

        Assert.Equal(Array.ConvertAll(order, i => expected[i]), shuffled);
        Assert.Equal(expected, other);
    }

    /// <summary>Kind: a word that stands for nothing is compared as a value, and agrees with itself.</summary>
    [Fact]
    public void Decide_WordsForNothing_AreBlanks_OnBothSides()
    {
        var listed = NothingWords.Lists.Where(l => l.Column == NothingColumn.Any && !l.IsOpenEnd)
            .SelectMany(l => l.Words.Concat(l.Repeated.Select(sign => sign + sign)));
        string[] words = [.. listed, "（无）", "“无”", "‘NULL’", "无。", "⽆", "　"];
        var dice = new Random(Seed);
        string Word(string text) => text.Length > 0 && dice.Next(3) > 0 ? text : words[dice.Next(words.Length)];
        PartyText Said(PartyText text) => text with
        {
            Person = text.Person.Length == 0 ? Word("") : text.Person,
            Address = text.Address.Length == 0 ? Word("") : text.Address,
        };
        PartyText Blanked(PartyText text, int i) => i % 3 == 0 ? text with { Person = "" }
            : i % 3 == 1 ? text with { Address = "" } : text;
        var register = Bed.Register.Select(Blanked).ToList();
        var rows = Rows.Select(Blanked).ToList();

        Assert.Equal(Over(register).Decide(rows, threads: 2),
            Over([.. register.Select(Said)]).Decide([.. rows.Select(Said)], threads: 2));
    }

    /// <summary>
    /// Kind: characters that look the same and mean the same have several code points: radicals, compatibility
    /// ideographs, width, unseen characters.
    /// </summary>
    [Fact]
    public void Decide_OtherFormsOfTheSameCharacters_AreTheSame()
    {
        (char From, string To)[] forms =
        [
            ('金', "\u2FA6"), ('山', "\u2F2D"), ('黄', "\u2EE9"), ('小', "\u2F29"), ('大', "\u2F24"), ('日', "\u2F47"),
            ('水', "\u2F54"), ('火', "\u2F55"), ('龙', "\u2EF0"), ('车', "\u2ECB"), ('一', "\u2F00"), ('1', "\uFF11"),
            ('号', "号\u200B"), ('店', "\uFEFF店"),
        ];
        string Said(string text) => forms.Aggregate(text,
            (said, form) => said.Replace(form.From.ToString(), form.To, StringComparison.Ordinal));
        var said = Rows.ConvertAll(row => row with
        {
            Name = Said(row.Name), Person = Said(row.Person), Address = Said(row.Address),
        });

        Assert.NotEqual(Rows, said);
        Assert.Equal(Matcher.Decide(Rows, threads: 2), Matcher.Decide(said, threads: 2));
    }

    [Fact]
    public void Decide_EmptyRegister_CallsEverybodyNone() =>
        Assert.All(Over([]).Decide(Rows, threads: 2), d => Assert.Equal(LinkOutcome.None, d.Outcome));

    [Fact]
    public void Decide_EveryoneRegistered_CallsNobodyNone()
    {
        var rows = Bed.Register.ConvertAll(e => e with { Id = "R" + e.Id, Codes = "" });

        var decisions = Matcher.Decide(rows, threads: 2);

        Assert.DoesNotContain(decisions, d => d.Outcome == LinkOutcome.None);
        Assert.All(decisions.Index().Where(d => d.Item.Outcome == LinkOutcome.Link),
            d => Assert.Equal(Bed.Register[d.Index].Id, d.Item.Entry));
    }

    /// <summary>Which of two the same entries it is cannot be known, but it is registered.</summary>
    [Fact]
    public void Decide_RegisterTwice_IsAmbiguousAndNeverLinked()
    {
        var doubled = Over([.. Bed.Register, .. Bed.Register.Select(e => e with { Id = e.Id + "B", Codes = "" })]);

        var decisions = doubled.Decide(Bed.Register.ConvertAll(e => e with { Codes = "" }), threads: 2);

        Assert.DoesNotContain(decisions, d => d.Outcome is LinkOutcome.Link or LinkOutcome.None);
        Assert.True(decisions.Count(d => d.Outcome == LinkOutcome.Ambiguous) > Bed.Register.Count * 0.9);
    }

    /// <summary>One registration number in eleven has the form of a taxpayer number, too.</summary>
    [Theory]
    [InlineData(0, LinkStep.Uscc, LinkStep.Uscc)]
    [InlineData(1, LinkStep.OrganisationCode, LinkStep.OrganisationCode)]
    [InlineData(2, LinkStep.RegistrationNumber, LinkStep.TaxpayerNumber)]
    public void Decide_ACodeOfTheEntry_LinksByIt(int which, LinkStep step, LinkStep orStep)
    {
        var rows = Bed.Register.ConvertAll(e => e with { Id = "R", Codes = e.Codes.Split(' ')[which] });

        Assert.All(Matcher.Decide(rows, threads: 2).Index(), d =>
        {
            Assert.Equal((LinkOutcome.Link, Bed.Register[d.Index].Id), (d.Item.Outcome, d.Item.Entry));
            Assert.Contains(d.Item.Step, new[] { step, orStep });
        });
    }

    [Fact]
    public void Decide_AUsccOneCharacterOff_IsRepairedRightOrNotAtAll()
    {
        var dice = new Random(Seed);
        var rows = Bed.Register.ConvertAll(e => e with { Codes = Damaged(e.Codes.Split(' ')[0], dice) });

        var decisions = Matcher.Decide(rows, threads: 2);

        Assert.All(decisions.Index().Where(d => d.Item.Outcome == LinkOutcome.Link),
            d => Assert.Equal(Bed.Register[d.Index].Id, d.Item.Entry));
        Assert.True(decisions.Count(d => d.Step == LinkStep.UsccRepaired) > rows.Count * 0.9);
    }

    [Fact]
    public void Decide_TheValidCodeOfAnother_GoesToReview()
    {
        var rows = Bed.Register.Index().Select(e => e.Item with
        {
            Codes = Bed.Register[(e.Index + 1) % Bed.Register.Count].Codes.Split(' ')[0],
        }).ToList();

        var decisions = Matcher.Decide(rows, threads: 2);

        Assert.True(decisions.Count(d => d is { Outcome: LinkOutcome.Review, Step: LinkStep.CodeContradicted })
            > rows.Count * 0.98);
    }

    [Fact]
    public void Edit_BetweenTwoNames_IsTheSameFromBothSides()
    {
        var dice = new Random(Seed);
        for (var i = 0; i < 2000; i++)
        {
            var (a, b) = (City[dice.Next(City.Count)].Name, City[dice.Next(City.Count)].Name);
            Assert.Equal(NameEdit.Between(a, b), NameEdit.Between(b, a));
            var one = a.Remove(dice.Next(a.Length), 1);
            Assert.Equal(NameEdit.Between(a, one), NameEdit.Between(one, a));
        }
    }

    [Fact]
    public void Explain_EveryRow_TellsWhatWasDecided()
    {
        var decisions = Matcher.Decide(Rows, threads: 2);
        var explanations = new LinkExplanation[Rows.Count];
        Matcher.Explain(Rows, threads: 2, (i, explanation) => explanations[i] = explanation);

        Assert.Equal(decisions, explanations.Select(e => e.Decision));
        Assert.Equal(Rows.Select(r => r.Id), explanations.Select(e => e.Row));
        Assert.All(explanations.Where(e => e.Decision is { Outcome: LinkOutcome.Link, Step: LinkStep.Likeness }),
            e => Assert.Equal(e.Decision.Entry, e.Candidates[0].Entry));
    }

    /// <summary>Nobody is weighed against the best entry alone; what is left belongs to all compared.</summary>
    [Fact]
    public void Explain_EveryRow_SharesOutOneProbability() =>
        Matcher.Explain(Rows, threads: 2, (_, e) =>
        {
            if (e.Decision.Step != LinkStep.Likeness || e.Candidates.Count == 0)
                return;
            Assert.Equal(1 / (1 + Math.Exp(e.Candidates[0].LogOdds)), e.Decision.Nobody, 1e-5);
            var listed = e.Decision.Nobody + e.Candidates.Sum(c => c.Probability);
            Assert.InRange(listed, e.Compared == e.Candidates.Count ? 0.9999 : 0, 1.0001);
        });

    /// <summary>Entries of the same trade are one piece of evidence, however many they are.</summary>
    [Fact]
    public void Decide_ManyALittleAlike_DoNotAddUpToSomebody()
    {
        var row = new PartyText("R", "武汉瑾瑜经济发展有限公司", "", "", "武汉", "");
        var neighbours = Enumerable.Range(0, 200).Select(i => City[i] with
        {
            Id = $"N{i:000}", Name = $"武汉{City[i].Name.Substring(2, 2)}经济发展有限公司", City = "武汉", Codes = "",
        }).DistinctBy(n => n.Name).ToList();

        var few = Over([.. Bed.Register, .. neighbours[..2]]).Explain(row);
        var many = Over([.. Bed.Register, .. neighbours]).Explain(row);

        Assert.True(many.Compared > few.Compared + 20, $"{few.Compared} and {many.Compared} are compared");
        Assert.Equal((LinkOutcome.None, LinkOutcome.None), (few.Decision.Outcome, many.Decision.Outcome));
    }

    private static PartyMatcher Over(IReadOnlyList<PartyText> register) =>
        new(PartyRegister.Build(register, threads: 2), Model);

    private static string Damaged(string code, Random dice)
    {
        var at = dice.Next(code.Length);
        return code[..at] + (code[at] == '7' ? '4' : '7') + code[(at + 1)..];
    }
}

/// <summary>Everything an explanation may name has Chinese words.</summary>
public sealed class LinkWordingTests
{
    [Fact]
    public void EveryFieldAndLevel_HasWords_AndNoTwoOfAFieldTheSame() => Assert.All(ComparisonFields.All, field =>
    {
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", LinkWording.OfField(field.Name));
        var words = field.Levels.Select(level => LinkWording.OfLevel(field.Name, level)).ToList();
        Assert.DoesNotContain("", words);
        Assert.Equal(words.Count, words.Distinct().Count());
    });

    [Fact]
    public void EveryOutcomeStepKeyAndRule_HasWords()
    {
        Assert.All(Enum.GetValues<LinkOutcome>(), o => Assert.NotEmpty(LinkWording.Of(o)));
        Assert.All(Enum.GetValues<LinkStep>(), s => Assert.NotEmpty(LinkWording.Of(s)));
        Assert.All(Enum.GetValues<BlockingKey>().Where(k => k != BlockingKey.None),
            k => Assert.NotEmpty(LinkWording.Of(k)));
        Assert.All(Enum.GetValues<AppliedRules>().Where(r => r != AppliedRules.None),
            r => Assert.NotEmpty(LinkWording.Of(r)));
    }

    [Theory]
    [InlineData("core", "unheard")]
    [InlineData("together", "0-0")]
    [InlineData("unheard", "same")]
    public void WhatDoesNotExist_HasNone(string field, string level) =>
        Assert.ThrowsAny<ArgumentException>(() => field == "unheard" ? LinkWording.OfField(field)
            : LinkWording.OfLevel(field, level));
}

/// <summary>How records are cut into parts.</summary>
public sealed class PartyReaderTests
{
    /// <summary>What the reader shows of a record does not hang on the record before it.</summary>
    [Fact]
    public void Read_AfterAnyOtherRecord_ShowsTheSame()
    {
        var used = new PartyReader();
        used.Read("武汉号号号号号号号号有限公司", "", string.Concat(Enumerable.Repeat("号", 60)), Divisions.City("武汉"));
        var fresh = new PartyReader();
        foreach (var reader in (PartyReader[])[used, fresh])
            reader.Read("湖北华冠中科生物药业有限公司", "", "开发区高新大道666号生物产业基地研发楼B1栋3号楼", Divisions.City("武汉"));

        Assert.Equal(fresh.Address.ToString(), used.Address.ToString());
        Assert.Equal("开发区高新大道666号生物产业基地研发楼B1幢3幢", fresh.Address.ToString());
    }
}
