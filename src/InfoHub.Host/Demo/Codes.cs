using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>Values of the code lists as the templates have them; and the making of check-valid identifiers.</summary>
internal static class Codes
{
    public const int UsccLength = 18;
    public static ReadOnlySpan<byte> UsccCharacters => "0123456789ABCDEFGHJKLMNPQRTUWXY"u8;

    public const string IdCard = "201";

    // CL-ENTTYPE
    public const string LimitedCompany = "1100", BranchOffice = "2100", SoleTrader = "9100", Cooperative = "9200";

    // 纳税人状态
    public const string Normal = "03", OutOfBusiness = "04", Abnormal = "05", Cancelled = "07";

    // 市监事件
    public const string Cancellation = "01", Revocation = "02", AbnormalListed = "03", AbnormalLifted = "04",
        Restored = "06";

    // 征收项目
    public const string Vat = "10101", ConsumptionTax = "10102", IncomeTaxOfPersons = "10106", CityTax = "10109",
        EducationSurcharge = "30203", LocalEducationSurcharge = "30216";

    // 税款种类
    public const string TaxProper = "10", LatePayment = "20";

    // 调账类型: 未被调账, 被调账的原税款, 调账后新税款
    public const string NotReassigned = "1", ReassignedAway = "2", ReassignedTo = "4";

    // 退库类型
    public const string MistakenPaymentRefund = "10", ExportRefund = "20";

    // 更正标志
    public const string FirstReturn = "N", CorrectedReturn = "Y";

    /// <summary>
    /// Completes a code whose kind, division and start of the body (2 + 6 + 3) are there: five characters that stand
    /// for the number, and two checks.
    /// </summary>
    public static void CompleteUscc(Span<byte> uscc, int number)
    {
        var characters = UsccCharacters;
        var rest = Scatter(number);
        for (var i = 15; i > 10; i--, rest /= characters.Length)
            uscc[i] = characters[rest % characters.Length];
        uscc[16] = OrganisationCode.CheckCharacter(uscc.Slice(8, 8));
        uscc[17] = Uscc.CheckCharacter(uscc[..17]);
    }

    /// <summary>One to one on 0 .. 31⁵ − 1: neighbours get codes that do not look like neighbours.</summary>
    private static int Scatter(int number) => (int)(((number * 17_000_003L) + 4_242_424) % 28_629_151);

    public static void WriteDigits(Span<byte> digits, long value)
    {
        for (var i = digits.Length - 1; i >= 0; i--, value /= 10)
            digits[i] = (byte)('0' + (value % 10));
    }
}
