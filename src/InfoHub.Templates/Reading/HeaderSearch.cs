using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Finds the header among the first lines of a file: a few lines of title may stand above it, and the delimiter is the
/// one with which it fits the template. What does not fit at all is told of the line that fits best.
/// </summary>
internal sealed class HeaderSearch(Template template)
{
    /// <summary>Lines above the header that are let pass: a report's title, who filled it in, its unit.</summary>
    public const int TitleLinesMax = 5;

    public const int CellsMax = OdcsReader.FieldsMax + 20;

    public const string Delimiters = ",\t;|";

    private readonly CsvRecords[] _records = [.. Delimiters.Select(d => new CsvRecords((byte)d, CellsMax))];
    private readonly byte[] _unescaped = new byte[TitleBytesMax];
    private int _found = -1;
    private int _lines;

    /// <summary>A longer title is no name of a column.</summary>
    private const int TitleBytesMax = 4096;

    public FileHeader? Header { get; private set; }

    public CsvRecords? Records { get; private set; }

    public char Delimiter { get; private set; }

    public string[] Titles { get; private set; } = [];

    /// <summary>Why no line so far is the header; null before the first.</summary>
    public Problem? Problem { get; private set; }

    public bool IsGivenUp => Header is null && _lines > TitleLinesMax;

    /// <summary>
    /// Takes the record at the beginning of <paramref name="data"/>; what stands there may be a title.
    /// </summary>
    /// <param name="length">Bytes of the record.</param>
    public RecordOutcome Read(ReadOnlySpan<byte> data, bool isFinal, out int length)
    {
        length = 0;
        var line = data.IndexOfAny((byte)'\n', (byte)'\r');
        if (line < 0 && !isFinal)
            return RecordOutcome.Incomplete;
        var (best, outcome) = (-1, RecordOutcome.Complete);
        foreach (var index in ByCount(line < 0 ? data : data[..line]))
        {
            var found = _records[index].Read(data, isFinal, out var recordLength);
            if (found == RecordOutcome.Incomplete)
                return found;
            if (found == RecordOutcome.InsideQuotes)
            {
                (outcome, QuoteOpenedAt) = (found, _records[index].QuoteOpenedAt);
                continue;
            }
            var titles = ReadTitles(data, _records[index]);
            if (titles.All(t => t.Length == 0))
            {
                length = recordLength;
                return RecordOutcome.Complete;
            }
            var (header, problem) = FileHeader.Read(template, titles, out var columns);
            if (columns > best || header is not null)
                (best, length) = (columns, recordLength);
            if (header is not null)
            {
                (Header, Records, Delimiter, Titles) = (header, _records[index], Delimiters[index], titles);
                return RecordOutcome.Complete;
            }
            if (columns > _found)
                (_found, Problem) = (columns, problem);
        }
        _lines += best >= 0 ? 1 : 0;
        return best >= 0 ? RecordOutcome.Complete : outcome;
    }

    public int QuoteOpenedAt { get; private set; }

    /// <summary>
    /// The delimiters on the line, most frequent first, quoted ones not counted; the comma when there is none.
    /// </summary>
    public static IEnumerable<int> ByCount(ReadOnlySpan<byte> line)
    {
        Span<int> counts = stackalloc int[Delimiters.Length];
        counts.Clear();
        var quoted = false;
        foreach (var unit in line)
        {
            quoted ^= unit == CsvRecords.Quote;
            if (!quoted && Delimiters.IndexOf((char)unit, StringComparison.Ordinal) is >= 0 and var index)
                counts[index]++;
        }
        var found = counts.ToArray();
        return found.All(c => c == 0) ? [0] : Enumerable.Range(0, found.Length).Where(i =>
            found[i] > 0).OrderByDescending(i => found[i]);
    }

    private string[] ReadTitles(ReadOnlySpan<byte> data, CsvRecords records)
    {
        var titles = new string[Math.Min(records.CellCount, CellsMax)];
        for (var i = 0; i < titles.Length; i++)
        {
            var span = records.Cell(i);
            var cell = data.Slice(span.Start, Math.Min(span.Length, TitleBytesMax));
            titles[i] = FileHeader.Title(span.Escaped ? _unescaped.AsSpan(0, CsvRecords.Unescape(cell, _unescaped))
                : cell);
        }
        return titles;
    }
}
