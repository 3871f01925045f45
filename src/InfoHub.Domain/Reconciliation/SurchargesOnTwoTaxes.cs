using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// SZ-01 附加税费与两税比对: per registration (djxh), 所属期 and tax authority, 城市维护建设税, 教育费附加 and 地方教育附加 due on
/// the VAT and consumption tax actually paid, against what was paid of them. Found when due − paid &gt; max(100元, 1
/// % of due),
/// or when one of them has no row at all and is due with more than that. Overpayment is never a finding here.
/// <para>due = (实缴两税 + 免抵税额 − 留抵退税额) × rate × (1 − 六税两费减征), each to the fen, half up.</para>
/// <para><b>Timing.</b> Judged from the day after the filing deadline. VAT and surcharges stand in one return
/// (公告2021年第20号), so
/// a base row brings its surcharges with it; where the base was paid late (查补, 更正) the surcharges may follow in the
/// next
/// month, and SW-02 of that month is awaited. Without a return the sales are unknown, and only 城建税 is judged.</para>
/// <para><b>Traps.</b></para>
/// <list type="bullet">
/// <item>免抵税额: added; it may be filed in the next period (公告2021年第26号), so a gap it explains moves there.</item>
/// <item>留抵退税: taken off the base of this and later periods as far as needed to explain a gap, and so carried forward.
/// Refunds before the first return the hub holds cannot be seen.</item>
/// <item>直接减免 (reduce) has already lowered what was paid: not taken off twice.</item>
/// <item>教附/地附 exemption: any taxpayer, sales of the period including exempt sales ≤ 10万/30万; 城建税 stays due.</item>
/// <item>小微 status, place and taxpayer kind are those the register told of the period, not today's; relief that may
/// have applied then is granted (SmallTaxpayerRelief).</item>
/// <item>异地预缴: each authority on its own at its own rate, nothing topped up. 代扣代缴, imports, 出口退税: no base.</item>
/// <item>代开 paid on the spot: gathered into the period. 查补: by 所属期; a span of other length is not judged, its
/// surcharges
/// are credited to any gap it covers.</item>
/// <item>7, 5 or 1 %: see UrbanRate; where the rate is not known 城建税 is not judged, and the model says so.</item>
/// <item>A rejected row of SW-01, SW-02 or SW-03 that may be the party's: nothing is said until it is mended.</item>
/// <item>Refunds: the base never falls below zero; a refunded surcharge nets with its payment.</item>
/// <item>汇总纳税 branches (parent_nsrsbh) and 注销 registrations are left out. Reliefs for veterans and key groups
/// (重点群体) have no code in these items: DissolvesIf names them.</item>
/// <item>Age: recoverable for three years from the due date, five from 10万元 on (征管法52条).</item>
/// </list>
/// 滞纳金 = gap × 0.05 % × days from the day after the due date (TaxPeriods.Due) to the day of evaluation,
/// days off included, not capped. It grows daily, RevisitOn leaves that aside.
/// Business key: <c>djxh:period:authority</c>, with <c>:missing</c> when only a row is missing and the total agrees.
/// Basis: 城市维护建设税法2–5条; 征收教育费附加的暂行规定3条; 财综〔2010〕98号; 财税〔2016〕12号; 公告2023年第12号.
/// </summary>
public static class SurchargesOnTwoTaxes
{
    private const string ToleranceAmount = "sz01.tolerance.amount", ToleranceShare = "sz01.tolerance.share", LateFeeRate = "late-fee.daily-rate",
        Certain = "sz01.confidence.certain", Assumed = "sz01.confidence.assumed";

    public static readonly ComparisonModel Model = new()
    {
        Id = "SZ-01",
        Version = 3,
        Title = "附加税费与两税比对",
        TitleEn = "Surcharges against VAT and consumption tax",
        GapOf = "税费",
        Basis =
        [
            new("城市维护建设税暂行条例（国发〔1985〕19号）", new(1985, 2, 8), new(2021, 8, 31)),
            new("城市维护建设税法第二条至第五条", new(2021, 9, 1)),
            new("征收教育费附加的暂行规定第三条", new(2005, 10, 1)),
            new("财综〔2010〕98号", new(2010, 12, 1)),
        ],
        Inputs = [TaxPayments.Item, Declarations.Item, TaxRegister.Item, "SCJG-01", "SCJG-03"],
        Dated = [TaxRegister.Item],
        Parameters =
        [
            .. SurchargeAssessment.Names, ToleranceAmount, ToleranceShare, LateFeeRate, Certain, Assumed, TaxPeriods.Names.FilingDueDay,
            TaxPeriods.Names.RecoveryYears, TaxPeriods.Names.RecoveryYearsSpecial, TaxPeriods.Names.RecoverySpecialAmount,
        ],
        Decide = Decide,
    };

