using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Deciding;

/// <summary>
/// Says whose row a row is: codes first, then the likeness of name, person and address against every entry that could
/// be it and against nobody. Pure: the same register, rows and model give the same decisions, in any order and on any
/// number of threads.
/// </summary>
public sealed class PartyMatcher(PartyRegister register, LinkModel model)
{
    /// <summary>
    /// Raised with every release that may decide the same row otherwise, given the same register, words and weights.
    /// FROZEN: decisions in the store name it.
    /// </summary>
    public const int EngineVersion = 4;

    public PartyRegister Register { get; } = register;

    public LinkModel Model { get; } = model;

    /// <summary>
    /// A code that had to be repaired needs more of a name than one that is right: this share of the bound.
    /// </summary>
    private const float RepairedSupport = 0.75f;

    /// <summary>Decides all rows; the answers are in their order.</summary>
    public RowDecision[] Decide(IReadOnlyList<PartyText> rows, int threads)
    {
        const int Slice = 1024;
        var forms = Register.Read(rows, threads);
        var decisions = new RowDecision[rows.Count];
        var next = -Slice;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            using var hypotheses = new Hypotheses(Register, forms, Model.Weights);
            for (int from; (from = Interlocked.Add(ref next, Slice)) < rows.Count;)
                for (var i = from; i < Math.Min(rows.Count, from + Slice); i++)
                    decisions[i] = Decide(hypotheses, forms.Forms[i], rows[i].Codes);
        });
        return decisions;
    }

    /// <summary>The decision about one row with everything that led to it.</summary>
    public LinkExplanation Explain(PartyText row)
    {
        LinkExplanation? explanation = null;
        Explain([row], threads: 1, (_, found) => explanation = found);
        return explanation!;
    }

    /// <summary>
    /// Decides all rows again and tells everything that led to each decision. <paramref name="take"/> gets the index
    /// of the row; it is called on several threads, in no order.
    /// </summary>
    public void Explain(IReadOnlyList<PartyText> rows, int threads, Action<int, LinkExplanation> take)
    {
        var forms = Register.Read(rows, threads);
        PartyRegister.InSlices(rows.Count, threads, (from, to) =>
        {
            using var hypotheses = new Hypotheses(Register, forms, Model.Weights);
            for (var i = from; i < to; i++)
            {
                var decision = Decide(hypotheses, forms.Forms[i], rows[i].Codes);
                if (decision.Step != LinkStep.Likeness)
                    hypotheses.Find(forms.Forms[i]);
                take(i, LinkExplanation.Of(rows[i], decision, hypotheses, forms, i, Register, Model));
            }
        });
    }

    private RowDecision Decide(Hypotheses hypotheses, in PartyForm row, string codes)
    {
        if (codes.Length == 0)
            return ByLikeness(hypotheses, row, []);
        var claims = CodeClaim.Read(codes);
        if (ByCode(hypotheses, row, claims) is { } byCode)
            return byCode;
        if (claims.Count == 0 && ByRepair(hypotheses, row, codes) is { } repaired)
            return repaired;
        return ByLikeness(hypotheses, row, claims);
    }

    /// <summary>The strongest code that the register knows decides; null when it knows none of them.</summary>
    private RowDecision? ByCode(Hypotheses hypotheses, in PartyForm row, List<CodeClaim> claims)
    {
        for (var kind = CodeKind.Uscc; kind <= CodeKind.CitizenId; kind++)
        {
            var found = Found(hypotheses, row, claims, kind);
            if (found.Count == 0)
                continue;
            var best = Best(hypotheses, found);
            // Who runs a shop may run others: the number speaks only for the one that looks alike.
            if (kind == CodeKind.CitizenId && best.Score < hypotheses.NobodyScore)
                continue;
            return IsSupported(hypotheses, row, best) ? Certain((LinkStep)kind, hypotheses.IdOf(best))
                : Contradicted(hypotheses, row, best);
        }
        return null;
    }

    private static RowDecision Contradicted(Hypotheses hypotheses, in PartyForm row, Hypothesis coded)
    {
        hypotheses.Find(row);
        var (best, _, nobody) = hypotheses.Probabilities();
        var other = hypotheses.Best < 0 ? "" : hypotheses.IdOf(hypotheses.All[hypotheses.Best]);
        return new RowDecision(LinkOutcome.Review, LinkStep.CodeContradicted, hypotheses.IdOf(coded), 0.5f, other,
            best, nobody);
    }

    private RowDecision? ByRepair(Hypotheses hypotheses, in PartyForm row, string codes)
    {
        var found = Found(hypotheses, row, CodeClaim.Repairs(codes), CodeKind.Uscc);
        // One character away from two entries: the name would have to decide, and then it may as well do so alone.
        if (found.Select(hypotheses.IdOf).Distinct().Count() != 1)
            return null;
        var entry = Best(hypotheses, found);
        if (entry.Score - hypotheses.NobodyScore > Model.Bands.CodeSupport * RepairedSupport)
            return Certain(LinkStep.UsccRepaired, hypotheses.IdOf(entry));
        // The only code it can have been, and a name that does not agree: neither a link nor a stranger.
        var contradicted = Contradicted(hypotheses, row, entry);
        return contradicted.SecondProbability >= Model.Bands.AutoLink ? null : contradicted;
    }

    private List<Hypothesis> Found(Hypotheses hypotheses, in PartyForm row, List<CodeClaim> claims, CodeKind kind)
    {
        var found = new List<Hypothesis>(1);
        hypotheses.SetNobody(row);
        foreach (var claim in claims)
            if (claim.Kind == kind)
                for (var i = 0; i < Register.Segments.Length; i++)
                    foreach (var record in Register.Segments[i].WithCode(claim))
                        if (!Register.Gone[i].Contains(record)
                            && !found.Exists(f => f.Segment == i && f.Record == record))
                            found.Add(new Hypothesis(i, record, hypotheses.Score(row, i, record)));
        return found;
    }

    private static Hypothesis Best(Hypotheses hypotheses, List<Hypothesis> found)
    {
        var best = found[0];
        foreach (var other in found)
            if (other.Score > best.Score || (other.Score == best.Score
                && string.CompareOrdinal(hypotheses.IdOf(other), hypotheses.IdOf(best)) < 0))
                best = other;
        return best;
    }

    /// <summary>
    /// A valid code that nothing else speaks for may be a landlord's or the head office's; so may one whose row looks
    /// like another entry altogether. A shop's same name speaks for it whatever person and address say: shops move
    /// and change hands, and another of the same sign has another code.
    /// </summary>
    private bool IsSupported(Hypotheses hypotheses, in PartyForm row, Hypothesis entry)
    {
        var odds = entry.Score - hypotheses.NobodyScore;
        if (odds >= 0 || (row.CoreLength + row.BranchLength + row.PersonLength + row.AddressLength) == 0)
            return true;
        if (odds < Model.Bands.CodeSupport && !(row.IsShop && row.CoreLength > 1
            && hypotheses.LevelsOf(row, entry).Contains((short)ComparisonFields.Core.First)))
            return false;
        hypotheses.Find(row);
        return hypotheses.Best < 0 || hypotheses.Probabilities().Best < Model.Bands.AutoLink
            || hypotheses.All[hypotheses.Best] is var best && best.Segment == entry.Segment
                && best.Record == entry.Record;
    }

    private static RowDecision Certain(LinkStep step, string entry) =>
        new(LinkOutcome.Link, step, entry, 0.9999f, "", 0, 0.0001f);

    private RowDecision ByLikeness(Hypotheses hypotheses, in PartyForm row, List<CodeClaim> claims)
    {
        hypotheses.Find(row);
        var (best, second, nobody) = hypotheses.Probabilities();
        var bestId = hypotheses.Best < 0 ? "" : hypotheses.IdOf(hypotheses.All[hypotheses.Best]);
        var secondId = hypotheses.Second < 0 ? "" : hypotheses.IdOf(hypotheses.All[hypotheses.Second]);
        if (nobody >= Model.Bands.AutoNone)
            return new RowDecision(LinkOutcome.None, LinkStep.Likeness, "", nobody, bestId, best, nobody);
        // Two valid codes are two taxpayers. One that looks the same in everything may have registered anew, or
        // typed a wrong one.
        if (hypotheses.Best >= 0 && HasOtherCode(hypotheses.All[hypotheses.Best], claims))
            return best >= Model.Bands.AutoLink
                ? new RowDecision(LinkOutcome.Review, LinkStep.OtherCode, bestId, best, secondId, second, nobody)
                : new RowDecision(LinkOutcome.None, LinkStep.OtherCode, "", nobody, bestId, best, nobody);
        var outcome = best >= Model.Bands.AutoLink ? LinkOutcome.Link
            : 1 - nobody >= Model.Bands.Registered ? LinkOutcome.Ambiguous : LinkOutcome.Review;
        return new RowDecision(outcome, LinkStep.Likeness, bestId, best, secondId, second, nobody);
    }

    private bool HasOtherCode(Hypothesis entry, List<CodeClaim> claims) =>
        claims.Exists(c => Register.Segments[entry.Segment].HasOtherCode(entry.Record, c));
}
