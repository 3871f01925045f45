using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Matching;

/// <summary>
/// HJ-05 活动迹象户: at least 300 kWh a month for 3 consecutive months over the party's own meters, or at least one person
/// insured, while the tax register has no row of the party, or only 非正常/注销 rows. Independent of HJ-01: a party may have
/// both.
/// <para><b>Without any code.</b> A party that only meters speak for is judged when linking compared every wording of
/// it with the registers and found nobody, and one of them is an operator's name. Water in the same months, by a meter
/// of its own, tells that somebody is there under that name; how much it trades is measured by electricity alone,
/// because no source gives a volume from which on water means trade. Seen by one department only, "nobody" has to be
/// more probable than for linking: the one spelling had one chance to match.</para>
/// <para><b>When absence counts.</b> Only activity months up to the end of the latest SW-01 period are judged; later
/// ones
/// are awaited. A licence still within its term (征管法15条, RegistrationTerm) is left alone; SW-01 must
/// reach their end, or be the last one due by the day of evaluation.</para>
/// <para><b>After 非正常/注销.</b> SW-01 carries no date of the state. A month counts as later when it begins after the
/// period
/// of an SW-01 row that told of the state (and no row since says otherwise), or when the party neither declared nor
/// paid anything for
/// it although SW-03 of that quarter's end has been received: one who was still 正常 files, and 清税 closes every period
/// before 注销. 定期定额 (核定征收) files no returns, so there only the first proof counts. 非正常 is itself the bureau's
/// word that nothing was filed: there a month counts unless a return declares sales for it.</para>
/// <para><b>Traps.</b></para>
/// <list type="bullet">
/// <item>Landlord meter 合表/转供电: resale=Y and shared=Y left out. A meter in what may be a natural person's name (no
/// USCC, no licence, no insurance, no 医保) says nothing: it is mostly the landlord's. An unmarked shared meter cannot be
/// seen; confidence is lower.</item>
/// <item>代缴, head-office payroll: 劳务派遣 left out, branches with a named parent suppressed; unmarked 代缴 cannot be
/// seen.</item>
/// <item>Agricultural class (and 居民): left out. 销户 meters: left out.</item>
/// <item>国家机关 (USCC 11…) need no tax registration (税务登记管理办法2条): suppressed.</item>
/// <item>停业 (04) and unlisted states are known to the tax bureau: nothing.</item>
/// <item>Activity older than the ordinary recovery limit is not judged.</item>
/// </list>
/// Business key: <c>unregistered</c> or <c>lapsed</c>: one finding per party that grows with the months. Period: the
/// last
/// active month. The tax at stake is not known.
/// </summary>
public static class ActivityWithoutRegistration
{
    private const string Kwh = "activity.kwh-month", Months = "activity.months-consecutive",
        InsuredMin = "activity.insured-min", ByElectricity = "hj05.confidence.electricity",
        ByInsured = "hj05.confidence.insured", ByBoth = "hj05.confidence.both",
        NobodyByOne = "hj05.nobody-one-department", ByOne = "hj05.confidence.nobody-one-department",
        BySeveral = "hj05.confidence.nobody-several-departments";

    public static readonly ComparisonModel Model = new()
    {
        Id = "HJ-05",
        Version = 4,
        Title = "活动迹象户",
        TitleEn = "Activity without registration",
        Basis =
        [
            new("税收征收管理法第十五条、第二十五条", new(2001, 5, 1)),
            new("税务登记管理办法第二条", new(2004, 2, 1)),
        ],
        Inputs = ["GD-01", "GS-01", "RS-01", "YB-01", "SCJG-01", "SCJG-03", TaxRegister.Item, "SW-02", "SW-03"],
        Dated = [TaxRegister.Item],
        Parameters =
        [
            TaxRegister.DueDay, RegistrationTerm.Days, Kwh, Months, InsuredMin, TaxPeriods.Names.RecoveryYears,
            ByElectricity, ByInsured, ByBoth, NobodyByOne, ByOne, BySeveral,
        ],
        Decide = Decide,
    };

    private static ModelAnswer Decide(Dossier dossier, ParameterSet parameters)
    {
        if (Suppressions.Unsure(dossier) || Suppressions.IsBranch(dossier)
            || dossier.Party.Uscc?.StartsWith(Codes.UsccStateOrgan, StringComparison.Ordinal) == true
            || TaxRegister.Rows(dossier).Any(r => !TaxRegister.Lapsed(r)))
            return ModelAnswer.Nothing;
        var active = Candidates(dossier, parameters);
        if (active.IsEmpty)
            return ModelAnswer.Nothing;
        if (Grace(dossier, parameters) is { } graceEnd)
        {
            if (dossier.AsOf <= graceEnd)
                return new ModelAnswer([], [], graceEnd.AddDays(1));
            if (TaxRegister.Rows(dossier).IsEmpty && TaxRegister.AnswerFor(dossier, parameters, graceEnd) is var register)
            {
                if (register.Awaits is { } awaited)
                    return new ModelAnswer([], [(TaxRegister.Item, awaited)], register.RevisitOn);
                var judged = Judge(dossier, parameters, active);
                return judged with { RevisitOn = Earlier(judged.RevisitOn, register.RevisitOn) };
            }
        }
        return Judge(dossier, parameters, active);
    }

