namespace InfoHub.Templates.Vocabulary;

/// <summary>组织机构代码, GB 11714-1997: 8 characters (0-9, A-Z) and a check modulo 11. ASCII bytes, no hyphen.</summary>
public static class OrganisationCode
{
    public const int Length = 9;

    private static readonly byte[] Weights = [3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>The check character of the first 8; every one must be a digit or an upper case letter.</summary>
    public static byte CheckCharacter(ReadOnlySpan<byte> first8)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
            sum += ValueOf(first8[i]) * Weights[i];
        return (11 - (sum % 11)) switch { 10 => (byte)'X', 11 => (byte)'0', var digit => (byte)('0' + digit) };
    }

    /// <summary>Nine characters, the last right, and no filler: 000000000 has a right check too and names
    /// nobody.</summary>
    public static bool IsValid(ReadOnlySpan<byte> code)
    {
        if (code.Length != Length || FillerCode.Is(code))
            return false;
        foreach (var character in code[..8])
            if (ValueOf(character) < 0)
                return false;
        return CheckCharacter(code) == code[8];
    }

    private static int ValueOf(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'A' and <= (byte)'Z' => character - 'A' + 10,
        _ => -1,
    };
}

/// <summary>
/// 公民身份号码, GB 11643-1999: region 6, birth date 8, sequence 3, check by ISO 7064 MOD 11-2; or the 15 digits of
/// before, which have no check. ASCII bytes, X upper case.
/// </summary>
public static class CitizenId
{
    public const int Length = 18;
    public const int LegacyLength = 15;

    private const string CheckCharacters = "10X98765432";
    private static readonly byte[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    public static byte CheckCharacter(ReadOnlySpan<byte> first17)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
            sum += (first17[i] - '0') * Weights[i];
        return (byte)CheckCharacters[sum % 11];
    }

    /// <summary>
    /// The form is right: 17 digits and a digit or X, or 15 digits; a known province; a birth date that exists.
    /// </summary>
    public static bool HasForm(ReadOnlySpan<byte> number) => number.Length switch
    {
        Length => AllDigits(number[..17]) && number[17] is (>= (byte)'0' and <= (byte)'9') or (byte)'X'
            && Division.IsProvince(number) && IsDate(Digits(number[6..10]), Digits(number[10..12]), Digits(number[12..14])),
        LegacyLength => AllDigits(number) && Division.IsProvince(number) && IsDate(1900 + Digits(number[6..8]), Digits(number[8..10]), Digits(number[10..12])),
        _ => false,
    };

    /// <summary>Form and, for 18 characters, the check character; no filler: 111111111111111 has a date in
    /// it.</summary>
    public static bool IsValid(ReadOnlySpan<byte> number) => HasForm(number) && !FillerCode.Is(number)
        && (number.Length == LegacyLength || CheckCharacter(number) == number[17]);

    /// <summary>The 18 characters of a legacy number: 19 is put before the year and the check appended.</summary>
    public static void Upgrade(ReadOnlySpan<byte> legacy15, Span<byte> number18)
    {
        legacy15[..6].CopyTo(number18);
        "19"u8.CopyTo(number18[6..]);
        legacy15[6..].CopyTo(number18[8..]);
        number18[17] = CheckCharacter(number18);
    }

    internal static bool AllDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = (value * 10) + digit - '0';
        return value;
    }

    private static bool IsDate(int year, int month, int day) =>
        year is >= 1850 and <= 2100 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}

/// <summary>
/// 工商注册号, GS 15-2006: 15 digits, the last by ISO 7064 hybrid MOD 11,10. The 13 digits of before have no check.
/// </summary>
public static class RegistrationNumber
{
    public const int Length = 15;
    public const int LegacyLength = 13;

    public static byte CheckDigit(ReadOnlySpan<byte> first14)
    {
        var p = 10;
        for (var i = 0; i < Length - 1; i++)
        {
            var s = (p + first14[i] - '0') % 10;
            p = (s == 0 ? 10 : s) * 2 % 11;
        }
        return (byte)('0' + ((11 - p) % 10));
    }

    public static bool IsValid(ReadOnlySpan<byte> number) => number.Length switch
    {
        Length => CitizenId.AllDigits(number) && CheckDigit(number) == number[14] && !FillerCode.Is(number),
        LegacyLength => CitizenId.AllDigits(number) && !FillerCode.Is(number),
        _ => false,
    };
}

/// <summary>行政区划代码, GB/T 2260. Codes change and local zones have their own, so only the province is checked.</summary>
public static class Division
{
    /// <summary>The first two digits name a province, autonomous region, municipality or special region.</summary>
    public static bool IsProvince(ReadOnlySpan<byte> code) => code.Length >= 2 && ((code[0] - '0') * 10 + code[1] - '0') is
        (>= 11 and <= 15) or (>= 21 and <= 23) or (>= 31 and <= 37) or (>= 41 and <= 46) or (>= 50 and <= 54) or (>= 61 and <= 65)
        or 71 or 81 or 82 or 83;
}

/// <summary>How a 纳税人识别号 is built (国家税务总局公告2015年第66号).</summary>
public enum TaxpayerNumberForm
{
    /// <summary>None of the forms below: withholding agents, non-residents; accepted with a warning.</summary>
    Other = 0,

    /// <summary>18 characters: the USCC itself.</summary>
    Uscc,

    /// <summary>15 characters: division 6 and organisation code 9, before 三证合一.</summary>
    Organisation,

    /// <summary>17 or 20 characters: citizen id and a two-digit sequence, sole traders without a USCC.</summary>
    Citizen,
}

/// <summary>
/// 纳税人识别号 (nsrsbh) in all its variants; the L before a temporary taxpayer's number is taken off first.
/// </summary>
public static class TaxpayerNumber
{
    /// <summary>The number without a leading L (临时纳税人).</summary>
    public static ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> number) => number.Length > 0 && number[0] == 'L' ? number[1..] : number;

    /// <summary>
    /// The form by length and content. <see cref="TaxpayerNumberForm.Uscc"/> is told by length alone: its check is
    /// the caller's.
    /// </summary>
    public static TaxpayerNumberForm FormOf(ReadOnlySpan<byte> number)
    {
        var bare = WithoutPrefix(number);
        return bare.Length switch
        {
            18 when bare.Length != number.Length && CitizenId.HasForm(bare) => TaxpayerNumberForm.Citizen,
            18 => TaxpayerNumberForm.Uscc,
            15 when Division.IsProvince(bare) && OrganisationCode.IsValid(bare[6..]) => TaxpayerNumberForm.Organisation,
            15 when CitizenId.HasForm(bare) => TaxpayerNumberForm.Citizen,
            17 when CitizenId.HasForm(bare[..15]) => TaxpayerNumberForm.Citizen,
            20 when CitizenId.HasForm(bare[..18]) => TaxpayerNumberForm.Citizen,
            _ => TaxpayerNumberForm.Other,
        };
    }
}
