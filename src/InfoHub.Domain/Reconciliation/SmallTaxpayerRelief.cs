using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>六税两费 halving for one registration and period.</summary>
/// <param name="Share">The share taken off: 0 or the parameter's value.</param>
/// <param name="Certain">False when the party may have been entitled but the register does not prove it for that
/// period.</param>
internal sealed record SmallTaxpayerRelief(decimal Share, bool Certain, string Ground, string Citation)
{
    private const string SmallScale = "six-taxes-relief.small-scale", SmallProfit = "six-taxes-relief.small-profit",
        Individual = "six-taxes-relief.individual", WindowMonth = "small-profit.window-month";

    public static readonly ImmutableArray<string> Names = [SmallScale, SmallProfit, Individual, WindowMonth];

    private static readonly SmallTaxpayerRelief None = new(0m, true, "不适用六税两费减征", "");

    /// <summary>
    /// The relief to expect, by what the register said in the period. Where its row was sent for another period, it is
    /// believed where it cannot have changed and otherwise counts as possible, and possible relief is granted: 小规模 by
    /// the form filed for the very period, else by vat_type and 一般纳税人有效期起; 个体工商户 by registration; 小型微利 by
    /// small_flag, which is proof only within the same July-to-June window as the row (the status changes after 汇算).
    /// </summary>
    public static SmallTaxpayerRelief For(Fact? registration, IReadOnlyCollection<Fact> returns, Period period, ParameterSet parameters)
    {
        var region = registration?.Text("jdxz_dm") ?? "";
        SmallTaxpayerRelief? Granted(string name, string ground, bool? entitled) =>
            entitled == false || parameters.Find(name, period.End, region) is not { } value ? null
                : new(value.Value, entitled == true, ground, value.Citation);

        SmallTaxpayerRelief?[] reliefs =
        [
            Granted(SmallScale, "增值税小规模纳税人", IsSmallScale(registration, returns, period)),
            Granted(Individual, "个体工商户", registration is null ? null : registration.Text("kzztdjlx_dm") == Codes.IndividualBusiness),
            Granted(SmallProfit, "小型微利企业", IsSmallProfit(registration, period, parameters)),
        ];
        return reliefs.FirstOrDefault(r => r is { Certain: true }) ?? reliefs.FirstOrDefault(r => r is not null) switch
        {
            { } possible => possible with { Ground = $"可能为{possible.Ground}（从宽）" },
            null => None,
        };
    }

    private static bool? IsSmallScale(Fact? registration, IReadOnlyCollection<Fact> returns, Period period) =>
        returns.Any(r => r.Text("form_kind") == Codes.FormSmallScale) ? true
        : returns.Count > 0 ? false
        : registration is null ? null
        : registration.Text("vat_type") is Codes.VatSmallScale or Codes.VatBelowThreshold || registration.Date("ybnsr_from") > period.Start;

    private static bool? IsSmallProfit(Fact? registration, Period period, ParameterSet parameters)
    {
        if (Codes.Flag(registration?.Text("small_flag")) is not { } small)
            return null;
        if (small)
            return true;
        if (parameters.Find(WindowMonth, period.Start) is not { } month)
            return false;
        int Window(DateOnly day) => day.Month >= (int)month.Value ? day.Year : day.Year - 1;
        return Window(registration!.Period.End) == Window(period.Start) ? false : null;
    }
}
