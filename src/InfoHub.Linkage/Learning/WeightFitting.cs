using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Learning;

/// <summary>One row whose truth is known: the levels of each candidate, and which of them it is.</summary>
/// <param name="Truth">Index of the right candidate; −1 when the register does not have the party.</param>
internal sealed record KnownRow(short NobodyLevel, short[][] Candidates, int Truth);

/// <summary>
/// Fits the weights so that the right hypothesis — one of the candidates, or nobody — is the most probable: a
/// conditional logistic regression with a penalty on large weights, by Adam. The same rows in the same order give the
/// same weights.
/// </summary>
public static class WeightFitting
{
    private const int Batch = 512;
    private const int Epochs = 40;
    private const double FirstRate = 0.04;

    private const int Seed = 5;
    private const float Penalty = 1;

    /// <summary>
    /// Learns the weights from rows whose entry is known (<paramref name="truths"/>: its id, "" for none). Codes of
    /// the rows are not looked at. Rows whose entry would not have been found teach nothing.
    /// </summary>
    public static LinkModel Fit(PartyRegister register, IReadOnlyList<PartyText> rows, IReadOnlyList<string> truths,
        string version, LinkBands bands)
    {
        var forms = register.Read(rows, Environment.ProcessorCount);
        using var hypotheses = new Hypotheses(register, forms, LinkWeights.None);
        var known = new List<KnownRow>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            hypotheses.Find(forms.Forms[i]);
            var truth = truths[i].Length == 0 ? -1
                : hypotheses.All.ToList().FindIndex(h => hypotheses.IdOf(h) == truths[i]);
            if (truth < 0 && truths[i].Length > 0)
                continue;
            var candidates = new short[hypotheses.All.Count][];
            for (var j = 0; j < candidates.Length; j++)
                candidates[j] = hypotheses.LevelsOf(forms.Forms[i], hypotheses.All[j]).ToArray();
            known.Add(new KnownRow(hypotheses.NobodyLevelOf(forms.Forms[i]), candidates, truth));
        }
        return new LinkModel(Fit(known, version, Penalty, Seed), bands);
    }

    /// <param name="kept">
    /// Weights to begin with; those of levels that are not <paramref name="isLearned"/> stay.
    /// </param>
    internal static LinkWeights Fit(IReadOnlyList<KnownRow> rows, string version, float penalty, int seed,
        LinkWeights? kept = null, Func<int, bool>? isLearned = null)
    {
        var count = ComparisonFields.Count;
        var (weights, gradient, mean, variance) =
            (new double[count], new double[count], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
            weights[i] = kept?.Of(i) ?? 0;
        var learned = Enumerable.Range(0, count).Where(i => isLearned?.Invoke(i) ?? true).ToArray();
        var order = Enumerable.Range(0, rows.Count).ToArray();
        var dice = new Random(seed);
        var steps = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            dice.Shuffle(order);
            var rate = FirstRate * Math.Pow(0.01, (double)epoch / Epochs);
            for (var from = 0; from < order.Length; from += Batch)
            {
                var to = Math.Min(order.Length, from + Batch);
                Array.Clear(gradient);
                for (var i = from; i < to; i++)
                    Add(rows[order[i]], weights, gradient);
                Step(learned, weights, gradient, mean, variance, rate, (double)penalty / rows.Count, to - from,
                    ++steps);
            }
        }
        return new LinkWeights(version, [.. weights.Select(w => (float)w)]);
    }

    private static void Add(KnownRow row, double[] weights, double[] gradient)
    {
        Span<double> scores = row.Candidates.Length <= 512 ? stackalloc double[row.Candidates.Length]
            : new double[row.Candidates.Length];
        var nobody = weights[row.NobodyLevel];
        var most = nobody;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = 0;
            foreach (var level in row.Candidates[i])
                scores[i] += weights[level];
            most = Math.Max(most, scores[i]);
        }
        var all = Math.Exp(nobody - most);
        foreach (var score in scores)
            all += Math.Exp(score - most);
        gradient[row.NobodyLevel] += (Math.Exp(nobody - most) / all) - (row.Truth < 0 ? 1 : 0);
        for (var i = 0; i < scores.Length; i++)
        {
            var error = (Math.Exp(scores[i] - most) / all) - (row.Truth == i ? 1 : 0);
            if (Math.Abs(error) > 1e-9)
                foreach (var level in row.Candidates[i])
                    gradient[level] += error;
        }
    }

    private static void Step(int[] learned,
        double[] weights, double[] gradient, double[] mean, double[] variance, double rate, double penalty, int rows,
            int step)
    {
        var (first, second) = (1 - Math.Pow(.9, step), 1 - Math.Pow(.999, step));
        foreach (var i in learned)
        {
            var slope = (gradient[i] / rows) + (penalty * weights[i]);
            mean[i] = (.9 * mean[i]) + (.1 * slope);
            variance[i] = (.999 * variance[i]) + (.001 * slope * slope);
            weights[i] -= rate * (mean[i] / first) / (Math.Sqrt(variance[i] / second) + 1e-9);
        }
    }
}
