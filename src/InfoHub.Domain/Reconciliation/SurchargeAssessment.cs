using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>One surcharge of one unit: what is due on the base and what was paid.</summary>
/// <param name="Paid">Rows of the unit plus what is credited from unplaced rows.</param>
internal sealed record SurchargeItem(string Tax, string Title, ParameterValue Rate, decimal ReliefShare, bool HasRow, Money Paid)
{
    /// <summary>
    /// Rate after relief. Rounding happens once, in <see cref="Due"/>: to the fen, half away from zero.
    /// </summary>
    public decimal EffectiveRate => Rate.Value * (1m - ReliefShare);

    public Money Due(Money @base) => @base.Times(EffectiveRate);
}

/// <summary>The surcharges of one unit that can be judged, and on what grounds.</summary>
/// <param name="Certain">Rate from the party's own receipts and relief proved.</param>
internal sealed record SurchargeTerms(ImmutableArray<SurchargeItem> Items, SmallTaxpayerRelief Relief, ParameterValue? Exemption, bool Certain)
{
    public decimal RateSum => Items.Sum(i => i.EffectiveRate);

    public Money Due(Money @base) => Items.Aggregate(Money.Zero, (sum, i) => sum + i.Due(@base));

    public Money Paid => Items.Aggregate(Money.Zero, (sum, i) => sum + i.Paid);
}

/// <summary>Finds the terms of a unit: rates, relief and exemption in force at the end of its period.</summary>
internal static class SurchargeAssessment
{
    private const string City = "urban-maintenance.rate.city", Town = "urban-maintenance.rate.town", Other = "urban-maintenance.rate.other",
        ByRegion = "urban-maintenance.rate", Education = "education-surcharge.rate", LocalEducation = "local-education-surcharge.rate",
        ExemptMonth = "surcharge-exemption.sales-month", ExemptQuarter = "surcharge-exemption.sales-quarter";

    public static readonly ImmutableArray<string> Names =
        [City, Town, Other, ByRegion, Education, LocalEducation, ExemptMonth, ExemptQuarter, .. SmallTaxpayerRelief.Names];

    public static SurchargeTerms Terms(SurchargeLedger ledger, SurchargeUnit unit, ParameterSet parameters)
    {
        var day = unit.Period.End;
        var relief = SmallTaxpayerRelief.For(ledger.Registration, unit.Returns, unit.Period, parameters);
        var (rate, own) = UrbanRate(ledger, unit, parameters);
        var unplaced = ledger.Unplaced(unit.Period);
        SurchargeItem Item(string tax, string title, ParameterValue value) => new(tax, title, value, relief.Share,
            unit.Paid.Concat(unplaced).Any(p => p.Tax == tax && p.Amount > Money.Zero),
            unit.Paid.Concat(unplaced).Where(p => p.Tax == tax).Aggregate(Money.Zero, (sum, p) => sum + p.Amount));

        var exemption = parameters.Find(unit.Period.Kind == PeriodKind.Quarter ? ExemptQuarter : ExemptMonth, day);
        var items = ImmutableArray.Create(Item(Codes.UrbanMaintenance, "城市维护建设税", rate));
        if (unit.Sales is { } sales && (exemption is null || sales.Yuan > exemption.Value))
            items = [.. items, Item(Codes.EducationSurcharge, "教育费附加", parameters.At(Education, day)),
                Item(Codes.LocalEducationSurcharge, "地方教育附加", parameters.At(LocalEducation, day))];
        return new SurchargeTerms(items, relief, exemption, own && relief.Certain);
    }

    /// <summary>
    /// The location decides 7, 5 or 1 %, and no table of townships is agreed yet. So the party's own 城建税 receipts
    /// decide
    /// where they name a legal rate: those of the period first (the lowest, if it moved), else the nearest at the
    /// same authority
    /// (a dispute over 7 or 5 is not this model's). Only without any such row does the parameter by township apply.
    /// </summary>
    private static (ParameterValue Rate, bool Own) UrbanRate(SurchargeLedger ledger, SurchargeUnit unit, ParameterSet parameters)
    {
        var legal = new[] { City, Town, Other }.Select(n => parameters.At(n, unit.Period.End)).ToArray();
        ParameterValue? Named(TaxPayment payment) => payment.Row.Number("sl") is not { } sl ? null
            : legal.FirstOrDefault(l => l.Value == sl || l.Value * 100m == sl);

        var here = unit.Paid.Where(p => p.Tax == Codes.UrbanMaintenance && p.Amount > Money.Zero).Select(Named).OfType<ParameterValue>();
        var near = ledger.RateRows(unit.Authority).OrderBy(p => p.Row.Date("skssqq") > unit.Period.End).Select(Named).OfType<ParameterValue>();
        if ((here.MinBy(v => v.Value) ?? near.FirstOrDefault()) is { } own)
            return (own, true);
        var region = unit.Base.Select(p => p.Row.Text("jdxz_dm")).FirstOrDefault(r => r is not null)
            ?? ledger.Registration?.Text("jdxz_dm") ?? "";
        return (parameters.At(ByRegion, unit.Period.End, region), false);
    }
}
