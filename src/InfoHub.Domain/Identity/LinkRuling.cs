namespace InfoHub.Domain.Identity;

/// <summary>What an officer says of a row and an entry of the register. FROZEN numbers: store.</summary>
public enum LinkVerdict
{
    /// <summary>The row is this party's.</summary>
    Same = 1,

    /// <summary>The row is not this party's, whoever else it may be.</summary>
    Different = 2,

    /// <summary>It cannot be told from what is known; what was ruled before no longer holds.</summary>
    NotSure = 3,

    /// <summary>The register does not have whoever the row is of; its party is <c>default</c>.</summary>
    Nobody = 4,
}

/// <summary>One verdict of an officer. Verdicts are never changed: a later one undoes an earlier one.</summary>
/// <param name="Number">In the order of the rulings.</param>
/// <param name="Party">The entry it is about; <c>default</c> when it is about the row alone.</param>
/// <param name="NeedsSecond">So much depends on it that it holds only when a second officer rules alike.</param>
public sealed record LinkRuling(
    long Number, string Officer, LinkVerdict Verdict, PartyId Party, string Reason, DateTimeOffset At,
        bool NeedsSecond);

/// <summary>What the rulings about one row come to.</summary>
/// <param name="Same">The party that the row was found to be; null while nobody was.</param>
/// <param name="Different">The parties it was found not to be, in order.</param>
/// <param name="Awaiting">A ruling that waits for a second officer to rule alike; null when none does.</param>
/// <param name="IsUnsure">The last officer could not tell.</param>
/// <param name="IsNobody">The register was found not to have it.</param>
public sealed record RulingState(
    PartyId? Same, IReadOnlyList<PartyId> Different, LinkRuling? Awaiting, bool IsUnsure, bool IsNobody)
{
    public static readonly RulingState None = new(null, [], null, IsUnsure: false, IsNobody: false);

    /// <summary>Goes through the rulings about one row, in the order they were given.</summary>
    public static RulingState Of(IEnumerable<LinkRuling> rulings)
    {
        var standing = new SortedDictionary<PartyId, LinkVerdict>();
        LinkRuling? awaiting = null;
        LinkRuling? last = null;
        foreach (var ruling in rulings)
        {
            last = ruling;
            if (!ruling.NeedsSecond || IsSecond(awaiting, ruling))
            {
                Stand(standing, ruling);
                awaiting = null;
            }
            else if (ruling.Verdict != LinkVerdict.NotSure || standing.Any(s => IsTakenBack(s, ruling)))
                awaiting = ruling;
            else if (awaiting?.Officer == ruling.Officer)
                awaiting = null;
        }
        return new RulingState(
            standing.Where(s => s.Value == LinkVerdict.Same).Select(s => (PartyId?)s.Key).FirstOrDefault(),
            [.. standing.Where(s => s.Value == LinkVerdict.Different).Select(s => s.Key)], awaiting,
            last?.Verdict == LinkVerdict.NotSure, standing.ContainsValue(LinkVerdict.Nobody));
    }

    private static bool IsSecond(LinkRuling? first, LinkRuling ruling) => first is not null
        && first.Officer != ruling.Officer && first.Verdict == ruling.Verdict && first.Party == ruling.Party;

    /// <summary>A row is one party's, or nobody's: what is found takes the place of what was found before.</summary>
    private static void Stand(SortedDictionary<PartyId, LinkVerdict> standing, LinkRuling ruling)
    {
        foreach (var earlier in standing.Where(s => IsTakenBack(s, ruling)).ToArray())
            standing.Remove(earlier.Key);
        if (ruling.Verdict != LinkVerdict.NotSure)
            standing[ruling.Party] = ruling.Verdict;
    }

    /// <summary>Whoever cannot tell of one entry does not hold that the register has none.</summary>
    private static bool IsTakenBack(KeyValuePair<PartyId, LinkVerdict> earlier, LinkRuling ruling) =>
        earlier.Key == ruling.Party || ruling.Verdict switch
        {
            LinkVerdict.Same or LinkVerdict.Nobody => earlier.Value is LinkVerdict.Same or LinkVerdict.Nobody,
            LinkVerdict.NotSure => earlier.Value == LinkVerdict.Nobody
                || (ruling.Party == default && earlier.Value == LinkVerdict.Same),
            _ => false,
        };
}
