using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>A stretch of days in which a legal basis is in force; <paramref name="To"/> null: still.</summary>
public sealed record LegalBasis(string Citation, DateOnly From, DateOnly? To = null);

/// <summary>
/// A comparison model (比对模型): metadata and one pure function over a dossier. It does no I/O and reads no clock.
/// </summary>
public sealed record ComparisonModel
{
    /// <summary>HJ-05</summary>
    public required string Id { get; init; }

    /// <summary>Rises with every change of the formula; stored with each finding.</summary>
    public required int Version { get; init; }

    public required string Title { get; init; }

    public required string TitleEn { get; init; }

    public required ImmutableArray<LegalBasis> Basis { get; init; }

    /// <summary>The items it reads; a change under any of them re-runs it for that party.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>
    /// Those of its items whose rows hold from their period until a later one: it asks what they said then.
    /// </summary>
    public ImmutableArray<string> Dated { get; init; } = [];

    /// <summary>The parameters it reads, by name; each must exist (ParameterSetTests).</summary>
    public required ImmutableArray<string> Parameters { get; init; }

    /// <summary>
    /// zh-CN: what its gaps are an amount of (税费, 收入); "" for a model without amounts. Gaps of one kind may be added
    /// up, of two never.
    /// </summary>
    public string GapOf { get; init; } = "";

    /// <summary>
    /// A finding is about its period and every later one, until it clears: who has not registered since March has not
    /// in June. Else it is about its period alone.
    /// </summary>
    public bool LastsFromItsPeriod { get; init; }

    public required Func<Dossier, ParameterSet, ModelAnswer> Decide { get; init; }
}

/// <summary>What a model answers for one dossier.</summary>
/// <param name="Findings">At most one per business key.</param>
/// <param name="Awaits">Item and period without which it could not judge: when one arrives the dossier is evaluated
/// again.</param>
/// <param name="RevisitOn">The first later day on which the same facts may give another answer; null when time
/// changes nothing.</param>
public sealed record ModelAnswer(ImmutableArray<FindingDraft> Findings, ImmutableArray<(string Item, Period Period)> Awaits, DateOnly? RevisitOn)
{
    public static readonly ModelAnswer Nothing = new([], [], null);

    /// <summary>
    /// Why the model cannot judge here, though nothing that is still due would change it, and what it needs (zh-CN);
    /// empty when it could judge. A default is never put in the place of what is not known.
    /// </summary>
    public ImmutableArray<string> Unjudged { get; init; } = [];

    /// <summary>What the party adds to the city's medians, found or not.</summary>
    public ImmutableArray<ProviderShare> Shares { get; init; } = [];

    public static ModelAnswer Cannot(string why) => Nothing with { Unjudged = [why] };
}
