using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Console.Links;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Reconciliation;
using InfoHub.Linkage.Deciding;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Console.Findings;

/// <summary>Everything the findings list shows; figures and page come from the same filter, so they balance.</summary>
public sealed record FindingsView(
    FindingsQuery Query, FindingPage Page, IReadOnlyList<ModelFigure> Figures, ConsoleCatalogue Names, string Scope)
{
    private const int CardsMax = 5;
    private const int BarsMax = 8;

    public string Address => "findings" + Query.ToQueryString();

    public string FirstAddress => "findings" + (Query with { After = null }).ToQueryString();

    public string NextAddress => "findings" + (Query with { After = Page.Next }).ToQueryString();

    public string ResetAddress => "findings" + new FindingsQuery { Unit = Query.Unit }.ToQueryString();

    public string AddressIn(AmountUnit unit) => "findings" + (Query with { Unit = unit }).ToQueryString();

    public string AddressOf(ModelFigure figure) =>
        "findings" + (Query with { Models = [figure.Model], After = null }).ToQueryString();

    public string AddressOf(StoredFinding finding) => $"findings/{Uri.EscapeDataString(finding.Id)}{Query.ToQueryString()}";

    /// <summary>A finding that lasts from its period is about every later one too.</summary>
    public static string PeriodOf(StoredFinding finding) => FindingsText.Of(finding.Draft.Period)
        + (ModelCatalogue.Find(finding.Draft.Model) is { LastsFromItsPeriod: true } ? "起" : "");

    public string Format(Money? amount) => Amounts.Format(amount, Query.Unit);

    /// <summary>Models to choose from: those with a name, and those that have findings or were asked for without one.</summary>
    public IEnumerable<NamedModel> Models => Names.Models.Concat(
        Figures.Select(f => f.Model).Concat(Query.Models).Distinct()
            .Where(m => Names.ModelName(m).Length == 0).Select(m => new NamedModel(m, "")));

    /// <summary>Divisions of the user's own branch that have findings; where the city has a list, all on it.</summary>
    public IEnumerable<NamedCode> Divisions => Names.Divisions.Length > 0
        ? Names.Divisions.Where(d => d.Code.StartsWith(Scope, StringComparison.Ordinal))
        : Codes.Select(c => new NamedCode(c, Names.DivisionName(c)));

    public IReadOnlyList<string> Codes { get; init; } = [];

    public long Count => Figures.Sum(f => f.Count);

    /// <summary>Sums of gaps, one per kind: what lacks of a tax and what lacks of receipts are two sums.</summary>
    public ImmutableArray<GapSum> Gaps => [.. Figures.Where(f => f.Gap is not null).GroupBy(f => Names.GapOf(f.Model))
        .Select(g => new GapSum(g.Key, new Money(g.Sum(f => f.Gap!.Value.Fen)),
            GapBar.Of([.. g.Take(BarsMax)], Query.Unit)))];

    /// <summary>Null when no finding has an estimate.</summary>
    public Money? EstimatedTax => Figures.Any(f => f.EstimatedTax is not null)
        ? new Money(Figures.Sum(f => f.EstimatedTax?.Fen ?? 0)) : null;

    public long Estimated => Figures.Sum(f => f.Estimated);

    public IEnumerable<ModelFigure> Cards => Figures.Take(CardsMax);

    /// <summary>Findings the cards leave out; their gaps are of several kinds and stand in the sums only.</summary>
    public long Rest => Figures.Skip(CardsMax).Sum(f => f.Count);
}

/// <summary>The sum of the gaps of one kind, and a bar for each model that has some.</summary>
/// <param name="Kind">What it is a sum of: 税费, 收入.</param>
public sealed record GapSum(string Kind, Money Sum, ImmutableArray<GapBar> Bars);

/// <summary>One bar of the chart; <paramref name="Share"/> is of the longest bar, 0 to 1.</summary>
public sealed record GapBar(string Model, string Text, decimal Share)
{
    public static ImmutableArray<GapBar> Of(IReadOnlyList<ModelFigure> figures, AmountUnit unit)
    {
        var shown = figures.Where(f => f.Gap > Money.Zero).ToArray();
        var longest = shown.Select(f => f.Gap!.Value.Yuan).DefaultIfEmpty().Max();
        return [.. shown.Select(f => new GapBar(f.Model, Amounts.Format(f.Gap, unit), f.Gap!.Value.Yuan / longest))];
    }
}

