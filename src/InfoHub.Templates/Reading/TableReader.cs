using System.Globalization;
using System.Text;
using System.Text.Unicode;
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
public sealed class TableReader
{
    /// <summary>More cells of a row are counted and not kept.</summary>
    public const int CellsMax = 512;

    private readonly FileText _text = new(declared: null);
    private CsvRecords? _records;
    private long _line = 1;

    /// <summary>The header's cells; empty until it is read.</summary>
    public IReadOnlyList<string> Titles { get; private set; } = [];

    /// <summary>Rows taken so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Why the file cannot be read, of the family IH-INT-2xx; null while it can.</summary>
    public Problem? Refusal { get; private set; }

    /// <summary>
    /// Reads on and hands every whole row to <paramref name="take"/>. The caller's buffer holds
    /// <see cref="RowReader.BufferBytesMin"/> unread bytes at least, or fewer at the end.
    /// </summary>
    /// <returns>NeedsData, End or Refused.</returns>
    public ReadStatus Read(ReadOnlySpan<byte> data, bool isFinal, TableRowTaker take, out int consumed)
    {
        consumed = 0;
        if (Refusal is not null)
            return ReadStatus.Refused;
        if (!_text.Start(data, isFinal, out var skipped))
            return Starved();
        consumed = skipped;
        while (true)
        {
            var text = _text.Look(data[consumed..], isFinal, out var textIsFinal);
            var taken = ReadRecords(text, textIsFinal, take);
            consumed += _text.Take(taken);
            if (Refusal is not null)
                return ReadStatus.Refused;
            if (textIsFinal && taken == text.Length)
                return _records is null ? Refuse(new Problem(ProblemCatalogue.FileEmpty)) : ReadStatus.End;
            var more = _text.More(data[consumed..], isFinal, _line, out var read);
            consumed += read;
            if (!more)
                return Starved();
        }
    }

    private ReadStatus Starved() => _text.Problem is { } problem ? Refuse(problem) : ReadStatus.NeedsData;

    /// <returns>Bytes that are done with.</returns>
    private int ReadRecords(ReadOnlySpan<byte> text, bool isFinal, TableRowTaker take)
    {
        var taken = 0;
        while (taken < text.Length)
        {
            var rest = text[taken..];
            var records = _records ?? RecordsOf(rest, isFinal);
            if (records is null)
                return taken;
            var outcome = records.Read(rest, isFinal, out var length);
            if (outcome != RecordOutcome.Complete || length > RowReader.RecordBytesMax)
            {
                if (rest.Length > RowReader.RecordBytesMax)
                    Refuse(new Problem(ProblemCatalogue.RecordTooLong, ("line", Line(_line)),
                        ("max", Line(RowReader.RecordBytesMax))));
                else if (outcome == RecordOutcome.InsideQuotes)
                    Refuse(new Problem(ProblemCatalogue.QuoteUnclosed,
                        ("line", Line(_line + rest[..records.QuoteOpenedAt].Count((byte)'\n')))));
                return taken;
            }
            Take(records, rest[..length], take);
            if (Refusal is not null)
                return taken;
            _line += rest[..length].Count((byte)'\n') + (rest[length - 1] == '\r' ? 1 : 0);
            taken += length;
        }
        return taken;
    }

    /// <summary>By the delimiter that is most frequent on the first line; null while the line is not whole.</summary>
    private static CsvRecords? RecordsOf(ReadOnlySpan<byte> text, bool isFinal)
    {
        var line = text.IndexOfAny((byte)'\n', (byte)'\r');
        if (line < 0 && !isFinal && text.Length <= RowReader.RecordBytesMax)
            return null;
        var most = HeaderSearch.ByCount(line < 0 ? text : text[..line]).First();
        return new CsvRecords((byte)HeaderSearch.Delimiters[most], CellsMax);
    }

    private void Take(CsvRecords records, ReadOnlySpan<byte> record, TableRowTaker take)
    {
        if (record.Contains((byte)0))
            Refuse(new Problem(ProblemCatalogue.NulByte, ("line", Line(_line))));
        else if (!_text.IsTranscoded && !Utf8.IsValid(record))
            Refuse(_text.NotUtf8(record, _line));
        if (Refusal is not null || (records.CellCount == 1 && CellText.Trim(record).Length == 0))
            return;
        var row = new TableRow(record, records, Rows + 1, _line);
        if (_records is null)
        {
            var titles = new string[Math.Min(row.CellCount, CellsMax)];
            for (var i = 0; i < titles.Length; i++)
                titles[i] = row.Text(i);
            (Titles, _records) = (titles, records);
            return;
        }
        Rows++;
        take(row);
    }

    private ReadStatus Refuse(Problem problem)
    {
        Refusal = problem;
        return ReadStatus.Refused;
    }

    private static string Line(long line) => line.ToString(CultureInfo.InvariantCulture);
}
