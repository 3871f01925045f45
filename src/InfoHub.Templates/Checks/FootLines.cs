using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Checks;

/// <summary>
/// Tells what a bad row is that may be no data row at all: a total, a note, the header over again. Known by kind: a row
/// of data has a code for its key and most of what is required; a line about the sheet has labels, a sentence, or one
/// filled cell.
/// </summary>
internal sealed class FootLines(Template template, FileHeader header, IReadOnlyList<string> titles)
{
    private const int LabelLengthMax = 12;
    private const int SentenceLengthMin = 8;
    private const int CodeLengthMin = 4;

    private readonly bool[] _required = [.. header.Columns.Select(c =>
        c >= 0 && template.Fields[c] is { Required: true, RequiredUnless.Length: 0 })];

    private readonly byte[][][] _titles = [.. header.Columns.Select((c, i) => c < 0 ? []
        : new[] { titles[i], template.Fields[c].Title,
            template.Fields[c].Name }.Select(Encoding.UTF8.GetBytes).ToArray())];

    /// <summary>How many of the columns have to be filled.</summary>
    public int Required { get; } = header.Columns.Count(c =>
        c >= 0 && template.Fields[c] is { Required: true, RequiredUnless.Length: 0 });

    public bool IsRequired(int cell) => cell < _required.Length && _required[cell];

    /// <summary>The cell begins as a title of its column does: told apart from data without a text being
    /// made.</summary>
    public bool MayBeTitle(ReadOnlySpan<byte> cell, int column)
    {
        foreach (var title in column < _titles.Length ? _titles[column] : [])
            if (title.Length > 0 && cell.StartsWith(title.AsSpan(0, Math.Min(3, title.Length))))
                return true;
        return false;
    }

    /// <summary>Most of the cells are the titles of their own columns, in any writing.</summary>
    public bool IsHeader(IReadOnlyList<string> cells)
    {
        var (same, filled) = (0, 0);
        var index = TitleIndex.Of(template);
        for (var i = 0; i < cells.Count; i++)
        {
            filled += cells[i].Length > 0 ? 1 : 0;
            same += cells[i].Length > 0 && i < header.Columns.Length && header.Columns[i] >= 0
                && index.Find(cells[i], out var column, out _) == TitleMatch.Same && column == header.Columns[i] ? 1
                    : 0;
        }
        return same > 0 && same * 2 > filled;
    }

    /// <summary>What a row is that has most of what is required blank.</summary>
    /// <param name="cells">Without blanks around them.</param>
    public TailLabel LabelOfSparse(IReadOnlyList<string> cells)
    {
        var filled = Enumerable.Range(0, cells.Count).Where(i => cells[i].Length > 0).ToArray();
        if (filled.Length == 0 || HasKey(cells))
            return TailLabel.None;
        if (TotalLabel(cells[filled[0]]) is not TailLabel.None and var total)
            return total;
        if (filled.All(i => i < header.Columns.Length && header.Columns[i] >= 0
            && template.Fields[header.Columns[i]].Kind == FieldKind.Number && IsNumber(cells[i])))
            return cells.Count == header.Columns.Length ? TailLabel.Unlabelled : TailLabel.None;
        var first = cells[filled[0]];
        if (IsNote(first))
            return TailLabel.Note;
        return filled.Length == 1 && (cells.Count > 1 ? !IsCode(first) : IsLoneNote(first))
            ? TailLabel.Note : TailLabel.None;
    }

    /// <summary>A code stands where the department's key belongs: the row is one of data, whatever else it
    /// says.</summary>
    public bool HasKey(IReadOnlyList<string> cells)
    {
        for (var i = 0; i < cells.Count; i++)
            if (IsKey(i) && cells[i].Length > 0 && IsKeyText(cells[i]))
                return true;
        return false;
    }

    /// <summary>Every filled cell is a label with or without what it labels: 制表人：张三,,审核人：李四.</summary>
    public static bool IsAllLabels(IReadOnlyList<string> cells) =>
        cells.Any(c => c.Length > 0) && cells.All(c => c.Length == 0 || HasLabel(c) || Counted(c) is not null);

