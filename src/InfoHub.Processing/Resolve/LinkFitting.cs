using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfoHub.Domain.Identity;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;

namespace InfoHub.Processing.Resolve;

/// <summary>
/// Fits weights to how each department writes. Labels come free: a row whose valid code the register knows is that
/// entry's, and so is one that officers ruled on; the code is hidden while learning. A fifth of the labelled parties
/// is taken out of the register, so that there are rows that match nobody; a fifth of the rows only measures.
/// </summary>
internal sealed class LinkFitting(
    LinkStore links, LinkModelStore models, LinkAudits audits, TemplateRegistry templates, ProcessingOptions options)
{
    /// <summary>Fewer labelled rows do not tell more than the shipped weights know.</summary>
    public const int LabelledMin = 2_000;

    private const int LabelledMax = 40_000;
    private const int Fifth = 5;

    /// <summary>What a wrong decision without an officer weighs against a row that an officer has to look at.</summary>
    private const int WrongCost = 20;

    private static readonly float[] Bins = [0, 0.5f, 0.9f, 0.99f, 0.999f, 1.01f];

    /// <summary>Fits every department (or one), stores what came of it, and tells it line by line.</summary>
    /// <returns>Models that took effect.</returns>
    public async Task<int> RunAsync(string? department, bool apply, Action<string> tell, CancellationToken cancellation)
    {
        var newest = templates.All.Select(t => t.Template).GroupBy(t => t.Item).Select(g => g.MaxBy(t =>
            t.Version)!).ToArray();
        var departments = newest.Select(t => t.Department).Distinct().Except(PartyProfile.Registrars)
            .Where(d => department is null || d == department).Order(StringComparer.Ordinal).ToArray();
        RegisterFace[] faces;
        var labelled = new Dictionary<string, OpenRow[]>();
        var judged = new Dictionary<string, (OpenRow Row, PartyId Shown, bool IsSame)[]>();
        await using (var work = await links.BeginAsync(cancellation))
        {
            // In a transaction that is given up: the register as it is now, whether linking has come so far or not.
            var latest = (await work.ProgressAsync(cancellation)).Latest;
            await work.Register.RecordAsync(newest.Where(t => PartyProfile.Registers.Contains(t.Item)), null, latest,
                cancellation);
            faces = await work.Register.FacesAsync(latest, null, cancellation);
            foreach (var name in departments)
            {
                string[] items = [.. newest.Where(t => t.Department == name).Select(t => t.Item)];
                labelled[name] = await work.LabelledAsync(items, LabelledMax, cancellation);
                judged[name] = await work.AuditedAsync(items, cancellation);
            }
        }
        var applied = 0;
        foreach (var name in departments)
            applied += await FitAsync(name, faces, (labelled[name], judged[name]), apply, tell, cancellation) ? 1 : 0;
        if (departments.Length == 0)
            tell($"没有部门 {department}");
        return applied;
    }

    private async Task<bool> FitAsync(
        string department, RegisterFace[] faces,
        (OpenRow[] Labelled, (OpenRow Row, PartyId Shown, bool IsSame)[] Judged) rows, bool apply, Action<string> tell,
        CancellationToken cancellation)
    {
        var known = faces.Select(f => f.Party).ToHashSet();
        var labelled = rows.Labelled.Where(r => known.Contains(TruthOf(r))).ToArray();
        if (labelled.Length < LabelledMin)
        {
            tell(string.Create(CultureInfo.InvariantCulture,
                $"{department}  带码或已核对 {labelled.Length} 行，不足 {LabelledMin} 行：沿用随附权重"));
            return false;
        }
        var texts = new LinkTexts(LinkTexts.HomeCityOf(faces));
        var gone = labelled.Select(TruthOf).Where(p => InFifth(p.ToString())).ToHashSet();
        var register = PartyRegister.Build([.. faces.Where(f => !gone.Contains(f.Party)).Select(texts.Of)],
            Environment.ProcessorCount);
        var shipped = LinkModel.Shipped(options.Parameters, options.AsOf());
        string Truth(OpenRow row) => gone.Contains(TruthOf(row)) ? "" : TruthOf(row).ToString();
        PartyText Text(OpenRow row) => texts.Of(row) with { Codes = "" };
        var (tested, learned) = (labelled.Where(IsTested).ToArray(), labelled.Where(r => !IsTested(r)).ToArray());
        var raw = WeightFitting.Fit(register, Array.ConvertAll(learned, Text), Array.ConvertAll(learned, Truth), "fit",
            shipped.Bands);
        var factor = Calibration.Factor(AuditsOf(raw, faces, texts, rows.Judged));
        var fitted = Versioned(department, Calibration.Apply(raw, factor), shipped.Bands);
        var (rowTexts, truths) = (Array.ConvertAll(tested, Text), Array.ConvertAll(tested, Truth));
        var (before, after) = (Measured(register, shipped, rowTexts, truths), Measured(register, fitted, rowTexts,
            truths));
        var isBetter = after.Cost <= before.Cost;
        var audited = await audits.CalibrationAsync(department, cancellation);
        Tell(department, labelled.Length, (shipped, before), (fitted, after), audited, tell);
        tell(string.Create(CultureInfo.InvariantCulture, $"  盲核 {rows.Judged.Length} 行，对数几率乘以 {factor:0.000}")
            + (rows.Judged.Length < Calibration.AuditedMin ? $"（不足 {Calibration.AuditedMin} 行，不校准）" : ""));
        var figures = JsonSerializer.Serialize(new { shipped = before, fitted = after, audited, factor },
            JsonSerializerOptions.Web);
        await models.SaveAsync(new FittedModel(department, fitted.Version, string.Join('\n', fitted.Lines()),
            labelled.Length, figures,
            IsActive: false, default), apply && isBetter, cancellation);
        tell(!isBetter ? $"{department}  不优于随附权重：已存档，不启用" : apply ? $"{department}  已启用 {fitted.Version}"
            : $"{department}  已存档 {fitted.Version}，加 --apply 启用");
        return apply && isBetter;
    }

    /// <summary>
    /// What the new weights say of the rows that officers judged blind. A row whose best entry is another than the
    /// one that was shown tells something only when the one shown was right.
    /// </summary>
    private static List<AuditedRow> AuditsOf(
        LinkModel model, RegisterFace[] faces, LinkTexts texts, (OpenRow Row, PartyId Shown, bool IsSame)[] judged)
    {
        if (judged.Length < Calibration.AuditedMin)
            return [];
        var register = PartyRegister.Build([.. faces.Select(texts.Of)], Environment.ProcessorCount);
        var decided = new PartyMatcher(register, model)
            .Decide(Array.ConvertAll(judged, j => texts.Of(j.Row) with { Codes = "" }), Environment.ProcessorCount);
        var audited = new List<AuditedRow>(judged.Length);
        for (var i = 0; i < judged.Length; i++)
        {
            var isNone = decided[i].Outcome == LinkOutcome.None;
            var (best, probability) = isNone ? (decided[i].Second, decided[i].SecondProbability)
                : (decided[i].Entry, decided[i].Probability);
            if (best.Length > 0 && (best == judged[i].Shown.ToString() || judged[i].IsSame))
                audited.Add(new AuditedRow(probability, judged[i].IsSame && best == judged[i].Shown.ToString()));
        }
        return audited;
    }

    private static PartyId TruthOf(OpenRow row) => row.RuledParty ?? row.CodedParty ?? row.OwnParty;

    private static bool IsTested(OpenRow row) => InFifth($"row {row.Identity:N}{row.Item}");

    /// <summary>The same fifth in every run.</summary>
    private static bool InFifth(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[0] % Fifth == 0;

    /// <summary>Names the model by its content.</summary>
    private static LinkModel Versioned(string department, LinkModel model, LinkBands bands)
    {
        var lines = model.Lines().Skip(1).ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..10];
        return LinkModel.Read([$"version {department}-{hash}", .. lines], bands);
    }

    private static FitFigures Measured(PartyRegister register, LinkModel model, PartyText[] rows, string[] truths)
    {
        var decided = new PartyMatcher(register, model).Decide(rows, Environment.ProcessorCount);
        int Count(Func<RowDecision, string, bool> which) => decided.Zip(truths).Count(d => which(d.First, d.Second));
        var bins = Bins.Zip(Bins.Skip(1)).Select(b =>
        {
            var some = decided.Zip(truths).Where(d => BestOf(d.First) is var p && p >= b.First
                && p < b.Second).ToArray();
            return new FitBin(b.First, Math.Min(1, b.Second), some.Length,
                some.Count(d => d.First.Entry == d.Second && d.Second.Length > 0));
        });
        return new FitFigures(rows.Length, Count((d, _) => d.Outcome == LinkOutcome.Link),
            Count((d, t) => d.Outcome == LinkOutcome.Link && d.Entry == t), Count((_, t) => t.Length > 0),
            Count((d, _) => d.Outcome == LinkOutcome.None), Count((d,
                t) => d.Outcome == LinkOutcome.None && t.Length == 0),
            Count((_, t) => t.Length == 0), Count((d, _) => d.Outcome is LinkOutcome.Review or LinkOutcome.Ambiguous),
                [.. bins]);
    }

    private static float BestOf(RowDecision decision) => decision.Outcome == LinkOutcome.None ? -1
        : decision.Probability;

    private static void Tell(string department, int labelled, (LinkModel Model, FitFigures Figures) before,
        (LinkModel Model, FitFigures Figures) after, IReadOnlyList<AuditBin> audited, Action<string> tell)
    {
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{department}  带码或已核对 {labelled} 行，其中 {after.Figures.Rows} 行只用于测算"));
        foreach (var (model, f) in new[] { before, after })
            tell(string.Create(CultureInfo.InvariantCulture,
                $"  {model.Version,-16} 归户 P {f.LinkPrecision:0.0000} R {f.LinkRecall:0.0000}")
                + string.Create(CultureInfo.InvariantCulture,
                $"  未登记 P {f.NonePrecision:0.0000} R {f.NoneRecall:0.0000} F1 {f.NoneF1:0.0000}  待核 {f.ReviewShare:0.0000}"));
        foreach (var bin in after.Figures.Bins.Where(b => b.Count > 0))
            tell(string.Create(CultureInfo.InvariantCulture,
                $"  概率 {bin.From:0.###}–{bin.To:0.###}  {bin.Count} 行，实为该户 {(double)bin.Right / bin.Count:0.0000}"));
        foreach (var bin in audited)
            tell(string.Create(CultureInfo.InvariantCulture,
                $"  盲核 概率 {bin.From:0.###}–{bin.To:0.###}  {bin.Count} 行，实为该户 {(double)bin.Right / bin.Count:0.0000}"));
    }

    /// <summary>Rows by the probability of the entry that was thought the best, and how many were that
    /// entry's.</summary>
    private sealed record FitBin(float From, float To, int Count, int Right);

    /// <summary>What a model does to rows whose truth is known.</summary>
    private sealed record FitFigures(
        int Rows, int Linked, int LinkedRight, int Registered, int None, int NoneRight, int Unregistered, int Review,
            FitBin[] Bins)
    {
        public double LinkPrecision => Share(LinkedRight, Linked);

        public double LinkRecall => Share(LinkedRight, Registered);

        public double NonePrecision => Share(NoneRight, None);

        public double NoneRecall => Share(NoneRight, Unregistered);

        public double NoneF1 => Share(2 * NoneRight, None + Unregistered);

        public double ReviewShare => Share(Review, Rows);

        public int Cost => (WrongCost * (Linked - LinkedRight + None - NoneRight)) + Review;

        private static double Share(int some, int all) => all == 0 ? 1 : (double)some / all;
    }
}