    /// <summary>The last day of the term of a licence in force; null when there is no licence row.</summary>
    private static DateOnly? Grace(Dossier dossier, ParameterSet parameters) =>
        MarketRegister.ActiveLicence(dossier)?.Date("est_date") is { } established
            ? RegistrationTerm.Of(established, parameters).Day : null;

    private sealed record Signs(ImmutableArray<ActivityMonth> Electricity, ImmutableArray<ActivityMonth> Insured)
    {
        public bool IsEmpty => Electricity.IsEmpty && Insured.IsEmpty;

        public IEnumerable<Period> Months => Electricity.Concat(Insured).Select(m => m.Month).Distinct().Order();

        public Signs Where(Func<Period, bool> kept, int runLength) => new(
            Activity.Runs(Electricity.RemoveAll(m => !kept(m.Month)), runLength), Insured.RemoveAll(m => !kept(m.Month)));
    }

    /// <summary>Activity over the thresholds within the recovery limit, before the tax register is asked.</summary>
    private static Signs Candidates(Dossier dossier, ParameterSet parameters)
    {
        var region = TaxRegister.Region(dossier);
        var kwhMin = parameters.At(Kwh, dossier.AsOf, region).Value;
        var insuredMin = parameters.At(InsuredMin, dossier.AsOf, region).Value;
        var oldest = dossier.AsOf.AddYears(-(int)parameters.At(TaxPeriods.Names.RecoveryYears, dossier.AsOf).Value);
        var runLength = (int)parameters.At(Months, dossier.AsOf, region).Value;
        var electricity = IsOperator(dossier) ? Activity.Electricity(Meters(dossier, "GD-01")) : [];
        return new Signs(electricity.RemoveAll(m => m.Amount < kwhMin),
            Activity.Insured(dossier).RemoveAll(m => m.Amount < insuredMin)).Where(m => m.End >= oldest, runLength);
    }

    private static bool IsOperator(Dossier dossier) => dossier.Party.Uscc is not null
        || !dossier.Of("SCJG-01").IsEmpty || !dossier.Of("RS-01").IsEmpty || !dossier.Of("YB-01").IsEmpty
        || Stranger.Of(dossier) is { NamesOperator: true };

    /// <summary>Of a stranger, those that are not in a natural person's name.</summary>
    private static ImmutableArray<Fact> Meters(Dossier dossier, string item) =>
        Stranger.Of(dossier) is { } stranger ? [.. dossier.Of(item).Where(stranger.Speaks)] : dossier.Of(item);

    private static ModelAnswer Judge(Dossier dossier, ParameterSet parameters, Signs active)
    {
        var runLength = (int)parameters.At(Months, dossier.AsOf, TaxRegister.Region(dossier)).Value;
        var awaits = ImmutableArray.CreateBuilder<(string, Period)>();
        var counted = new HashSet<Period>();
        foreach (var month in active.Months)
            if (!TaxRegister.ReceivedThrough(dossier, month.End))
                awaits.Add((TaxRegister.Item, month));
            else if (AfterLapse(dossier, month) is not { } after)
                awaits.Add(("SW-03", QuarterEnd(month)));
            else if (after)
                counted.Add(month);
        var signs = active.Where(counted.Contains, runLength);
        var draft = signs.IsEmpty ? null : Draft(dossier, parameters, signs);
        var isFaint = draft is { SingleSource: true } && Stranger.Of(dossier) is { } stranger
            && stranger.Nearest.Nobody < parameters.At(NobodyByOne, dossier.AsOf).Value;
        // A month that falls out of the recovery limit may break a run.
        var fallsOut = active.Months.First().End
            .AddYears((int)parameters.At(TaxPeriods.Names.RecoveryYears, dossier.AsOf).Value).AddDays(1);
        return new ModelAnswer(draft is null || isFaint ? [] : [draft], [.. awaits.Distinct()], fallsOut);
    }

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other ?? one : one;

    private static Period QuarterEnd(Period month) => TaxPeriods.LastMonth(TaxPeriods.QuarterOf(month));

    /// <summary>
    /// True when the month lies after every lapse (always when there is no row); null when that cannot be said yet.
    /// </summary>
    private static bool? AfterLapse(Dossier dossier, Period month)
    {
        var rows = TaxRegister.Rows(dossier);
        if (rows.All(r => LapsedBefore(dossier, r.Text("djxh"), month)))
            return true;
        // 非正常 is itself the tax bureau's word that nothing was filed; only a return with sales speaks against it.
        if (rows.All(r => r.Text("nsrzt_dm") == Codes.TaxpayerNotNormal))
            return !TaxRegister.DeclaredSales(dossier, month);
        if (rows.Any(r => r.Text("zsfs") == Codes.AssessedCollection) || TaxRegister.FiledOrPaid(dossier, month))
            return false;
        return dossier.Coverage.Has("SW-03", QuarterEnd(month)) ? true : null;
    }

