using System.Collections.Frozen;
using System.Text;

namespace InfoHub.Templates.Problems;

/// <summary>Problems that are met at the same point of the way, zh-CN.</summary>
/// <param name="Prefix">What their codes begin with: IH-INT-2.</param>
/// <param name="Title">文件</param>
/// <param name="About">When they are met.</param>
public sealed record ProblemFamily(string Prefix, string Title, string About);

/// <summary>
/// The list of numbered problems as people read it: by family, with what becomes of row or file, and with names instead
/// of the braces that a real problem fills.
/// </summary>
public static class ProblemGuide
{
    private const string Refused = "整份退回，本次不入库任何一行";

    private static readonly FrozenDictionary<string, string> ValueNames = new Dictionary<string, string>
    {
        ["address"] = "地址", ["bad"] = "错误行数", ["character"] = "字符", ["column"] = "列名", ["current"] = "现行版本",
        ["declared"] = "声明的内容", ["default"] = "默认值", ["durable"] = "已存偏移", ["example"] = "示例",
        ["expected"] = "约定", ["field"] = "字段", ["file"] = "文件名", ["finding"] = "疑点编号", ["first"] = "首次出现的行",
        ["form"] = "格式", ["found"] = "实际内容", ["guess"] = "推测的编码", ["incident"] = "事件编号", ["item"] = "信息项",
        ["key"] = "键", ["known"] = "可用的信息项", ["line"] = "行号", ["max"] = "上限", ["missing"] = "缺少的列",
        ["name"] = "名称", ["next"] = "下一序号", ["offered"] = "本次内容", ["offset"] = "偏移", ["onFile"] = "已存内容",
        ["period"] = "所属期", ["position"] = "位置", ["reason"] = "原因", ["received"] = "实际内容", ["remedy"] = "处理办法",
        ["rows"] = "行数", ["seconds"] = "秒数", ["share"] = "比例", ["size"] = "大小", ["state"] = "状态",
        ["submission"] = "报送编号", ["template"] = "模板", ["top"] = "错误说明", ["unknown"] = "多出的列", ["value"] = "值",
        ["version"] = "版本", ["what"] = "对象", ["when"] = "日期", ["where"] = "位置", ["who"] = "账号",
        ["base"] = "被更正的报送编号", ["computed"] = "各行之和", ["hub"] = "平台环境", ["marked"] = "标记的环境",
        ["profile"] = "登录环境", ["receipt"] = "回执", ["row"] = "行号", ["sheet"] = "工作表", ["stated"] = "所列合计",
        ["twice"] = "重复的列", ["unit"] = "单位", ["provider"] = "驱动名称", ["folder"] = "目录", ["schedule"] = "定时表达式",
        ["year"] = "年份", ["why"] = "原因", ["near"] = "相近的配置项",
        ["wanted"] = "应有的列名", ["title"] = "名称", ["header"] = "表头的行号", ["seems"] = "看来的所属期", ["places"] = "所在的列",
        ["today"] = "今天的日期", ["mend"] = "改法",
        ["command"] = "命令", ["columns"] = "列名", ["usable"] = "可用的名称", ["count"] = "数量", ["stage"] = "环节",
        ["place"] = "位置和数量", ["sheets"] = "工作表名称和行数",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Where one kind means something narrower by a name that others use too.</summary>
    private static readonly FrozenDictionary<(ProblemKind, string), string> OwnNames =
        new Dictionary<(ProblemKind, string), string>
        {
            [(ProblemCatalogue.DelimiterWrong, "found")] = "实际分隔符",
            [(ProblemCatalogue.ManifestDiffers, "stated")] = "申报的数",
            [(ProblemCatalogue.ManifestDiffers, "found")] = "收到的数",
            [(ProblemCatalogue.CellCount, "found")] = "实际列数",
            [(ProblemCatalogue.CellCount, "expected")] = "应有列数",
            [(ProblemCatalogue.SheetUnknown, "known")] = "现有的工作表",
            [(ProblemCatalogue.PeriodNotBegun, "first")] = "期间的第一天",
            [(ProblemCatalogue.HeaderSplit, "next")] = "下一行的行号",
            [(ProblemCatalogue.ConditionMissing, "when")] = "条件",
        }.ToFrozenDictionary();

    /// <summary>In the order a file meets them. The last one takes every code without a family of its own.</summary>
    public static IReadOnlyList<ProblemFamily> Families { get; } =
    [
        new("IH-INT-1", "登录、调用与上传", "连接平台、登录、打开报送和上传文件时。"),
        new("IH-INT-2", "文件", "平台读文件时：编码、表头、分隔符、整份文件的错误率。"),
        new("IH-INT-3", "单元格", "检查一行里的某一格时。"),
        new("IH-INT-4", "整行", "检查一行的结构和各格之间的关系时。"),
        new("IH-INT-5", "行与行之间", "同一文件或各次报送的行互相核对时。"),
        new("IH-TPL-", "数据采集模板", "提交或读取模板时。"),
        new("IH-MAT-", "归户", "用 hub link 把文件中的行与登记册对应时。"),
        new("IH-STO-", "平台自身故障", "平台处理已入库的数据时出错，需要平台维护方处理；部门不必重新报送。"),
        new("IH-DLV-", "查询与推送", "使用方查询疑点时。"),
        new("IH-CFG-", "安装与配置", "启动平台或客户端时。"),
        new("IH-", "其他", "不属于以上各类的问题。"),
    ];

    /// <summary>Never null: see <see cref="Families"/>.</summary>
    public static ProblemFamily FamilyOf(ProblemKind kind) =>
        Families.First(family => kind.Code.StartsWith(family.Prefix, StringComparison.Ordinal));

    /// <summary>What becomes of the row, the file or the call, zh-CN.</summary>
    public static string Consequence(ProblemKind kind) => (kind.Disposition, FamilyOf(kind).Prefix) switch
    {
        (Disposition.Warn, "IH-CFG-") => "提醒：平台照常运行",
        (Disposition.Warn, _) => "提醒：该行照常入库",
        (Disposition.RejectRow, _) => "该行退回，其余行照常入库",
        _ when kind == ProblemCatalogue.CheckFailed || kind == ProblemCatalogue.ManifestDiffers => Refused,
        (_, "IH-INT-1") => "本次调用不受理，已收到的内容不变",
        (_, "IH-TPL-") => "模板不受理，现行模板不变",
        (_, "IH-MAT-") => "不归户，不写任何文件",
        (_, "IH-STO-") => "已入库的数据保留，排除故障后继续处理",
        (_, "IH-DLV-") => "本次查询不受理",
        (_, "IH-CFG-") => "程序不启动，直到改正",
        _ => Refused,
    };

    /// <summary>
    /// What a row error of the kind gives as "expected" says why, in a sentence of its own, and not what should stand
    /// there.
    /// </summary>
    public static bool SaysWhy(ProblemKind kind) => Reasons.Contains(kind);

    private static readonly FrozenSet<ProblemKind> Reasons = new[]
    {
        ProblemCatalogue.UsccCharacter, ProblemCatalogue.CitizenIdForm, ProblemCatalogue.CodeForeignLetter,
        ProblemCatalogue.CodeImpossible, ProblemCatalogue.CharacterLost, ProblemCatalogue.DivisionUnknown,
        ProblemCatalogue.KeyDuplicate,
    }.ToFrozenSet();

    /// <summary>What happened, with 〈names〉 for the braces.</summary>
    public static string Detail(ProblemKind kind) => Readable(kind.DetailZh, kind);

    /// <summary>What to do, with 〈names〉 for the braces.</summary>
    public static string Remedy(ProblemKind kind) => Readable(kind.RemedyZh, kind);

    /// <summary>The text with 〈names〉 for the braces; a brace without a name becomes 〈…〉.</summary>
    /// <param name="text">zh-CN, with braces.</param>
    /// <param name="kind">Whose text it is, or null.</param>
    public static string Readable(string text, ProblemKind? kind = null)
    {
        var readable = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); ;)
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}');
            if (close < 0)
                return readable.Append(rest).ToString();
            var name = rest.Slice(open + 1, close - 1).ToString();
            var shown = kind is not null && OwnNames.TryGetValue((kind, name), out var own) ? own
                : ValueNames.GetValueOrDefault(name, "…");
            readable.Append(rest[..open]).Append('〈').Append(shown).Append('〉');
            rest = rest[(open + close + 1)..];
        }
    }

    /// <summary>
    /// The whole list as a document for departments, Markdown, zh-CN. The same catalogue gives the same bytes.
    /// </summary>
    public static string Document()
    {
        var text = new StringBuilder("# 问题编号一览\n\n");
        text.Append("平台和客户端遇到问题时给出编号。编号一经发布不再改变含义。〈尖括号〉处显示当时的具体内容。\n");
        foreach (var group in ByFamily())
        {
            text.Append($"\n## {group.Key.Title}（{group.Key.Prefix.TrimEnd('-')}）\n\n{group.Key.About}\n\n");
            text.Append("| 编号 | 问题 | 说明 | 结果 | 怎么办 |\n|---|---|---|---|---|\n");
            foreach (var kind in group)
                text.Append($"| {kind.Code} | {Cell(kind.TitleZh)} | {Cell(Detail(kind))} | {Consequence(kind)} ")
                    .Append($"| {Cell(Remedy(kind))} |\n");
        }
        return text.ToString();
    }

    /// <summary>Every kind, families in order, codes in order.</summary>
    public static IEnumerable<IGrouping<ProblemFamily, ProblemKind>> ByFamily() =>
        ProblemCatalogue.All.Values.GroupBy(FamilyOf).OrderBy(group => Families.TakeWhile(f => f != group.Key).Count());

    private static string Cell(string text) => text.Replace("<", "\\<", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal);
}
