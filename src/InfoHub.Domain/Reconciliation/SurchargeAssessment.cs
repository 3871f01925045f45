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
/// <param name="UrbanGround">zh-CN: what the rate of 城建税 rests on; empty when it is not known and 城建税 is left
/// out.</param>
internal sealed record SurchargeTerms(
    ImmutableArray<SurchargeItem> Items, SmallTaxpayerRelief Relief, ParameterValue? Exemption, bool Certain, string UrbanGround)
{
    public decimal RateSum => Items.Sum(i => i.EffectiveRate);

    public Money Due(Money @base) => Items.Aggregate(Money.Zero, (sum, i) => sum + i.Due(@base));

    public Money Paid => Items.Aggregate(Money.Zero, (sum, i) => sum + i.Paid);
}

/// <summary>Finds the terms of a unit: rates, relief and exemption in force at the end of its period.</summary>
internal static class SurchargeAssessment
{
    private const string Education = "education-surcharge.rate", LocalEducation = "local-education-surcharge.rate",
        ExemptMonth = "surcharge-exemption.sales-month", ExemptQuarter = "surcharge-exemption.sales-quarter";

    public static readonly ImmutableArray<string> Names =
        [.. UrbanRate.Names, Education, LocalEducation, ExemptMonth, ExemptQuarter, .. SmallTaxpayerRelief.Names];

    public static SurchargeTerms Terms(SurchargeLedger ledger, SurchargeUnit unit, ParameterSet parameters)
    {
        var day = unit.Period.End;
        var relief = SmallTaxpayerRelief.For(unit.Registration, unit.Returns, unit.Period, parameters);
        var unplaced = ledger.Unplaced(unit.Period);
        SurchargeItem Item(string tax, string title, ParameterValue value) => new(tax, title, value, relief.Share,
            unit.Paid.Concat(unplaced).Any(p => p.Tax == tax && p.Amount > Money.Zero),
            unit.Paid.Concat(unplaced).Where(p => p.Tax == tax).Aggregate(Money.Zero, (sum, p) => sum + p.Amount));

        var exemption = parameters.Find(unit.Period.Kind == PeriodKind.Quarter ? ExemptQuarter : ExemptMonth, day);
        var urban = UrbanRate.Of(ledger, unit, parameters);
        ImmutableArray<SurchargeItem> items = urban.Fitted(unit, rate => Item(Codes.UrbanMaintenance, "城市维护建设税", rate)) is { } own
            ? [own] : [];
        if (unit.Sales is { } sales && (exemption is null || sales.Yuan > exemption.Value))
            items = [.. items, Item(Codes.EducationSurcharge, "教育费附加", parameters.At(Education, day)),
                Item(Codes.LocalEducationSurcharge, "地方教育附加", parameters.At(LocalEducation, day))];
        return new SurchargeTerms(items, relief, exemption, urban.IsOwn && relief.Certain,
            items.FirstOrDefault()?.Tax == Codes.UrbanMaintenance ? urban.GroundOf(items[0].Rate) : "");
    }
}
