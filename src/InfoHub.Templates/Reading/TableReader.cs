using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>One data row of a table, valid while it is being taken.</summary>
public readonly ref struct TableRow
{
    private readonly ReadOnlySpan<byte> _record;
    private readonly CsvRecords _cells;

    internal TableRow(ReadOnlySpan<byte> record, CsvRecords cells, int number, long line)
    {
        _record = record;
        (_cells, Number, Line) = (cells, number, line);
    }

    /// <summary>1-based; blank lines do not count.</summary>
    public int Number { get; }

    /// <summary>The 1-based line of the file it begins on.</summary>
    public long Line { get; }

    public int CellCount => _cells.CellCount;

    /// <summary>A cell without blanks around it, quotes undone; "" behind the last.</summary>
    public string Text(int index)
    {
        if (index < 0 || index >= Math.Min(_cells.CellCount, TableReader.CellsMax))
            return "";
        var span = _cells.Cell(index);
        var cell = _record.Slice(span.Start, span.Length);
        if (span.Escaped)
        {
            var unescaped = new byte[cell.Length];
            cell = unescaped.AsSpan(0, CsvRecords.Unescape(cell, unescaped));
        }
        cell = CellText.Trim(cell);
        return cell.Length == 0 ? "" : Encoding.UTF8.GetString(cell);
    }
}

/// <summary>Takes a row; called in their order.</summary>
public delegate void TableRowTaker(TableRow row);

/// <summary>
/// Reads a file of delimited text that no template describes: encoding and delimiter are found as for any file, the
/// first line with text is the header, every later one a row as it is. The same bytes give the same rows whatever the
/// blocks they come in.
/// </summary>
public sealed class TableReader : IRecordTaker
{
    /// <summary>More cells of a row are counted and not kept.</summary>
    public const int CellsMax = 512;

    private readonly RecordText _text = new(declared: null);
    private CsvRecords? _records;
    private bool _hasHeader;
    private TableRowTaker _take = _ => { };

    /// <summary>The header's cells; empty until it is read.</summary>
    public IReadOnlyList<string> Titles { get; private set; } = [];

    /// <summary>Rows taken so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Why the file cannot be read, of the family IH-INT-2xx; null while it can.</summary>
    public Problem? Refusal => _text.Refusal;

    /// <summary>
    /// Reads on and hands every whole row to <paramref name="take"/>. The caller's buffer holds
    /// <see cref="RowReader.BufferBytesMin"/> unread bytes at least, or fewer at the end.
    /// </summary>
    /// <returns>NeedsData, End or Refused.</returns>
    public ReadStatus Read(ReadOnlySpan<byte> data, bool isFinal, TableRowTaker take, out int consumed)
    {
        _take = take;
        return _text.Read(data, isFinal, this, out consumed);
    }

    bool IRecordTaker.IsFull => false;

    int IRecordTaker.QuoteOpenedAt => _records!.QuoteOpenedAt;

    RecordOutcome IRecordTaker.Cut(ReadOnlySpan<byte> text, bool isFinal, out int length)
    {
        length = 0;
        if (!_hasHeader)
            _records = RecordsOf(text, isFinal);
        return _records is null ? RecordOutcome.Incomplete : _records.Read(text, isFinal, out length);
    }

    Problem? IRecordTaker.Take(ReadOnlySpan<byte> record)
    {
        if (_records!.CellCount == 1 && CellText.Trim(record).Length == 0)
            return null;
        var row = new TableRow(record, _records, Rows + 1, _text.Line);
        if (_hasHeader)
        {
            Rows++;
            _take(row);
            return null;
        }
        var titles = new string[Math.Min(row.CellCount, CellsMax)];
        for (var i = 0; i < titles.Length; i++)
            titles[i] = row.Text(i);
        (Titles, _hasHeader) = (titles, true);
        return null;
    }

    Problem? IRecordTaker.Finish() => _hasHeader ? null : new Problem(ProblemCatalogue.FileEmpty);

    /// <summary>By the delimiter that is most frequent on the first line; null while the line is not whole.</summary>
    private static CsvRecords? RecordsOf(ReadOnlySpan<byte> text, bool isFinal)
    {
        var line = text.IndexOfAny((byte)'\n', (byte)'\r');
        if (line < 0 && !isFinal && text.Length <= RowReader.RecordBytesMax)
            return null;
        var most = HeaderSearch.ByCount(line < 0 ? text : text[..line]).First();
        return new CsvRecords((byte)HeaderSearch.Delimiters[most], CellsMax);
    }
}
