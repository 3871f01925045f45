using System.Globalization;
using InfoHub.Domain.Findings;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Console.Tests.Fixtures;

/// <summary>
/// An invented city with enough findings to page through. The same on every run. Findings in 339902 lie outside the
/// branch of the consumer that the tests sign in as.
/// </summary>
public static class LinjiangCity
{
    public const string HospitalFinding = "SZ14-202503-0001";
    public const string HospitalParty = "临江仁和综合门诊部有限公司";
    public const string HostileParty = "<script>alert('x')</script>商贸有限公司";
    public const string OutsideFinding = "SZ01-202503-9001";
    public const string HiddenIdentity = "110101199003077758";
    public const string HiddenPhone = "13800138000";

    public static readonly ConsoleCatalogue Names = new(
        [
            new("HJ-01", "市场主体未办理税务信息确认"), new("HJ-05", "活动迹象户"), new("HJ-06", "注销/吊销后仍有涉税活动"),
            new("SZ-01", "附加税费与两税比对", "税费"), new("SZ-14", "医保结算与申报收入比对", "收入"),
        ],
        [
            new("YB-01", "定点医药机构医保结算信息"), new("SW-03", "增值税申报信息"), new("SCJG-01", "市场主体登记信息"),
            new("SCJG-03", "市场主体注销吊销信息"), new("GD-01", "用电信息"), new("SW-02", "税款入库信息"), new("SW-01", "税务登记信息"),
        ],
        [
            new("339901", "城关区"), new("339901001", "城关街道"), new("339901002", "东门街道"), new("339901101", "柳溪镇"),
            new("339902", "滨江区"), new("339902001", "江滨街道"), new("339903", "望江区"),
        ]);

    private static readonly string[] Trades = ["建材", "餐饮管理", "机械制造", "纺织品", "电子商务", "物流", "装饰工程", "农产品", "五金", "汽车服务"];
    private static readonly string[] Brands = ["恒盛", "瑞丰", "明达", "安泰", "锦华", "远航", "宏图", "益民", "嘉禾", "中信达", "鼎新"];
    private static readonly string[] Towns = ["339901001", "339901002", "339901101"];

    /// <summary>126 findings inside 339901 (122 of them open) and one outside.</summary>
    public static IEnumerable<SeedFinding> Findings() =>
        [Hospital(), Hostile(), .. Enumerable.Range(1, 124).Select(Ordinary), Outside()];

    private static SeedFinding Hospital() => new(HospitalFinding, "SZ-14", HospitalParty, "91339901MA2K9T4X3E", Period.Month(2025, 3),
        "339901001", "2025年1—3月医保结算额高于申报销售额（含免税）", "纳税人更正申报，使申报销售额（含免税）不低于医保结算额；或提供冲正、跨月拨付凭证说明差额。")
    {
        State = FindingState.Found,
        Expected = Money.FromYuan(7_221_836.40m),
        Actual = Money.FromYuan(4_752_310.15m),
        Tax = Money.FromYuan(71_927.95m),
        LateFee = Money.FromYuan(2_445.55m),
        Confidence = 0.965m,
        SingleSource = true,
        Arithmetic =
        [
            new("1—3月医保结算额", "", "7221836.40", "元", "YB-01 定点医药机构医保结算信息"),
            new("1—3月申报销售额（含免税）", "", "4752310.15", "元", "SW-03 增值税申报信息"),
            new("少申报销售额", "7221836.40 − 4752310.15", "2469526.25", "元", "医保结算不高于实际销售"),
            new("不含税差额", "2469526.25 ÷ (1 + 3%)", "2397598.30", "元", "增值税暂行条例第十二条"),
            new("估算应补增值税", "2397598.30 × 3%", "71927.95", "元", "增值税暂行条例第十二条，小规模征收率 3%"),
            new("滞纳天数", "2025-04-16 至 2025-06-22", "68", "天", "税收征收管理法第三十二条"),
            new("滞纳金", "71927.95 × 0.05% × 68", "2445.55", "元", "税收征收管理法第三十二条"),
        ],
        Evidence =
        [
            ("YB-01", 18, "2025年1月结算 2,310,442.10 元"), ("YB-01", 19, "2025年2月结算 2,254,790.00 元"),
            ("YB-01", 20, "2025年3月结算 2,656,604.30 元"),
            ("SW-03", 4021, $"2025年1季度申报销售额（含免税）4,752,310.15 元；经办人证件 {HiddenIdentity}，电话 {HiddenPhone}"),
        ],
    };

    private static SeedFinding Hostile() => new("HJ05-202503-0001", "HJ-05", HostileParty, "91339901MA2B0000X1", Period.Month(2025, 3),
        "339901101", "连续3个月用电但未办理税务登记", "核实为转供电或已办理登记。")
    {
        State = FindingState.Pushed,
        Confidence = 0.8m,
        Arithmetic = [new("3个月平均用电量", "(1260 + 1310 + 1295) ÷ 3", "1288", "kWh", "GD-01")],
        Evidence = [("GD-01", 7, "2025年3月用电 1,295 kWh")],
    };

    private static SeedFinding Ordinary(int n)
    {
        var model = Names.Models[n % Names.Models.Length].Code;
        var name = $"临江{Brands[n % Brands.Length]}{Trades[n / 2 % Trades.Length]}有限公司";
        var expected = model is "SZ-01" or "SZ-14" || (model == "HJ-06" && n % 2 == 0) ? Money.FromYuan(1_000m * n * (1 + (n % 7)) + 0.35m) : (Money?)null;
        return new SeedFinding(
            string.Create(CultureInfo.InvariantCulture, $"{model.Replace("-", "", StringComparison.Ordinal)}-2025{1 + (n % 12):00}-{n:0000}"),
            model, name, string.Create(CultureInfo.InvariantCulture, $"91339901MA2{n:000000}{n % 10}"), Period.Month(2025, 1 + (n % 12)), Towns[n % Towns.Length],
            Title(model), "核实情况并更正申报，或提供说明材料。")
        {
            State = n % 25 == 0 ? FindingState.Archived : n % 6 == 0 ? FindingState.Answered : n % 4 == 0 ? FindingState.Pushed : n % 11 == 0 ? FindingState.Returned : FindingState.Found,
            Expected = expected,
            Actual = expected?.Times(0.4m),
            Tax = expected?.Times(0.6m * 0.03m),
            Confidence = 0.7m + (n % 30 * 0.01m),
            SingleSource = n % 5 == 0,
        };
    }

    private static SeedFinding Outside() => new(OutsideFinding, "SZ-01", "滨江宏业有限公司", "91339902MA2C0000Y2", Period.Month(2025, 3),
        "339902001", "城建税少缴", "补缴。")
    { Expected = Money.FromYuan(9_999_999m), Actual = Money.Zero };

    private static string Title(string model) => model switch
    {
        "HJ-01" => "领取营业执照超过30日未办理税务信息确认",
        "HJ-05" => "有用电、参保等经营迹象但未办理税务登记",
        "HJ-06" => "注销登记后仍有涉税活动",
        "SZ-01" => "城建税与教育费附加少于按两税应缴数",
        _ => "医保结算额高于申报销售额（含免税）",
    };
}
