using System.Diagnostics;
using System.Text;
using CsvHelper;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// Generated text in every encoding and with every delimiter gives the same cells as CsvHelper reads, cut into blocks
/// anywhere. Where the two disagree on purpose is listed in <see cref="Disagreements"/>, and kept out of the generator.
/// </summary>
public class CsvDifferentialTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(6);

    /// <summary>@ stands for the delimiter.</summary>
    private static readonly string[] Pieces =
        ["a", "7", " ", "", "税", "𠮷", "x\"y", "'", "0123456789012345678901234567890123456789", "-", "€", "é"];

    private static readonly string[] QuotedPieces =
        ["@", ",", ";", "|", "\t", "\n", "\r\n", "\r", "\"\"", "\"\"\"\"", "a", "税", "", "长长长长长长长长长长长长"];

    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    /// <summary>Why, the text, our cells and theirs; cells are divided by ¦, records by ¶, and ✗ is a refused
    /// file.</summary>
    public static TheoryData<string, string, string, string> Disagreements => new()
    {
        { "text behind a closing quote: ours keeps what was quoted and rejects the row, theirs appends", "\"a\"b,c",
            "a¦c", "ab¦c" },
        { "a quote that is never closed: ours refuses the file, theirs takes all that follows", "\"a,b\nc", "✗",
            "a,b\nc" },
        { "an empty line: ours gives one empty cell, which the row reader leaves out; theirs is told to skip it",
            "a\n\nb", "a¶¶b", "a¶b" },
    };

    public static TheoryData<char, TextEncoding> Kinds
    {
        get
        {
            var kinds = new TheoryData<char, TextEncoding>();
            foreach (var delimiter in ",\t;|")
                foreach (var encoding in Enum.GetValues<TextEncoding>())
                    kinds.Add(delimiter, encoding);
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Disagreements))]
    public void Read_WhereWeDisagree_EachReadsAsListed(string why, string text, string ours, string theirs)
    {
        _ = why;
        Assert.Equal((ours, theirs), (Joined(Ours(text, ',', TextEncoding.Utf8, new Random(1))),
            Joined(Theirs(text, ','))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_GeneratedText_AgreesWithCsvHelper(char delimiter, TextEncoding encoding)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < 5_000 && clock.Elapsed < Budget; round++)
        {
            var text = Generate(random, delimiter);
            var (ours, theirs) = (Ours(text, delimiter, encoding, random), Theirs(text, delimiter));
            Assert.True(ours.SequenceEqual(theirs),
                $"seed {seed}, round {round}: {Show(text)}\nours   {Joined(ours)}\ntheirs {Joined(theirs)}");
        }
    }

    private static string Generate(Random random, char delimiter)
    {
        var text = new StringBuilder();
        var records = random.Next(1, 8);
        for (var record = 0; record < records; record++)
        {
            var start = text.Length;
            for (var (cell, cells) = (0, random.Next(1, 6)); cell < cells; cell++)
                text.Append(cell > 0 ? delimiter.ToString() : "").Append(Cell(random, delimiter));
            if (text.Length == start)
                text.Append('z');
            if (record + 1 < records || random.Next(2) == 0)
                text.Append(LineEnds[random.Next(LineEnds.Length)]);
        }
        return text.ToString();
    }

    private static string Cell(Random random, char delimiter)
    {
        var quoted = random.Next(3) == 0;
        var source = quoted ? QuotedPieces : Pieces;
        var cell = string.Concat(Enumerable.Range(0, random.Next(0, 5)).Select(_ => source[random.Next(source.Length)]))
            .Replace('@', delimiter);
        return quoted ? $"\"{cell}\"" : cell.StartsWith('"') ? "q" + cell : cell;
    }

    private static byte[] Encode(string text, TextEncoding encoding) => encoding switch
    {
        TextEncoding.Gb18030 => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text),
        TextEncoding.Utf16 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        _ => Encoding.UTF8.GetBytes(text),
    };

    /// <summary>Records as cells joined by a unit separator; the bytes come in blocks cut anywhere.</summary>
    private static List<string> Ours(string text, char delimiter, TextEncoding encoding, Random random)
    {
        var data = Encode(text, encoding);
        var (decoded, reader, records) = (new FileText(encoding), new CsvRecords((byte)delimiter, 100),
            new List<string>());
        var (position, end) = (0, 0);
        while (true)
        {
            end = Math.Min(data.Length, end + random.Next(1, 40));
            var isFinal = end == data.Length;
            if (!decoded.Start(data.AsSpan(position, end - position), isFinal, out var skipped))
                continue;
            position += skipped;
            int read;
            do
            {
                var outcome = TakeRecords(decoded, reader, records, data.AsSpan(position, end - position), isFinal,
                    out var taken);
                position += taken;
                if (outcome != RecordOutcome.Incomplete)
                    return outcome == RecordOutcome.InsideQuotes ? ["✗"] : records;
            }
            while (decoded.More(data.AsSpan(position, end - position), isFinal, 1, out read) | Move(ref position,
                read));
            Assert.Null(decoded.Problem);
        }
    }

    private static bool Move(ref int position, int read)
    {
        position += read;
        return false;
    }

    /// <summary>Complete: the end is reached.</summary>
    private static RecordOutcome TakeRecords(
        FileText decoded, CsvRecords reader, List<string> records, ReadOnlySpan<byte> data, bool isFinal, out int taken)
    {
        taken = 0;
        while (true)
        {
            var text = decoded.Look(data[taken..], isFinal, out var textIsFinal);
            if (text.IsEmpty)
                return textIsFinal ? RecordOutcome.Complete : RecordOutcome.Incomplete;
            var outcome = reader.Read(text, textIsFinal, out var length);
            if (outcome != RecordOutcome.Complete)
                return outcome;
            var cells = new List<string>();
            for (var i = 0; i < reader.CellCount; i++)
                cells.Add(CellText(text, reader.Cell(i)));
            records.Add(string.Join('\u001F', cells));
            taken += decoded.Take(length);
        }
    }

    private static string CellText(ReadOnlySpan<byte> record, CellSpan cell)
    {
        var bytes = record.Slice(cell.Start, cell.Length);
        if (!cell.Escaped)
            return Encoding.UTF8.GetString(bytes);
        var plain = new byte[bytes.Length];
        return Encoding.UTF8.GetString(plain.AsSpan(0, CsvRecords.Unescape(bytes, plain)));
    }

    private static List<string> Theirs(string text, char delimiter)
    {
        var options = new CsvReaderOptions
        {
            Separator = delimiter, HasHeader = false, SkipEmptyLines = true, FieldCountMismatch =
                CsvFieldCountHandling.Allow,
        };
        using var reader = CsvReader.FromText(text, options);
        var records = new List<string>();
        while (reader.Read())
            records.Add(string.Join('\u001F', Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
        return records;
    }

    private static string Joined(List<string> records) => string.Join('¶', records).Replace('\u001F', '¦');

    private static string Show(string text) =>
        text.Replace("\r", "␍", StringComparison.Ordinal).Replace("\n", "␊", StringComparison.Ordinal);
}
