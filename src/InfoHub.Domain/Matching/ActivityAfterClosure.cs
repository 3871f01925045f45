using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Matching;

/// <summary>
/// HJ-06 注销/吊销后仍有涉税活动: two calendar months or more after 注销 or 吊销 (and no 恢复 since) the party still declares
/// sales (exempt ones included), pays turnover or income tax of ordinary filing, or uses electricity.
/// A month counts when it is the event's month plus two, or later. A longer span counts when it has such a month and
/// begins after the event's month: a quarter that begins in it may tell of the time before alone.
/// Of a meter less than 20 kWh a month is standby and no activity; up to 80 kWh it is a faint sign.
/// <para>SCJG-03 is a feed of events: a month without a file is a month without events. A 恢复 that comes later clears
/// the finding by itself.</para>
/// <para><b>Traps.</b></para>
/// <list type="bullet">
/// <item>简易注销 reversal: a 恢复 event on or after the closing, or a SCJG-01 row that says 存续 and was approved
/// later, and nothing is found; an old row sent again contradicts nothing.</item>
/// <item>清算期 declarations are legal: after 吊销 declarations and payments count only from the end of the liquidation
/// allowance (a parameter, by default the same two months). Electricity is no declaration.</item>
/// <item>Historical 更正申报 and 查补: rows are judged by 所属期起, never by filing or payment date; payments other than
/// 一般申报 (101), late fees and fines are left out.</item>
/// <item>Holding taxes (房产税, 土地使用税, 车船税 …) follow ownership, not trade: only VAT, CT, CIT and IIT count.</item>
/// <item>Meters 转供/农业/居民/销户 are left out; a meter may have passed to a later tenant, so electricity alone has low
/// confidence.</item>
/// <item>Branches with a named parent are suppressed: the parent may trade on at the place.</item>
/// <item>Invoices are not among the items received.</item>
/// </list>
/// The exchange of cancellations between the registers rests on 国税发〔2003〕81号 as well.
/// Business key: <c>event type:event day</c>, stable while months are added. Period: the last active month.
/// </summary>
public static class ActivityAfterClosure
{
    private const string GraceMonths = "closure.grace-months", LiquidationMonths = "closure.liquidation-months",
        Standby = "closure.kwh-standby", Faint = "closure.kwh-faint",
        ByFaint = "hj06.confidence.faint", ByElectricity = "hj06.confidence.electricity", ByDeclared = "hj06.confidence.declared",
        ByBoth = "hj06.confidence.both", EventItem = "SCJG-03";

    public static readonly ComparisonModel Model = new()
    {
        Id = "HJ-06",
        Version = 3,
        Title = "注销/吊销后仍有涉税活动",
        TitleEn = "Activity after cancellation",
        Basis = [new("税收征收管理法第十六条", new(2001, 5, 1)), new("税收征收管理法实施细则第十一条", new(2002, 10, 15))],
        Inputs = [EventItem, "SCJG-01", "SW-01", "SW-02", "SW-03", "GD-01", "YB-01"],
        Parameters = [GraceMonths, LiquidationMonths, Standby, Faint, ByFaint, TaxPeriods.Names.RecoveryYears, ByElectricity, ByDeclared, ByBoth],
        Decide = Decide,
    };

    /// <summary>
    /// One row that shows activity in a month: sales or tax in 元, or, when both are null, electricity.
    /// </summary>
    private sealed record Act(Period Month, Fact Row, Money? Declared, Money? Paid, string Summary);

    private static ModelAnswer Decide(Dossier dossier, ParameterSet parameters)
    {
        if (Suppressions.Unidentified(dossier) || Suppressions.IsBranch(dossier) || MarketRegister.Closing(dossier) is not { } closing)
            return ModelAnswer.Nothing;
        var oldest = dossier.AsOf.AddYears(-(int)parameters.At(TaxPeriods.Names.RecoveryYears, dossier.AsOf).Value);
        var acts = Acts(dossier, parameters, closing).Where(a => a.Month.End >= oldest).ToArray();
        // An 恢复 that comes later touches the party, and the finding clears by itself.
        var counted = acts.OrderBy(a => a.Month).ThenByDescending(a =>
            a.Declared ?? a.Paid ?? Money.Zero).ToImmutableArray();
        return counted.IsEmpty ? ModelAnswer.Nothing : new ModelAnswer([Draft(dossier, parameters, closing, counted)], [],
            counted[0].Month.End.AddYears((int)parameters.At(TaxPeriods.Names.RecoveryYears, dossier.AsOf).Value).AddDays(1));
    }

