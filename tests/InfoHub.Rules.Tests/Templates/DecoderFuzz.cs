using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// Breaks small files of the partner templates in every way that comes to mind and reads each twice, whole and in
/// random blocks. What must hold of any bytes at all is in <see cref="Check"/>; the first input that breaks it is
/// thrown with its number, from which it can be made again.
/// </summary>
internal sealed class DecoderFuzz
{
    private const int RowsMax = 5;
    private const int MutationsMax = 6;
    private const int StepsMax = 100;

    private static readonly string[] Inserted =
    [
        "\"", "\"\"", ",", "\t", ";", "|", "\n", "\r", "\r\n", "\0", "\uFEFF", "\u200B", "\u202E", "\u00A0", "\uFFFD",
            "锟斤拷", "合计", "小计,", "\n合计,1,2,3\n",
        "\n总计", "\n备注：x\n", "\n制表人：张三", "=cmd|'/c calc'!A1", "'=", "-", "+", "@", "1E+17", "1,234.50", "12万元", "￥",
            "１２３", "#N/A", "2025/3/1", "2025年3月1日",
        "45721", "99999999999999999999", "0.30000000000000004", "\n\n\n", ",,,,,,,,,,,,,,,,,,,,,,,,,,,,",
            "\uD83D\uDE00", "税", "O", "\u3000", "sep=;\n", "2025年3月明细表\n", "origin_row",
    ];

    private static readonly byte[][] RawInserted =
        [[0x80], [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF],
            [0x81, 0x30], [0xD6, 0xD0], [0xE4], "PK\u0003\u0004"u8.ToArray()];

    private readonly List<(Template Template, string Header, string[] Rows)> _sources = [];
    private readonly Encoding _gb = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    /// <param name="templatesFolder">partner-templates, with a template and samples per version.</param>
    public DecoderFuzz(string templatesFolder)
    {
        foreach (var file in Directory.GetFiles(templatesFolder, "template.odcs.yaml",
            SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            foreach (var sample in new[] { "valid.csv", "invalid.csv" })
            {
                var lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(file)!, "samples", sample));
                _sources.Add((OdcsReader.Read(File.ReadAllText(file)), lines[0], lines[1..]));
            }
    }

    public long Inputs { get; private set; }

    public long Refused { get; private set; }

    public long RowsReceived { get; private set; }

