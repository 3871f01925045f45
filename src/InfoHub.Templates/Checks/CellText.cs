using System.Buffers;
using System.Globalization;
using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>Cells as bytes: trimming, counting, and what spreadsheets do to them.</summary>
internal static class CellText
{
    private const byte Space = (byte)' ';

    /// <summary>
    /// Without blanks at both ends: space, tab, no-break space (C2 A0) and ideographic space (E3 80 80).
    /// </summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell)
    {
        while (cell.Length > 0)
        {
            if (cell[0] <= Space)
                cell = cell[1..];
            else if (cell.StartsWith("\u00A0"u8))
                cell = cell[2..];
            else if (cell.StartsWith("\u3000"u8))
                cell = cell[3..];
            else
                break;
        }
        while (cell.Length > 0)
        {
            if (cell[^1] <= Space)
                cell = cell[..^1];
            else if (cell.EndsWith("\u00A0"u8))
                cell = cell[..^2];
            else if (cell.EndsWith("\u3000"u8))
                cell = cell[..^3];
            else
                break;
        }
        return cell;
    }

    /// <summary>
    /// Characters as a clerk counts them, in valid UTF-8: a base with its combining marks is one.
    /// </summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        var isPlain = true;
        foreach (var unit in text)
        {
            if ((unit & 0xC0) != 0x80)
                count++;
            isPlain &= unit is < 0xC2 or (>= 0xE3 and <= 0xED);
        }
        return isPlain || text.Length > CountedBytesMax ? count
            : new StringInfo(Encoding.UTF8.GetString(text)).LengthInTextElements;
    }

    /// <summary>A longer text is too long for any column, however it is counted.</summary>
    private const int CountedBytesMax = 64 * 1024;

    /// <summary>3709830000001.0: a code that was a number on its way.</summary>
    public static bool IsWholeNumber(ReadOnlySpan<byte> cell, out ReadOnlySpan<byte> whole)
    {
        var point = cell.Length > 2 && cell[^1] == '0' ? cell.IndexOf((byte)'.') : -1;
        whole = point > 0 ? cell[..point] : cell;
        return point > 0 && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && cell[(point + 1)..] is { Length: > 0 } zeros && !zeros.ContainsAnyExcept((byte)'0');
    }

    /// <summary>The cell with what nobody sees written out: 91⟨U+200B⟩37.</summary>
    public static byte[] Show(ReadOnlySpan<byte> cell)
    {
        var text = new ArrayBufferWriter<byte>(cell.Length + 16);
        for (var rest = cell; rest.Length > 0;)
        {
            _ = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            if (rune.Value is ' ' or '\t' or '\n' or '\r' or 0x3000
                || CharacterForms.RoleOf(rune.Value) is CharacterRole.Seen or CharacterRole.Lost)
                text.Write(rest[..length]);
            else
                text.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩")));
            rest = rest[length..];
        }
        return text.WrittenSpan.ToArray();
    }

    /// <summary>1.23E+17: a spreadsheet has rounded a long number and its last digits are gone.</summary>
    public static bool IsScientific(ReadOnlySpan<byte> cell)
    {
        var e = cell.IndexOfAny((byte)'E', (byte)'e');
        return e > 0 && e + 2 < cell.Length && cell[e + 1] is (byte)'+' or (byte)'-'
            && !cell[..e].ContainsAnyExcept("0123456789.-"u8) && !cell[(e + 2)..].ContainsAnyExcept("0123456789"u8);
    }

    /// <summary>A day count of a spreadsheet between 1954 and 2064, alone in a date cell; a time may be its
    /// fraction.</summary>
    public static bool IsSerialDate(ReadOnlySpan<byte> cell) =>
        cell.Length >= 5 && cell[0] is >= (byte)'2' and <= (byte)'5'
            && !cell[..5].ContainsAnyExceptInRange((byte)'0', (byte)'9') && (cell.Length == 5 || (cell[5] == '.'
            && !cell[6..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));

    /// <summary>An identity number, a code or a telephone number where a name belongs; 7-11 may be a name.</summary>
    public static bool IsNumberForName(ReadOnlySpan<byte> cell)
    {
        const int digitsMin = 6;
        var digits = 0;
        foreach (var unit in cell)
        {
            if (unit >= 0x80)
                return false;
            digits += char.IsAsciiDigit((char)unit) ? 1 : 0;
        }
        return digits >= digitsMin && digits * 2 > cell.Length;
    }

    /// <summary>1,234 or 12,345,678: groups of three between commas.</summary>
    public static bool IsGrouped(ReadOnlySpan<byte> digits)
    {
        var first = digits.IndexOf((byte)',');
        if (first is < 1 or > 3 || (digits.Length - first) % 4 != 0)
            return false;
        for (var i = first; i < digits.Length; i += 4)
            if (digits[i] != ',' || digits[(i + 1)..(i + 4)].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;
        return !digits[..first].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>The cell is the code but for zeros in front: 1 for 01.</summary>
    public static bool IsWithoutZeros(ReadOnlySpan<byte> cell, string code)
    {
        var zeros = code.Length - cell.Length;
        return zeros > 0 && Ascii.Equals(cell, code.AsSpan(zeros)) && !code.AsSpan(0, zeros).ContainsAnyExcept('0');
    }

    /// <summary>#N/A, #REF!, …: what a spreadsheet shows where a formula failed.</summary>
    public static bool IsErrorValue(ReadOnlySpan<byte> cell)
    {
        foreach (var value in ErrorValues)
            if (cell.SequenceEqual(value))
                return true;
        return false;
    }

    private static readonly byte[][] ErrorValues = [.. new[]
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
    }.Select(Encoding.ASCII.GetBytes)];
}
