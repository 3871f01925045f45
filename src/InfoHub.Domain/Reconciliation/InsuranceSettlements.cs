using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// SZ-14 医保结算与申报收入比对: what 医保 settled with a provider (account + fund + cash − reversals, all kinds) against the sales
/// it declared, exempt sales included; never against tax paid. Two rules:
/// <list type="bullet">
/// <item>(a) hard: declared &lt; settled, per month, or per quarter for a quarterly filer; no coefficient and no
/// tolerance: who settled a fen more than it declared has not declared it;</item>
/// <item>(b) declared &lt; settled ÷ k × 0.8 for 3 consecutive months, k = 医保占比 of the provider type (the largest
/// when a party has several): the city's median of the type in the year, of at least so many providers as the parameter
/// asks for, else a dated default; the finding tells which (<see cref="InsuranceShare"/>). A full quarter of a
/// quarterly filer is three months. Months that (a) already
/// found extend the run but are not counted again in its amounts; a run of (a) months alone makes no (b).</item>
/// </list>
/// <para><b>Same measure.</b> Settlements include VAT, declared sales do not. Where the returns of the period tell the
/// tax, it is taken out of the settlements in the same share (<see cref="SettlementPeriod.Compared"/>); where they do
/// not
/// (销项税额 blank, nothing declared), both are compared as they stand, and the finding says so.</para>
/// <para><b>When absence counts.</b> SW-03 of the period's last month must have been received (a quarterly return comes
/// after the quarter) and the filing deadline be past. No return is declared zero only for a registered pharmacy that
/// must file. While a rejected row of SW-01 or SW-03 may be the party's, or a branch's, nothing is said.</para>
/// <para><b>Traps.</b></para>
/// <list type="bullet">
/// <item>Exempt 医疗服务: exempt sales count. Public and non-profit hospitals only where they declare exempt sales; medical
/// providers only where they file. The 2026 loss of exemption for 营利性美容 moves sales between columns, not their
/// sum.</item>
/// <item>中药、抗癌药 3%: the declared 销项税额 is used, no rate is guessed; the tax at stake is left open for the same
/// reason.</item>
/// <item>连锁汇总: a head office answers for the shops it files for, with their settlements added to its own, month by
/// month: a shop that declares sales of its own for the month is compared alone, one that declares none is left to the
/// head office it had then (HeadOffice). 加盟 shops are taxpayers of their own.</item>
/// <item>冲正: taken off whatever its sign. 跨月拨付: the smaller of settled and settled-with-fund-when-paid is compared,
/// so that booking the fund's share at 拨付 is no finding.</item>
/// <item>代开: filers declare them; 定期定额 without returns is TY-04's. Unknown to tax, 非正常, 注销: HJ-01, HJ-05, HJ-06.</item>
/// <item>Flat 13%/3% of the settlements compared with tax paid is the known wrong way and is not done.</item>
/// </list>
/// Age: five years from the due date (the tax is not known, so the longer limit of 征管法52条).
/// Business keys: (a) <c>settled:period</c>; (b) <c>ratio:first month of the run</c>, which stays while the run grows.
/// </summary>
public static class InsuranceSettlements
{
    private const string Factor = "sz14.ratio.factor", RatioMonths = "sz14.ratio.months",
        HardConfidence = "sz14.confidence.hard", RatioConfidence = "sz14.confidence.ratio";

    public static readonly ComparisonModel Model = new()
    {
        Id = "SZ-14",
        Version = 3,
        Title = "医保结算与申报收入比对",
        TitleEn = "Insurance settlements against declared sales",
        GapOf = "收入",
        Basis =
        [
            new("税收征收管理法第二十五条、第三十五条", new(2001, 5, 1)),
            new("增值税暂行条例第一条、第二十三条", new(2009, 1, 1), new(2025, 12, 31)),
            new("增值税法（2026-01-01起施行）", new(2026, 1, 1)),
        ],
        Inputs = ["YB-01", Declarations.Item, TaxRegister.Item, "SCJG-01", "SCJG-03"],
        Dated = [TaxRegister.Item, "SCJG-01"],
        Parameters =
        [
            .. InsuranceShare.Names, Factor, RatioMonths, HardConfidence, RatioConfidence, Declarations.LevyRate,
            TaxPeriods.Names.FilingDueDay, TaxPeriods.Names.RecoveryYearsSpecial,
        ],
        Decide = Decide,
    };

    /// <summary>The fewest providers whose median is used.</summary>
    public static int LeastMembers(ParameterSet parameters, DateOnly day) => InsuranceShare.LeastMembers(parameters,
        day);

