using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Checks;

/// <summary>
/// Something about the file as a whole that its sender should know, and that no cell shows: what of it was not read, or
/// was read in another way than it looks. Told in front of the errors of the rows, as row 0.
/// </summary>
/// <param name="Kind">A warning.</param>
/// <param name="Field">English column name; "" when no single column is meant.</param>
/// <param name="Place">Where and how much, in Chinese: 第 2～4 行，共 3 行. Never what stands in a cell.</param>
public sealed record FileNotice(ProblemKind Kind, string Field, string Place);

/// <summary>
/// What a sheet says of single cells beside their text, carried next to the text from the reader of the workbook to the
/// reader of its rows: cells that cannot be taken as they stand, each with the reason. Rows count as
/// <see cref="RowError.Row"/> does.
/// </summary>
public sealed class CellMarks
{
    private readonly List<Mark> _marks = [];
    private readonly RowSet _rows = new();

    private readonly record struct Mark(int Cell, ProblemKind Kind, string Expected, RowSet Rows);

    public bool IsEmpty => _marks.Count == 0;

    /// <param name="cell">Of the record, from 0; -1 for the row as a whole.</param>
    /// <param name="rows">By their numbers in the sheet.</param>
    /// <param name="offset">What makes row numbers of them.</param>
    internal void Add(int cell, ProblemKind kind, RowSet rows, int offset, string expected = "")
    {
        if (rows.IsEmpty)
            return;
        var moved = new RowSet();
        moved.AddAll(rows, offset);
        _rows.AddAll(moved, 0);
        _marks.Add(new Mark(cell, kind, expected, moved));
    }

    /// <summary>A cell of the row, or the row itself, is marked.</summary>
    internal bool Has(int row) => _rows.Contains(row);

    /// <summary>Why the cell cannot be taken; null when nothing is known against it.</summary>
    internal (ProblemKind Kind, string Expected)? Find(int row, int cell)
    {
        foreach (var mark in _marks)
            if (mark.Cell == cell && mark.Rows.Contains(row))
                return (mark.Kind, mark.Expected);
        return null;
    }
}
