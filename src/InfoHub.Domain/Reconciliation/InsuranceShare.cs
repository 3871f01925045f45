using System.Collections.Immutable;
using InfoHub.Domain.Parameters;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// k of rule (b), the share of 医保 in a provider's sales: the city's median of the type in the year of the period where
/// enough providers have one, else the dated default. The line of the finding says which, and of how many.
/// </summary>
/// <param name="Label">zh-CN, without the period.</param>
internal sealed record InsuranceShare(decimal Value, string Label, string Citation)
{
    private const string Default = "sz14.insurance-share.", MembersMin = "sz14.insurance-share.members-min";
    private const int ShareDigits = 6;

    private static readonly ImmutableArray<string> ProviderTypes = ["11", "12", "13", "14", "21", "22", "23"];

    public static readonly ImmutableArray<string> Names = [.. ProviderTypes.Select(t => Default + t), MembersMin];

    /// <summary>With fewer providers than this a median says nothing of the others.</summary>
    public static int LeastMembers(ParameterSet parameters, DateOnly day) => (int)parameters.At(MembersMin, day).Value;

    /// <summary>Of several types the largest, which estimates the least; null for a type without one.</summary>
    public static InsuranceShare? Of(SettlementPeriod period, Dossier dossier, ParameterSet parameters) =>
        TypesOf(period).Where(ProviderTypes.Contains).Select(t => Of(t, period, dossier, parameters)).MaxBy(s =>
            s.Value);

    private static InsuranceShare Of(string type, SettlementPeriod period, Dossier dossier, ParameterSet parameters)
    {
        var (day, least) = (period.Period.End, LeastMembers(parameters, period.Period.End));
        if (dossier.City.Find(type, day.Year) is { } city && city.Members >= least)
            return new InsuranceShare(city.Median, $"医保占比（本市同类机构 {day.Year} 年中位值，{city.Members} 户）",
                "各户当年 医保结算额 ÷ 申报销售额 的中位值");
        var value = parameters.At(Default + type, day, TaxRegister.Region(dossier));
        return new InsuranceShare(value.Value, $"医保占比（默认值：本市同类机构 {day.Year} 年不足 {least} 户，不取中位值）", value.Citation);
    }

    /// <summary>What the periods of one provider add to the medians.</summary>
    public static ImmutableArray<ProviderShare> Told(ImmutableArray<SettlementPeriod> periods) =>
    [
        .. from year in periods.GroupBy(p => p.Period.End.Year).OrderBy(g => g.Key)
           let types = year.SelectMany(TypesOf).Distinct().Order(StringComparer.Ordinal).ToArray()
           from type in types
           select new ProviderShare(type, year.Key, types.Length == 1 ? ShareOf([.. year]) : null),
    ];

    private static decimal? ShareOf(ImmutableArray<SettlementPeriod> year)
    {
        var (settled, declared) = (year.Sum(p => p.Compared.Yuan), year.Sum(p => p.Sales.Yuan));
        return settled > 0m && settled <= declared ? Math.Round(settled / declared, ShareDigits,
            MidpointRounding.AwayFromZero) : null;
    }

    private static IEnumerable<string> TypesOf(SettlementPeriod period) =>
        period.Settlements.Select(s => s.Text("provider_type")).OfType<string>().Distinct();
}