    private static ModelAnswer Decide(Dossier dossier, ParameterSet parameters)
    {
        if (Suppressions.Unidentified(dossier) || (dossier.Of("YB-01").IsEmpty && dossier.Branches.IsEmpty)
            || (!TaxRegister.Rows(dossier).IsEmpty && TaxRegister.Rows(dossier).All(TaxRegister.Lapsed))
            || MarketRegister.Closing(dossier)?.Text("event_type") == Codes.EventCancelled)
            return ModelAnswer.Nothing;
        if (new[] { dossier }.Concat(dossier.Branches)
            .Select(d => Suppressions.Doubted(d, TaxRegister.Item, Declarations.Item)).FirstOrDefault(d => d is not null) is { } doubted)
            return doubted;
        var periods = new SettlementPeriods(dossier, parameters);
        var hard = periods.Comparable.Where(p => p.Compared > p.Sales).ToImmutableArray();
        var findings = hard.Select(p => HardDraft(dossier, parameters, p))
            .Concat(Runs(periods.Comparable, dossier, parameters).Where(run => run.Any(p => !hard.Contains(p)))
                .Select(run => RatioDraft(dossier, parameters, run, [.. run.Where(p => !hard.Contains(p))])))
            .Where(f => Until(f.Period, parameters) >= dossier.AsOf).ToImmutableArray();
        var ages = findings.Select(f => (DateOnly?)Until(f.Period, parameters).AddDays(1)).Append(periods.RevisitOn).Min();
        return new ModelAnswer(findings, [.. periods.Awaits], ages) 
        {
            Unjudged = [.. periods.Unjudged], Shares = InsuranceShare.Told(periods.Comparable),
        };
    }

    private static DateOnly Until(Period period, ParameterSet parameters) =>
        TaxPeriods.RecoverableThrough(TaxPeriods.DueDate(period, parameters), null, parameters);

    /// <summary>The least sales rule (b) expects: settled ÷ k × factor. Null when k is not known.</summary>
    private static Money? LeastSales(SettlementPeriod period, Dossier dossier, ParameterSet parameters) =>
        InsuranceShare.Of(period, dossier, parameters) is not { } share ? null
            : Money.FromYuan(period.Compared.Yuan / share.Value * parameters.At(Factor, period.Period.End).Value);

    private static bool FailsRatio(SettlementPeriod period, Dossier dossier, ParameterSet parameters) =>
        period.Months.Length == period.Period.Months().Count() && period.Sales < LeastSales(period, dossier, parameters);

    /// <summary>
    /// The longest stretches of adjoining periods that fail rule (b) and together span enough months.
    /// </summary>
    private static IEnumerable<ImmutableArray<SettlementPeriod>> Runs(ImmutableArray<SettlementPeriod> periods, Dossier dossier, ParameterSet parameters)
    {
        var failing = periods.Where(p => FailsRatio(p, dossier, parameters)).ToArray();
        for (int first = 0, next; first < failing.Length; first = next)
        {
            for (next = first + 1; next < failing.Length && failing[next].Period.Start == failing[next - 1].Period.End.AddDays(1);)
                next++;
            var run = failing[first..next].ToImmutableArray();
            if (run.Sum(p => p.Months.Length) >= (int)parameters.At(RatioMonths, run[^1].Period.End).Value)
                yield return run;
        }
    }

    private static FindingDraft HardDraft(
        Dossier dossier, ParameterSet parameters, SettlementPeriod period) => Draft([period]) with
    {
        BusinessKey = $"settled:{period.Period}",
        Title = $"申报收入低于医保结算额 {period.Compared - period.Sales} 元{ShopsOf([period])}",
        Expected = period.Compared,
        Actual = period.Sales,
        Gap = period.Compared - period.Sales,
        Confidence = parameters.At(HardConfidence, dossier.AsOf).Value,
        Arithmetic =
        [
            .. PeriodLines(period, parameters),
            Wording.Line("差额", period.Compared - period.Sales, "", $"{period.Compared} − {period.Sales}"),
        ],
    };

    private static FindingDraft RatioDraft(Dossier dossier, ParameterSet parameters, ImmutableArray<SettlementPeriod> run,
        ImmutableArray<SettlementPeriod> counted)
    {
        var factor = parameters.At(Factor, run[^1].Period.End);
        var least = counted.Select(p => LeastSales(p, dossier, parameters)!.Value).ToArray();
        var (expected, actual) = (Sum(least), Sum(counted.Select(p => p.Sales)));
        return Draft(run) with
        {
            BusinessKey = $"ratio:{Period.MonthOf(run[0].Period.Start)}",
            Title = $"连续 {run.Sum(p => p.Months.Length)} 个月申报收入低于按医保占比推算收入的 {Wording.Percent(factor.Value)}{ShopsOf(run)}",
            Expected = expected,
            Actual = actual,
            Gap = expected - actual,
            Confidence = parameters.At(RatioConfidence, dossier.AsOf).Value,
            Arithmetic =
            [
                .. counted.SelectMany(p => PeriodLines(p, parameters)),
                .. counted.SelectMany((p, i) => RatioLines(p, InsuranceShare.Of(p, dossier, parameters)!, factor,
                    least[i])),
                Wording.Line("推算收入下限合计", expected, "", string.Join(" + ", least)),
                Wording.Line("申报销售额合计", actual, "", string.Join(" + ", counted.Select(p => p.Sales))),
                Wording.Line("差额", expected - actual, "", $"{expected} − {actual}"),
            ],
        };
    }

