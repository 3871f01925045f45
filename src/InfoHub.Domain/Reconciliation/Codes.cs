namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// The code values the models know, as the templates of the items list them. A value outside these lists is never
/// taken for evidence against a party.
/// </summary>
internal static class Codes
{
    /// <summary>SW-01 nsrzt_dm 纳税人状态. 04 停业 and unlisted states count as known to the tax bureau.</summary>
    public const string TaxpayerNormal = "03", TaxpayerNotNormal = "05", TaxpayerCancelled = "07";

    /// <summary>SW-01 kzztdjlx_dm 课征主体登记类型: 个体经营纳税人.</summary>
    public const string IndividualBusiness = "1120";

    /// <summary>SCJG-01 ent_type 个体工商户.</summary>
    public const string MarketSoleTrader = "9100";

    /// <summary>SW-01 vat_type 增值税纳税人类型; 2 and 3 are both 小规模.</summary>
    public const string VatGeneral = "1", VatSmallScale = "2", VatBelowThreshold = "3";

    /// <summary>SW-01 zsfs 征收方式: 核定征收 (定期定额 files no return).</summary>
    public const string AssessedCollection = "2";

    /// <summary>SW-02 zsxm_dm 征收项目 (CL-TAX).</summary>
    public const string Vat = "10101", ConsumptionTax = "10102", EnterpriseIncomeTax = "10104", PersonalIncomeTax = "10106",
        UrbanMaintenance = "10109", EducationSurcharge = "30203", LocalEducationSurcharge = "30216";

    /// <summary>SW-02 skzl 税款种类: 正税; 20 滞纳金 and 30 罚款 are not tax.</summary>
    public const string PrincipalTax = "10";

    /// <summary>SW-02 sksx 税款属性: 101 一般申报, 103 代扣代缴.</summary>
    public const string OrdinaryFiling = "101", Withheld = "103";

    /// <summary>SW-03 revise 更正标志: 更正申报.</summary>
    public const string Corrected = "Y";

    /// <summary>SW-03 form_kind 表种.</summary>
    public const string FormGeneral = "1", FormSmallScale = "2";

    /// <summary>SCJG-01 reg_status 登记状态: 存续.</summary>
    public const string MarketActive = "1";

    /// <summary>SCJG-03 event_type 事件类型.</summary>
    public const string EventCancelled = "01", EventRevoked = "02", EventListedAbnormal = "03", EventDelisted = "04",
        EventRestored = "06";

    /// <summary>GD-01: use_class 300 农业 and 400 居民, resale Y 转供, status 3 销户 do not show a trade.</summary>
    public const string UseAgriculture = "300", UseResidential = "400", MeterClosed = "3", Yes = "Y";

    /// <summary>GS-01 use_class 用水性质: 居民.</summary>
    public const string WaterResidential = "10";

    /// <summary>RS-01 status 参保状态: 正常.</summary>
    public const string InsuranceNormal = "1";

    /// <summary>YB-01 provider_type 机构类别.</summary>
    public const string PublicHospital = "11", NonProfitHospital = "13", Pharmacy = "21", ChainOwned = "22", ChainFranchise = "23";

    /// <summary>USCC positions 1–2: 机构编制部门登记的机关. 国家机关不办理税务登记 (税务登记管理办法第二条).</summary>
    public const string UsccStateOrgan = "11";

    /// <summary>A yes/no code as departments write it; null for anything else.</summary>
    public static bool? Flag(string? code) => code switch
    {
        Yes or "1" or "是" => true,
        "N" or "0" or "否" => false,
        _ => null,
    };

    /// <summary>
    /// SW-02 tzlx 调账类型: true for 未被调账 (1; 0 in older extracts) and 调账后新税款 (4), false for rows that an
    /// adjustment replaced (2, 3), null for a value nobody has agreed.
    /// </summary>
    public static bool? Standing(string? adjustment) => adjustment switch
    {
        "0" or "1" or "4" => true,
        "2" => false,
        _ => null,
    };
}
