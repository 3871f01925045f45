using System.Globalization;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>A line above which no header was found.</summary>
/// <param name="Number">1-based line of the file.</param>
/// <param name="Text">Its beginning, as it came.</param>
internal sealed record HeaderLine(long Number, string Text, HeaderReading Reading);

/// <summary>
/// Why a file has no header, as one cause. What stands in a cell is told only of a line that cannot be data
/// (<see cref="HeaderReading.IsHeader"/>); of every other line its number, and what is wanted.
/// </summary>
internal static class HeaderDiagnosis
{
    private const int TitlesListedMax = 40;

    private static readonly (string Written, string Shown)[] ForeignDelimiters =
    [
        ("；", "；"), ("，", "，"), ("、", "、"), ("｜", "｜"), ("||", "||"), ("^", "^"), ("~", "~"), ("#", "#"), ("$", "$"),
        ("\u0001", "控制符 01"), ("\u001f", "控制符 1F"), ("  ", "空格"), (" ", "空格"), ("\u3000", "全角空格"),
    ];

    /// <param name="lines">The lines in which a header was looked for, first to last.</param>
    /// <param name="others">The other templates of the department; asked for only when the header is of none.</param>
    public static Problem Of(Template template, IReadOnlyList<HeaderLine> lines, Func<IEnumerable<Template>> others)
    {
        var best = lines.MaxBy(line => line.Reading.Found + line.Reading.Units.Length)!;
        if (Delimiter(template, lines) is { } delimiter)
            return new Problem(ProblemCatalogue.DelimiterWrong, ("found", delimiter));
        if (Split(template, lines) is { } first)
            return new Problem(ProblemCatalogue.HeaderSplit, ("line", Number(first.Number)),
                ("next", Number(first.Number + 1)));
        if (Other(template, lines, others, best.Reading.Found) is { } other)
            return new Problem(ProblemCatalogue.HeaderOfOtherItem, ("item", other.Item), ("title", other.Title),
                ("expected", template.Item));
        if (best.Reading.IsHeader)
            return Of(template, best.Reading, best.Number);
        if (Garbled(template, lines) is { } garbled)
            return new Problem(ProblemCatalogue.HeaderGarbled, ("line", Number(garbled.Number)));
        var filled = lines.FirstOrDefault(line => line.Reading.Filled > 1) ?? lines[0];
        return filled.Reading.LooksLikeRow(template)
            ? new Problem(ProblemCatalogue.HeaderAbsent, ("line", Number(filled.Number)), ("wanted", Wanted(template)))
            : Mismatch(template, $"第 {Number(lines[0].Number)} 至 {Number(lines[^1].Number)} 行中没有一行是本模板的表头",
                Wanted(template), "没有一个列名认得出");
    }

    /// <summary>What keeps this one line from being the header.</summary>
    public static Problem Of(Template template, HeaderReading line, long number = 1)
    {
        if (line.Twice is [var twice, ..])
            return new Problem(ProblemCatalogue.HeaderDuplicate, ("column", NameOf(template, line.Columns[twice])),
                ("places", string.Join("、", Enumerable.Range(0, line.Columns.Length)
                    .Where(i => line.Columns[i] == line.Columns[twice]).Select(PlaceOf))));
        if (line.Units.FirstOrDefault(u => u.Unit.Length > 0) is { Unit: not null } other)
        {
            var field = template.Fields[other.Column];
            return new Problem(ProblemCatalogue.HeaderUnit, ("column", line.IsHeader ? line.Titles[other.Cell]
                : other.Unit), ("expected", field.Title), ("unit", field.Unit), ("place", PlaceOf(other.Cell)));
        }
        var missing = List(line.Missing.Where(i => line.Units.All(u => u.Column != i))
            .Select(i => template.Fields[i].Title));
        var unknown = line.IsHeader
            ? List(line.UnknownCells.Select(i => $"“{line.Titles[i]}”（{PlaceOf(i)}）"))
            : List(line.UnknownCells.Select(PlaceOf));
        var unitless = line.Units.Length == 0 ? "" : "；没有写计量单位的列："
            + List(line.Units.Select(u => $"{PlaceOf(u.Cell)}，应为“{template.Fields[u.Column].Title}”"));
        return Mismatch(template, $"第 {Number(number)} 行是表头，缺少列：{missing}；多出列：{unknown}{unitless}", missing, unknown);
    }

    /// <summary>A row of data that stands above the header: somebody sorted the sheet with its header.</summary>
    public static Problem? DataAbove(Template template, IReadOnlyList<HeaderLine> above, long header)
    {
        var data = above.FirstOrDefault(line => line.Reading.LooksLikeRow(template));
        return data is null ? null : new Problem(ProblemCatalogue.DataAboveHeader, ("line", Number(data.Number)),
            ("header", Number(header)));
    }

