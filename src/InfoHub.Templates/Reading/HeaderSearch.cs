using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Finds the header among the first lines of a file: a few lines of title may stand above it, and the delimiter is the
/// one with which it fits the template.
/// </summary>
/// <param name="others">The other templates of the department, asked for when no line fits this one.</param>
internal sealed class HeaderSearch(Template template, Func<IEnumerable<Template>> others)
{
    /// <summary>Lines above the header that are let pass: a report's title, who filled it in, its unit.</summary>
    public const int TitleLinesMax = 10;

    public const int CellsMax = OdcsReader.FieldsMax + 20;

    public const string Delimiters = ",\t;|";

    private readonly CsvRecords[] _records = [.. Delimiters.Select(d => new CsvRecords((byte)d, CellsMax))];
    private readonly byte[] _unescaped = new byte[TitleBytesMax];
    private readonly List<HeaderLine> _lines = [];

    /// <summary>A longer title is no name of a column.</summary>
    private const int TitleBytesMax = 4096;

    private const int LineBytesMax = 16 * 1024;

    public FileHeader? Header { get; private set; }

    public CsvRecords? Records { get; private set; }

    public char Delimiter { get; private set; }

    public string[] Titles { get; private set; } = [];

    /// <summary>
    /// Why the file has no header, once so many lines were none or a row of data stands above it; else null.
    /// </summary>
    public Problem? Refusal => Header is not null ? HeaderDiagnosis.DataAbove(template, _lines, _line)
        : _lines.Count > TitleLinesMax ? Problem : null;

    /// <summary>Why no line so far is the header; null before the first.</summary>
    public Problem? Problem => _lines.Count == 0 ? null : HeaderDiagnosis.Of(template, _lines, others);

    private long _line;

    /// <summary>
    /// Takes the record at the beginning of <paramref name="data"/>; what stands there may be a title.
    /// </summary>
    /// <param name="line">The 1-based line of the file it begins on.</param>
    /// <param name="length">Bytes of the record.</param>
    public RecordOutcome Read(ReadOnlySpan<byte> data, bool isFinal, long line, out int length)
    {
        length = 0;
        var end = data.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0 && !isFinal)
            return RecordOutcome.Incomplete;
        HeaderReading? best = null;
        var outcome = RecordOutcome.Complete;
        foreach (var index in ByCount(end < 0 ? data : data[..end]))
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
            var reading = HeaderReading.Of(template, titles);
            if (best is null || reading.Found > best.Found || reading.IsWhole)
                (best, length) = (reading, recordLength);
            if (!reading.IsWhole)
                continue;
            (Header, Records, Delimiter, Titles) = (FileHeader.Of(template, reading), _records[index],
                Delimiters[index], titles);
            _line = line;
            return RecordOutcome.Complete;
        }
        if (best is null)
            return outcome;
        _lines.Add(new HeaderLine(line, Encoding.UTF8.GetString(data[..Math.Min(length, LineBytesMax)]).TrimEnd('\r',
            '\n'), best));
        return RecordOutcome.Complete;
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
