namespace InfoHub.Templates.Workbooks;

/// <summary>
/// Gives the value of a merged range to every row it covers, as its reader sees it, in one pass down the sheet. Rows
/// with nothing of their own stay blank: there the range is only a taller row.
/// </summary>
internal sealed class SheetMerges(IEnumerable<CellRange> merges)
{
    /// <summary>No table is as wide; what is merged farther out is no part of one.</summary>
    private const int ColumnsMax = 1024;

    private readonly CellRange[] _ranges =
        [.. merges.Where(m => m.FirstColumn < ColumnsMax).OrderBy(m => m.FirstRow).ThenBy(m => m.FirstColumn)];

    private readonly Dictionary<int, (CellRange Range, SheetCell? Top)> _open = [];
    private int _next;

    /// <summary>Marks and completes the cells of a row; rows come in order.</summary>
    public void Fill(int row, List<SheetCell> cells)
    {
        if (_open.Count > 0)
            foreach (var column in _open.Where(o => o.Value.Range.LastRow < row).Select(o => o.Key).ToArray())
                _open.Remove(column);
        for (; _next < _ranges.Length && _ranges[_next].FirstRow <= row; _next++)
            if (_ranges[_next].LastRow >= row)
                _open[_ranges[_next].FirstColumn] = (_ranges[_next], TopOf(_ranges[_next], row, cells));
        if (_open.Count == 0 || cells.Count == 0)
            return;
        var own = cells.Count;
        foreach (var (range, top) in _open.Values)
            Fill(row, range, top, cells, own);
        if (cells.Count > own)
            cells.Sort((a, b) => a.Column.CompareTo(b.Column));
    }

    private static SheetCell? TopOf(CellRange range, int row, List<SheetCell> cells) =>
        row == range.FirstRow && IndexOf(cells, cells.Count, range.FirstColumn) is >= 0 and var at
            ? cells[at] with { Merge = range } : null;

    /// <summary>What stands under the range though nobody sees it keeps its value and is marked as merged.</summary>
    private static void Fill(int row, CellRange range, SheetCell? top, List<SheetCell> cells, int own)
    {
        var isFilled = false;
        var from = IndexOf(cells, own, range.FirstColumn) is var at && at >= 0 ? at : ~at;
        for (; from < own && cells[from].Column <= range.LastColumn; from++)
        {
            cells[from] = cells[from] with { Merge = range };
            isFilled |= cells[from].Column == range.FirstColumn;
        }
        if (!isFilled && row > range.FirstRow && top is { } value)
            cells.Add(value);
    }

    /// <summary>Among the first cells, which are in order; the complement of where it would be.</summary>
    private static int IndexOf(List<SheetCell> cells, int count, int column)
    {
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (cells[middle].Column == column)
                return middle;
            if (cells[middle].Column < column)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}
