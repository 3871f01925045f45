using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// One period (the month, or the quarter the party files for) in which 医保 settlements and declared receipts can be held
/// against each other. All amounts in 元, tax included.
/// </summary>
/// <param name="Months">The months of the period that have settlements.</param>
/// <param name="Accrued">Settled in the period: account + fund + cash, reversals taken off.</param>
/// <param name="Disbursed">The same with the fund's share counted when it was paid out; null when the month before
/// is not received.</param>
/// <param name="Returns">Returns of the period; empty when a filer declared nothing.</param>
internal sealed record SettlementPeriod(Period Period, ImmutableArray<Period> Months, Money Accrued, Money? Disbursed, Money Receipts,
    ImmutableArray<Fact> Settlements, ImmutableArray<Fact> Returns, Fact? Filer)
{
    /// <summary>
    /// The smaller of both bases: what a provider that books the fund's share late would have declared.
    /// </summary>
    public Money Settled => Disbursed is { } paidOut && paidOut < Accrued ? paidOut : Accrued;

    public Money Sales => Returns.Aggregate(Money.Zero, (sum, r) => sum + Declarations.Sales(r));
}

/// <summary>
/// Builds the comparable periods of a provider; what cannot be judged yet comes back as awaited or not yet due.
/// </summary>
internal sealed class SettlementPeriods
{
    private readonly Dossier _dossier;
    private readonly ParameterSet _parameters;
    private readonly ILookup<Period, Fact> _settlements;
    private readonly ImmutableArray<Fact> _returns;
    private readonly List<(string, Period)> _awaits = [];

    public SettlementPeriods(Dossier dossier, ParameterSet parameters)
    {
        (_dossier, _parameters) = (dossier, parameters);
        _settlements = dossier.Of("YB-01").Where(r => r.PeriodOf("data_month") is not null).ToLookup(r => r.PeriodOf("data_month")!.Value);
        _returns = [.. Declarations.Rows(dossier).OrderBy(r => r.Date("skssqq")).ThenBy(r => r.Text("djxh"), StringComparer.Ordinal)];
        Comparable = [.. _settlements.Select(g => FilingPeriod(g.Key)).Distinct().Order().Select(Build).OfType<SettlementPeriod>()];
    }

    public ImmutableArray<SettlementPeriod> Comparable { get; }

    public IReadOnlyCollection<(string Item, Period Period)> Awaits => _awaits;

    public DateOnly? RevisitOn { get; private set; }

    /// <summary>
    /// The quarter when a return spans it or the party otherwise files by quarter (小规模), else the month.
    /// </summary>
    private Period FilingPeriod(Period month)
    {
        var quarter = TaxPeriods.QuarterOf(month);
        var filed = _returns.Select(Declarations.PeriodOf).OfType<Period>().ToArray();
        if (filed.Contains(quarter))
            return quarter;
        if (filed.Any(p => p.Kind == PeriodKind.Month && TaxPeriods.QuarterOf(p) == quarter))
            return month;
        if (filed.Length > 0)
            return filed.OrderBy(p => Math.Abs(p.Start.DayNumber - month.Start.DayNumber)).ThenBy(p => p).First().Kind == PeriodKind.Quarter
                ? quarter : month;
        return TaxRegister.Rows(_dossier).Any(r => r.Text("vat_type") is Codes.VatSmallScale or Codes.VatBelowThreshold) ? quarter : month;
    }

    private SettlementPeriod? Build(Period period)
    {
        var due = TaxPeriods.DueDate(period, _parameters, TaxRegister.Region(_dossier));
        var lastMonth = TaxPeriods.LastMonth(period);
        if (_dossier.AsOf <= due)
        {
            RevisitOn = RevisitOn is { } day && day <= due ? day : due.AddDays(1);
            return null;
        }
        if (!_dossier.Coverage.Has(Declarations.Item, lastMonth))
        {
            _awaits.Add((Declarations.Item, lastMonth));
            return null;
        }
        ImmutableArray<Fact> returns = [.. Declarations.Within(_returns, period)];
        var months = period.Months().Where(_settlements.Contains).ToImmutableArray();
        ImmutableArray<Fact> settlements = [.. months.SelectMany(m => _settlements[m])];
        var filer = TaxRegister.Filer(_dossier, period.Start);
        return IsComparable(settlements, returns, filer)
            ? new SettlementPeriod(period, months, Total(settlements, Accrued), DisbursedIn(period, settlements),
                Total(returns, r => Declarations.Receipts(r, _parameters)), settlements, returns, filer)
            : null;
    }

    /// <summary>
    /// A return of the period makes any provider comparable, except a public or non-profit hospital that declares
    /// no exempt
    /// sales: its returns cover only side income. No return is a declared zero only for a pharmacy registered 正常
    /// since before the
    /// period, not 核定征收 (定期定额 files no return), and no branch (its parent may declare for it).
    /// </summary>
    private bool IsComparable(ImmutableArray<Fact> settlements, ImmutableArray<Fact> returns, Fact? filer)
    {
        if (!returns.IsEmpty)
            return !settlements.Any(s => s.Text("provider_type") is Codes.PublicHospital or Codes.NonProfitHospital)
                || returns.Any(r => r.Money("sales_exempt") > Money.Zero);
        return filer is not null && !TaxRegister.Rows(_dossier).Any(r => r.Text("zsfs") == Codes.AssessedCollection)
            && !Suppressions.IsBranch(_dossier)
            && settlements.All(s => s.Text("provider_type") is Codes.Pharmacy or Codes.ChainOwned or Codes.ChainFranchise);
    }

    private Money? DisbursedIn(Period period, ImmutableArray<Fact> settlements)
    {
        if (!_dossier.Coverage.Has("YB-01", Period.MonthOf(period.Start).AddMonths(-1)))
            return null;
        return Total(settlements, r => Accrued(r) - Declarations.Sum(r, "fund_pay"))
            + Total([.. _settlements.SelectMany(g => g).Where(r => PaidOut(r) is var day && day >= period.Start && day <= period.End)],
                r => Declarations.Sum(r, "fund_pay"));
    }

    /// <summary>拨付日期; a blank one is taken to fall in the month after the settlement.</summary>
    private static DateOnly PaidOut(Fact row) => row.Date("pay_date") ?? row.PeriodOf("data_month")!.Value.AddMonths(1).Start;

    /// <summary>冲正金额 is negative by the template; its sign is not trusted.</summary>
    private static Money Accrued(Fact row)
    {
        var reversed = Declarations.Sum(row, "reverse_amt");
        return Declarations.Sum(row, "acct_pay") + Declarations.Sum(row, "fund_pay") + Declarations.Sum(row, "cash_pay")
            - (reversed < Money.Zero ? -reversed : reversed);
    }

    private static Money Total(ImmutableArray<Fact> rows, Func<Fact, Money> amount) =>
        rows.Aggregate(Money.Zero, (sum, r) => sum + amount(r));
}