    private static ModelAnswer Decide(Dossier dossier, ParameterSet parameters)
    {
        if (Suppressions.Unidentified(dossier) || (dossier.Of(TaxPayments.Item).IsEmpty && dossier.Of(Declarations.Item).IsEmpty)
            || MarketRegister.Closing(dossier)?.Text("event_type") == Codes.EventCancelled)
            return ModelAnswer.Nothing;
        if (Suppressions.Doubted(dossier, TaxRegister.Item, TaxPayments.Item, Declarations.Item) is { } doubted)
            return doubted;
        var answers = dossier.Of(TaxPayments.Item).Concat(dossier.Of(Declarations.Item)).Select(r => r.Text("djxh")).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal).Select(djxh => new SurchargeLedger(dossier, djxh))
            .Where(l => TaxRegister.Now(dossier, l.Djxh)?.Text("nsrzt_dm") != Codes.TaxpayerCancelled)
            .SelectMany(l => new Run(dossier, parameters, l).Answers()).ToArray();
        return new ModelAnswer([.. answers.SelectMany(a => a.Findings)], [.. answers.SelectMany(a => a.Awaits).Distinct()],
            answers.Min(a => a.RevisitOn)) { Unjudged = [.. answers.SelectMany(a => a.Unjudged).Distinct()] };
    }

    /// <summary>
    /// Goes through the periods of one registration in time order, carrying 留抵退税 and unfiled 免抵税额 forward.
    /// </summary>
    private sealed class Run(Dossier dossier, ParameterSet parameters, SurchargeLedger ledger)
    {
        private readonly string _region = TaxRegister.Region(dossier);
        private Money _refundCarried;
        private Money _creditDeferred;

        public IEnumerable<ModelAnswer> Answers()
        {
            foreach (var unit in ledger.Units.Where(u => u.Registration is not { } row || !HeadOffice.Names(row)))
            {
                _refundCarried += unit.CarryRefund;
                if (unit.TwoTaxes + unit.ExemptCredit == Money.Zero && !(unit.Home && _creditDeferred > Money.Zero))
                    continue;
                var due = TaxPeriods.DueDate(unit.Period, parameters, _region);
                if (dossier.AsOf <= due)
                    yield return new ModelAnswer([], [], due.AddDays(1));
                else if (Missing(unit, due) is { } awaited)
                    yield return new ModelAnswer([], [awaited], null);
                else
                    yield return Judge(unit, due);
            }
        }

        /// <summary>
        /// What must have come before the unit can be judged: its return (or the knowledge that there is none),
        /// and, for a
        /// base paid late or a base of 免抵税额 alone, the payments of the month in which the surcharges may follow.
        /// </summary>
        private (string, Period)? Missing(SurchargeUnit unit, DateOnly due)
        {
            var lastMonth = TaxPeriods.LastMonth(unit.Period);
            if (unit.Returns.IsEmpty && !dossier.Coverage.Has(Declarations.Item, lastMonth))
                return (Declarations.Item, lastMonth);
            var late = unit.Base.Select(p => p.Row.Date("rkrq")).Where(d => d > due).Max();
            Period? follow = late is { } day ? Period.MonthOf(day).AddMonths(1) : unit.Base.IsEmpty ? Period.MonthOf(due) : null;
            return follow is { } month && !dossier.Coverage.Has(TaxPayments.Item, month) ? (TaxPayments.Item, month) : null;
        }

        private ModelAnswer Judge(SurchargeUnit unit, DateOnly due)
        {
            var terms = SurchargeAssessment.Terms(ledger, unit, parameters);
            var (baseAmount, refundUsed, deferredIn) = Base(unit, terms);
            var gap = terms.Due(baseAmount) - terms.Paid;
            var isShort = gap > Tolerance(terms.Due(baseAmount), unit.Period);
            ImmutableArray<SurchargeItem> lacking =
                [.. terms.Items.Where(i => !i.HasRow && i.Due(baseAmount) > Tolerance(i.Due(baseAmount), unit.Period))];
            ImmutableArray<string> unjudged = terms.UrbanGround.Length > 0 ? []
                : [$"{unit.Period} 城市维护建设税无法判断：税票未载税率，也不知所在街道乡镇适用 7%、5% 还是 1%，请在参数中维护"];
            if (!isShort && lacking.IsEmpty)
                return ModelAnswer.Nothing with { Unjudged = unjudged };
            var judged = new Judged(unit, terms, baseAmount, refundUsed, deferredIn, due, isShort ? terms.Items : lacking, lacking, isShort);
            var until = TaxPeriods.RecoverableThrough(due, judged.Gap, parameters);
            return until < dossier.AsOf ? ModelAnswer.Nothing : new ModelAnswer([Draft(judged)], [], until.AddDays(1)) { Unjudged = unjudged };
        }

        /// <summary>The base after 免抵 is added (or moved on) and as much 留抵退税 is taken off as a gap needs.</summary>
        private (Money Base, Money RefundUsed, Money DeferredIn) Base(SurchargeUnit unit, SurchargeTerms terms)
        {
            var deferredIn = unit.Home ? _creditDeferred : Money.Zero;
            var amount = unit.TwoTaxes + deferredIn + unit.ExemptCredit;
            if (unit.Home)
                _creditDeferred = Money.Zero;
            if (unit.ExemptCredit > Money.Zero && IsShort(amount, terms, unit.Period))
            {
                _creditDeferred = unit.ExemptCredit;
                amount -= unit.ExemptCredit;
            }
            if (_refundCarried <= Money.Zero || !IsShort(amount, terms, unit.Period))
                return (amount, Money.Zero, deferredIn);
            var needed = Money.FromYuan((terms.Due(amount) - terms.Paid).Yuan / terms.RateSum);
            var used = new[] { needed, _refundCarried, amount }.Min();
            _refundCarried -= used;
            return (amount - used, used, deferredIn);
        }

        private bool IsShort(Money amount, SurchargeTerms terms, Period period) =>
            terms.Due(amount) - terms.Paid > Tolerance(terms.Due(amount), period);

        private Money Tolerance(Money due, Period period) => new[]
        {
            Money.FromYuan(parameters.At(ToleranceAmount, period.End).Value), due.Times(parameters.At(ToleranceShare, period.End).Value),
        }.Max();

        private FindingDraft Draft(Judged judged)
        {
            var evidence = EvidenceOf(judged);
            return new FindingDraft
            {
                Model = Model.Id,
                ModelVersion = Model.Version,
                Period = judged.Unit.Period,
                BusinessKey = $"{ledger.Djxh}:{judged.Unit.Period}:{judged.Unit.Authority}{(judged.Short ? "" : ":missing")}",
                Title = judged.Lacking.IsEmpty
                    ? $"附加税费少缴：应缴 {judged.Expected} 元，实缴 {judged.Actual} 元"
                    : $"已缴增值税、消费税，未见{string.Join("、", judged.Lacking.Select(i => i.Title))}入库",
                Expected = judged.Expected,
                Actual = judged.Actual,
                Gap = judged.Gap,
                EstimatedTax = judged.Gap,
                LateFee = LateFee(judged),
                Confidence = parameters.At(judged.Terms.Certain ? Certain : Assumed, dossier.AsOf).Value,
                DissolvesIf = "补缴附加税费；或更正两税申报；或查明另有减免（如重点群体、退役士兵扣减）、此前期间的留抵退税、在别处缴纳。",
                Arithmetic = [.. Lines(judged)],
                Evidence = evidence,
                SingleSource = Wording.SingleSource(evidence),
            };
        }

        private int LateDays(DateOnly due) => dossier.AsOf.DayNumber - due.DayNumber;

        private Money LateFee(Judged judged) =>
            judged.Gap.Times(parameters.At(LateFeeRate, judged.Due).Value * LateDays(judged.Due));

        private IEnumerable<ArithmeticLine> Lines(Judged judged)
        {
            var unit = judged.Unit;
            yield return Wording.Line("实缴两税", unit.TwoTaxes, TaxPayments.Item,
                string.Join(" + ", unit.Base.Select(p => p.Amount).OrderDescending()));
            if (judged.DeferredIn > Money.Zero)
                yield return Wording.Line("上期转入的免抵税额", judged.DeferredIn, Declarations.Item);
            if (judged.CreditCounted > Money.Zero)
                yield return Wording.Line("本期免抵税额", judged.CreditCounted, Declarations.Item);
            else if (unit.ExemptCredit > Money.Zero)
                yield return Wording.Line("本期免抵税额（可在下期申报，不计入本期）", unit.ExemptCredit, Declarations.Item);
            if (judged.RefundUsed > Money.Zero)
                yield return Wording.Line("留抵退税扣减", judged.RefundUsed, Declarations.Item);
            yield return Wording.Line("计税依据", judged.Base, "城市维护建设税法第二条", BaseExpression(judged));
            if (unit.Sales is { } sales)
                yield return Wording.Line("本期销售额（含免税）", sales, Declarations.Item);
            if (judged.Terms.Exemption is { } exemption)
                yield return Wording.Line("教育费附加、地方教育附加免征线", exemption, "元");
            if (judged.Terms.UrbanGround.Length > 0)
                yield return Wording.Line("城市维护建设税税率", judged.Terms.UrbanGround, "城市维护建设税法第四条");
            var relief = judged.Terms.Relief;
            yield return Wording.Line($"六税两费减征（{relief.Ground}）", Wording.Percent(relief.Share), relief.Citation);
            var reduced = relief.Share > 0m ? $" × (1 − {Wording.Percent(relief.Share)})" : "";
            foreach (var item in judged.Items)
            {
                yield return Wording.Line($"应缴{item.Title}", item.Due(judged.Base), item.Rate.Citation,
                    $"{judged.Base} × {Wording.Percent(item.Rate.Value)}{reduced}");
                yield return Wording.Line($"实缴{item.Title}", item.Paid, TaxPayments.Item);
            }
            yield return Wording.Line("差额", judged.Gap, "", $"{judged.Expected} − {judged.Actual}");
            var (rate, days) = (parameters.At(LateFeeRate, judged.Due), LateDays(judged.Due));
            yield return Wording.Line("应缴之日", TaxPeriods.Due(unit.Period, parameters, _region),
                parameters.At(TaxPeriods.Names.FilingDueDay, unit.Period.End).Citation);
            yield return Wording.Line("滞纳金", LateFee(judged), rate.Citation,
                $"{judged.Gap} × {Wording.Percent(rate.Value)} × {days} 天");
        }

        private static string BaseExpression(Judged judged)
        {
            var added = new[] { judged.Unit.TwoTaxes, judged.DeferredIn, judged.CreditCounted }.Where(a => a > Money.Zero);
            var taken = judged.RefundUsed > Money.Zero ? $" − {judged.RefundUsed}" : "";
            return string.Join(" + ", added) + taken;
        }

        private ImmutableArray<Evidence> EvidenceOf(Judged judged) => Wording.Ordered(
        [
            .. judged.Unit.Base.Concat(judged.Unit.Paid).Concat(ledger.Unplaced(judged.Unit.Period)).Select(p => Wording.Evidence(p.Row,
                $"征收项目 {p.Tax} 所属期 {judged.Unit.Period} 实缴 {p.Amount} 元")),
            .. judged.Unit.Returns.Select(r => Wording.Evidence(r,
                $"所属期 {judged.Unit.Period} 申报销售额（含免税）{Declarations.Sales(r)} 元")),
            .. new[] { judged.Unit.Registration }.OfType<Fact>().Select(r => Wording.Evidence(r,
                $"{r.Period} 登记：增值税纳税人类型 {r.Text("vat_type")}，小型微利标志 {r.Text("small_flag") ?? "空"}")),
        ]);
    }

    /// <summary>A unit found wanting. <paramref name="Items"/>: the surcharges the figures are about.</summary>
    private sealed record Judged(SurchargeUnit Unit, SurchargeTerms Terms, Money Base, Money RefundUsed, Money DeferredIn, DateOnly Due,
        ImmutableArray<SurchargeItem> Items, ImmutableArray<SurchargeItem> Lacking, bool Short)
    {
        /// <summary>
        /// What of this period's 免抵税额 is in the base: all of it, or nothing when it may be filed in the next.
        /// </summary>
        public Money CreditCounted => Base + RefundUsed - Unit.TwoTaxes - DeferredIn;

        public Money Expected => Items.Aggregate(Money.Zero, (sum, i) => sum + i.Due(Base));

        public Money Actual => Items.Aggregate(Money.Zero, (sum, i) => sum + i.Paid);

        public Money Gap => Expected - Actual;
    }
}
