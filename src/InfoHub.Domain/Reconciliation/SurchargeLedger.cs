using System.Collections.Immutable;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// One tax period of one registration at one tax authority: the two taxes paid there, the surcharges paid there and, at
/// the home authority, what the returns of the period add.
/// </summary>
/// <param name="Registration">What the tax register said of the registration in the period; null when it never had
/// it.</param>
internal sealed record SurchargeUnit(Period Period, string Authority, bool Home, ImmutableArray<TaxPayment> Base,
    ImmutableArray<TaxPayment> Paid, ImmutableArray<Fact> Returns, Fact? Registration)
{
    /// <summary>实缴两税, never below zero: a refund is no negative liability.</summary>
    public Money TwoTaxes => Max(Base.Aggregate(Money.Zero, (sum, p) => sum + p.Amount), Money.Zero);

    /// <summary>免抵税额 of the period's returns; at the home authority only.</summary>
    public Money ExemptCredit => Home ? Total("mdse") : Money.Zero;

    /// <summary>留抵退税额 of the period's returns; at the home authority only.</summary>
    public Money CarryRefund => Home ? Total("ldts") : Money.Zero;

    /// <summary>Sales with exempt sales; null when no return is there.</summary>
    public Money? Sales => Returns.IsEmpty ? null : Returns.Aggregate(Money.Zero, (sum, r) => sum + Declarations.Sales(r));

    private Money Total(string field) => Returns.Aggregate(Money.Zero, (sum, r) => sum + Declarations.Sum(r, field));

    private static Money Max(Money left, Money right) => left > right ? left : right;
}

/// <summary>
/// All periods of one registration (djxh), in time order. Rows are gathered by 所属期, never by payment date, so 查补
/// and late
/// payments stand beside the period they are for. A registration that files or pays for a whole quarter has that
/// quarter's
/// single months (代开 paid on the spot, monthly 消费税) gathered into it.
/// </summary>
internal sealed class SurchargeLedger
{
    private readonly Dossier _dossier;
    private readonly ImmutableArray<TaxPayment> _payments;
    private readonly ImmutableArray<Fact> _returns;
    private readonly HashSet<Period> _quarters;
    private readonly ImmutableArray<TaxPayment> _unplaced;

    public SurchargeLedger(Dossier dossier, string djxh)
    {
        (_dossier, Djxh) = (dossier, djxh);
        _payments = TaxPayments.Of(dossier, djxh);
        _returns = [.. Declarations.Rows(dossier).Where(r => r.Text("djxh") == djxh).OrderBy(r => r.Date("skssqq"))];
        _quarters = [.. _payments.Where(p => p.Role == PaymentRole.Base).Select(p => p.Unit).Concat(_returns.Select(Declarations.PeriodOf))
            .OfType<Period>().Where(p => p.Kind == PeriodKind.Quarter)];
        Units = [.. Periods().SelectMany(UnitsOf)];
        var placed = Units.SelectMany(u => u.Paid).ToHashSet<TaxPayment>(ReferenceEqualityComparer.Instance);
        _unplaced = [.. _payments.Where(p => p.Role == PaymentRole.Surcharge && !placed.Contains(p))];
    }

    public string Djxh { get; }

    public ImmutableArray<SurchargeUnit> Units { get; }

    /// <summary>
    /// Surcharges paid for days of the period that no unit of it holds: another authority without base, or a span
    /// that is
    /// no month or quarter (查补 of a whole year). They may be what is missing elsewhere, so they are credited to any
    /// gap.
    /// </summary>
    public ImmutableArray<TaxPayment> Unplaced(Period period) =>
        _unplaced.RemoveAll(p => !(p.Row.Date("skssqq") <= period.End && p.Row.Date("skssqz") >= period.Start));

    /// <summary>城建税 rows at an authority, newest period first: they tell which rate applies there.</summary>
    public IEnumerable<TaxPayment> RateRows(string authority) =>
        _payments.Where(p => p.Role == PaymentRole.Surcharge && p.Tax == Codes.UrbanMaintenance && p.Authority == authority && p.Amount > Money.Zero)
            .OrderByDescending(p => p.Row.Date("skssqq"));

    /// <summary>The township of the unit: what its base rows tell, else the register of its period; "" unknown.</summary>
    public string PlaceOf(SurchargeUnit unit) =>
        unit.Base.Select(p => p.Row.Text("jdxz_dm")).FirstOrDefault(r =>
            r is not null) ?? unit.Registration?.Text("jdxz_dm") ?? "";

    /// <summary>The township of a payment: what it tells, else what the register said in its period; "" unknown.</summary>
    public string PlaceOf(TaxPayment payment) => payment.Row.Text("jdxz_dm")
        ?? TaxRegister.On(_dossier, Djxh, Period.MonthOf(payment.Row.Date("skssqz")!.Value))?.Text("jdxz_dm") ?? "";

    private Period? Gathered(Period? period) => period is { Kind: PeriodKind.Month } month && _quarters.Contains(TaxPeriods.QuarterOf(month))
        ? TaxPeriods.QuarterOf(month) : period;

    /// <summary>
    /// Periods with a base; one with 免抵税额 and the one after it, in which its surcharges may be filed, count too.
    /// </summary>
    private IEnumerable<Period> Periods()
    {
        var periods = new SortedSet<Period>(_payments.Where(p => p.Role == PaymentRole.Base).Select(p => Gathered(p.Unit)).OfType<Period>());
        foreach (var row in _returns)
            if (row.Money("mdse") > Money.Zero && Gathered(Declarations.PeriodOf(row)) is { } period)
            {
                periods.Add(period);
                periods.Add(Gathered(TaxPeriods.Next(period))!.Value);
            }
            else if (row.Money("ldts") > Money.Zero && Gathered(Declarations.PeriodOf(row)) is { } refunded)
                periods.Add(refunded);
        return periods;
    }

    private IEnumerable<SurchargeUnit> UnitsOf(Period period)
    {
        var placed = _payments.Where(p => Gathered(p.Unit) == period).ToArray();
        var registration = TaxRegister.On(_dossier, Djxh, period);
        var authorities = placed.Where(p => p.Role == PaymentRole.Base).Select(p => p.Authority).Distinct().Order(StringComparer.Ordinal).ToList();
        var home = Home(registration, placed, authorities);
        if (!authorities.Contains(home))
            authorities.Add(home);
        ImmutableArray<Fact> returns = [.. _returns.Where(r => Gathered(Declarations.PeriodOf(r)) == period)];
        return authorities.Select(a => new SurchargeUnit(period, a, a == home,
            [.. placed.Where(p => p.Authority == a && p.Role == PaymentRole.Base)],
            [.. placed.Where(p => p.Authority == a && p.Role == PaymentRole.Surcharge)], returns, registration));
    }

    /// <summary>
    /// The authority of the registration if it took part, else the one with the largest base or surcharge.
    /// </summary>
    private static string Home(Fact? registration, TaxPayment[] placed, List<string> authorities)
    {
        string?[] own = [registration?.Text("zgswj_dm"), registration?.Text("zgswskfj_dm")];
        return own.FirstOrDefault(a => a is not null && authorities.Contains(a))
            ?? placed.GroupBy(p => p.Authority).OrderByDescending(g => g.Sum(p => p.Role == PaymentRole.Base ? p.Amount.Fen : 0L))
                .ThenByDescending(g => g.Sum(p => p.Amount.Fen)).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).FirstOrDefault()
            ?? own[0] ?? "";
    }
}
