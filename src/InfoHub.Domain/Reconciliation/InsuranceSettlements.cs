using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// SZ-14 医保结算与申报收入比对: what 医保 settled with a provider (account + fund + cash − reversals, all kinds) against the sales
/// it declared, exempt sales included; never against tax paid. Two rules:
/// <list type="bullet">
/// <item>(a) hard: declared &lt; settled by more than max(100元, 1 % of settled), per month, or per quarter for a
/// quarterly filer;</item>
/// <item>(b) declared &lt; settled ÷ k × 0.8 for 3 consecutive months, k = 医保占比 of the provider type (the largest
/// when a party has
/// several). A full quarter of a quarterly filer is three months. Months that (a) already found extend the run but
/// are not
/// counted again in its amounts; a run of (a) months alone makes no (b).</item>
/// </list>
/// <para><b>Same measure.</b> Settlements include VAT, declared sales do not: declared sales are raised to receipts
/// first
/// (<see cref="Declarations.Receipts"/>), in the taxpayer's favour. Without this a shop that lives on 医保 alone
/// would be found
/// every month.</para>
/// <para><b>When absence counts.</b> SW-03 of the period's last month must have been received (a quarterly return
/// comes after the
/// quarter) and the filing deadline be past. No return is declared zero only for a registered pharmacy that must
/// file.</para>
/// <para><b>Traps.</b></para>
/// <list type="bullet">
/// <item>Exempt 医疗服务: exempt sales count. Public and non-profit hospitals only where they declare exempt sales; medical
/// providers only where they file. The 2026 loss of exemption for 营利性美容 moves sales between columns, not their
/// sum.</item>
/// <item>中药、抗癌药 3%: the declared 销项税额 is used, no rate is guessed; the tax at stake is left open for the same
/// reason.</item>
/// <item>连锁汇总: a branch with a named parent is judged only on returns of its own; the roll-up to the parent needs the
/// parent's branches, which one dossier does not hold.</item>
/// <item>冲正: taken off whatever its sign. 跨月拨付: the smaller of settled and settled-with-fund-when-paid is compared,
/// so that
/// booking the fund's share at 拨付 is no finding.</item>
/// <item>代开: filers declare them; 定期定额 without returns is TY-04's. Unknown to tax, 非正常, 注销: HJ-01, HJ-05, HJ-06.</item>
/// <item>Flat 13%/3% of the settlements compared with tax paid is the known wrong way and is not done.</item>
/// </list>
/// Age: five years from the due date (the tax is not known, so the longer limit of 征管法52条).
/// Business keys: (a) <c>settled:period</c>; (b) <c>ratio:first month of the run</c>, which stays while the run grows.
/// </summary>
public static class InsuranceSettlements
{
    private const string Factor = "sz14.ratio.factor", RatioMonths = "sz14.ratio.months", ToleranceAmount = "sz14.tolerance.amount",
        ToleranceShare = "sz14.tolerance.share", HardConfidence = "sz14.confidence.hard", RatioConfidence = "sz14.confidence.ratio",
        Share = "sz14.insurance-share.";

    private static readonly ImmutableArray<string> ProviderTypes = ["11", "12", "13", "14", "21", "22", "23"];

    public static readonly ComparisonModel Model = new()
    {
        Id = "SZ-14",
        Version = 1,
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
        Parameters =
        [
            .. ProviderTypes.Select(t => Share + t), Factor, RatioMonths, ToleranceAmount, ToleranceShare, HardConfidence, RatioConfidence,
            Declarations.StandardRate, Declarations.LevyRate, TaxPeriods.Names.FilingDueDay, TaxPeriods.Names.RecoveryYearsSpecial,
        ],
        Decide = Decide,
    };

    private static ModelAnswer Decide(Dossier dossier, ParameterSet parameters)
    {
        if (Suppressions.Unidentified(dossier) || dossier.Of("YB-01").IsEmpty
            || (!TaxRegister.Rows(dossier).IsEmpty && TaxRegister.Rows(dossier).All(TaxRegister.Lapsed))
            || MarketRegister.Closing(dossier)?.Text("event_type") == Codes.EventCancelled)
            return ModelAnswer.Nothing;
        var periods = new SettlementPeriods(dossier, parameters);
        var hard = periods.Comparable.Where(p => p.Settled - p.Receipts > Tolerance(p, parameters)).ToImmutableArray();
        var findings = hard.Select(p => HardDraft(dossier, parameters, p))
            .Concat(Runs(periods.Comparable, dossier, parameters).Where(run => run.Any(p => !hard.Contains(p)))
                .Select(run => RatioDraft(dossier, parameters, run, [.. run.Where(p => !hard.Contains(p))])))
            .Where(f => Until(f.Period, parameters) >= dossier.AsOf).ToImmutableArray();
        var ages = findings.Select(f => (DateOnly?)Until(f.Period, parameters).AddDays(1)).Append(periods.RevisitOn).Min();
        return new ModelAnswer(findings, [.. periods.Awaits], ages);
    }

    private static DateOnly Until(Period period, ParameterSet parameters) =>
        TaxPeriods.RecoverableThrough(TaxPeriods.DueDate(period, parameters), null, parameters);

    private static Money Tolerance(SettlementPeriod period, ParameterSet parameters) => new[]
    {
        Money.FromYuan(parameters.At(ToleranceAmount, period.Period.End).Value),
        period.Settled.Times(parameters.At(ToleranceShare, period.Period.End).Value),
    }.Max();

