using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Bench;

/// <summary>One way to find and weigh candidates, the engine's own but for what is left out.</summary>
/// <param name="Left">Fields that weigh nothing.</param>
/// <param name="Keys">By which candidates are found.</param>
/// <param name="IsFlat">All pairs of characters tell the same.</param>
internal sealed record LinkVariant(
    string Name, string[] Left, BlockingKey Keys = Candidates.AllKeys, bool IsFlat = false,
    LinkRule Rule = LinkRule.Shipped)
{
    public static readonly LinkVariant Whole = new("as it is", []);
}

/// <summary>How probabilities are made of the same log-odds.</summary>
internal enum LinkRule
{
    /// <summary>Nobody is weighed against the best entry; the entries share what is left.</summary>
    Shipped,

    /// <summary>Nobody is weighed against all entries together.</summary>
    NobodyAgainstAll,

    /// <summary>The best entry is weighed against nobody alone and shares with no other.</summary>
    BestAlone,
}

/// <summary>Fits and scores variants of the engine on rows without codes.</summary>
internal static class LinkTrial
{
    private const float Penalty = 1;
    private const int Seed = 5;

    public static readonly LinkBands Bands = LinkModel.BandsOf(ParameterSet.Shipped, new DateOnly(2026, 1, 1));

    /// <summary>Weights of a variant, learned from rows with truth as the engine learns them.</summary>
    public static LinkWeights Fit(LinkVariant variant, PartyRegister register, IReadOnlyList<PartyText> rows,
        IReadOnlyList<string> truths)
    {
        var forms = register.Read(rows, Environment.ProcessorCount);
        using var hypotheses = new Hypotheses(register, forms, LinkWeights.None, variant.Keys);
        var isLeft = IsLeft(variant);
        var known = new List<KnownRow>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            hypotheses.Find(forms.Forms[i]);
            var (candidates, truth) = (new short[hypotheses.All.Count][], -1);
            for (var j = 0; j < candidates.Length; j++)
            {
                candidates[j] =
                    [.. hypotheses.LevelsOf(forms.Forms[i], hypotheses.All[j]).ToArray().Where(l => !isLeft[l])];
                if (truths[i].Length > 0 && hypotheses.IdOf(hypotheses.All[j]) == truths[i])
                    truth = j;
            }
            if (truth >= 0 || truths[i].Length == 0)
                known.Add(new KnownRow(hypotheses.NobodyLevelOf(forms.Forms[i]), candidates, truth));
        }
        return WeightFitting.Fit(known, variant.Name, Penalty, Seed);
    }

    /// <summary>Decides rows as the engine does those without codes.</summary>
    /// <param name="candidates">Entries compared for a row, on average.</param>
    public static LinkScore Score(LinkVariant variant, LinkWeights weights, PartyRegister register,
        IReadOnlyList<PartyText> rows, IReadOnlyList<RowTruth> truths, out double candidates)
    {
        var forms = register.Read(rows, Environment.ProcessorCount);
        var (scored, compared) = (new ScoredRow[rows.Count], 0L);
        PartyRegister.InSlices(rows.Count, Environment.ProcessorCount, (from, to) =>
        {
            var (hypotheses, mine) = (new Hypotheses(register, forms, weights, variant.Keys), 0L);
            for (var i = from; i < to; i++)
            {
                hypotheses.Find(forms.Forms[i]);
                mine += hypotheses.All.Count;
                scored[i] = Decide(hypotheses, variant.Rule, truths[i].Truth);
            }
            Interlocked.Add(ref compared, mine);
        });
        candidates = (double)compared / Math.Max(1, rows.Count);
        return new LinkScore(scored);
    }

    private static ScoredRow Decide(Hypotheses hypotheses, LinkRule rule, string truth)
    {
        var (best, _, nobody) = hypotheses.Probabilities();
        var entry = hypotheses.Best < 0 ? "" : hypotheses.IdOf(hypotheses.All[hypotheses.Best]);
        if (rule == LinkRule.BestAlone)
            best = 1 - nobody;
        else if (rule == LinkRule.NobodyAgainstAll)
        {
            var somebody = hypotheses.All.Sum(h => Math.Exp(h.Score - hypotheses.NobodyScore));
            best = nobody < 1 ? (float)(best / (1 - nobody) * somebody / (1 + somebody)) : 0;
            nobody = (float)(1 / (1 + somebody));
        }
        var decision = nobody >= Bands.AutoNone ? "none" : best >= Bands.AutoLink ? "link"
            : 1 - nobody >= Bands.Registered ? "ambiguous" : "review";
        return new ScoredRow(decision, entry, best, nobody, truth);
    }

    private static bool[] IsLeft(LinkVariant variant)
    {
        var isLeft = new bool[ComparisonFields.Count];
        foreach (var field in ComparisonFields.All.Where(f => variant.Left.Contains(f.Name)))
            Array.Fill(isLeft, true, field.First, field.Levels.Length);
        return isLeft;
    }
}
