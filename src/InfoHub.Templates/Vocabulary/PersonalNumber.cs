using System.Globalization;
using System.Text;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// Identity numbers in text that is going to be shown. A number is personal whatever column it stands in, and in
/// whatever dress: full-width, parted by blanks or hyphens, with × for X, with a wrong check character.
/// </summary>
public static class PersonalNumber
{
    private const int DigitsMin = CitizenId.LegacyLength;
    private const int DigitsKept = 32;
    private const int Shown = 2;

    /// <summary>
    /// The text with <c>37****94</c> for each identity number in it; the same instance when there is none. A run of
    /// digits is covered as a whole when it holds the form of an identity number: 15 digits, 18, or one of them with
    /// the
    /// two digits of a taxpayer number.
    /// </summary>
    public static string Cover(string text)
    {
        if (text.Length < DigitsMin)
            return text;
        StringBuilder? covered = null;
        var copied = 0;
        Span<byte> digits = stackalloc byte[DigitsKept];
        for (var i = 0; i < text.Length; i++)
        {
            if (DigitOf(text[i]) < 0)
                continue;
            var end = RunFrom(text, i, digits, out var count);
            if (IsPersonal(digits[..count]))
            {
                covered ??= new StringBuilder(text.Length);
                covered.Append(text, copied,
                    i - copied).Append(Encoding.ASCII.GetString(digits[..Shown])).Append("****")
                    .Append(Encoding.ASCII.GetString(digits[(count - Shown)..count]));
                copied = end;
            }
            i = end - 1;
        }
        return covered is null ? text : covered.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The text holds an identity number.</summary>
    public static bool IsIn(string text) => !ReferenceEquals(Cover(text), text);

    /// <summary>Where the run of digits ends that begins here; separators inside belong to it.</summary>
    private static int RunFrom(string text, int start, Span<byte> digits, out int count)
    {
        count = 0;
        var end = start;
        for (var i = start; i < text.Length && count < DigitsKept; i++)
        {
            if (DigitOf(text[i]) is >= 0 and var digit)
            {
                digits[count++] = (byte)('0' + digit);
                end = i + 1;
            }
            else if (count >= CitizenId.Length - 1 && IsX(text[i]))
            {
                digits[count++] = (byte)'X';
                return i + 1;
            }
            else if (!IsSeparator(text[i]) || i > end + 1)
                break;
        }
        return end;
    }

    private static bool IsPersonal(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is CitizenId.LegacyLength or CitizenId.LegacyLength + 2)
            return CitizenId.HasForm(digits[..CitizenId.LegacyLength]);
        for (var at = 0; at + CitizenId.Length <= digits.Length; at++)
            if (CitizenId.HasForm(digits.Slice(at, CitizenId.Length)))
                return true;
        return false;
    }

    private static int DigitOf(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= '０' and <= '９' => character - '０',
        _ => -1,
    };

    private static bool IsX(char character) =>
        character is 'X' or 'x' or 'Ｘ' or 'ｘ' or '×' or 'Х' or 'х' or 'Χ' or 'χ' or 'Ⅹ';

    private static bool IsSeparator(char character) => character is '-' or '－' or '–'
        || char.GetUnicodeCategory(character) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Format;
}
