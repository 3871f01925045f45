using System.Globalization;

namespace InfoHub.Templates.Checks;

/// <summary>Rows as whoever opens the file in a spreadsheet counts them.</summary>
public static class SheetRow
{
    /// <summary>第 17 行 as it is told: a number of a data row, where <paramref name="text"/> is one, moved below the
    /// header.</summary>
    /// <param name="headerRow">Row of a spreadsheet the header stands in; 0 when it is not known.</param>
    public static string Of(string text, long headerRow) => headerRow > 0
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
        ? (headerRow + row).ToString(CultureInfo.InvariantCulture) : text;

    /// <summary>表格第 4 行（数据第 3 行）, or 数据第 3 行 when it is not known where the header stands.</summary>
    public static string Text(long row, long headerRow) => headerRow > 0
        ? string.Create(CultureInfo.InvariantCulture, $"表格第 {headerRow + row} 行（数据第 {row} 行）")
        : string.Create(CultureInfo.InvariantCulture, $"数据第 {row} 行");
}
