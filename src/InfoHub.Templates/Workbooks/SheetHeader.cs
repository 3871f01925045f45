using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Workbooks;

/// <summary>The row of a sheet that names the template's columns, wherever on the sheet it stands.</summary>
internal sealed class SheetHeader
{
    private readonly int[] _byColumn;

    private SheetHeader(int row, IReadOnlyList<(int Column, string Text)> cells, Field?[] fields)
    {
        Row = row;
        Titles = [.. cells.Select(c => c.Text)];
        Fields = fields;
        (First, Last) = (cells[0].Column, cells[^1].Column);
        _byColumn = new int[Last - First + 1];
        Array.Fill(_byColumn, -1);
        for (var i = 0; i < cells.Count; i++)
            _byColumn[cells[i].Column - First] = i;
    }

    public int Row { get; }

    public string[] Titles { get; }

    /// <summary>For each title the template's column; null for one that is read over.</summary>
    public Field?[] Fields { get; }

    public int First { get; }

    public int Last { get; }

    /// <summary>Which title a column of the sheet has, or -1.</summary>
    public int IndexOf(int column) => column >= First && column <= Last ? _byColumn[column - First] : -1;

    /// <summary>The sheet's column of a title.</summary>
    public int ColumnOf(int index) => First + Array.IndexOf(_byColumn, index);

    /// <summary>For each title of this header the index of the same column in the other.</summary>
    /// <returns>Null when they do not name the same columns.</returns>
    public int[]? In(SheetHeader other)
    {
        if (Titles.Length != other.Titles.Length)
            return null;
        var map = new int[Titles.Length];
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = Fields[i] is { } field ? Array.IndexOf(other.Fields, field)
                : Array.FindIndex(other.Titles, t => t.Equals(Titles[i], StringComparison.OrdinalIgnoreCase));
            if (map[i] < 0)
                return null;
        }
        return map.Distinct().Count() == map.Length ? map : null;
    }

    /// <param name="cells">Those of a row that are not blank, trimmed, by column.</param>
    /// <param name="found">How many of them name a column of the template.</param>
    public static SheetHeader? Read(
        Template template, int row, IReadOnlyList<(int Column, string Text)> cells, out int found)
    {
        found = 0;
        if (cells.Count is 0 or > HeaderSearch.CellsMax)
            return null;
        return Whole(template, row, cells, out found) ?? Beside(template, row, cells);
    }

    private static SheetHeader? Whole(
        Template template, int row, IReadOnlyList<(int Column, string Text)> cells, out int found) =>
        FileHeader.Read(template, [.. cells.Select(c => c.Text)], out found).Header is not { } header ? null
            : new SheetHeader(row, cells, [.. header.Columns.Select(c => c >= 0 ? template.Fields[c] : null)]);

    /// <summary>The one of several tables side by side, a blank column between them, that is the template's.</summary>
    private static SheetHeader? Beside(Template template, int row, IReadOnlyList<(int Column, string Text)> cells)
    {
        var tables = new List<SheetHeader>();
        for (int first = 0, next; first < cells.Count; first = next)
        {
            for (next = first + 1; next < cells.Count && cells[next].Column == cells[next - 1].Column + 1; next++)
                continue;
            if (next - first < cells.Count && Whole(template, row, [.. cells.Skip(first).Take(next - first)], out _)
                is { } table)
                tables.Add(table);
        }
        return tables.Count == 1 ? tables[0] : null;
    }
}