    private static IEnumerable<Act> Acts(Dossier dossier, ParameterSet parameters, Fact closing)
    {
        var closed = closing.Date("event_date")!.Value;
        var grace = (int)parameters.At(GraceMonths, closed).Value;
        var taxGrace = closing.Text("event_type") == Codes.EventRevoked
            ? Math.Max(grace, (int)parameters.At(LiquidationMonths, closed).Value) : grace;
        bool Counts(Fact row) => row.Date("skssqq") > Period.MonthOf(closed).End
            && row.Date("skssqz") >= Period.MonthOf(closed).AddMonths(taxGrace).Start;
        return Returns(dossier, Counts).Concat(Payments(dossier, Counts))
            .Concat(Electricity(dossier, parameters, Period.MonthOf(closed).AddMonths(grace).Start));
    }

    private static IEnumerable<Act> Returns(Dossier dossier, Func<Fact, bool> counts) =>
        from row in Declarations.Rows(dossier).Where(counts)
        let sales = Declarations.Sales(row)
        where sales > Money.Zero
        select new Act(Period.MonthOf(row.Date("skssqz")!.Value), row, sales, null,
            $"所属期 {Span(row)} 申报销售额（含免税）{sales} 元");

    /// <summary>A refund of the same tax and 所属期 takes its payment back: what remains counts, if anything does.</summary>
    private static IEnumerable<Act> Payments(Dossier dossier, Func<Fact, bool> counts) =>
        from paid in dossier.Of("SW-02").Where(counts).Where(IsTurnoverOrIncomeTax)
            .GroupBy(r => (r.Text("zsxm_dm"), r.Date("skssqq"), r.Date("skssqz")))
        where paid.Sum(r => r.Number("sjje") ?? 0m) > 0m
        from row in paid
        select new Act(Period.MonthOf(row.Date("skssqz")!.Value), row, null, row.Money("sjje"),
            $"所属期 {Span(row)} 征收项目 {row.Text("zsxm_dm")} 实缴 {row.Money("sjje")} 元");

    private static bool IsTurnoverOrIncomeTax(Fact row) =>
        row.Text("zsxm_dm") is Codes.Vat or Codes.ConsumptionTax or Codes.EnterpriseIncomeTax or Codes.PersonalIncomeTax
        && row.Text("skzl") == Codes.PrincipalTax && Codes.Standing(row.Text("tzlx")) == true
        && (row.Text("sksx") == Codes.OrdinaryFiling || row.Money("sjje") < Money.Zero);

    private static string Span(Fact row) => $"{Wording.Day(row.Date("skssqq")!.Value)} 至 {Wording.Day(row.Date("skssqz")!.Value)}";

    /// <summary>Of each meter by itself: the standby of several meters is no trade.</summary>
    private static IEnumerable<Act> Electricity(Dossier dossier, ParameterSet parameters, DateOnly since)
    {
        var standby = parameters.At(Standby, dossier.AsOf, TaxRegister.Region(dossier)).Value;
        return Activity.Electricity(dossier).Where(m => m.Month.Start >= since)
            .SelectMany(m => m.Rows.Where(r => r.Number("kwh") >= standby).Select(r =>
                new Act(m.Month, r, null, null, $"{m.Month} 抄表电量 {Wording.Plain(r.Number("kwh")!.Value)} kWh")));
    }

