using static InfoHub.Host.Demo.Behaviour;
using static InfoHub.Host.Demo.PartyGroup;

namespace InfoHub.Host.Demo;

/// <summary>How many parties of a group behave so, and what the models must make of them.</summary>
/// <param name="PerMille">Of the group; at least one party.</param>
/// <param name="Finds">The models that must find each of these parties; empty for a clean party or a trap.</param>
/// <param name="Spares">The models a careless formula of which would find them.</param>
/// <param name="Reason">zh-CN, with the rule.</param>
internal sealed record BehaviourPlan(
    PartyGroup Group, Behaviour Behaviour, int PerMille, string Finds, string Spares, string Reason)
{
    public IEnumerable<string> Positives => Finds.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<string> Traps => Spares.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// Every behaviour with its reason. What is left of a group is <see cref="Clean"/>. Amounts lie clearly on one side
/// of every threshold, so that rounding, or whether a bound is "more than" or "at least", decides nothing:
/// <list type="bullet">
/// <item>HJ-01 (征管法15条; active, no tax registration under any alias, 30 days): positives are at least 45 days old,
/// the new firms at most 25. A code, an organisation code in a 15-digit number, or identity number with name is an
/// alias.</item>
/// <item>HJ-05 (300 kWh in 3 consecutive months, or 1 insured): positives use 500 kWh and more in every month; the
/// traps stay under 250, break off after two months, or are excluded by 转供电标志 or 农业 use. Of an unregistered party in
/// the business register HJ-01 is true as well. Those without any code have their door beside a registered shop's, and
/// half of those that two departments see have the 字号 of some; each is one suspicion however many ways there are of
/// writing it. Of those that are registered while a supplier's row says so badly (<see cref="DoubtfulHolders"/>)
/// nothing may be found: a row that waits for an officer is never called unregistered.</item>
/// <item>HJ-06 (activity 2 months after the event): positives go on to the last month, the revoked ones with
/// electricity, because returns of a 清算 are lawful; 清算期 activity ends with the month after the event's. Meters of
/// cancelled parties stay under 250 kWh, so that HJ-05 has nothing to say of them.</item>
/// <item>SZ-01 (gap over max(100元, 1%)): every planted gap is over 400元 and over 20 %; everybody else pays to the fen
/// 城建税 7 %, 教育费附加 3 %, 地方教育附加 2 % of (增值税 + 消费税 + 免抵税额 − 留抵退税额 carried forward), half of it for 小规模, 个体户 and 小型微利
/// (公告2023年第12号, to 2027-12-31), no 3 % and 2 % up to 10万 a month or 30万 a quarter (财税〔2016〕12号). All parties sit in
/// 街道 (7 %). 直接减免 is already out of the tax paid.</item>
/// <item>SZ-14 (declared sales, exempt ones included, against settlements less 冲正): (a) below the settlements:
/// planted at 0.45 to 0.65 of them in two months or one quarter; (b) under settlements ÷ k × 0.8 for three months:
/// planted at 1.02 of them in all months (k: 药店 0.6, 诊所 0.5 to 0.7), and still under it once VAT is added; clean ones
/// declare more than settlements ÷ k × 1.1.</item>
/// </list>
/// What is planted by month (SZ-01, SZ-14 (a)) falls in months whose filing deadline is past at AsOf.
/// A return and its taxes stand in the file of the last month of their 所属期; a correction stands in a later file.
/// </summary>
internal static class BehaviourCatalogue
{
    public static readonly IReadOnlyList<BehaviourPlan> Plans =
    [
        new(Enterprise, Unregistered, 10, "HJ-01", "", "市监存续、成立满45日，税务登记无此户（征管法15条）"),
        new(Enterprise, UnregisteredActive, 8, "HJ-01 HJ-05", "", "税务登记无此户，连续各月用电500千瓦时以上或有参保职工"),
        new(Enterprise, TaxCancelledActive, 4, "HJ-05", "HJ-01", "税务登记状态07注销，连续各月用电500千瓦时以上或有参保职工"),
        new(Enterprise, AbnormalActive, 4, "HJ-05", "HJ-01", "税务登记状态05非正常，连续各月用电500千瓦时以上或有参保职工"),
        new(Enterprise, CancelledThenActive, 4, "HJ-06", "HJ-05", "注销两个月后仍有用电或申报，直到最后一个月"),
        new(Enterprise, RevokedThenActive, 4, "HJ-06", "HJ-05", "吊销两个月后仍有用电，直到最后一个月，未见恢复（清算期申报不算）"),
        new(Enterprise, SurchargesMissing, 6, "SZ-01", "", "已缴增值税，当期无城建税、教育费附加、地方教育附加入库"),
        new(Enterprise, EducationMissing, 4, "SZ-01", "", "月销售额超过10万元，已缴增值税，当期无教育费附加、地方教育附加入库"),
        new(Enterprise, SurchargesUnder, 4, "SZ-01", "", "附加税费只按增值税的六成计缴"),
        new(Enterprise, ExportCreditIgnored, 3, "SZ-01", "", "出口免抵税额未计入城建税及附加计税依据（公告2021年第28号）"),
        new(Enterprise, HalvedWrongly, 4, "SZ-01", "", "一般纳税人且非小型微利，附加税费减半计缴（公告2023年第12号不适用）"),
        new(Enterprise, ConsumptionTaxIgnored, 3, "SZ-01", "", "附加税费未将消费税计入计税依据（城建税法2条）"),

        new(Enterprise, NewFirm, 5, "", "HJ-01", "成立未满30日，尚未办理税务信息确认"),
        new(Enterprise, LegacyTaxNumber, 5, "", "HJ-01 HJ-05", "税务登记用15位旧识别号（区划+组织机构代码），与统一社会信用代码同一主体"),
        new(Enterprise, StruckOff, 5, "", "HJ-01", "市监登记状态为注销或吊销，非存续"),
        new(Enterprise, BackToNormal, 4, "", "HJ-05", "曾为非正常户，已恢复正常，用电与参保照常"),
        new(Enterprise, Suspended, 3, "", "HJ-05", "停业登记（04），仍为职工缴社保"),
        new(Enterprise, RevokedRestored, 4, "", "HJ-06", "吊销后已恢复（06），照常经营"),
        new(Enterprise, ClearingPeriod, 5, "", "HJ-05 HJ-06", "注销后只有清算期活动，止于注销次月"),
        new(Enterprise, LateCorrection, 2, "", "HJ-06", "注销后更正申报注销前的所属期，无其他活动"),
        new(Enterprise, ListedAbnormal, 10, "", "HJ-06", "列入（移出）经营异常名录，不是注销、吊销"),
        new(Enterprise, LowSales, 5, "", "SZ-01", "一般纳税人月销售额不超过10万元，免两项教育费附加（财税〔2016〕12号），城建税已足额缴纳"),
        new(Enterprise, SmallProfit, 20, "", "SZ-01", "小型微利企业，六税两费减半（公告2023年第12号）"),
        new(Enterprise, Exporter, 5, "", "SZ-01", "免抵税额已计入附加税费计税依据，出口退税退库不冲减"),
        new(Enterprise, CreditRefund, 4, "", "SZ-01", "留抵退税额结转抵减以后各月城建税计税依据"),
        new(Enterprise, Refund, 4, "", "SZ-01", "误收退税（负数），附加税费同比例退还"),
        new(Enterprise, Reassigned, 4, "", "SZ-01", "增值税调账，原税款作废，以调账后新税款为准"),
        new(Enterprise, LateFee, 6, "", "SZ-01", "增值税滞纳金不是计税依据"),
        new(Enterprise, CorrectedReturn, 5, "", "SZ-01", "次月更正申报补缴增值税及附加，所属期不变"),
        new(Enterprise, TenantMeter, 2, "", "HJ-05", "承租户的电表、水表，户名、地址是承租户的，代码是房东的，承租户已登记"),
        new(Enterprise, CodeMistyped, 2, "", "HJ-05", "供电、供水录入的代码错一字（字母O代数字0，或相邻两字颠倒），已登记"),
        new(Enterprise, Behaviour.ConsumptionTax, 3, "", "SZ-01", "附加税费已按增值税与消费税之和计缴"),

        // First, so that two that belong together stand at an even place and the odd one after it.
        new(Shop, TwoOutlets, 2, "", "HJ-05", "同一经营者在同一条路上的两家同名门店，供电、供水的户名未写代码，地址只到路名"),
        new(Shop, TenantMeter, 2, "", "HJ-05", "承租户的电表、水表，户名、地址是承租户的，代码是房东的，承租户已登记"),
        new(Shop, CodeMistyped, 2, "", "HJ-05", "供电、供水录入的代码错一字（字母O代数字0，或相邻两字颠倒），已登记"),
        new(Shop, Illegible, 4, "", "HJ-05", "供电、供水的户名有一字辨认不出，未写代码，地址只到路名，已登记"),
        new(Shop, Unregistered, 6, "HJ-01", "", "市监存续、成立满45日，税务登记无此户（征管法15条）"),
        new(Shop, UnregisteredActive, 3, "HJ-01 HJ-05", "", "税务登记无此户，连续各月用电500千瓦时以上"),
        new(Shop, CancelledThenActive, 2, "HJ-06", "HJ-05", "注销两个月后仍有用电，直到最后一个月"),
        new(Shop, NewFirm, 4, "", "HJ-01", "成立未满30日，尚未办理税务信息确认"),
        new(Shop, OwnerTaxNumber, 4, "", "HJ-01", "税务登记用经营者身份证号加2位顺序码，与个体户同一主体"),
        new(Shop, StruckOff, 3, "", "HJ-01", "市监登记状态为注销，非存续"),
        new(Shop, Suspended, 2, "", "HJ-05", "停业登记（04），用电未断"),
        new(Shop, ClearingPeriod, 4, "", "HJ-05 HJ-06", "注销后只有清算期活动，止于注销次月"),
        new(Shop, SpecialInvoices, 8, "", "SZ-01", "季销售额不超过30万元，仅就专票缴增值税，免两项教育费附加，城建税减半"),
        new(Cooperative, Unregistered, 10, "HJ-01", "", "市监存续、成立满45日，税务登记无此户（征管法15条）"),

        new(Branch, BranchOfRegistered, 300, "", "HJ-01", "分支机构，总机构已登记并汇总纳税"),
        new(Branch, BranchWithMeter, 100, "", "HJ-01 HJ-05", "分支机构有用电，总机构已登记并汇总纳税"),

        new(Outsider, OutsideMeter, 150, "HJ-05", "", "外地主体在本市连续各月用电500千瓦时以上，本市税务登记无此户"),
        new(Outsider, OutsideInsured, 100, "HJ-05", "", "外地主体在本市有参保职工，本市税务登记无此户"),
        new(Outsider, LandlordUnit, 150, "", "HJ-05", "转供电（合表）用户，电量属于承租户"),
        new(Outsider, LandlordPerson, 150, "", "HJ-05", "个人房东转供电（合表），电量属于承租户"),
        new(Outsider, VillageIrrigation, 150, "", "HJ-05", "村集体农业排灌用电（300）"),
        new(Outsider, FarmPerson, 100, "", "HJ-05", "农户农业用电（300）"),
        new(Outsider, LowUse, 80, "", "HJ-05", "每月用电不足250千瓦时"),
        new(Outsider, InterruptedUse, 70, "", "HJ-05", "用电超过300千瓦时从未连续三个月"),
        new(Outsider, NoInsuredLeft, 50, "", "HJ-05", "参保人数为0，已终止"),

        new(Street, StreetShop, 500, "HJ-05", "", "无代码，供电、供水两个部门以不同写法看到，各登记库中均无，连续各月用电500千瓦时以上"),
        new(Street, StreetMeter, 200, "HJ-05", "", "无代码，仅供电以店名看到，各登记库中均无，连续各月用电500千瓦时以上"),
        new(Street, StreetPerson, 150, "", "HJ-05", "无代码，电表水表均在自然人名下，多为房东"),
        new(Street, StreetShared, 150, "", "HJ-05", "无代码，转供电且合用水表，用量属于多户"),

        new(Provider, PharmacyBelow, 30, "SZ-14", "", "申报销售额（含免税）低于医保结算额"),
        new(Provider, PharmacyThinCover, 30, "SZ-14", "", "申报销售额连续各月仅为医保结算额的1.02倍，药店医保占比0.6时应约为1.67倍"),
        new(Provider, PharmacyBelowQuarter, 20, "SZ-14", "", "按季申报，季度申报销售额（含免税）低于三个月医保结算额"),
        new(Provider, ClinicBelow, 20, "SZ-14", "", "申报销售额（含免税）低于医保结算额"),
        new(Provider, ClinicThinCover, 20, "SZ-14", "", "申报销售额连续各月仅为医保结算额的1.02倍，诊所医保占比0.5时应约为2倍"),
        new(Provider, Pharmacy, 300, "", "", "单体药店，按月足额申报"),
        new(Provider, PharmacyQuarter, 150, "", "SZ-14", "小规模药店按季申报，销售额在小微免税额内"),
        new(Provider, Franchise, 80, "", "SZ-14", "加盟店不在总部汇总之列，自行足额申报"),
        new(Provider, Clinic, 200, "", "", "诊所，足额申报"),
        new(Provider, PublicHospital, 20, "", "SZ-14", "公立医院医疗服务免税，申报在免税销售额"),
        new(Provider, PrivateHospital, 30, "", "SZ-14", "营利性医院医疗服务免税，申报在免税销售额"),
        new(Provider, NonProfitHospital, 20, "", "SZ-14", "非营利性医院医疗服务免税，申报在免税销售额"),
        new(Provider, PharmacyReversal, 40, "", "SZ-14", "当月有大额冲正，冲正后结算额低于申报销售额"),
        new(Provider, PharmacyCorrected, 40, "", "SZ-14 SZ-01", "次月更正申报，更正后申报销售额高于结算额"),
        new(PartyGroup.ChainHead, Behaviour.ChainHeadBelow, 200, "SZ-14", "", "连锁总部汇总申报，申报销售额（含免税）低于全部门店医保结算额之和"),
        new(PartyGroup.ChainHead, Behaviour.ChainHead, 800, "", "SZ-14", "连锁总部汇总申报全部门店销售额"),
        new(PartyGroup.ChainStore, Behaviour.ChainStoreZero, 300, "", "SZ-14", "连锁直营门店由总部汇总申报，自身按月零申报"),
        new(PartyGroup.ChainStore, Behaviour.ChainStore, 700, "", "SZ-14", "连锁直营门店由总部汇总申报，自身无申报表"),
    ];

    private static readonly Dictionary<(PartyGroup, Behaviour), BehaviourPlan> ByKey =
        Plans.ToDictionary(p => (p.Group, p.Behaviour));

    /// <summary>Null for a clean party, of which nothing is expected.</summary>
    public static BehaviourPlan? Of(in Party party) => ByKey.GetValueOrDefault((party.Group, party.Behaviour));
}
