using System.Text;

namespace InfoHub.Templates.Reading;

/// <summary>The columns that the hub puts beside rejected rows when it hands them back, and knows again when they return mended.</summary>
public static class RejectedColumns
{
    /// <summary>Row number in the file that the row first came in.</summary>
    public const string Origin = "原行号";
    public const string Codes = "错误代码";
    public const string Reasons = "错误说明";
    public const string Fixes = "修改建议";

    private static readonly HashSet<string> Origins = new(StringComparer.OrdinalIgnoreCase) { Origin, "origin_row" };

    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        Codes, "error_codes", Reasons, "error_text", Fixes, "fix",
    };

    /// <summary>In letters of either case, as all English titles.</summary>
    public static bool IsOrigin(string title) => Origins.Contains(title.Trim());

    public static bool Has(string title) => IsOrigin(title) || Others.Contains(title.Trim());
}

/// <summary>Cuts one record into all its cells, quotes undone, as the validator does.</summary>
public static class RecordCells
{
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
