using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Which column of the template each cell of the header is. Column titles may be Chinese or English, in any order;
/// the system columns of catalogue.md §1.1 are allowed.
/// </summary>
internal sealed class FileHeader
{
    public const int Ignored = -1;
    public const int RecordOperation = -2;
    public const int OriginRow = -4;

    /// <summary>数据所属期, 报送单位, … : common to all templates, and told by the submission itself.</summary>
    private static readonly Dictionary<string, int> SystemColumns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["data_period"] = Ignored, ["数据所属期"] = Ignored, ["dept_code"] = Ignored, ["报送单位"] = Ignored,
        ["region_code"] = Ignored, ["行政区划"] = Ignored, ["source_pk"] = Ignored, ["源主键"] = Ignored,
        ["record_op"] = RecordOperation, ["记录操作"] = RecordOperation, ["submit_time"] = Ignored, ["提交时间"] = Ignored,
        ["batch_no"] = Ignored, ["批次号"] = Ignored,
    };

    /// <summary>
    /// For each cell: an index into the template's fields, <see cref="Ignored"/> or <see cref="RecordOperation"/>.
    /// </summary>
    public required int[] Columns { get; init; }

    /// <summary>Fields that have no column in this file.</summary>
    public required int[] Absent { get; init; }

    /// <summary>The file names the rows it mends; its cells may carry the guard of the hub's own export.</summary>
    public bool HasOrigin { get; private init; }

    /// <summary>Maps the header's cells, or says why it cannot.</summary>
    /// <param name="found">How many cells name a column of the template.</param>
    public static (FileHeader? Header, Problem? Problem) Read(Template template, IReadOnlyList<string> titles,
        out int found)
    {
        found = 0;
        if (titles.Count == 1 && template.Fields.Length > 1 && "；，、".FirstOrDefault(c => titles[0].Contains(c))
            is var separator and not '\0')
            return (null, new Problem(ProblemCatalogue.DelimiterWrong, ("found", separator.ToString())));
        var columns = new int[titles.Count];
        var taken = new HashSet<int>();
        var unknown = new List<string>();
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Find(template, titles[i]);
            if (columns[i] is >= 0 or OriginRow && !taken.Add(columns[i]))
                return (null, new Problem(ProblemCatalogue.HeaderDuplicate, ("column", titles[i])));
            found += columns[i] >= 0 ? 1 : 0;
            if (columns[i] == Unknown)
                unknown.Add(titles[i].Length == 0 ? $"第 {i + 1} 列（空列名）" : titles[i]);
        }
        var absent = Enumerable.Range(0, template.Fields.Length).Where(i => !taken.Contains(i)).ToArray();
        var missing = absent.Where(i => template.Fields[i] is { Required: true, RequiredUnless.Length: 0 }).Select(i => template.Fields[i].Title).ToArray();
        if (missing.Length + unknown.Count == 0)
            return (new FileHeader { Columns = columns, Absent = absent, HasOrigin = columns.Contains(OriginRow) },
                null);
        return (null, OtherUnit(template, absent, unknown)
            ?? new Problem(ProblemCatalogue.HeaderMismatch, ("missing", List(missing)), ("unknown", List(unknown)),
                ("template", template.Id)));
    }

    /// <summary>A column that is the template's but for its unit: 注册资本(元) where 注册资本(万元) is agreed.</summary>
    private static Problem? OtherUnit(Template template, int[] absent, List<string> unknown)
    {
        foreach (var field in absent.Select(i => template.Fields[i]).Where(f => f.Kind == FieldKind.Number))
            if (unknown.FirstOrDefault(t => Bare(t).Contains('(')
                && WithoutUnit(t) == WithoutUnit(field.Title)) is { } title)
                return new Problem(ProblemCatalogue.HeaderUnit, ("column", title), ("expected", field.Title),
                    ("unit", field.Unit));
        return null;
    }

    private static string WithoutUnit(string title) => Bare(title).Split('(')[0];

    private const int Unknown = -3;

    private static int Find(Template template, string title)
    {
        for (var i = 0; i < template.Fields.Length; i++)
            if (title == template.Fields[i].Title || title.Equals(template.Fields[i].Name, StringComparison.OrdinalIgnoreCase))
                return i;
        if (SystemColumns.TryGetValue(title, out var system))
            return system;
        // The hub's own copy of rejected rows, mended and sent back.
        if (RejectedColumns.Has(title))
            return RejectedColumns.IsOrigin(title) ? OriginRow : Ignored;
        var bare = Bare(title);
        for (var i = 0; i < template.Fields.Length; i++)
            if (bare == Bare(template.Fields[i].Title))
                return i;
        return Unknown;
    }

    /// <summary>
    /// Without blanks, line ends, stars and what nobody sees; full-width brackets as half-width: 注册资本（万元） is
    /// 注册资本(万元).
    /// </summary>
    private static string Bare(string title) => string.Concat(title
        .Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c
            is not ('*' or '\uFEFF' or (>= '\u200B' and <= '\u200F')))
        .Select(c => c switch { '（' => '(', '）' => ')', _ => c }));

    private static string List(IReadOnlyList<string> names) =>
        names.Count == 0 ? "无" : string.Join("、", names.Take(10)) + (names.Count > 10 ? $" 等 {names.Count} 列" : "");

    public static string Title(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(Checks.CellText.Trim(cell));
}
