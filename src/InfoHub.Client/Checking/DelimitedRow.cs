using System.Text;
using InfoHub.Templates.Reading;

namespace InfoHub.Client.Checking;

/// <summary>
/// One record of a CSV or tab-separated text, taken apart and put together by RFC 4180. For the few rows that people
/// look at; whole files are read by the validator.
/// </summary>
public static class DelimitedRow
{
    /// <summary>The cells of one record without its line end, quotes undone.</summary>
    public static IReadOnlyList<string> Split(string record, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        for (var i = 0; i <= record.Length; i++)
        {
            if (i < record.Length && record[i] == '"' && cell.Length == 0)
                i = Unquote(record, i + 1, cell);
            if (i >= record.Length || record[i] == delimiter)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(record[i]);
        }
        return cells;
    }

    /// <summary>
    /// One line with its CRLF; every cell that needs quotes has them, and what a spreadsheet would run is guarded.
    /// </summary>
    public static string Join(IEnumerable<string> cells) => RecordCells.JoinGuarded(cells) + "\r\n";

    /// <summary>The index behind the closing quote, or the length when it is missing.</summary>
    private static int Unquote(string record, int from, StringBuilder cell)
    {
        for (var i = from; i < record.Length; i++)
        {
            if (record[i] != '"')
                cell.Append(record[i]);
            else if (i + 1 < record.Length && record[i + 1] == '"')
                cell.Append(record[i++]);
            else
                return i + 1;
        }
        return record.Length;
    }
}