    /// <summary>How many rows the line says there are: 共 4 条记录, (4 rows); null when it says nothing.</summary>
    public static long? Counted(string cell)
    {
        var match = CountForm.Match(TitleText.Plain(cell).Replace(" ", "", StringComparison.Ordinal)
            .Replace(",", "", StringComparison.Ordinal));
        return match.Success && long.TryParse(match.Groups["count"].Value, NumberStyles.None,
            CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    /// <summary>The label by which a line is told of, never what may be data in it.</summary>
    public static string Word(string cell)
    {
        var bare = TitleText.Bare(cell.Split(':', '：')[0]);
        return FileWords.Notes.Contains(bare) || FileWords.Totals.Contains(bare) || FileWords.Subtotals.Contains(bare)
            || FileWords.OtherTotals.Contains(bare) ? bare : "";
    }

    /// <summary>Without a total in words of its own: 东湖区合计, 合计金额, 本期总计.</summary>
    private static TailLabel TotalLabel(string cell)
    {
        var bare = TitleText.Bare(cell);
        if (bare.Length is 0 or > LabelLengthMax || Counted(cell) is not null)
            return TailLabel.None;
        return bare.Contains("累计", StringComparison.Ordinal) || bare.Contains("本页", StringComparison.Ordinal)
            ? TailLabel.OtherTotal
            : new[] { "合计", "总计", "小计", "共计" }.Any(bare.Contains) ? TailLabel.Subtotal : TailLabel.None;
    }

    private bool IsKey(int cell) => cell < header.Columns.Length && header.Columns[cell] >= 0
        && template.Fields[header.Columns[cell]] is { KeyPosition: > 0, Kind: FieldKind.Text or FieldKind.Code };

    /// <summary>1 in the column of the key is a key, wherever else it may be the number of a page.</summary>
    private static bool IsKeyText(string cell) => cell.All(char.IsAsciiLetterOrDigit) && cell.Any(char.IsAsciiDigit);

    private static bool IsCode(string cell) => cell.Length >= CodeLengthMin && cell.All(char.IsAsciiLetterOrDigit)
        && cell.Any(char.IsAsciiDigit);

    private static bool IsNumber(string cell) => decimal.TryParse(TitleText.Plain(cell), NumberStyles.Number,
        CultureInfo.InvariantCulture, out _);

    private static bool HasLabel(string cell)
    {
        var label = cell.IndexOfAny([':', '：']);
        var bare = TitleText.Bare(label < 0 ? cell : cell[..label]);
        return label < 0 ? FileWords.Notes.Contains(bare)
            : bare.Length is > 0 and <= LabelLengthMax && !bare.Any(char.IsAsciiDigit);
    }

    private static bool IsNote(string cell)
    {
        var bare = TitleText.Bare(cell);
        return HasLabel(cell) || Counted(cell) is not null || PageForm.IsMatch(bare) || bare.Length == 0
            || NoteBeginning.IsMatch(bare) || (cell.Length >= SentenceLengthMin && cell.Any(c => c is '。' or '；'))
            || (cell[0] is '(' or '（' or '[' or '【' && !cell.Any(char.IsAsciiDigit));
    }

    /// <summary>A line without delimiters: a row that was cut off looks so too, when its first cell is a
    /// text.</summary>
    private bool IsLoneNote(string cell) => IsNote(cell) || LoneForm.IsMatch(cell)
        || (header.Columns[0] >= 0 && template.Fields[header.Columns[0]].Identity != IdentityRole.Name && HasHan(cell));

    private static bool HasHan(string cell) => cell.EnumerateRunes().Any(r => Rune.GetUnicodeCategory(r)
        == UnicodeCategory.OtherLetter);

    private static readonly Regex PageForm = new(@"\A(第[0-9一二三四五六七八九十]+页)?(共[0-9一二三四五六七八九十]+页)?(page[0-9]+(of[0-9]+)?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    /// <summary>END, - 1 -, 1/3 and the day and hour of printing, on a line of their own.</summary>
    private static readonly Regex LoneForm = new(@"\A([A-Za-z]{1,12}|[-–—~ ]+[0-9]{1,4}[-–—~ ]+"
        + @"|[0-9]{1,4} ?/ ?[0-9]{1,4}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}( [0-9]{1,2}(:[0-9]{2}){1,2})?)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    private static readonly Regex NoteBeginning = new(@"\A(注|备注|附注|说明|以上|以下|本表|此表|数据来源|资料来源|制表|填表|填报|打印|导出|统计时间|截至|截止|单位盖章|公章|盖章)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    /// <summary>Not 本页 20 条 and not 每页 20 条, which count a page; not 3 页 and not 2 户.</summary>
    private static readonly Regex CountForm = new(@"(?<!本页|每页)(共计?|总共|合计|总计|已选择|已导出|查询到|导出)[:：]?有?(?<count>[0-9]{1,12})(条|行|笔|个?记录)"
        + @"|(记录总?数|总记录数|总?条数|总?笔数|总?行数|记录条数)[:：为]?(?<count>[0-9]{1,12})(?![0-9.])"
        + @"|\A\(?(?<count>[0-9]{1,12})(rows?|records?)|total[:：]?(?<count>[0-9]{1,12})(rows?|records?)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
}
