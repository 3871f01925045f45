using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Deciding;

/// <summary>
/// One field of a comparison: both sides as they were compared, the level, and what it weighs in log-odds.
/// </summary>
public sealed record FieldEvidence(string Field, string Row, string Entry, string Level, float Weight);

/// <summary>
/// A register entry that was compared, how probable it is, and the field that speaks most against it.
/// </summary>
public sealed record CandidateEvidence(string Entry, string Name, float Probability, float LogOdds, string BrokenBy);

/// <summary>
/// Everything that led to a decision. With the version of the model and of the register the decision can be repeated.
/// </summary>
/// <param name="Blocked">Keys that led to candidates.</param>
/// <param name="Compared">Entries that were compared.</param>
/// <param name="Fields">Of the entry that was decided for; of a none, of the most probable entry.</param>
/// <param name="Candidates">The most probable entries, at most five.</param>
public sealed record LinkExplanation(
    string Row, RowDecision Decision, string Model, IReadOnlyList<string> Blocked, int Compared,
        IReadOnlyList<FieldEvidence> Fields,
    IReadOnlyList<CandidateEvidence> Candidates, float NobodyLogOdds, IReadOnlyList<string> Rules)
{
    private const int CandidatesMax = 5;

    internal static LinkExplanation Of(
        PartyText row, RowDecision decision, Hypotheses hypotheses, PartyForms forms, int index,
            PartyRegister register, LinkModel model)
    {
        var form = forms.Forms[index];
        var ranked = hypotheses.All.OrderByDescending(h =>
            h.Score).ThenBy(hypotheses.IdOf, StringComparer.Ordinal).Take(CandidatesMax).ToList();
        var chosen = Chosen(decision, hypotheses, ranked, register);
        var fields = chosen is { } shown ? FieldsOf(hypotheses, forms, index, register, model, shown) : [];
        var best = hypotheses.Probabilities().Best;
        var candidates = ranked.ConvertAll(h => new CandidateEvidence(hypotheses.IdOf(h), NameOf(register, h),
            (float)(best * Math.Exp(h.Score - ranked[0].Score)), h.Score - hypotheses.NobodyScore,
            BrokenBy(hypotheses, form, model, h)));
        return new LinkExplanation(row.Id, decision, model.Version, Names(hypotheses.Keys), hypotheses.All.Count,
            fields, candidates,
            hypotheses.NobodyScore, Names(form.Rules));
    }

    /// <summary>
    /// The entry that was decided for; of a none, the most probable one; null when nothing was compared.
    /// </summary>
    private static Hypothesis? Chosen(RowDecision decision, Hypotheses hypotheses, List<Hypothesis> ranked,
        PartyRegister register)
    {
        if (decision.Entry.Length == 0)
            return ranked.Count > 0 ? ranked[0] : null;
        foreach (var hypothesis in hypotheses.All)
            if (hypotheses.IdOf(hypothesis) == decision.Entry)
                return hypothesis;
        var (segment, record) = register.Locate(decision.Entry);
        return segment < 0 ? null : new Hypothesis(segment, record, 0);
    }

    /// <summary>The field that speaks most against an entry; "" when none does.</summary>
    private static string BrokenBy(Hypotheses hypotheses, in PartyForm row, LinkModel model, Hypothesis hypothesis)
    {
        var (worst, least) = (-1, 0f);
        foreach (var level in hypotheses.LevelsOf(row, hypothesis))
            if (model.Weights.Of(level) < least)
                (worst, least) = (level, model.Weights.Of(level));
        if (worst < 0)
            return "";
        var field = FieldOf(worst);
        return $"{field.Name}:{field.Levels[worst - field.First]}";
    }

    private static ComparisonField FieldOf(int level) => ComparisonFields.All.Last(f => f.First <= level);

    private static List<FieldEvidence> FieldsOf(
        Hypotheses hypotheses, PartyForms rows, int index, PartyRegister register, LinkModel model,
            Hypothesis hypothesis)
    {
        var (row, entries) = (rows.Forms[index], register.Segments[hypothesis.Segment].Forms);
        var entry = entries.Forms[hypothesis.Record];
        var evidence = new List<FieldEvidence>();
        foreach (var level in hypotheses.LevelsOf(row, hypothesis))
        {
            var field = FieldOf(level);
            var (left, right) = field.Side switch
            {
                ComparedPart.Core => (rows.Core(row).ToString(), entries.Core(entry).ToString()),
                ComparedPart.Branch => (rows.Branch(row).ToString(), entries.Branch(entry).ToString()),
                ComparedPart.Person => (rows.Person(row).ToString(), entries.Person(entry).ToString()),
                ComparedPart.Address => (rows.Address(row).ToString(), entries.Address(entry).ToString()),
                ComparedPart.NameRegion => (Divisions.NameOf(row.NameRegion), Divisions.NameOf(entry.NameRegion)),
                ComparedPart.AddressRegion => (Divisions.NameOf(row.AddressRegion),
                    Divisions.NameOf(entry.AddressRegion)),
                _ => ("", ""),
            };
            evidence.Add(new FieldEvidence(field.Name, left, right, field.Levels[level - field.First],
                model.Weights.Of(level)));
        }
        return evidence;
    }

    private static string NameOf(PartyRegister register, Hypothesis hypothesis)
    {
        var forms = register.Segments[hypothesis.Segment].Forms;
        var form = forms.Forms[hypothesis.Record];
        return $"{Divisions.NameOf(form.NameRegion)}{forms.Core(form)}{forms.Branch(form)}";
    }

    private static string[] Names<T>(T flags) where T : struct, Enum =>
        [.. Enum.GetValues<T>().Where(f =>
            Convert.ToInt32(f, System.Globalization.CultureInfo.InvariantCulture) != 0 && flags.HasFlag(f)).Select(f =>
                f.ToString())];
}