/// <summary>One finding as shown: names beside codes, personal numbers hidden.</summary>
public sealed record FindingView(
    StoredFinding Finding, string ModelName, string Division, ImmutableArray<EvidenceView> Evidence, string BackAddress)
{
    public FindingDraft Draft => Finding.Draft;

    /// <summary>How departments write a party without a code, each with a decision of its own; else empty.</summary>
    public ImmutableArray<WordingView> Wordings { get; init; } = [];

    /// <summary>Where it is and whom one can speak to, personal cells masked.</summary>
    public ImmutableArray<PlaceView> Places { get; init; } = [];

    /// <summary>Other findings of the party, within the viewer's branch.</summary>
    public ImmutableArray<RelatedView> Related { get; init; } = [];

    /// <summary>The parameter the confidence was taken from, with its source; "" when it is not one alone.</summary>
    public string ConfidenceFrom { get; init; } = "";

    /// <summary>False for a model that only says whether something is so.</summary>
    public bool HasAmounts => (Draft.Expected ?? Draft.Actual ?? Draft.Gap ?? Draft.EstimatedTax ?? Draft.LateFee) is not null;

    /// <param name="rows">Of a party without a code, within the viewer's branch.</param>
    public static FindingView Of(
        StoredFinding finding, FindingsQuery list, ConsoleCatalogue names, params PartyRow[] rows) => new(
        finding,
        names.ModelName(finding.Draft.Model),
        finding.TownCode.Length > 0 && finding.TownCode != finding.RegionCode
            ? $"{names.DivisionName(finding.RegionCode)} {names.DivisionName(finding.TownCode)}"
            : names.DivisionName(finding.RegionCode),
        [.. finding.Evidence.Select(e => EvidenceView.Of(e, names))],
        "findings" + list.ToQueryString())
    {
        Wordings = [.. rows.Select(r => WordingView.Of(r, names))],
    };
}

/// <summary>Another finding of the same party.</summary>
/// <param name="IsSameMatter">It is about the same thing: one visit settles both.</param>
public sealed record RelatedView(
    string Address, string Model, string Title, string Period, FindingState State, bool IsSameMatter)
{
    public static RelatedView Of(StoredFinding other, StoredFinding shown, FindingsQuery list) => new(
        $"findings/{Uri.EscapeDataString(other.Id)}{list.ToQueryString()}", other.Draft.Model,
        PersonalNumbers.Hide(other.Draft.Title), FindingsText.Of(other.Draft.Period), other.State,
        FindingsText.Registration.Contains(other.Draft.Model) && FindingsText.Registration.Contains(shown.Draft.Model));
}

/// <summary>Where a department says the party is. The address is whole, person and telephone are not.</summary>
public sealed record PlaceView(string Item, string ItemName, string Name, string Address, string Contact)
{
    public static PlaceView Of(PartyPlace place, ConsoleCatalogue names) => new(place.Item, names.ItemName(place.Item),
        PersonalNumbers.Hide(place.Name), PersonalNumbers.Hide(place.Address), string.Join(" ", new[]
        {
            PersonalNumbers.MaskName(place.Person), PersonalNumbers.MaskPhone(place.Phone),
        }.Where(t => t.Length > 0)) is { Length: > 0 } contact ? contact : FindingsText.NotStated);
}

/// <summary>One way of writing the party; its page under 归户核对 shows every comparison.</summary>
public sealed record WordingView(
    string Address, string Item, string ItemName, string Name, string Decision, string Nobody)
{
    public static WordingView Of(PartyRow row, ConsoleCatalogue names) => new(
        string.Create(CultureInfo.InvariantCulture, $"links/{row.Number}"), row.Item, names.ItemName(row.Item),
        PersonalNumbers.Hide(row.Name),
        row.Outcome == 0 ? LinksText.None : LinkWording.Of((LinkOutcome)row.Outcome),
        row.Compared == 0 ? FindingsText.NobodyUncompared : string.Format(CultureInfo.InvariantCulture,
            FindingsText.NobodyCompared, LinksText.ChanceOf(row.Nobody), row.Compared));
}

/// <summary>A row of evidence; the fingerprint is cut to what can be compared by eye.</summary>
public sealed record EvidenceView(string Item, string ItemName, string Submission, int Row, string Fingerprint, string Summary)
{
    private const int FingerprintBytes = 6;

    public static EvidenceView Of(StoredEvidence evidence, ConsoleCatalogue names) => new(
        evidence.Item, names.ItemName(evidence.Item), evidence.Submission, evidence.Row,
        Convert.ToHexStringLower(evidence.RowHash.AsSpan()[..Math.Min(FingerprintBytes, evidence.RowHash.Length)]),
        PersonalNumbers.Hide(evidence.Summary));
}
