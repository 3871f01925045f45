using System.Collections.Immutable;
using InfoHub.Domain.Identity;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// One current fact row. <c>Values[i]</c> belongs to <c>Template.Fields[i]</c>: string for text and codes, decimal for
/// numbers, DateOnly for dates, <see cref="Period"/> for months, years and quarters; null for a blank cell.
/// </summary>
public sealed record Fact(Template Template, long SubmissionId, int Row, Period Period, ImmutableArray<byte> RowHash, object?[] Values)
{
    public string? Text(string field) => (string?)this[field];

    /// <summary>元; a blank cell is null.</summary>
    public Money? Money(string field) => this[field] is decimal yuan ? Templates.Vocabulary.Money.FromYuan(yuan) : null;

    public decimal? Number(string field) => (decimal?)this[field];

    public DateOnly? Date(string field) => (DateOnly?)this[field];

    public Period? PeriodOf(string field) => (Period?)this[field];

    /// <exception cref="ArgumentException">The template has no such column: a mistake in a model.</exception>
    private object? this[string field]
    {
        get
        {
            var index = Template.IndexOf(field);
            return index >= 0 ? Values[index] : throw new ArgumentException($"{Template.Id} has no column {field}", nameof(field));
        }
    }
}

/// <summary>
/// Everything the hub now knows under one party: for each item the current rows (the latest row per primary key,
/// deleted
/// ones left out), in key order. A model decides over it and over nothing else.
/// </summary>
public sealed class Dossier(PartyView party, IReadOnlyDictionary<string, ImmutableArray<Fact>> facts, Coverage coverage, DateOnly asOf)
{
    public PartyView Party { get; } = party;

    /// <summary>Which (item, period) the hub has received as a whole: absence means something only there.</summary>
    public Coverage Coverage { get; } = coverage;

    /// <summary>The day the evaluation is made for. Models never look at a clock.</summary>
    public DateOnly AsOf { get; } = asOf;

    /// <summary>
    /// Of the items that a model reads as of a day (<see cref="ComparisonModel.Dated"/>), the rows that later ones with
    /// the same primary key took the place of, oldest first. What a register said in March stays true of March.
    /// </summary>
    public IReadOnlyDictionary<string, ImmutableArray<Fact>> Former { get; init; } = NoFacts;

    /// <summary>
    /// What is known under the parties that name this one as their parent (parent_uscc), each with facts of its own;
    /// empty for most.
    /// </summary>
    public ImmutableArray<Dossier> Branches { get; init; } = [];

    /// <summary>Figures of the whole city that a model holds the party against.</summary>
    public CityShares City { get; init; } = CityShares.None;

    private static readonly IReadOnlyDictionary<string, ImmutableArray<Fact>> NoFacts =
        new Dictionary<string, ImmutableArray<Fact>>();

    /// <summary>The same facts under a party of which more is known.</summary>
    public Dossier With(PartyView told) => new(told, facts, Coverage, AsOf) { Former = Former, Branches = Branches,
        City = City };

    /// <summary>
    /// All rows of a register that were ever in force, by key, each key's in the order of their periods.
    /// </summary>
    public ImmutableArray<Fact> Versions(string item) =>
        [.. (Former.TryGetValue(item, out var former) ? former : []).Concat(Of(item)).OrderBy(f => f.Period.End)];

    /// <summary>The current rows of an item under this party; empty when there is none.</summary>
    public ImmutableArray<Fact> Of(string item) => facts.TryGetValue(item, out var rows) ? rows : [];
}

/// <summary>The party as resolution sees it.</summary>
/// <param name="Id">Stable id, text form.</param>
/// <param name="Uscc">Null when no valid code is known.</param>
/// <param name="Identified">False while only a name or an address speaks for it: no model may raise a finding on
/// it.</param>
/// <param name="Unmatched">
/// Every row of it was compared with the registers, by name, address and person, and matches nobody: "not registered"
/// can be said.
/// </param>
public sealed record PartyView(
    string Id, string? Uscc, string Name, bool Identified, bool Unmatched = false)
{
    /// <summary>
    /// The items of the tax bureau's own of which a rejected row (bad check digit, missing cell) may be this party's:
    /// it
    /// carries its name, its 登记序号, or a code one character off. Until that row is mended absence from the item says
    /// nothing.
    /// </summary>
    public ImmutableArray<string> Doubts { get; init; } = [];

    /// <summary>Of an unmatched party without USCC: how departments write it, by item and name; else empty.</summary>
    public ImmutableArray<Sighting> Sightings { get; init; } = [];
}

/// <summary>The (item, period) pairs of which at least one submission is stored or a nil return is declared.</summary>
public sealed class Coverage(IReadOnlyDictionary<string, ImmutableSortedSet<Period>> periods)
{
    public static readonly Coverage None = new(new Dictionary<string, ImmutableSortedSet<Period>>());

    /// <summary>
    /// True when a received period of the item contains the month (a quarter covers its three months).
    /// </summary>
    public bool Has(string item, Period month) =>
        periods.TryGetValue(item, out var received) && (received.Contains(month) || received.Any(p => p.Start <= month.Start && p.End >= month.End));

    /// <summary>The latest received period of the item, by its end; null when nothing came yet.</summary>
    public Period? Latest(string item) => periods.TryGetValue(item, out var received) && received.Count > 0 ? received.Max : null;

    public ImmutableSortedSet<Period> Of(string item) => periods.TryGetValue(item, out var received) ? received : [];
}
