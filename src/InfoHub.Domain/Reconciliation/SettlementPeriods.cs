using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// One period (the month, or the quarter the party files for) in which 医保 settlements and declared sales can be held
/// against each other. All amounts in 元.
/// </summary>
/// <param name="Months">The months of the period that have settlements.</param>
/// <param name="Accrued">Settled in the period: account + fund + cash, reversals taken off; tax included.</param>
/// <param name="Disbursed">The same with the fund's share counted when it was paid out; null when the month before
/// is not received.</param>
/// <param name="Receipts">The declared sales with their tax; null when a return does not tell the tax.</param>
/// <param name="Settlements">Of the party, and of the branches it files for.</param>
/// <param name="Returns">Returns of the period; empty when a filer declared nothing.</param>
/// <param name="Branches">Names of the branches whose settlements are counted here, in order.</param>
internal sealed record SettlementPeriod(Period Period, ImmutableArray<Period> Months, SettledSum Accrued, SettledSum? Disbursed, Money? Receipts,
    ImmutableArray<Fact> Settlements, ImmutableArray<Fact> Returns, Fact? Filer, ImmutableArray<string> Branches)
{
    /// <summary>
    /// The smaller of both bases: what a provider that books the fund's share late would have declared.
    /// </summary>
    public SettledSum Settled => Disbursed is { } paidOut && paidOut.Total < Accrued.Total ? paidOut : Accrued;

    public Money Sales => Returns.Aggregate(Money.Zero, (sum, r) => sum + Declarations.Sales(r));

    /// <summary>Whether the tax in the settlements is known: the returns tell what share of receipts it is.</summary>
    public bool IsWithoutTax => Receipts > Money.Zero && Sales > Money.Zero;

    /// <summary>
    /// Settled, to be compared with <see cref="Sales"/>: without tax where its share is known, else as it stands.
    /// </summary>
    public Money Compared => IsWithoutTax
        ? Money.FromYuan(Settled.Total.Yuan * Sales.Yuan / Receipts!.Value.Yuan) : Settled.Total;
}

/// <summary>Settlements by who paid; <paramref name="Reversed"/> is taken off whatever its sign in the file.</summary>
internal readonly record struct SettledSum(Money Account, Money Fund, Money Cash, Money Reversed)
{
    public Money Total => Account + Fund + Cash - Reversed;

    public static SettledSum Of(IEnumerable<Fact> rows) => rows.Aggregate(default(SettledSum), (sum, row) => sum + Of(row));

    /// <summary>The same rows with another sum from the fund.</summary>
    public SettledSum WithFund(Money fund) => this with { Fund = fund };

    private static SettledSum Of(Fact row)
    {
        var reversed = Declarations.Sum(row, "reverse_amt");
        return new(Declarations.Sum(row, "acct_pay"), Declarations.Sum(row, "fund_pay"), Declarations.Sum(row, "cash_pay"),
            reversed < Money.Zero ? -reversed : reversed);
    }

    public static SettledSum operator +(SettledSum left, SettledSum right) => new(left.Account + right.Account,
        left.Fund + right.Fund, left.Cash + right.Cash, left.Reversed + right.Reversed);
}

/// <summary>
/// Builds the comparable periods of a provider or of a head office with its shops; what cannot be judged yet comes back
/// as awaited or not yet due.
/// </summary>
internal sealed class SettlementPeriods
{
    private readonly Dossier _dossier;
    private readonly ParameterSet _parameters;
    private readonly ImmutableArray<Provider> _providers;
    private readonly ImmutableArray<Fact> _returns;
    private readonly List<(string, Period)> _awaits = [];
    private readonly List<string> _unjudged = [];

    /// <summary>
    /// Somebody who settles, and its settlements of the months in which the party answers for them.
    /// </summary>
    private sealed record Provider(string? Branch, ILookup<Period, Fact> Settlements);

    public SettlementPeriods(Dossier dossier, ParameterSet parameters)
    {
        (_dossier, _parameters) = (dossier, parameters);
        _returns = Ordered(Declarations.Rows(dossier));
        _providers =
        [
            new Provider(null, ByMonth(dossier.Of("YB-01"))),
            .. dossier.Branches.OrderBy(b => b.Party.Id, StringComparer.Ordinal)
                .Select(b => new Provider(b.Party.Name, FiledFor(b, HeadOffice.CodesOf(dossier)))),
        ];
        Comparable = [.. _providers.SelectMany(p => p.Settlements).Select(g => FilingPeriod(g.Key)).Distinct().Order()
            .Select(Build).OfType<SettlementPeriod>()];
    }

    public ImmutableArray<SettlementPeriod> Comparable { get; }

    public IReadOnlyCollection<(string Item, Period Period)> Awaits => _awaits;

    public DateOnly? RevisitOn { get; private set; }

    /// <summary>Of which periods it cannot be said who declares, zh-CN.</summary>
    public IReadOnlyCollection<string> Unjudged => _unjudged;