    /// <summary>The register told of the lapse before the month began, and of nothing else since.</summary>
    private static bool LapsedBefore(Dossier dossier, string? djxh, Period month) =>
        dossier.Versions(TaxRegister.Item).LastOrDefault(r => r.Text("djxh") == djxh && r.Period.End < month.Start) is { } told
        && TaxRegister.Lapsed(told) && dossier.Versions(TaxRegister.Item)
            .Where(r => r.Text("djxh") == djxh && r.Period.End >= month.Start && r.Period.Start <= month.End).All(TaxRegister.Lapsed);

    private static FindingDraft Draft(Dossier dossier, ParameterSet parameters, Signs signs)
    {
        var lapsed = !TaxRegister.Rows(dossier).IsEmpty;
        var evidence = EvidenceOf(dossier, signs);
        var (stranger, isSingle) = (Stranger.Of(dossier), Wording.SingleSource(evidence));
        var least = isSingle ? parameters.At(NobodyByOne, dossier.AsOf) : null;
        return new FindingDraft
        {
            Model = Model.Id,
            ModelVersion = Model.Version,
            Period = signs.Months.Last(),
            BusinessKey = lapsed ? "lapsed" : "unregistered",
            Title = $"有{Kinds(signs)}，{(lapsed ? "税务登记已为非正常或注销" : "税务登记库中查无此户")}",
            Confidence = Confidence(dossier, parameters, signs, isSingle),
            DissolvesIf = "该户办理税务登记或恢复正常状态；或查明电表为房东、转供或他人使用，参保由他人代缴"
                + (stranger is null ? "。" : "；或经归户核对为某一登记主体。"),
            Arithmetic = [.. Lines(dossier, parameters, signs), .. stranger?.Lines(evidence, least) ?? []],
            Evidence = evidence,
            SingleSource = isSingle,
        };
    }

    private static string Kinds(Signs signs) => (signs.Electricity.IsEmpty, signs.Insured.IsEmpty) switch
    {
        (false, false) => "持续用电和职工参保",
        (false, true) => "持续用电",
        _ => "职工参保",
    };

    private static decimal Confidence(Dossier dossier, ParameterSet parameters, Signs signs, bool isSingle)
    {
        var byMeter = Stranger.Of(dossier) is null ? ByElectricity : isSingle ? ByOne : BySeveral;
        var name = signs.Insured.IsEmpty ? byMeter : signs.Electricity.IsEmpty ? ByInsured : ByBoth;
        return parameters.At(name, dossier.AsOf).Value;
    }

    private static IEnumerable<ArithmeticLine> Lines(Dossier dossier, ParameterSet parameters, Signs signs)
    {
        var region = TaxRegister.Region(dossier);
        yield return Wording.Line("首次出现月", signs.Months.First().ToString(), "GD-01、RS-01");
        if (!signs.Electricity.IsEmpty)
        {
            var length = (int)parameters.At(Months, dossier.AsOf, region).Value;
            var last = signs.Electricity[^length..];
            var mean = Math.Round(last.Average(m => m.Amount), 2, MidpointRounding.AwayFromZero);
            yield return Wording.Line("用电量月均值", mean, "kWh", "GD-01",
                $"({string.Join(" + ", last.Select(m => Wording.Plain(m.Amount)))}) ÷ {length}");
            yield return Wording.Line("用电量门槛", parameters.At(Kwh, dossier.AsOf, region), "kWh");
            yield return Wording.Line("连续月数", signs.Electricity.Length, "月", "GD-01");
        }
        if (!signs.Insured.IsEmpty)
        {
            yield return Wording.Line("参保人数", signs.Insured[^1].Amount, "人", "RS-01");
            yield return Wording.Line("参保人数门槛", parameters.At(InsuredMin, dossier.AsOf, region), "人");
        }
    }

    private static ImmutableArray<Evidence> EvidenceOf(Dossier dossier, Signs signs) => Wording.Ordered(
    [
        .. signs.Electricity.SelectMany(m => m.Rows.Select(r =>
            Wording.Evidence(r, $"{m.Month} 抄表电量 {Wording.Plain(r.Number("kwh") ?? 0m)} kWh"))),
        .. signs.Insured.SelectMany(m => m.Rows.Select(r =>
            Wording.Evidence(r, $"{m.Month} 险种 {r.Text("ins_type")} 参保 {Wording.Plain(r.Number("insured_cnt") ?? 0m)} 人"))),
        .. Activity.Water(Meters(dossier, "GS-01")).Where(m => signs.Electricity.Any(e => e.Month == m.Month))
            .SelectMany(m => m.Rows.Select(r =>
                Wording.Evidence(r, $"{m.Month} 水量 {Wording.Plain(r.Number("volume_m3") ?? 0m)} 立方米"))),
        .. TaxRegister.Rows(dossier).Select(r => Wording.Evidence(r, $"纳税人状态 {r.Text("nsrzt_dm")}（{r.Period} 报送）")),
    ]);
}
