using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Storage.Parties;

namespace InfoHub.Console.Links;

/// <summary>What the blind verdicts say of one band, or of several together, with the error rate and its interval.
/// </summary>
/// <param name="Share">
/// Of all rows that were decided so; of several bands, each weighs as many rows as it has. Null when nobody judged
/// any of the rows, or of the rows of one of the bands.
/// </param>
public sealed record BandView(
    string Name, int Drawn, int Judged, int Errors, int Unsure, int Twice, string Kappa, double? Share, double Low,
    double High)
{
    private static readonly (string Name, int[] Bands)[] Shown =
    [
        (LinkModelText.Linked, [1]), (LinkModelText.NoneCompared, [4]),
        (LinkModelText.NoneUncompared, [LinkAudits.NothingCompared]),
        (LinkModelText.None, NoneBands), (LinkModelText.Automatic, [1, .. NoneBands]),
        (LinkModelText.Ambiguous, [2]), (LinkModelText.Review, [3]),
    ];

    private static int[] NoneBands => [4, LinkAudits.NothingCompared];

    /// <summary>Every band and sum, also those that nothing was drawn of; none while there is no sample.</summary>
    public static IEnumerable<BandView> All(
        IReadOnlyCollection<AuditBand> bands, IReadOnlyCollection<AuditStratum> strata) =>
        bands.Count == 0 ? [] : Shown.Select(s => Of(s.Name, s.Bands, bands, strata));

    public static BandView Links(IReadOnlyCollection<AuditBand> bands, IEnumerable<AuditStratum> strata) =>
        Of(LinkModelText.Linked, [1], bands, [.. strata]);

    public static BandView Nones(IReadOnlyCollection<AuditBand> bands, IEnumerable<AuditStratum> strata) =>
        Of(LinkModelText.None, NoneBands, bands, [.. strata]);

    private static BandView Of(string name, int[] which, IReadOnlyCollection<AuditBand> bands,
        IReadOnlyCollection<AuditStratum> strata)
    {
        var of = bands.Where(b => which.Contains(b.Band)).ToArray();
        var parts = which.Select(n => (
            Rate: new ErrorRate(of.Where(b => b.Band == n).Sum(b => b.Errors),
                of.Where(b => b.Band == n).Sum(b => b.Judged)),
            Rows: strata.Where(s => s.Band == n).Sum(s => s.Rows))).ToArray();
        var (share, low, high) = parts is [var (only, _)] ? (only.Share, only.Low, only.High)
            : ErrorRate.Weighted(parts);
        var (right, first, second, wrong) = (of.Sum(b => b.BothRight), of.Sum(b => b.FirstRight),
            of.Sum(b => b.SecondRight), of.Sum(b => b.BothWrong));
        return new BandView(name, of.Sum(b => b.Drawn), of.Sum(b => b.Judged), of.Sum(b => b.Errors),
            of.Sum(b => b.Unsure), right + first + second + wrong,
            ErrorRate.Kappa(right, first, second, wrong) is { } kappa
                ? kappa.ToString("0.00", CultureInfo.InvariantCulture) : LinksText.Empty,
            of.All(b => b.Judged == 0) || parts.Any(p => p.Rows > 0 && p.Rate.Count == 0) ? null : share, low, high);
    }

    public string ShareText => Share is { } share ? LinksText.Percent(share) : LinksText.Empty;

    public string Interval => Judged == 0 ? LinksText.Empty
        : $"{LinksText.Percent(Low)} – {LinksText.Percent(High)}";
}

/// <summary>A department or a branch: what is decided about its rows without an officer.</summary>
public sealed record GroupView(string Name, BandView Links, BandView Nones)
{
    internal static GroupView Of(string name, AuditBand[] bands, IEnumerable<AuditStratum> strata) =>
        new(name, BandView.Links(bands, strata), BandView.Nones(bands, strata));
}

/// <summary>Error rates by band, department and branch.</summary>
/// <param name="RowsMin">With fewer judged rows no rate is told of a department or branch.</param>
/// <param name="Outcomes">Rows of the viewer's scope by band.</param>
public sealed record ErrorRatesView(
    ImmutableArray<BandView> Bands, ImmutableArray<GroupView> Departments, ImmutableArray<GroupView> Branches,
    int RowsMin, IReadOnlyDictionary<int, long> Outcomes)
{
    public double HighMax => Bands.Where(b => b.Judged > 0).Select(b => b.High).DefaultIfEmpty(1).Max();
}

/// <summary>Rows that wait for the officer's blind verdict.</summary>
public sealed record LinkAuditView(IReadOnlyList<AuditItem> Items, ConsoleCatalogue Names, string Notice);

/// <summary>A fitted model with what it was measured to do, beside the shipped weights on the same rows.</summary>
public sealed record ModelRow(FittedModel Model, string Rows, string Before, string After)
{
    public static ModelRow Of(FittedModel model)
    {
        using var figures = JsonDocument.Parse(model.Figures);
        string Of(string side) => figures.RootElement.TryGetProperty(side,
            out var f) ? string.Create(CultureInfo.InvariantCulture,
            $"{Number(f, "linkPrecision"):0.0000} / {Number(f, "noneF1"):0.0000} / {Number(f, "reviewShare"):0.0%}")
                : LinksText.Empty;
        var rows = figures.RootElement.TryGetProperty("fitted", out var fitted) ? Number(fitted, "rows") : 0;
        return new ModelRow(model, rows.ToString("#,##0", CultureInfo.InvariantCulture), Of("shipped"), Of("fitted"));
    }

    private static double Number(JsonElement figures, string name) =>
        figures.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}

/// <summary>The model desk.</summary>
public sealed record LinkModelView(
    ErrorRatesView Rates, IReadOnlyList<AuditBin> Bins, ImmutableArray<ModelRow> Models, int Pending, int Seed,
    LinkNotice? Notice)
{
    public long Rows => Rates.Outcomes.Values.Sum();

    /// <summary>"None" is one outcome, whatever was compared.</summary>
    public IEnumerable<(string Name, long Count, double Share)> Shares => Rates.Outcomes
        .GroupBy(o => (LinkOutcome)Math.Min(o.Key, (int)LinkOutcome.None), o => o.Value)
        .Select(g => (LinkWording.Of(g.Key), g.Sum(), (double)g.Sum() / Math.Max(1, Rows)));
}
