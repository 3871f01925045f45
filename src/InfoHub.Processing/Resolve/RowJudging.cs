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
    public static JudgedRow[] Decide(PartyMatcher matcher, LinkTexts texts, IReadOnlyList<OpenRow> rows)
    {
        PartyText[] wording = [.. rows.Select(texts.Of)];
        var decided = matcher.Decide(wording, Environment.ProcessorCount);
        var judged = new JudgedRow[rows.Count];
        Parallel.For(0, rows.Count, i => judged[i] = Judge(matcher, rows[i], wording[i], decided[i]));
        return judged;
    }

    private static JudgedRow Judge(PartyMatcher matcher, OpenRow row, PartyText text, RowDecision decision)
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
        return new JudgedRow(decision, matcher, text);
    }
}
