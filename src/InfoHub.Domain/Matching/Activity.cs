using System.Collections.Immutable;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Matching;

/// <summary>
/// One month in which a department saw the party at work. <paramref name="Amount"/> in kWh, persons or 元.
/// </summary>
internal sealed record ActivityMonth(Period Month, decimal Amount, ImmutableArray<Fact> Rows);

/// <summary>
/// Signs of trade in other departments' rows, month by month in order. A reading that may be another's (转供/合表,
/// 劳务派遣) or shows no trade (农业, 居民, 销户) is left out here, once for all models.
/// </summary>
internal static class Activity
{
    /// <summary>kWh per month over all meters of the party that can speak for it.</summary>
    public static ImmutableArray<ActivityMonth> Electricity(Dossier dossier) => Electricity(dossier.Of("GD-01"));

    /// <summary>As <see cref="Electricity(Dossier)"/>, of some of its meters.</summary>
    public static ImmutableArray<ActivityMonth> Electricity(ImmutableArray<Fact> meters) =>
        ByMonth(meters.Where(r => Codes.Flag(r.Text("resale")) != true && r.Text("status") != Codes.MeterClosed
            && r.Text("use_class") is not (Codes.UseAgriculture or Codes.UseResidential)),
            rows => rows.Sum(r => r.Number("kwh") ?? 0m));

    /// <summary>m³ per month over water meters; a month without water tells of nobody.</summary>
    public static ImmutableArray<ActivityMonth> Water(ImmutableArray<Fact> meters) =>
        ByMonth(meters.Where(r => Codes.Flag(r.Text("shared")) != true && r.Text("use_class") != Codes.WaterResidential
            && r.Number("volume_m3") > 0m), rows => rows.Sum(r => r.Number("volume_m3") ?? 0m));

    /// <summary>
    /// Persons insured per month: the largest of the insurance kinds, because the kinds count the same people.
    /// </summary>
    public static ImmutableArray<ActivityMonth> Insured(Dossier dossier) =>
        ByMonth(dossier.Of("RS-01").Where(r => r.Text("status") == Codes.InsuranceNormal && Codes.Flag(r.Text("dispatch")) != true),
            rows => rows.Max(r => r.Number("insured_cnt") ?? 0m));

    /// <summary>医保 settlements per month in 元, reversals taken off.</summary>
    public static ImmutableArray<ActivityMonth> Settled(Dossier dossier) =>
        ByMonth(dossier.Of("YB-01"), rows => rows.Sum(r => (r.Number("acct_pay") ?? 0m) + (r.Number("fund_pay") ?? 0m)
            + (r.Number("cash_pay") ?? 0m) - Math.Abs(r.Number("reverse_amt") ?? 0m)));

    /// <summary>The months of every run of at least <paramref name="length"/> consecutive months.</summary>
    public static ImmutableArray<ActivityMonth> Runs(ImmutableArray<ActivityMonth> months, int length)
    {
        var kept = ImmutableArray.CreateBuilder<ActivityMonth>();
        for (int first = 0, next; first < months.Length; first = next)
        {
            for (next = first + 1; next < months.Length && months[next].Month == months[next - 1].Month.AddMonths(1);)
                next++;
            if (next - first >= length)
                kept.AddRange(months.AsSpan(first, next - first));
        }
        return kept.DrainToImmutable();
    }

    private static ImmutableArray<ActivityMonth> ByMonth(IEnumerable<Fact> rows, Func<IReadOnlyList<Fact>, decimal> total) =>
        [.. rows.Where(r => r.PeriodOf("data_month") is not null).GroupBy(r => r.PeriodOf("data_month")!.Value).OrderBy(g => g.Key)
            .Select(g => new ActivityMonth(g.Key, total([.. g]), [.. g]))];
}
