using System.Buffers;
using System.Text;

namespace InfoHub.Templates.Reading;

/// <summary>
/// The columns that the hub puts beside rejected rows when it hands them back, and knows again when they return mended.
/// </summary>
public static class RejectedColumns
{
    /// <summary>Row number in the file that the row first came in.</summary>
    public const string Origin = "原行号";

    /// <summary>The row's number as a spreadsheet showed it in the file that it first came in.</summary>
    public const string SheetRow = "表格行号";
    public const string Codes = "错误代码";
    public const string Reasons = "错误说明";
    public const string Fixes = "修改建议";

    /// <summary>Filled in: this row is not sent again, and why.</summary>
    public const string Drop = "不再报送的原因";

    private static readonly HashSet<string> Origins = new(StringComparer.OrdinalIgnoreCase) { Origin, "origin_row" };

    private static readonly HashSet<string> Drops = new(StringComparer.OrdinalIgnoreCase) { Drop, "drop_reason" };

    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        Codes, "error_codes", Reasons, "error_text", Fixes, "fix", SheetRow, "sheet_row",
    };

    /// <summary>In letters of either case, as all English titles.</summary>
    public static bool IsOrigin(string title) => Origins.Contains(title.Trim());

    public static bool IsDrop(string title) => Drops.Contains(title.Trim());

    public static bool Has(string title) => IsOrigin(title) || IsDrop(title) || Others.Contains(title.Trim());
}

/// <summary>One record of CSV by RFC 4180, put together and taken apart as the validator does.</summary>
public static class RecordCells
{
    // FROZEN (RejectedColumnsTests): a typed batch is known again by the hash of its text.
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private static readonly SearchValues<char> Formulas = SearchValues.Create("=+-@\t\r\n＝＋－＠");

    /// <summary>
    /// The cells of a line that leaves the hub or the client for people, without a line end: guarded, then quoted.
    /// Every CSV that is handed out is written by this or by <see cref="Guarded"/>.
    /// </summary>
    public static string JoinGuarded(IEnumerable<string> cells) => string.Join(',', cells.Select(Guarded));

    /// <summary>The cell as it stands in a CSV for people.</summary>
    public static string Guarded(string cell) => Quote(Guard(cell));

    /// <summary>
    /// A cell that a spreadsheet would take for a formula gets an apostrophe in front, unless it is a plain number; the
    /// reader takes the apostrophe off again.
    /// </summary>
    public static string Guard(string cell) =>
        cell.Length == 0 || !Formulas.Contains(cell[0]) || IsPlainNumber(cell) ? cell : "'" + cell;

    /// <summary>
    /// The cells with commas between them, without a line end, just as they are: for text that only programs read.
    /// </summary>
    public static string Join(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    /// <summary>The cell as it stands in CSV: in quotes where it holds a comma, a quote or a line end.</summary>
    public static string Quote(string cell) => cell.AsSpan().IndexOfAny(Quoted) < 0
        ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static bool IsPlainNumber(string cell)
    {
        var digits = cell.AsSpan(cell[0] is '+' or '-' ? 1 : 0);
        var point = digits.IndexOf('.');
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && char.IsAsciiDigit(digits[^1])
            && !digits.ContainsAnyExcept("0123456789.") && digits[(point + 1)..].IndexOf('.') < 0;
    }

    /// <summary>All cells of the record, quotes undone.</summary>
    public static IReadOnlyList<string> Split(string record, char delimiter)
    {
        var bytes = Encoding.UTF8.GetBytes(record);
        var records = new CsvRecords((byte)delimiter, cellsMax: bytes.AsSpan().Count((byte)delimiter) + 1);
        records.Read(bytes, isFinal: true, out _);
        var cells = new List<string>(records.CellCount);
        var unescaped = new byte[bytes.Length];
        for (var i = 0; i < records.CellCount; i++)
        {
            var cell = bytes.AsSpan(records.Cell(i).Start, records.Cell(i).Length);
            cells.Add(Encoding.UTF8.GetString(records.Cell(i).Escaped ? unescaped.AsSpan(0, CsvRecords.Unescape(cell, unescaped)) : cell));
        }
        return cells;
    }
}