    /// <summary>
    /// The settlements of a branch in the months in which it names the head office and declares no sales of its own: a
    /// return of any length that covers the month. Those of other months are the shop's own, or another's.
    /// </summary>
    private static ILookup<Period, Fact> FiledFor(Dossier branch, ImmutableArray<string> codes)
    {
        var declared = Declarations.Rows(branch).Where(r => Declarations.Sales(r) != Money.Zero).ToArray();
        bool Answers(Period month) => HeadOffice.In(branch, month).Any(codes.Contains)
            && !declared.Any(r => r.Date("skssqq") <= month.End && r.Date("skssqz") >= month.Start);
        return ByMonth(ByMonth(branch.Of("YB-01").Where(r => r.Text("provider_type") != Codes.ChainFranchise))
            .Where(g => Answers(g.Key)).SelectMany(g => g));
    }

    private static ILookup<Period, Fact> ByMonth(IEnumerable<Fact> settlements) =>
        settlements.Where(r => r.PeriodOf("data_month") is not null).ToLookup(r => r.PeriodOf("data_month")!.Value);

    private static ImmutableArray<Fact> Ordered(IEnumerable<Fact> returns) =>
        [.. returns.OrderBy(r => r.Date("skssqq")).ThenBy(r => r.Text("djxh"), StringComparer.Ordinal)];

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
        return TaxRegister.RowsOn(_dossier, month).Any(r => r.Text("vat_type") is Codes.VatSmallScale or Codes.VatBelowThreshold)
            ? quarter : month;
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
        var months = period.Months().Where(m => _providers.Any(p => p.Settlements.Contains(m))).ToImmutableArray();
        ImmutableArray<Fact> settlements = [.. _providers.SelectMany(p => months.SelectMany(m => p.Settlements[m]))];
        ImmutableArray<Fact> returns = [.. Declarations.Within(_returns, period)];
        var filer = TaxRegister.Filer(_dossier, period);
        if (settlements.IsEmpty || !IsComparable(period, settlements, returns, filer))
            return null;
        return new SettlementPeriod(period, months, SettledSum.Of(settlements), DisbursedIn(period, settlements),
            ReceiptsOf(returns), settlements, returns, filer,
            [.. _providers.Where(p => p.Branch is not null && months.Any(p.Settlements.Contains)).Select(p =>
                p.Branch!)]);
    }

    private Money? ReceiptsOf(ImmutableArray<Fact> returns)
    {
        var sum = Money.Zero;
        foreach (var row in returns)
            if (Declarations.Receipts(row, _parameters) is { } receipts)
                sum += receipts;
            else
                return null;
        return sum;
    }

    /// <summary>
    /// A return of the period makes any provider comparable, except a public or non-profit hospital that declares
    /// no exempt sales (its returns cover only side income) and a branch that declares nothing, for which its head
    /// office
    /// answers. No return is a declared zero only for a pharmacy registered 正常 since before the period, not 核定征收
    /// (定期定额 files no return), and no branch. Of a 直营 shop that names no head office it is not known who declares.
    /// </summary>
    private bool IsComparable(Period period, ImmutableArray<Fact> settlements, ImmutableArray<Fact> returns, Fact? filer)
    {
        var isBranch = period.Months().Any(m => !HeadOffice.In(_dossier, m).IsEmpty);
        if (isBranch && returns.All(r => Declarations.Sales(r) == Money.Zero))
            return false;
        if (!returns.IsEmpty)
            return !settlements.Any(s => s.Text("provider_type") is Codes.PublicHospital or Codes.NonProfitHospital)
                || returns.Any(r => r.Money("sales_exempt") > Money.Zero);
        if (filer is null || TaxRegister.RowsOn(_dossier, period).Any(r => r.Text("zsfs") == Codes.AssessedCollection))
            return false;
        if (_providers[0].Settlements.Where(g => period.Months().Contains(g.Key)).SelectMany(g => g)
            .Any(s => s.Text("provider_type") == Codes.ChainOwned))
        {
            _unjudged.Add($"{period} 连锁直营门店没有申报，也没有报隶属企业，不知由谁申报：请医保部门补报隶属企业代码");
            return false;
        }
        return settlements.All(s => s.Text(
            "provider_type") is Codes.Pharmacy or Codes.ChainOwned or Codes.ChainFranchise);
    }

    private SettledSum? DisbursedIn(Period period, ImmutableArray<Fact> settlements)
    {
        var before = Period.MonthOf(period.Start).AddMonths(-1);
        if (!_dossier.Coverage.Has("YB-01", before))
        {
            // It is judged without; where the fund has paid, the month may still bring a smaller sum.
            if (SettledSum.Of(settlements).Fund > Money.Zero)
                _awaits.Add(("YB-01", before));
            return null;
        }
        var paidOut = _providers.SelectMany(p => p.Settlements).SelectMany(g => g)
            .Where(r => PaidOut(r) is var day && day >= period.Start && day <= period.End);
        return SettledSum.Of(settlements).WithFund(SettledSum.Of(paidOut).Fund);
    }

    /// <summary>拨付日期; a blank one is taken to fall in the month after the settlement.</summary>
    private static DateOnly PaidOut(Fact row) => row.Date("pay_date") ?? row.PeriodOf("data_month")!.Value.AddMonths(1).Start;
}