    private static FindingDraft Draft(Dossier dossier, ParameterSet parameters, Fact closing, ImmutableArray<Act> acts)
    {
        var cancelled = closing.Text("event_type") == Codes.EventCancelled;
        var closed = closing.Date("event_date")!.Value;
        var evidence = Wording.Ordered(acts.Select(a => Wording.Evidence(a.Row, a.Summary))
            .Append(Wording.Evidence(closing, $"{(cancelled ? "注销" : "吊销")} {Wording.Day(closed)}")));
        return new FindingDraft
        {
            Model = Model.Id,
            ModelVersion = Model.Version,
            Period = acts[^1].Month,
            BusinessKey = $"{closing.Text("event_type")}:{closed:yyyyMMdd}",
            Title = $"{(cancelled ? "注销" : "吊销")}后 {MonthsApart(closed, acts[^1].Month)} 个月仍有{Kinds(acts)}",
            Confidence = Confidence(dossier, parameters, acts),
            DissolvesIf = "市场监管部门报送恢复登记；或查明申报属清算、更正申报，用电已由后来的承租人使用。",
            Arithmetic = [.. Lines(dossier, parameters, closing, acts)],
            Evidence = evidence,
            SingleSource = Wording.SingleSource(evidence),
        };
    }

    private static int MonthsApart(DateOnly closed, Period month) => ((month.Year - closed.Year) * 12) + month.Start.Month - closed.Month;

    private static bool IsTax(Act act) => act.Declared is not null || act.Paid is not null;

    private static string Kinds(ImmutableArray<Act> acts) => (acts.Any(IsTax), acts.All(IsTax)) switch
    {
        (true, true) => "申报或缴税",
        (true, false) => "申报或缴税、用电",
        _ => "用电",
    };

    private static bool IsFaint(Dossier dossier, ParameterSet parameters, ImmutableArray<Act> acts) =>
        acts.All(a => !IsTax(a) && a.Row.Number("kwh") < parameters.At(Faint, dossier.AsOf, TaxRegister.Region(dossier)).Value);

    private static decimal Confidence(Dossier dossier, ParameterSet parameters, ImmutableArray<Act> acts) =>
        parameters.At(
            IsFaint(dossier, parameters, acts) ? ByFaint : !acts.Any(IsTax) ? ByElectricity : acts.All(IsTax) ? ByDeclared : ByBoth, dossier.AsOf).Value;

    private static IEnumerable<ArithmeticLine> Lines(
        Dossier dossier, ParameterSet parameters, Fact closing, ImmutableArray<Act> acts)
    {
        var region = TaxRegister.Region(dossier);
        var closed = closing.Date("event_date")!.Value;
        yield return Wording.Line("事件日期", Wording.Day(closed), EventItem);
        yield return Wording.Line("不计活动的月数", parameters.At(GraceMonths, closed), "月");
        if (closing.Text("event_type") == Codes.EventRevoked)
            yield return Wording.Line("清算期月数（申报缴税）", parameters.At(LiquidationMonths, closed), "月");
        yield return Wording.Line("最后活动月", acts[^1].Month.ToString(),
            string.Join("、", acts.Select(a => a.Row.Template.Item).Distinct().Order(StringComparer.Ordinal)));
        if (acts.Any(a => a.Declared is not null))
            yield return Wording.Line("申报销售额（含免税）合计", Sum(acts, a => a.Declared), "SW-03", Added(acts, a => a.Declared?.ToString()));
        if (acts.Any(a => a.Paid is not null))
            yield return Wording.Line("实缴税额合计", Sum(acts, a => a.Paid), "SW-02", Added(acts, a => a.Paid?.ToString()));
        if (acts.Where(a => !IsTax(a)).ToArray() is { Length: > 0 } electricity)
        {
            yield return Wording.Line("用电量合计", electricity.Sum(a => a.Row.Number("kwh")!.Value), "kWh", "GD-01",
                Added(acts, a => IsTax(a) ? null : Wording.Plain(a.Row.Number("kwh")!.Value)));
            yield return Wording.Line("待机用电（每表每月低于此数不算活动）", parameters.At(Standby, dossier.AsOf, region), "kWh");
            if (IsFaint(dossier, parameters, acts))
                yield return Wording.Line("微弱用电（每表每月低于此数可信度低）", parameters.At(Faint, dossier.AsOf, region), "kWh");
        }
    }

    private static string Added(ImmutableArray<Act> acts, Func<Act, string?> amount) =>
        string.Join(" + ", acts.Select(amount).OfType<string>()).Replace("+ -", "− ", StringComparison.Ordinal);

    private static Money Sum(ImmutableArray<Act> acts, Func<Act, Money?> amount) =>
        acts.Aggregate(Money.Zero, (sum, a) => sum + (amount(a) ?? Money.Zero));
}
