using System.Diagnostics;
using System.Text;
using CsvHelper;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// Generated CSV gives the same cells as CsvHelper reads. Agreed disagreements, kept out of the generator: text behind a
/// closing quote (ours remembers it as stray and keeps the quoted part, CsvHelper appends it), an unclosed quote (ours
/// refuses), and blank lines (ours gives one empty cell, which the row reader skips; CsvHelper skips them here).
/// </summary>
public class CsvDifferentialTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);
    private static readonly string[] Pieces = ["a", "7", " ", "", "税", "𠮷", "\t", "x\"y", ";", "'", "0123456789012345678901234567890123456789", "-"];
    private static readonly string[] QuotedPieces = [",", "\n", "\r\n", "\r", "\"\"", "\"\"\"\"", "a", "税", "", "长长长长长长长长长长长长"];
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    [Fact]
    public void Read_GeneratedCsv_AgreesWithCsvHelper()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < 20_000 && clock.Elapsed < Budget; round++)
        {
            var text = Generate(random);
            var (ours, theirs) = (Ours(text, random), Theirs(text));
            Assert.True(ours.SequenceEqual(theirs), $"seed {seed}, round {round}: {Show(text)}\nours   {Show(string.Join('¦', ours))}\ntheirs {Show(string.Join('¦', theirs))}");
        }
    }

    private static string Generate(Random random)
    {
        var text = new StringBuilder();
        var records = random.Next(1, 8);
        for (var record = 0; record < records; record++)
        {
            var start = text.Length;
            for (var (cell, cells) = (0, random.Next(1, 6)); cell < cells; cell++)
                text.Append(cell > 0 ? "," : "").Append(Cell(random));
            if (text.Length == start)
                text.Append('z');
            if (record + 1 < records || random.Next(2) == 0)
                text.Append(LineEnds[random.Next(LineEnds.Length)]);
        }
        return text.ToString();
    }

    private static string Cell(Random random)
    {
        var quoted = random.Next(3) == 0;
        var source = quoted ? QuotedPieces : Pieces;
        var cell = string.Concat(Enumerable.Range(0, random.Next(0, 5)).Select(_ => source[random.Next(source.Length)]));
        return quoted ? $"\"{cell}\"" : cell.StartsWith('"') ? "q" + cell : cell;
    }

    /// <summary>Records as cells joined by a unit separator; the data comes in two blocks cut anywhere.</summary>
    private static List<string> Ours(string text, Random random)
    {
        var data = Encoding.UTF8.GetBytes(text);
        var reader = new CsvRecords((byte)',', 100);
        var records = new List<string>();
        var (position, end) = (0, random.Next(data.Length + 1));
        while (position < data.Length)
        {
            if (reader.Read(data.AsSpan(position, end - position), end == data.Length, out var length) != RecordOutcome.Complete || (end < data.Length && length == 0))
            {
                Assert.True(end < data.Length, $"not complete: {Show(text)}");
                end = data.Length;
                continue;
            }
            records.Add(string.Join('\u001F', Enumerable.Range(0, reader.CellCount).Select(i => CellText(data.AsSpan(position), reader.Cell(i)))));
            position += length;
        }
        return records;
    }

    private static string CellText(ReadOnlySpan<byte> record, CellSpan cell)
    {
        var bytes = record.Slice(cell.Start, cell.Length);
        if (!cell.Escaped)
            return Encoding.UTF8.GetString(bytes);
        var plain = new byte[bytes.Length];
        return Encoding.UTF8.GetString(plain.AsSpan(0, CsvRecords.Unescape(bytes, plain)));
    }

    private static List<string> Theirs(string text)
    {
        using var reader = CsvReader.FromText(text, new CsvReaderOptions { Separator = ',', HasHeader = false, SkipEmptyLines = true, FieldCountMismatch = CsvFieldCountHandling.Allow });
        var records = new List<string>();
        while (reader.Read())
            records.Add(string.Join('\u001F', Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
        return records;
    }

    private static string Show(string text) =>
        text.Replace("\r", "␍", StringComparison.Ordinal).Replace("\n", "␊", StringComparison.Ordinal).Replace("\u001F", "|", StringComparison.Ordinal);
}
