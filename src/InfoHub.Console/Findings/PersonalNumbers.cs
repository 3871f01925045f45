using System.Text.RegularExpressions;

namespace InfoHub.Console.Findings;

/// <summary>
/// The last barrier before the screen: citizens' identity numbers and mobile numbers that a model or a department left
/// in free text are not shown.
/// </summary>
internal static partial class PersonalNumbers
{
    public const string HiddenIdentity = "［证件号已隐藏］";
    public const string HiddenPhone = "［电话已隐藏］";

    private const int ShownAtStart = 3;
    private const int ShownAtEnd = 2;
    private const int StarsMax = 12;

    public static string Hide(string text) =>
        Mobile().Replace(Identity().Replace(text, HiddenIdentity), HiddenPhone);

    /// <summary>The first character of a person's name: 陈*; what is nobody's name stays blank.</summary>
    public static string MaskName(string name) =>
        name.Trim() is { Length: > 0 } text ? $"{text[0]}{Stars(text.Length - 1)}" : "";

    /// <summary>Three characters at the start and two at the end of a telephone number.</summary>
    public static string MaskPhone(string phone) => phone.Trim() switch
    {
        { Length: > ShownAtStart + ShownAtEnd } text =>
            text[..ShownAtStart] + Stars(text.Length - ShownAtStart - ShownAtEnd) + text[^ShownAtEnd..],
        var text => Stars(text.Length),
    };

    private static string Stars(int count) => new('*', Math.Clamp(count, 0, StarsMax));

    /// <summary>
    /// GB 11643: division, birth date, sequence, check. A wrong check character is hidden all the same, and so is the
    /// taxpayer number of a citizen, which is his identity number and two digits.
    /// </summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
        + @"\d{3}[\dXx](?:\d\d)?(?![0-9A-Za-z])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Identity();

    /// <summary>Eleven digits from 13 to 19; a decimal point on either side makes it an amount.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z]|\.\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Mobile();
}
