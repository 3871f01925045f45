using System.Runtime.InteropServices;
using InfoHub.Host.Linking;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>
/// Learns the weights that only shops' rows have, from shops of the dev hand and from real registrations that are no
/// companies, and leaves all others as they are: what is known of companies does not change.
/// </summary>
internal static class ShopFitting
{
    private const float Penalty = 0.7f;
    private const int Seed = 5;
    private const int FewTimes = 6;
    private const int CompaniesTimes = 4;
    private const int OrdinarySeed = 1001;
    private const int NoisySeed = 1002;
    private const int RealSeed = 1003;

    /// <summary>Besides the right one; the others have next to no probability.</summary>
    private const int CandidatesMost = 12;

    /// <summary>The dev bed's province: never learned from.</summary>
    private static readonly string[] Scored = ["武汉", "襄阳"];

    public static int Run(LinkModel model, int rows, string file)
    {
        var isLearned = new bool[ComparisonFields.Count];
        foreach (var field in ComparisonFields.All.Where(f => f.Name.StartsWith("shop-", StringComparison.Ordinal)))
            Array.Fill(isLearned, true, field.First, field.Levels.Length);
        model = new LinkModel(new LinkWeights("companies",
            [.. model.Weights.All.ToArray().Select((w, i) => isLearned[i] ? 0 : w)]), model.Bands);
        var (known, few) = (new List<KnownRow>(), int.MaxValue);
        Add(known, model, "ordinary", ShopNoise.Bed(ShopTables.Dev, rows, OrdinarySeed, 1));
        Add(known, model, "noisy", ShopNoise.Bed(ShopTables.Dev, rows, NoisySeed, 2));
        if (File.Exists(LinkBed.Provinces))
        {
            var entries = Elsewhere();
            Add(known, model, "real", RowNoise.Bed([.. entries.Where(e => !IsCompany(e))], rows, RealSeed, 1.5));
            // Companies whose form got lost look like shops.
            few = known.Count;
            Add(known, model, "companies",
                RowNoise.Bed([.. entries.Where(IsCompany).Take(CompaniesTimes * rows)], CompaniesTimes * rows,
                    RealSeed));
        }
        few = Math.Min(few, known.Count);
        var train = LinkBed.Named("train", Path.GetTempPath());
        Add(known, model, "train", (train.ReadRegister(), [.. train.ReadRows().Zip(train.ReadTruth("truth"),
            (row, truth) => new NoisyRow(row, truth.Truth, truth.Tags))]));
        var companies = known[few..];
        for (var i = 1; i < FewTimes; i++)
            known.AddRange(companies);
        var weights = WeightFitting.Fit(known, "m3", Penalty, Seed, model.Weights, i => isLearned[i]);
        File.WriteAllLines(file, weights.Lines());
        Figures.Say($"{known.Count:N0} rows, {file}");
        return 0;
    }

    private static bool IsCompany(PartyText entry) => entry.Name.Contains("公司", StringComparison.Ordinal)
        || entry.Name.Contains("合作社", StringComparison.Ordinal);

    private static List<PartyText> Elsewhere()
    {
        var entries = PartyFile.Read(LinkBed.Provinces, ColumnMapping.None, isRegister: true).Parties
            .Where(e => !Scored.Contains(e.City)).ToList();
        new Random(Seed).Shuffle(CollectionsMarshal.AsSpan(entries));
        return entries;
    }

    /// <summary>Shops' rows with the candidates that have some probability already.</summary>
    private static void Add(List<KnownRow> known, LinkModel model, string name,
        (List<PartyText> Register, List<NoisyRow> Rows) bed)
    {
        var register = PartyRegister.Build(bed.Register, Environment.ProcessorCount);
        var rows = bed.Rows.ConvertAll(r => r.Row);
        var forms = register.Read(rows, Environment.ProcessorCount);
        using var hypotheses = new Hypotheses(register, forms, model.Weights);
        var (before, lost) = (known.Count, 0);
        for (var i = 0; i < rows.Count; i++)
        {
            if (!forms.Forms[i].IsShop)
                continue;
            hypotheses.Find(forms.Forms[i]);
            var truth = bed.Rows[i].Truth;
            var near = hypotheses.All.OrderByDescending(h => hypotheses.IdOf(h) == truth)
                .ThenByDescending(h => h.Score).Take(CandidatesMost).ToList();
            var isFound = near.Count > 0 && hypotheses.IdOf(near[0]) == truth;
            if (!isFound && truth.Length > 0)
                lost++;
            else
                known.Add(new KnownRow(hypotheses.NobodyLevelOf(forms.Forms[i]),
                    [.. near.Select(h => hypotheses.LevelsOf(forms.Forms[i], h).ToArray())], isFound ? 0 : -1));
        }
        Figures.Say($"{name}: {known.Count - before:N0} rows of shops, {lost:N0} whose entry was not found");
    }
}
