using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Matching;

/// <summary>
/// HJ-01 市场主体未办理税务信息确认: a licence in force, no row of the tax register under any alias of the party, and more
/// than 30 days since 成立 (征管法15条), the term counted from the day after and moved as 细则109条 moves it.
/// <para><b>When absence counts.</b> SW-01 must have been received for a period that ends on or after the term's
/// last day, or for the last month that is due by the day of evaluation; the model awaits whichever of the two would
/// let
/// it judge, and looks again when the next month falls due.</para>
/// <para><b>Traps.</b></para>
/// <list type="bullet">
/// <item>多证合一: a new firm confirms its data at its first 涉税事宜, so this is a 提示, not an offence: title and
/// confidence say so; confidence rises with each kind of activity (electricity, insured staff, 医保 settlements).</item>
/// <item>Dormant shells: without activity and listed 经营异常 the confidence is lowest. A licence cancelled or revoked and
/// not restored is not in force.</item>
/// <item>个体户 without tax need: without activity a hint of its own title and the lowest confidence.</item>
/// <item>Branches under 汇总: suppressed when SCJG-01 or YB-01 names a parent.</item>
/// <item>Name-only joins: the join is the party's; an unidentified party, or one a rejected register row may belong to
/// (Doubts), yields nothing.</item>
/// </list>
/// Business key: <c>registration</c> (a party is unknown once). Period: the month of its end. The tax at stake is not
/// known. 法定代表人 and 电话 stay in the evidence row: they are personal.
/// Basis: 征管法15条; 税总函〔2015〕482号 (三证合一: the firm confirms its data at its first 涉税事宜).
/// </summary>
public static class UnknownToTax
{
    private const string Kwh = "activity.kwh-month", Insured = "activity.insured-min",
        Dormant = "hj01.confidence.dormant", DormantTrader = "hj01.confidence.dormant-trader",
        LicenceOnly = "hj01.confidence.licence-only", PerActivity = "hj01.confidence.per-activity";

    public static readonly ComparisonModel Model = new()
    {
        Id = "HJ-01",
        Version = 3,
        Title = "市场主体未办理税务信息确认",
        TitleEn = "Registered business not known to tax",
        LastsFromItsPeriod = true,
        Basis = [new("税收征收管理法第十五条", new(2001, 5, 1)), new("税务登记管理办法第十条", new(2004, 2, 1))],
        Inputs = ["SCJG-01", "SCJG-03", TaxRegister.Item, "GD-01", "RS-01", "YB-01"],
        Parameters =
        [
            TaxRegister.DueDay, RegistrationTerm.Days, Kwh, Insured, Dormant, DormantTrader, LicenceOnly, PerActivity,
        ],
        Decide = Decide,
    };

    private static ModelAnswer Decide(Dossier dossier, ParameterSet parameters)
    {
        if (Suppressions.Unsure(dossier) || Suppressions.IsBranch(dossier) || !TaxRegister.Rows(dossier).IsEmpty
            || MarketRegister.ActiveLicence(dossier) is not { } licence)
            return ModelAnswer.Nothing;
        var established = licence.Date("est_date")!.Value;
        var lastDay = RegistrationTerm.Of(established, parameters).Day;
        if (dossier.AsOf <= lastDay)
            return new ModelAnswer([], [], lastDay.AddDays(1));
        var answer = TaxRegister.AnswerFor(dossier, parameters, lastDay);
        return answer.Awaits is { } awaited ? new ModelAnswer([], [(TaxRegister.Item, awaited)], answer.RevisitOn)
            : new ModelAnswer([Draft(dossier, parameters, licence)], [], answer.RevisitOn);
    }