    public SortedSet<string> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the inputs from <paramref name="first"/> on; the same seed and number make the same
    /// input.</summary>
    public void Run(int seed, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            var random = new Random(unchecked((seed * 1_000_003) + number));
            var (template, file) = Make(random);
            try
            {
                var encoding = random.Next(8) == 0 ? (TextEncoding)random.Next(1, 4) : (TextEncoding?)null;
                var whole = Read(template, file, encoding, null);
                if (whole != Read(template, file, encoding, random))
                    throw new InvalidOperationException("the blocks change the result");
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, input {number}, {template.Id}: {Convert.ToBase64String(file)}", fault);
            }
            Inputs++;
        }
    }

    private (Template Template, byte[] File) Make(Random random)
    {
        var (template, header, rows) = _sources[random.Next(_sources.Count)];
        var text = new StringBuilder(header).Append('\n');
        for (var i = random.Next(RowsMax + 1); i > 0; i--)
            text.Append(rows[random.Next(rows.Length)]).Append(random.Next(6) == 0 ? "\r\n" : "\n");
        if (random.Next(6) == 0)
            text.Append("合计").Append(',', header.Count(c => c == ',')).Append('\n');
        if (random.Next(5) == 0)
            text.Replace(',', "\t;|"[random.Next(3)]);
        // Most damage is done behind the header: a file without a header is refused at once.
        var headerToo = random.Next(6) == 0;
        for (var i = random.Next(MutationsMax); i > 0; i--)
            text.Insert(random.Next(headerToo ? 0 : header.Length + 1, text.Length + 1),
                Inserted[random.Next(Inserted.Length)]);
        var bytes = random.Next(6) switch
        {
            0 => _gb.GetBytes(text.ToString()),
            1 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text.ToString())],
            2 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text.ToString())],
            _ => Encoding.UTF8.GetBytes(text.ToString()),
        };
        return (template, random.Next(3) == 0 ? Damage(bytes, headerToo ? 0 : bytes.Length / 2, random) : bytes);
    }

    private static byte[] Damage(byte[] bytes, int from, Random random)
    {
        var file = new List<byte>(bytes);
        for (var i = random.Next(1, MutationsMax); i > 0 && file.Count > from; i--)
        {
            var at = random.Next(from, file.Count);
            switch (random.Next(9) % 5)
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file.InsertRange(at, RawInserted[random.Next(RawInserted.Length)]);
                    break;
                case 2:
                    file.RemoveRange(at, Math.Min(random.Next(1, 40), file.Count - at));
                    break;
                case 3:
                    file.RemoveRange(at, file.Count - at);
                    break;
                default:
                    file.InsertRange(at, file.GetRange(at, Math.Min(random.Next(1, 200), file.Count - at)));
                    break;
            }
        }
        return [.. file];
    }

    /// <summary>Everything a file comes to, as one text.</summary>
    private string Read(Template template, byte[] file, TextEncoding? encoding, Random? cuts)
    {
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10),
            42) { Encoding = encoding });
        var (outcome, accepted) = (new StringBuilder(), new decimal[template.Fields.Length]);
        var (start, end, last, steps, details) = (0, 0, 0, 0, 0L);
        var rejected = new HashSet<int>();
        for (var status = ReadStatus.NeedsData; status is not (ReadStatus.End or ReadStatus.Refused);)
        {
            if (++steps > file.Length + StepsMax)
                throw new InvalidOperationException("the reader does not come to an end");
            if (status == ReadStatus.NeedsData)
                end = cuts is null ? file.Length : Math.Min(file.Length, end + cuts.Next(1, 300));
            status = reader.Read(file.AsSpan(start, end - start), end == file.Length, out var consumed);
            start += consumed;
            if (status == ReadStatus.NeedsData && end == file.Length)
                throw new InvalidOperationException("the reader asks for more than there is");
            if (status == ReadStatus.NeedsData)
                continue;
            foreach (var error in reader.Errors.Details())
            {
                Codes.Add(error.Kind.Code);
                details++;
                if (error.Disposition == Disposition.RejectRow)
                    rejected.Add(error.Row);
                outcome.Append(CultureInfo.InvariantCulture,
                    $"{error.Row}:{error.Field}:{error.Kind.Code}:{error.Observed}:{error.Expected}\n");
            }
            foreach (var row in reader.Errors.Rejections())
                if (!rejected.Remove(row.Row))
                    throw new InvalidOperationException($"row {row.Row} is rejected for nothing");
            if (rejected.Count > 0)
                throw new InvalidOperationException($"row {rejected.First()} has an error that rejects it and is not rejected");
            Accept(template, reader, accepted, ref last, outcome);
            reader.Errors.Clear();
            reader.Batch.Clear();
        }
        Check(template, reader, accepted, details);
        outcome.Append(reader.Refusal).Append(reader.RowsReceived).AppendJoin(' ', reader.Sums());
        RowsReceived += reader.RowsReceived;
        return outcome.ToString();
    }

    private static void Accept(Template template, RowReader reader, decimal[] sums, ref int last, StringBuilder outcome)
    {
        var payload = reader.Batch.ToPayload();
        var rows = new RowBatchView(template, payload);
        for (var row = 0; row < rows.RowCount; row++)
        {
            if (rows.RowNumber(row) <= last)
                throw new InvalidOperationException($"row {rows.RowNumber(row)} comes behind row {last}");
            last = rows.RowNumber(row);
            outcome.Append(Convert.ToHexString(rows.Hash(row))).Append(rows.RowNumber(row));
            for (var column = 0; column < sums.Length; column++)
                if (rows.IsNumber(column) && !rows.IsNull(column, row))
                    sums[column] += rows.Number(column, row);
        }
    }

    private static IEnumerable<string> BracesOf(ProblemKind kind) =>
        Regex.Matches(kind.DetailZh + kind.RemedyZh + kind.RemedyEn, @"\{(\w+)\}").Select(m => m.Groups[1].Value);

    /// <summary>What holds of any bytes: every row is counted once, the sums balance, every outcome has a
    /// number.</summary>
    private void Check(Template template, RowReader reader, decimal[] accepted, long details)
    {
        if (reader.RowsReceived != reader.RowsRejected + reader.RowsAccepted)
            throw new InvalidOperationException("received is not rejected and accepted");
        if (reader.Errors.Totals().Sum(t => t.Count) != details)
            throw new InvalidOperationException("the totals are not the details");
        foreach (var sum in reader.Sums())
            if (sum.Received.Units != sum.Rejected.Units + sum.Accepted.Units
                || (decimal)sum.Accepted.Units != accepted[template.IndexOf(sum.Field)])
                throw new InvalidOperationException($"the sums of {sum.Field} do not balance");
        if (reader.Refusal is { } refusal)
        {
            Refused++;
            Codes.Add(refusal.Code);
            if (!ProblemCatalogue.All.ContainsKey(refusal.Code)
                || BracesOf(refusal.Kind).Except(refusal.Values.Select(v => v.Key).Append("next")).Any())
                throw new InvalidOperationException($"{refusal} is not told in full");
        }
        else if (reader.RowsReceived == 0 || reader.Layout is null)
            throw new InvalidOperationException("a file without rows is let through");
    }
}
