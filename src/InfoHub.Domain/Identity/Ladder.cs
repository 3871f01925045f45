using System.Collections.Immutable;

namespace InfoHub.Domain.Identity;

/// <summary>What resolution says of a row. FROZEN numbers: store.</summary>
public enum LinkDecision
{
    /// <summary>The row is this party's.</summary>
    Linked = 1,

    /// <summary>Nothing but the department's own key speaks for it: it stands for itself until more is known.</summary>
    Unidentified = 2,

    /// <summary>Its codes name different parties, or its name and address speak against its code: a person has to
    /// look.</summary>
    Review = 3,

    /// <summary>The party is registered, but more than one entry may be it: never called unregistered.</summary>
    Ambiguous = 4,

    /// <summary>It matches nobody in the registers; rows of one operator stand together.</summary>
    Nobody = 5,
}

/// <summary>A party that an alias already names, with the kind of alias that founded it.</summary>
public readonly record struct KnownParty(PartyId Party, AliasKind FoundedBy);

/// <summary>The outcome for one identity.</summary>
/// <param name="Step">The alias kind that decided: <c>uscc</c>, <c>taxpayer-number</c> …</param>
/// <param name="NewAliases">Aliases this row teaches about the party.</param>
/// <param name="Merged">Parties that turn out to be the same one; they founded on weaker keys.</param>
/// <param name="Contradicted">Aliases of the row that name another party.</param>
public sealed record LadderDecision(
    PartyId Party, AliasKind FoundedBy, LinkDecision Decision, string Step,
    ImmutableArray<Alias> NewAliases, ImmutableArray<PartyId> Merged, ImmutableArray<Alias> Contradicted);

/// <summary>
/// The deterministic ladder: valid USCC, taxpayer number, the tax bureau's registration key, organisation code,
/// registration number, identity number with name, and at last the department's own key. The party is founded by the
/// strongest alias ever known for it, so that the order in which extracts arrive does not matter.
/// Two parties with different USCCs are never merged.
/// </summary>
public static class Ladder
{
    /// <param name="claim">What the row says.</param>
    /// <param name="find">The party an alias names so far; null when it names none.</param>
    /// <param name="fallback">Founds the party of a row that has no alias at all: its identity hash.</param>
    public static LadderDecision Decide(IdentityClaim claim, Func<Alias, KnownParty?> find, string fallback)
    {
        var aliases = claim.Aliases.IsEmpty ? [new Alias(AliasKind.SourceKey, fallback)] : claim.Aliases;
        var hits = aliases.Select(a => (Alias: a, Known: find(a))).ToArray();
        var strongest = aliases[0];
        var chosen = Choose(hits[0].Known ?? new KnownParty(PartyId.FoundedBy(strongest), strongest.Kind), hits.Select(h => h.Known));
        var merged = new SortedSet<PartyId>();
        var contradicted = ImmutableArray.CreateBuilder<Alias>();
        foreach (var (alias, known) in hits)
        {
            if (known is not { } other || other.Party == chosen.Party)
                continue;
            if (other.FoundedBy > chosen.FoundedBy)
                merged.Add(other.Party);
            else
                contradicted.Add(alias);
        }
        var taught = hits.Where(h => h.Known is null || merged.Contains(h.Known.Value.Party)).Select(h => h.Alias).ToImmutableArray();
        var decision = contradicted.Count > 0 ? LinkDecision.Review
            : chosen.FoundedBy == AliasKind.SourceKey ? LinkDecision.Unidentified : LinkDecision.Linked;
        return new LadderDecision(chosen.Party, chosen.FoundedBy, decision, StepOf(strongest.Kind), taught, [.. merged], contradicted.ToImmutable());
    }

    /// <summary>
    /// The party of the strongest alias, unless another alias names one that was founded on a stronger key.
    /// </summary>
    private static KnownParty Choose(KnownParty ofStrongest, IEnumerable<KnownParty?> hits) => hits.Aggregate(ofStrongest,
        (chosen, hit) => hit is { } other && other.FoundedBy < chosen.FoundedBy ? other : chosen);

    private static string StepOf(AliasKind kind) => kind switch
    {
        AliasKind.Uscc => "uscc",
        AliasKind.TaxpayerNumber => "taxpayer-number",
        AliasKind.TaxRegistrationKey => "tax-registration-key",
        AliasKind.OrganisationCode => "organisation-code",
        AliasKind.RegistrationNumber => "registration-number",
        AliasKind.CitizenIdAndName => "citizen-id-and-name",
        _ => "source-key",
    };
}