    private static FindingDraft Draft(Dossier dossier, ParameterSet parameters, Fact licence)
    {
        var established = licence.Date("est_date")!.Value;
        var days = parameters.At(RegistrationTerm.Days, established);
        var last = RegistrationTerm.Of(established, parameters);
        var activity = ActivitySeen(dossier, parameters);
        var evidence = Wording.Ordered(activity.SelectMany(a => a.Month.Rows.Select(r => Wording.Evidence(r, a.Says)))
            .Append(Wording.Evidence(licence, $"登记状态 存续，成立日期 {Wording.Day(established)}")));
        return new FindingDraft
        {
            Model = Model.Id,
            ModelVersion = Model.Version,
            Period = Period.MonthOf(last.Day),
            BusinessKey = "registration",
            Title = $"{(IsDormantTrader(licence, activity) ? "提示（个体工商户，无经营迹象）" : "提示")}：成立超过 "
                + $"{Wording.Plain(days.Value)} 天{(activity.IsEmpty ? "" : "且有经营迹象")}，税务登记库中查无此户",
            Confidence = IsDormantTrader(licence, activity) ? parameters.At(DormantTrader, dossier.AsOf).Value
                : Confidence(dossier, parameters, activity.Length),
            DissolvesIf = "该户办理税务信息确认（或在首次办理涉税事宜时确认），或市场监管部门报送注销、吊销；属汇总纳税分支机构的，补报隶属企业代码。",
            Arithmetic =
            [
                Wording.Line("成立日期", Wording.Day(established), "SCJG-01"),
                Wording.Line("办理期限", days, "天"),
                Wording.Line("办理期限的最后一日", last, days.Citation),
                Wording.Line("已成立天数", dossier.AsOf.DayNumber - established.DayNumber, "天", "SCJG-01",
                    $"{Wording.Day(dossier.AsOf)} − {Wording.Day(established)}"),
                .. activity.Select(a => Wording.Line(a.Label, a.Month.Amount, a.Unit, a.Month.Rows[0].Template.Item)),
                Wording.Line("活动证据数", activity.Length, "类", "GD-01、RS-01、YB-01"),
            ],
            Evidence = evidence,
            SingleSource = Wording.SingleSource(evidence),
        };
    }

    /// <summary>Who does not trade has no tax to confirm: apart from findings with activity.</summary>
    private static bool IsDormantTrader(Fact licence, ImmutableArray<Seen> activity) =>
        activity.IsEmpty && licence.Text("ent_type") == Codes.MarketSoleTrader;

    private sealed record Seen(ActivityMonth Month, string Label, string Unit)
    {
        public string Says => $"{Month.Month} {Label} {Wording.Plain(Month.Amount)} {Unit}";
    }

    /// <summary>The latest active month of each kind of activity; 0 to 3 of them.</summary>
    private static ImmutableArray<Seen> ActivitySeen(Dossier dossier, ParameterSet parameters)
    {
        var region = TaxRegister.Region(dossier);
        var kwhMin = parameters.At(Kwh, dossier.AsOf, region).Value;
        var insuredMin = parameters.At(Insured, dossier.AsOf, region).Value;
        var seen = ImmutableArray.CreateBuilder<Seen>();
        if (Activity.Electricity(dossier).LastOrDefault(m => m.Amount >= kwhMin) is { } electricity)
            seen.Add(new Seen(electricity, "月用电量", "kWh"));
        if (Activity.Insured(dossier).LastOrDefault(m => m.Amount >= insuredMin) is { } insured)
            seen.Add(new Seen(insured, "参保人数", "人"));
        if (Activity.Settled(dossier).LastOrDefault(m => m.Amount > 0m) is { } settled)
            seen.Add(new Seen(settled, "医保结算额", "元"));
        return seen.DrainToImmutable();
    }

    private static decimal Confidence(Dossier dossier, ParameterSet parameters, int kinds) =>
        kinds == 0 && MarketRegister.ListedAbnormal(dossier)
            ? parameters.At(Dormant, dossier.AsOf).Value
            : parameters.At(LicenceOnly, dossier.AsOf).Value + (kinds * parameters.At(PerActivity, dossier.AsOf).Value);
}
