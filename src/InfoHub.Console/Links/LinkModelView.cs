using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Storage.Parties;

namespace InfoHub.Console.Links;

/// <summary>What the blind verdicts say of one band, with the error rate and its interval.</summary>
public sealed record BandView(string Name, AuditBand Band)
{
    public ErrorRate Rate => new(Band.Errors, Band.Judged);

    public int Twice => Band.BothSame + Band.FirstSame + Band.SecondSame + Band.BothDifferent;

    public string Kappa => ErrorRate.Kappa(Band.BothSame, Band.FirstSame, Band.SecondSame,
        Band.BothDifferent) is { } kappa
        ? kappa.ToString("0.00", CultureInfo.InvariantCulture) : LinksText.Empty;
}

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
    ImmutableArray<BandView> Bands, IReadOnlyList<AuditBin> Bins, IReadOnlyDictionary<int, long> Outcomes,
    ImmutableArray<ModelRow> Models, int Pending, int Seed, string Notice)
{
    public long Rows => Outcomes.Values.Sum();

    public IEnumerable<(string Name, long Count, double Share)> Shares => Outcomes.Select(o =>
        (LinkWording.Of((LinkOutcome)o.Key), o.Value, (double)o.Value / Math.Max(1, Rows)));

    public double HighMax => Bands.Where(b => b.Band.Judged > 0).Select(b => b.Rate.High).DefaultIfEmpty(1).Max();

    public static string NameOf(int band) => band switch
    {
        1 => "自动归户",
        3 => "待核对（所示主体不是该户）",
        4 => "自动判定未登记",
        _ => throw new ArgumentOutOfRangeException(nameof(band), band, "not a band"),
    };
}
