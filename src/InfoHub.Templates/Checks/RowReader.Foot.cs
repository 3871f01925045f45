using System.Text;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>What stands behind the data and between its pages: held back, compared, told of.</summary>
public sealed partial class RowReader
{
    private readonly TailRows _tail = new();
    private readonly List<(int Row, long Count)> _counts = [];
    private FootLines _foot = null!;
    private TotalRow? _total;

    /// <summary>What was held back is the end of the file: the totals are compared, the notes are told of.</summary>
    private Problem? TakeTail()
    {
        Problem? difference = null;
        foreach (var (row, record, label) in _tail.Rows)
        {
            _records!.Read(record, isFinal: true, out _);
            var isTotal = label is TailLabel.Total or TailLabel.Unlabelled
                && _records.CellCount == _header!.Columns.Length;
            var differs = isTotal ? CompareTotals(row, record) : null;
            if (label == TailLabel.Total && isTotal)
                difference ??= differs;
            else if (label != TailLabel.Unlabelled)
                LeaveOut(row, record);
            else if (differs is not null || _total is not { Row: var total, Compared.Length: > 0 } || total != row)
            {
                _total = null;
                CheckRow(row, record);
                EndRow(row, record, TailLabel.None);
            }
        }
        _tail.Clear();
        return difference;
    }

    /// <summary>共 4 条记录 has to be so, once for the file or in sum for its pages.</summary>
    private Problem? WrongCount() => _counts.Count == 0 || _counts.Exists(c => c.Count == RowsReceived)
        || _counts.Sum(c => c.Count) == RowsReceived ? null
        : new Problem(ProblemCatalogue.RowCountDiffers, ("row", Line(_headerRow + _counts[^1].Row)),
            ("stated", Line(_counts[^1].Count)), ("computed", Line(RowsReceived)));

    private Problem? CompareTotals(int row, ReadOnlySpan<byte> record)
    {
        var compared = new List<string>();
        for (var i = 0; i < _header!.Columns.Length; i++)
        {
            var column = _header.Columns[i];
            if (column < 0 || !_sums.IsComplete(column) || !Additive.Is(_template.Fields[column]))
                continue;
            var sum = _sums.Received(column);
            var stands = CellText.Trim(CellBytes(record, i));
            var cell = CanonicalText.Of(stands, TextForm.Value, new byte[CanonicalText.ScratchBytes(stands.Length)],
                out _);
            if (!ExactDecimal.TryRead(cell, sum.Scale, out var stated))
                continue;
            if (stated != sum)
                return new Problem(ProblemCatalogue.TotalDiffers, ("row", Line(_headerRow + row)),
                    ("column", _template.Fields[column].Title),
                    ("stated", stated.ToString()), ("computed", sum.ToString()));
            compared.Add(_template.Fields[column].Name);
        }
        _total = new TotalRow(row, [.. compared]);
        Count(row, record);
        return null;
    }

    private void LeaveOut(int row, ReadOnlySpan<byte> record)
    {
        Errors.BeginRow();
        var word = FootLines.Word(Encoding.UTF8.GetString(CellBytes(record, Math.Max(FirstCell(record), 0))));
        Errors.Add(row, -1, ProblemCatalogue.TailLine, Disposition.Warn, Encoding.UTF8.GetBytes(word), "");
        Errors.EndRow([]);
        Count(row, record);
    }

    private void Count(int row, ReadOnlySpan<byte> record)
    {
        foreach (var cell in Cells(record))
            if (FootLines.Counted(cell) is { } count)
                _counts.Add((row, count));
    }

    /// <summary>A page begins: what stands before its header is the foot of the page before.</summary>
    private void TakePage(ReadOnlySpan<byte> record)
    {
        Errors.DropRow();
        foreach (var (row, held, _) in _tail.Rows)
        {
            _records!.Read(held, isFinal: true, out _);
            LeaveOut(row, held);
        }
        _tail.Clear();
        _records!.Read(record, isFinal: true, out _);
        LeaveOut(_row, record);
    }

    /// <summary>The last row of totals may be that of the whole file; one before it was not.</summary>
    private bool TryHold(ReadOnlySpan<byte> record, TailLabel label)
    {
        Errors.DropRow();
        if (label == TailLabel.Total && _tail.HasTotal)
            ReleaseTail();
        return _tail.TryHold(_row, record, label);
    }

    /// <summary>Data follows: what was held back are bad rows like others.</summary>
    private void ReleaseTail()
    {
        if (_tail.Count > 0)
            Errors.DropRow();
        foreach (var (row, record, label) in _tail.Rows)
        {
            _records!.Read(record, isFinal: true, out _);
            CheckRow(row, record);
            EndRow(row, record, label);
        }
        _tail.Clear();
    }

    private TailLabel LabelOf(ReadOnlySpan<byte> record)
    {
        var first = FirstCell(record);
        if (first < 0)
            return TailLabel.None;
        if (_foot.MayBeTitle(CellText.Trim(CellBytes(record, first)), first) && _foot.IsHeader(Cells(record)))
            return TailLabel.Header;
        for (var i = first; i < Math.Min(_records!.CellCount, TailRows.LabelCellsMax); i++)
            if (TailRows.LabelOf(CellBytes(record, i), i == first) is not TailLabel.None and var label)
                return _foot.HasKey(Cells(record)) ? TailLabel.None : label;
        if (IsSparse(record))
            return _foot.LabelOfSparse(Cells(record));
        return CellBytes(record, first).IndexOfAny(":："u8) >= 0 && FootLines.IsAllLabels(Cells(record))
            ? TailLabel.Note : TailLabel.None;
    }

    /// <summary>More than half of what is required is blank: the row may be no row.</summary>
    private bool IsSparse(ReadOnlySpan<byte> record)
    {
        var filled = 0;
        for (var i = 0; i < Math.Min(_records!.CellCount, _header!.Columns.Length); i++)
            filled += _foot.IsRequired(i) && !CellText.Trim(CellBytes(record, i)).IsEmpty ? 1 : 0;
        return filled * 2 < _foot.Required;
    }

    /// <summary>The cells as texts; made for rows that may be no data only.</summary>
    private List<string> Cells(ReadOnlySpan<byte> record)
    {
        var cells = new List<string>();
        for (var i = 0; i < Math.Min(_records!.CellCount, HeaderSearch.CellsMax); i++)
            cells.Add(Encoding.UTF8.GetString(CellText.Trim(CellBytes(record, i))));
        return cells;
    }
}
