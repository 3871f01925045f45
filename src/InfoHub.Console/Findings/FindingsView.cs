using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Console.Links;
using InfoHub.Domain.Findings;
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

    public string Format(Money? amount) => Amounts.Format(amount, Query.Unit);

    /// <summary>A model whose findings carry no amount has no sum, not a sum of zero.</summary>
    public string FormatSum(Money sum) => sum == Money.Zero ? Amounts.None : Format(sum);

    /// <summary>Models to choose from: those with a name, and those that have findings or were asked for without one.</summary>
    public IEnumerable<NamedCode> Models => Names.Models.Concat(
        Figures.Select(f => f.Model).Concat(Query.Models).Distinct()
            .Where(m => Names.ModelName(m).Length == 0).Select(m => new NamedCode(m, "")));

    /// <summary>Divisions of the user's own branch.</summary>
    public IEnumerable<NamedCode> Divisions => Names.Divisions.Where(d => d.Code.StartsWith(Scope, StringComparison.Ordinal));

    public long Count => Figures.Sum(f => f.Count);

    public Money Gap => new(Figures.Sum(f => f.Gap.Fen));

    public Money EstimatedTax => new(Figures.Sum(f => f.EstimatedTax.Fen));

    public IEnumerable<ModelFigure> Cards => Figures.Take(CardsMax);

    /// <summary>What the cards leave out, as one figure; null when they show everything.</summary>
    public ModelFigure? Rest => Figures.Count <= CardsMax ? null : Figures.Skip(CardsMax).Aggregate((sum, f) =>
        new ModelFigure("", sum.Count + f.Count, sum.Gap + f.Gap, sum.EstimatedTax + f.EstimatedTax));

    public ImmutableArray<GapBar> Bars => GapBar.Of([.. Figures.Where(f => f.Gap > Money.Zero).Take(BarsMax)], Query.Unit);
}

/// <summary>One bar of the chart; <paramref name="Share"/> is of the longest bar, 0 to 1.</summary>
public sealed record GapBar(string Model, string Text, decimal Share)
{
    public static ImmutableArray<GapBar> Of(IReadOnlyList<ModelFigure> figures, AmountUnit unit)
    {
        var longest = figures.Select(f => f.Gap.Yuan).DefaultIfEmpty().Max();
        return [.. figures.Select(f => new GapBar(f.Model, Amounts.Format(f.Gap, unit), f.Gap.Yuan / longest))];
    }
}

/// <summary>One finding as shown: names beside codes, personal numbers hidden.</summary>
public sealed record FindingView(
    StoredFinding Finding, string ModelName, string Division, ImmutableArray<EvidenceView> Evidence, string BackAddress)
{
    public FindingDraft Draft => Finding.Draft;

    /// <summary>How departments write a party without a code, each with a decision of its own; else empty.</summary>
    public ImmutableArray<WordingView> Wordings { get; init; } = [];

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

/// <summary>One way of writing the party; its page under 归户核对 shows every comparison.</summary>
public sealed record WordingView(
    string Address, string Item, string ItemName, string Name, string Decision, string Nobody)
{
    public static WordingView Of(PartyRow row, ConsoleCatalogue names) => new(
        string.Create(CultureInfo.InvariantCulture, $"links/{row.Number}"), row.Item, names.ItemName(row.Item),
        PersonalNumbers.Hide(row.Name),
        row.Outcome == 0 ? LinksText.None : LinkWording.Of((LinkOutcome)row.Outcome), LinksText.Percent(row.Nobody));
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
