using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// The rate of 城市维护建设税 of one unit: the place decides 7, 5 or 1 % (城市维护建设税法第四条), and the place is not in the
/// payment. In this order:
/// <list type="number">
/// <item>the party's own 城建税 receipts where they name a legal rate: those of the period first (the lowest, if it
/// moved),
/// else the nearest at the same authority, for a place of the same kind (a dispute over 7 or 5 is not this model's, and
/// who moved from a town to the city pays what the city asks);</item>
/// <item>the rate that the city keeps for the township (<c>urban-maintenance.rate</c>, by division);</item>
/// <item>the kind of the township told by its code: a stated fallback, which the finding tells;</item>
/// <item>otherwise the rate is not known. An optional cell that is blank is no 7 %.</item>
/// </list>
/// Wherever the receipts do not name it, a payment that fits another legal rate is one at that rate.
/// </summary>
internal sealed class UrbanRate
{
    private const string City = "urban-maintenance.rate.city", Town = "urban-maintenance.rate.town", Other = "urban-maintenance.rate.other",
        ByRegion = "urban-maintenance.rate", FitShare = "urban-maintenance.fit-share";

    public static readonly ImmutableArray<string> Names = [City, Town, Other, ByRegion, FitShare];

    private readonly ImmutableArray<ParameterValue> _legal;
    private readonly ParameterValue? _rate;
    private readonly string _ground;
    private readonly decimal _fitShare;

    private UrbanRate(ImmutableArray<ParameterValue> legal, ParameterValue? rate, string ground, bool isOwn, decimal fitShare) =>
        (_legal, _rate, _ground, IsOwn, _fitShare) = (legal, rate, ground, isOwn, fitShare);

    /// <summary>The party's own receipts name it.</summary>
    public bool IsOwn { get; }

    public static UrbanRate Of(SurchargeLedger ledger, SurchargeUnit unit, ParameterSet parameters)
    {
        var day = unit.Period.End;
        ImmutableArray<ParameterValue> legal = [.. new[] { City, Town, Other }.Select(n => parameters.At(n, day))];
        var fit = parameters.At(FitShare, day).Value;
        ParameterValue? Named(TaxPayment payment) => payment.Row.Number("sl") is not { } sl ? null
            : legal.FirstOrDefault(l => l.Value == sl || l.Value * 100m == sl);

        var here = unit.Paid.Where(p => p.Tax == Codes.UrbanMaintenance && p.Amount > Money.Zero).Select(Named).OfType<ParameterValue>();
        var region = ledger.PlaceOf(unit);
        var near = ledger.RateRows(unit.Authority).Where(p => IsAlike(ledger.PlaceOf(p), region)).OrderBy(p =>
            p.Row.Date("skssqq") > day).Select(Named).OfType<ParameterValue>();
        if ((here.MinBy(v => v.Value) ?? near.FirstOrDefault()) is { } own)
            return new UrbanRate(legal, own, "本户城建税税票所载税率", isOwn: true, fit);
        if (parameters.Find(ByRegion, day, region) is { } kept)
            return new UrbanRate(legal, kept, $"本市维护的 {region} 适用税率", isOwn: false, fit);
        return Township.KindOf(region) switch
        {
            TownshipKind.Urban => new(legal, legal[0], $"未维护 {region} 的适用税率，按区划代码推定为市区", isOwn: false, fit),
            TownshipKind.CountySeatOrTown => new(legal, legal[1], $"未维护 {region} 的适用税率，按区划代码推定为县城、镇", isOwn: false, fit),
            TownshipKind.Rural => new(legal, legal[2], $"未维护 {region} 的适用税率，按区划代码推定为乡", isOwn: false, fit),
            _ => new(legal, null, "", isOwn: false, fit),
        };
    }

    /// <summary>False when both codes tell the kind of their place, and it is not the same.</summary>
    private static bool IsAlike(string one, string other) => one == other
        || Township.KindOf(one) is TownshipKind.Unknown || Township.KindOf(other) is TownshipKind.Unknown
        || Township.KindOf(one) == Township.KindOf(other);

    /// <summary>The surcharge at the rate that applies; null when it is not known.</summary>
    public SurchargeItem? Fitted(SurchargeUnit unit, Func<ParameterValue, SurchargeItem> at)
    {
        if (!IsOwn && FittingRate(unit, at) is { } fitting)
            return at(fitting);
        return _rate is { } rate ? at(rate) : null;
    }

    /// <summary>zh-CN.</summary>
    public string GroundOf(ParameterValue rate) =>
        rate == _rate ? _ground : $"税票未载税率，实缴与法定税率 {Wording.Percent(rate.Value)} 相符";

    /// <summary>
    /// The highest legal rate, no lower than the place's where that is known to be lower, that the payment fits.
    /// </summary>
    private ParameterValue? FittingRate(SurchargeUnit unit, Func<ParameterValue, SurchargeItem> at)
    {
        var amount = unit.TwoTaxes + unit.ExemptCredit;
        return amount <= Money.Zero ? null : _legal.FirstOrDefault(rate =>
        {
            var (item, due) = (at(rate), at(rate).Due(amount));
            return item.Paid > Money.Zero && Math.Abs(item.Paid.Yuan - due.Yuan) <= due.Yuan * _fitShare;
        });
    }
}

/// <summary>What a township is, as far as its code tells.</summary>
internal enum TownshipKind
{
    Unknown = 0,

    /// <summary>A street office of a district or of a county-level city.</summary>
    Urban,

    /// <summary>A street office of a county (the county seat), or a town.</summary>
    CountySeatOrTown,
    Rural,
}

/// <summary>
/// Nine-digit township codes: the last three tell the kind by GB/T 10114-2003 (001 to 099 街道, 100 to 199 镇, 200 to 399
/// 乡; above that development zones and farms, of which nothing follows), digits 5 and 6 the kind of the county by GB/T
/// 2260 (01 to 20 市辖区, 21 to 80 县 and 旗, 81 to 99 县级市).
/// </summary>
internal static class Township
{
    private const int Digits = 9;

    public static TownshipKind KindOf(string code)
    {
        if (code.Length != Digits || !code.All(char.IsAsciiDigit))
            return TownshipKind.Unknown;
        var county = int.Parse(code.AsSpan(4, 2), CultureInfo.InvariantCulture);
        return int.Parse(code.AsSpan(6), CultureInfo.InvariantCulture) switch
        {
            >= 1 and <= 99 => county is >= 21 and <= 80 ? TownshipKind.CountySeatOrTown : TownshipKind.Urban,
            >= 100 and <= 199 => TownshipKind.CountySeatOrTown,
            >= 200 and <= 399 => TownshipKind.Rural,
            _ => TownshipKind.Unknown,
        };
    }
}