    private static Problem Mismatch(Template template, string what, string missing, string unknown) =>
        new(ProblemCatalogue.HeaderMismatch, ("what", what), ("missing", missing), ("unknown", unknown),
            ("template", template.Id));

    private static string? Delimiter(Template template, IReadOnlyList<HeaderLine> lines)
    {
        foreach (var line in lines)
            foreach (var (written, shown) in ForeignDelimiters)
            {
                var cells = line.Text.Split(written, StringSplitOptions.TrimEntries
                    | StringSplitOptions.RemoveEmptyEntries);
                // Each part has to be a title: 用户编号，用户名称 is no title of its own.
                if (cells.Length > 1 && HeaderReading.Of(template, cells) is { IsHeader: true } parted
                    && parted.Found > line.Reading.Found)
                    return shown;
            }
        return null;
    }

    /// <summary>Two lines that are the header when each cell is taken from the lower one, or from the upper.</summary>
    private static HeaderLine? Split(Template template, IReadOnlyList<HeaderLine> lines)
    {
        foreach (var (upper, lower) in lines.Zip(lines.Skip(1)))
        {
            var (above, below) = (upper.Reading.Titles, lower.Reading.Titles);
            if (above.Concat(below).Any(HeaderReading.LooksLikeData))
                continue;
            var count = Math.Max(above.Count, below.Count);
            string At(IReadOnlyList<string> cells, int i) => i < cells.Count ? cells[i] : "";
            var most = Math.Max(upper.Reading.Found, lower.Reading.Found);
            var either = HeaderReading.Of(template, [.. Enumerable.Range(0, count)
                .Select(i => At(below, i).Length > 0 ? At(below, i) : At(above, i))]);
            var both = HeaderReading.Of(template, [.. Enumerable.Range(0, count)
                .Select(i => At(above, i) + At(below, i))]);
            if (new[] { either, both }.Any(r => r.IsHeader && r.Found > most && r.Missing.Length == 0))
                return upper;
        }
        return null;
    }

    private static Template? Other(Template template, IReadOnlyList<HeaderLine> lines,
        Func<IEnumerable<Template>> others, int found)
    {
        foreach (var other in others().Where(t => t.Item != template.Item || t.Version != template.Version))
            if (lines.Any(line => HeaderReading.Of(other, line.Reading.Titles) is { IsHeader: true, Missing.Length: 0 }
                reading && reading.Found > found))
                return other;
        return null;
    }

    /// <summary>
    /// Titles that were read in another encoding than they were written in and saved so: UTF-8 as GBK or as Latin 1,
    /// GBK as Latin 1, or with a question mark for every character.
    /// </summary>
    private static HeaderLine? Garbled(Template template, IReadOnlyList<HeaderLine> lines)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var (gb, latin, utf8) = (Encoding.GetEncoding("GB18030"), Encoding.GetEncoding(1252), Encoding.UTF8);
        foreach (var line in lines)
        {
            if (line.Reading.Filled > 1 && line.Reading.Titles.Count(t => t.Length > 0 && t.Trim('?', '？', '\uFFFD',
                '(', ')', '/').Length == 0) * 2 > line.Reading.Filled)
                return line;
            foreach (var (wrote, read) in new[] { (utf8, gb), (utf8, latin), (gb, latin), (gb, utf8) })
                if (HeaderReading.Of(template, [.. line.Reading.Titles.Select(t => wrote.GetString(read.GetBytes(t)))])
                    .Found > Math.Max(1, line.Reading.Found))
                    return line;
        }
        return null;
    }

    private static string Wanted(Template template)
    {
        var titles = template.Fields.Select(f => f.Title).ToArray();
        return string.Join("、", titles.Take(TitlesListedMax)) + (titles.Length > TitlesListedMax ? " 等" : "");
    }

    private static string NameOf(Template template, int column) =>
        column >= 0 ? template.Fields[column].Title : RejectedColumns.Origin;

    /// <summary>第 16 列（P 列): as people count and as a spreadsheet writes it above the column.</summary>
    public static string PlaceOf(int cell) => $"第 {Number(cell + 1)} 列（{LetterOf(cell)} 列）";

    private static string LetterOf(int cell)
    {
        var letters = "";
        for (var rest = cell; rest >= 0; rest = (rest / 26) - 1)
            letters = (char)('A' + (rest % 26)) + letters;
        return letters;
    }

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return all.Length == 0 ? "无" : string.Join("、", all.Take(TitlesListedMax))
            + (all.Length > TitlesListedMax ? $" 等 {all.Length} 列" : "");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
