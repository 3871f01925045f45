using System.Text;
using System.Text.Unicode;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>
/// What the first bytes of a file tell: byte order mark, delimiter, and which column of the template each cell is.
/// Column titles may be Chinese or English, in any order; the system columns of catalogue.md §1.1 are allowed.
/// </summary>
internal sealed class FileHeader
{
    public const int Ignored = -1;
    public const int RecordOperation = -2;

    /// <summary>数据所属期, 报送单位, … : common to all templates, and told by the submission itself.</summary>
    private static readonly Dictionary<string, int> SystemColumns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["data_period"] = Ignored, ["数据所属期"] = Ignored, ["dept_code"] = Ignored, ["报送单位"] = Ignored,
        ["region_code"] = Ignored, ["行政区划"] = Ignored, ["source_pk"] = Ignored, ["源主键"] = Ignored,
        ["record_op"] = RecordOperation, ["记录操作"] = RecordOperation, ["submit_time"] = Ignored, ["提交时间"] = Ignored,
        ["batch_no"] = Ignored, ["批次号"] = Ignored,
    };

    /// <summary>For each cell: an index into the template's fields, <see cref="Ignored"/> or <see cref="RecordOperation"/>.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Fields that have no column in this file.</summary>
    public required int[] Absent { get; init; }

    public static bool HasUtf8Mark(ReadOnlySpan<byte> data) => data.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]);

    /// <summary>A file that cannot be a CSV at all, told by its first bytes; null when it may be one.</summary>
    public static Problem? RefuseByFirstBytes(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("PK\u0003\u0004"u8))
            return NotCsv("zip 或 xlsx");
        if (data.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return NotCsv("旧版 xls");
        if (data.StartsWith("%PDF"u8))
            return NotCsv("PDF");
        if (data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || data.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return new Problem(ProblemCatalogue.EncodingNotUtf8, ("line", "1"), ("guess", "看来是 UTF-16"));
        return null;
    }

    private static Problem NotCsv(string what) => new(ProblemCatalogue.NotACsv, ("what", what));

    /// <summary>Comma or tab, whichever the header line has more of; a file separated by anything else is refused.</summary>
    public static byte Delimiter(ReadOnlySpan<byte> headerLine) =>
        headerLine.Count((byte)'\t') > headerLine.Count((byte)',') ? (byte)'\t' : (byte)',';

    /// <summary>Which encoding the bytes look like, when they are not UTF-8.</summary>
    public static string GuessEncoding(ReadOnlySpan<byte> line)
    {
        var doubles = 0;
        for (var i = 0; i + 1 < line.Length; i++)
        {
            if (line[i] is < 0x81 or 0xFF)
                continue;
            if (line[i + 1] is < 0x40 or 0x7F or 0xFF && line[i + 1] is < 0x30 or > 0x39)
                return "编码无法识别";
            doubles++;
            i++;
        }
        return doubles > 0 ? "看来是 GBK/GB18030" : "编码无法识别";
    }

    /// <summary>Maps the header's cells, or says why it cannot.</summary>
    public static (FileHeader? Header, Problem? Problem) Read(Template template, IReadOnlyList<string> titles)
    {
        if (titles.Count == 1 && template.Fields.Length > 1 && ";|；，、".FirstOrDefault(c => titles[0].Contains(c)) is var found and not '\0')
            return (null, new Problem(ProblemCatalogue.DelimiterWrong, ("found", found.ToString())));
        var columns = new int[titles.Count];
        var taken = new HashSet<int>();
        var unknown = new List<string>();
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Find(template, titles[i]);
            if (columns[i] >= 0 && !taken.Add(columns[i]))
                return (null, new Problem(ProblemCatalogue.HeaderDuplicate, ("column", titles[i])));
            if (columns[i] == Unknown)
                unknown.Add(titles[i].Length == 0 ? $"第 {i + 1} 列（空列名）" : titles[i]);
        }
        var absent = Enumerable.Range(0, template.Fields.Length).Where(i => !taken.Contains(i)).ToArray();
        var missing = absent.Where(i => template.Fields[i] is { Required: true, RequiredUnless.Length: 0 }).Select(i => template.Fields[i].Title).ToArray();
        return missing.Length + unknown.Count == 0
            ? (new FileHeader { Columns = columns, Absent = absent }, null)
            : (null, new Problem(ProblemCatalogue.HeaderMismatch, ("missing", List(missing)), ("unknown", List(unknown)), ("template", template.Id)));
    }

    private const int Unknown = -3;

    private static int Find(Template template, string title)
    {
        for (var i = 0; i < template.Fields.Length; i++)
            if (title == template.Fields[i].Title || title.Equals(template.Fields[i].Name, StringComparison.OrdinalIgnoreCase))
                return i;
        if (SystemColumns.TryGetValue(title, out var system))
            return system;
        var bare = Bare(title);
        for (var i = 0; i < template.Fields.Length; i++)
            if (bare == Bare(template.Fields[i].Title))
                return i;
        return Unknown;
    }

    /// <summary>Without blanks, full-width brackets as half-width: 注册资本（万元） is 注册资本(万元).</summary>
    private static string Bare(string title) => title.Replace(" ", "", StringComparison.Ordinal)
        .Replace('（', '(').Replace('）', ')').Replace("*", "", StringComparison.Ordinal);

    private static string List(IReadOnlyList<string> names) =>
        names.Count == 0 ? "无" : string.Join("、", names.Take(10)) + (names.Count > 10 ? $" 等 {names.Count} 列" : "");

    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes);

    public static string Title(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(Checks.CellText.Trim(cell));
}