    private static IEnumerable<ArithmeticLine> RatioLines(
        SettlementPeriod period, InsuranceShare share, ParameterValue factor, Money least)
    {
        yield return Wording.Line($"{period.Period} {share.Label}", share.Value, "", share.Citation);
        yield return Wording.Line($"{period.Period} 推算收入下限", least, factor.Citation,
            $"{period.Compared} ÷ {Wording.Plain(share.Value)} × {Wording.Percent(factor.Value)}");
    }

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, a) => sum + a);

    private static string ShopsOf(ImmutableArray<SettlementPeriod> periods) =>
        periods.SelectMany(p => p.Branches).Distinct().Count() is > 0 and var shops ? $"（含由其申报的 {shops} 家门店）" : "";

    /// <summary>What both rules say alike; title, amounts and arithmetic are the rule's own.</summary>
    private static FindingDraft Draft(ImmutableArray<SettlementPeriod> periods)
    {
        var evidence = Wording.Ordered(periods.SelectMany(EvidenceOf));
        return new FindingDraft
        {
            Model = Model.Id,
            ModelVersion = Model.Version,
            Period = periods[^1].Period,
            BusinessKey = "",
            Title = "",
            Confidence = 0m,
            DissolvesIf = "更正申报补报销售额（含免税）；或查明由总机构汇总申报、结算已冲正、拨付跨期；免税医疗服务应在免税销售额中申报。",
            Arithmetic = [],
            Evidence = evidence,
            SingleSource = Wording.SingleSource(evidence),
        };
    }

    private static IEnumerable<ArithmeticLine> PeriodLines(SettlementPeriod period, ParameterSet parameters)
    {
        foreach (var shop in period.Branches)
            yield return Wording.Line($"{period.Period} 由本户申报的门店", shop, "YB-01");
        yield return Wording.Line($"{period.Period} 医保结算额（个人账户 + 统筹基金 + 现金 − 冲正）", period.Accrued.Total, "YB-01",
            SumOf(period.Accrued));
        if (period.Settled != period.Accrued)
            yield return Wording.Line($"{period.Period} 统筹基金按拨付日计的结算额（取小）", period.Settled.Total, "YB-01",
                SumOf(period.Settled));
        yield return Wording.Line($"{period.Period} 申报销售额（含免税，不含税）{(period.Returns.IsEmpty ? "：应申报而无申报，按零" : "")}",
            period.Sales, Declarations.Item, Added(period, Declarations.SalesColumns));
        if (period.IsWithoutTax)
        {
            yield return Wording.Line($"{period.Period} 申报销售额连同税额", period.Receipts!.Value, Declarations.Item,
                Declarations.ReceiptsExpression(period.Returns, parameters));
            yield return Wording.Line($"{period.Period} 医保结算额（按申报的税额占比换为不含税）", period.Compared,
                period.Period.End.Year >= 2026 ? "增值税法第七条" : "增值税暂行条例第六条",
                $"{period.Settled.Total} × {period.Sales} ÷ {period.Receipts}");
        }
        else
            yield return Wording.Line($"{period.Period} 比较口径",
                period.Returns.IsEmpty || period.Sales == Money.Zero ? "申报为零，按含税结算额比较" : "申报表未载明税额，双方按原数比较", "");
        if (period.Compared > Money.Zero)
            yield return new ArithmeticLine($"{period.Period} 覆盖率", $"{period.Sales} ÷ {period.Compared}",
                Wording.Percent(Math.Round(period.Sales.Yuan / period.Compared.Yuan, 4, MidpointRounding.AwayFromZero)), "", "");
    }

    private static string SumOf(SettledSum sum) =>
        $"{sum.Account} + {sum.Fund} + {sum.Cash}{(sum.Reversed > Money.Zero ? $" − {sum.Reversed}" : "")}";

    private static string Added(SettlementPeriod period, ImmutableArray<string> columns) => string.Join(" + ",
        columns.SelectMany(c => period.Returns.Select(r => Declarations.Sum(r, c))).Where(a => a != Money.Zero));

    private static IEnumerable<Evidence> EvidenceOf(SettlementPeriod period) =>
    [
        .. period.Settlements.Select(s => Wording.Evidence(s,
            $"{s.PeriodOf("data_month")} 结算类别 {s.Text("settle_kind")} 个人账户 {Declarations.Sum(s, "acct_pay")} 元，"
            + $"统筹基金 {Declarations.Sum(s, "fund_pay")} 元，现金 {Declarations.Sum(s, "cash_pay")} 元，"
            + $"冲正 {Declarations.Sum(s, "reverse_amt")} 元")),
        .. period.Returns.Select(r => Wording.Evidence(r, $"所属期 {period.Period} 申报销售额（含免税）{Declarations.Sales(r)} 元"
            + (r.Money("output") is { } output ? $"，销项税额 {output} 元" : ""))),
        .. period.Filer is { } filer && period.Returns.IsEmpty ? [Wording.Evidence(filer, "纳税人状态 正常，本期无申报")] : Array.Empty<Evidence>(),
    ];
}
