using InfoHub.Domain.Identity;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Storage.Parties;

namespace InfoHub.Processing.Resolve;

/// <summary>What was decided about a row, and the matcher that can explain it.</summary>
internal readonly record struct JudgedRow(RowDecision Decision, PartyMatcher Matcher, PartyText Text);

/// <summary>Decides rows by the register, and above that by what officers said of them.</summary>
internal static class RowJudging
{
    /// <summary>The answers are in the order of the rows.</summary>
    public static JudgedRow[] Decide(RegisterMirror mirror, LinkModel model, IReadOnlyList<OpenRow> rows)
    {
        var matcher = new PartyMatcher(mirror.Register, model);
        PartyText[] wording = [.. rows.Select(mirror.Texts.Of)];
        var decided = matcher.Decide(wording, Environment.ProcessorCount);
        var judged = new JudgedRow[rows.Count];
        Parallel.For(0, rows.Count, i => judged[i] = Judge(mirror, matcher, rows[i], wording[i], decided[i]));
        return judged;
    }

    private static JudgedRow Judge(RegisterMirror mirror, PartyMatcher matcher, OpenRow row, PartyText text,
        RowDecision decision)
    {
        if (row.RuledOut.Length > 0)
        {
            // For this row the register does not have the entries that officers ruled out.
            var register = matcher.Register.With([], [.. row.RuledOut.Select(p => new PartyId(p).ToString())], 1);
            matcher = new PartyMatcher(register, matcher.Model);
            decision = matcher.Decide([text], 1)[0];
        }
        if (row.RuledParty is { } ruled)
            decision = decision with
            {
                Outcome = LinkOutcome.Link, Step = LinkStep.Confirmed, Entry = ruled.ToString(), Probability = 1,
            };
        else if (row.RuledNobody is { } known)
            decision = Held(decision, entry => mirror.SinceOf(entry) > known);
        return new JudgedRow(decision, matcher, text);
    }

    /// <summary>
    /// Whom officers found the register not to have is nobody's as long as what the row is like was there when they
    /// looked; an entry that came or changed since is decided about like any other, or an officer is asked.
    /// </summary>
    private static RowDecision Held(RowDecision decision, Func<PartyId?, bool> isNew)
    {
        bool IsNew(string id) => isNew(PartyId.TryParse(id, out var entry) ? entry : null);
        if (IsNew(decision.Entry))
            return decision;
        return decision.Outcome != LinkOutcome.None && IsNew(decision.Second)
            ? decision with { Outcome = LinkOutcome.Review }
            : decision with { Outcome = LinkOutcome.None, Step = LinkStep.Confirmed, Entry = "", Probability = 1 };
    }
}