    /// <summary>
    /// 医保占比 of the provider; the largest of its types, which estimates the least. Null for a type without one: no
    /// (b).
    /// </summary>
    private static ParameterValue? InsuranceShare(SettlementPeriod period, Dossier dossier, ParameterSet parameters) =>
        period.Settlements.Select(s => s.Text("provider_type")).OfType<string>().Where(ProviderTypes.Contains).Distinct()
            .Select(t => parameters.At(Share + t, period.Period.End, TaxRegister.Region(dossier))).MaxBy(v => v.Value);

    /// <summary>The least receipts rule (b) expects: settled ÷ k × factor. Null when k is not known.</summary>
    private static Money? LeastReceipts(SettlementPeriod period, Dossier dossier, ParameterSet parameters) =>
        InsuranceShare(period, dossier, parameters) is not { } share ? null
            : Money.FromYuan(period.Settled.Yuan / share.Value * parameters.At(Factor, period.Period.End).Value);

    private static bool FailsRatio(SettlementPeriod period, Dossier dossier, ParameterSet parameters) =>
        period.Months.Length == period.Period.Months().Count() && period.Receipts < LeastReceipts(period, dossier, parameters);

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
        Title = $"申报收入低于医保结算额 {period.Settled - period.Receipts} 元",
        Expected = period.Settled,
        Actual = period.Receipts,
        Gap = period.Settled - period.Receipts,
        Confidence = parameters.At(HardConfidence, dossier.AsOf).Value,
        Arithmetic =
        [
            .. PeriodLines(period),
            Wording.Line("差额", period.Settled - period.Receipts, "", $"{period.Settled} − {period.Receipts}"),
            Wording.Line("容差", Tolerance(period, parameters), parameters.At(ToleranceAmount, period.Period.End).Citation),
        ],
    };

    private static FindingDraft RatioDraft(Dossier dossier, ParameterSet parameters, ImmutableArray<SettlementPeriod> run,
        ImmutableArray<SettlementPeriod> counted)
    {
        var factor = parameters.At(Factor, run[^1].Period.End);
        var share = InsuranceShare(run[^1], dossier, parameters)!;
        var estimates = counted.Select(p => $"{p.Settled} ÷ {Wording.Plain(InsuranceShare(p, dossier, parameters)!.Value)}");
        var expected = counted.Aggregate(Money.Zero, (sum, p) => sum + LeastReceipts(p, dossier, parameters)!.Value);
        var actual = counted.Aggregate(Money.Zero, (sum, p) => sum + p.Receipts);
        return Draft(run) with
        {
            BusinessKey = $"ratio:{Period.MonthOf(run[0].Period.Start)}",
            Title = $"连续 {run.Sum(p => p.Months.Length)} 个月申报收入低于按医保占比推算收入的 {Wording.Percent(factor.Value)}",
            Expected = expected,
            Actual = actual,
            Gap = expected - actual,
            Confidence = parameters.At(RatioConfidence, dossier.AsOf).Value,
            Arithmetic =
            [
                .. counted.SelectMany(PeriodLines),
                Wording.Line("医保占比", share, ""),
                Wording.Line("推算收入下限", expected, factor.Citation,
                    $"({string.Join(" + ", estimates)}) × {Wording.Percent(factor.Value)}"),
                Wording.Line("差额", expected - actual, "", $"{expected} − {actual}"),
            ],
        };
    }

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

    private static IEnumerable<ArithmeticLine> PeriodLines(SettlementPeriod period)
    {
        yield return Wording.Line($"{period.Period} 医保结算额", period.Accrued, "YB-01", "个人账户 + 统筹基金 + 现金 − 冲正");
        if (period.Settled != period.Accrued)
            yield return Wording.Line($"{period.Period} 按拨付日计的结算额（取小）", period.Settled, "YB-01");
        yield return Wording.Line($"{period.Period} 申报销售额（含免税，不含税）", period.Sales, Declarations.Item,
            period.Returns.IsEmpty ? "应申报而无申报，按零" : "");
        yield return Wording.Line($"{period.Period} 申报收入（还原为含税）", period.Receipts, Declarations.Item);
        if (period.Settled > Money.Zero)
            yield return new ArithmeticLine($"{period.Period} 覆盖率", $"{period.Receipts} ÷ {period.Settled}",
                Wording.Percent(Math.Round(period.Receipts.Yuan / period.Settled.Yuan, 4, MidpointRounding.AwayFromZero)), "", "");
    }

    private static IEnumerable<Evidence> EvidenceOf(SettlementPeriod period) =>
    [
        .. period.Settlements.Select(s => Wording.Evidence(s,
            $"{s.PeriodOf("data_month")} 结算类别 {s.Text("settle_kind")} 个人账户 {s.Money("acct_pay")} 元，统筹基金 {s.Money("fund_pay")} 元")),
        .. period.Returns.Select(r => Wording.Evidence(r, $"所属期 {period.Period} 申报销售额（含免税）{Declarations.Sales(r)} 元")),
        .. period.Filer is { } filer && period.Returns.IsEmpty ? [Wording.Evidence(filer, "纳税人状态 正常，本期无申报")] : Array.Empty<Evidence>(),
    ];
}
