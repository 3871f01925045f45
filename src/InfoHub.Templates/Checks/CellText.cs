using System.Text;

namespace InfoHub.Templates.Checks;

/// <summary>Cells as bytes: trimming, full-width forms, and what spreadsheets do to them.</summary>
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
    /// Full-width ASCII (U+FF01..FF5E) as ASCII and, where asked, letters in upper case, written to <paramref name="scratch"/>
    /// when anything changes. Everything else stays: a letter O is not a zero.
    /// </summary>
    public static ReadOnlySpan<byte> Normalise(ReadOnlySpan<byte> cell, bool upper, Span<byte> scratch)
    {
        if (!Ascii.IsValid(cell))
            cell = Narrow(cell, scratch);
        if (!upper || !cell.ContainsAnyInRange((byte)'a', (byte)'z'))
            return cell;
        cell.CopyTo(scratch);
        var copy = scratch[..cell.Length];
        foreach (ref var character in copy)
            if (character is >= (byte)'a' and <= (byte)'z')
                character -= 32;
        return copy;
    }

    private static ReadOnlySpan<byte> Narrow(ReadOnlySpan<byte> cell, Span<byte> scratch)
    {
        var length = 0;
        for (var i = 0; i < cell.Length; i++)
        {
            // U+FF01..FF3F is EF BC 81..BF, U+FF40..FF5E is EF BD 80..9E.
            if (cell[i] == 0xEF && i + 2 < cell.Length && cell[i + 1] is 0xBC or 0xBD)
            {
                var value = ((cell[i + 1] & 3) << 6 | (cell[i + 2] & 0x3F)) + 0x20;
                if (value is > 0x20 and < 0x7F)
                {
                    scratch[length++] = (byte)value;
                    i += 2;
                    continue;
                }
            }
            scratch[length++] = cell[i];
        }
        return scratch[..length];
    }

    /// <summary>Unicode code points in valid UTF-8.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var unit in text)
            if ((unit & 0xC0) != 0x80)
                count++;
        return count;
    }

    /// <summary>1.23E+17: a spreadsheet has rounded a long number and its last digits are gone.</summary>
    public static bool IsScientific(ReadOnlySpan<byte> cell)
    {
        var e = cell.IndexOfAny((byte)'E', (byte)'e');
        return e > 0 && e + 2 < cell.Length && cell[e + 1] is (byte)'+' or (byte)'-'
            && !cell[..e].ContainsAnyExcept("0123456789.-"u8) && !cell[(e + 2)..].ContainsAnyExcept("0123456789"u8);
    }

    /// <summary>A day count of a spreadsheet between 1954 and 2064, alone in a date cell.</summary>
    public static bool IsSerialDate(ReadOnlySpan<byte> cell) =>
        cell.Length is 5 && cell[0] is >= (byte)'2' and <= (byte)'5' && !cell.ContainsAnyExceptInRange((byte)'0', (byte)'9');

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

    /// <summary>
    /// An apostrophe in front of = + - @, their full-width forms, a tab or a line end: the guard against formulas in
    /// the copies that are handed out. RecordCells.Guard sets it before the same characters.
    /// </summary>
    public static ReadOnlySpan<byte> WithoutGuard(ReadOnlySpan<byte> cell) =>
        cell.Length > 1 && cell[0] == '\'' && BeginsAsFormula(cell[1..]) ? cell[1..] : cell;

    private static bool BeginsAsFormula(ReadOnlySpan<byte> cell) =>
        cell[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\t' or (byte)'\r' or (byte)'\n'
        || cell.StartsWith("＝"u8) || cell.StartsWith("＋"u8) || cell.StartsWith("－"u8) || cell.StartsWith("＠"u8);
}
