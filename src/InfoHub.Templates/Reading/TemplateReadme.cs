using System.Globalization;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Writes the page a partner department reads about its template: what to send, when, why it may be asked for, each
/// column's rules, the usual mistakes and their remedies. Everything comes from the template and the problem table, so
/// the page cannot disagree with the validator. Pure; the text is Markdown in Chinese with \n line ends.
/// </summary>
public static class TemplateReadme
{
    /// <summary>A longer code list moves from the column's row to its own section.</summary>
    private const int InlineCodesMax = 7;

    public static string Render(Template template)
    {
        var page = new StringBuilder();
        WriteHead(page, template);
        WriteColumns(page, template);
        WriteKey(page, template);
        WriteMistakes(page, template);
        WriteSending(page, template);
        return page.ToString();
    }

    private static void WriteHead(StringBuilder page, Template template)
    {
        page.Append(CultureInfo.InvariantCulture, $"# {template.Item} {Inline(template.Title)}（第 {template.Version} 版）\n\n");
        page.Append("<!-- 本页由 template.odcs.yaml 生成，请勿手工修改。 -->\n\n");
        page.Append("| 项目 | 内容 |\n|---|---|\n");
        page.Append(CultureInfo.InvariantCulture, $"| 报送单位 | {Inline(template.DepartmentTitle)}（{template.Department}） |\n");
        page.Append(CultureInfo.InvariantCulture, $"| 报送频率 | {FrequencyText(template.Frequency)} |\n");
        page.Append(CultureInfo.InvariantCulture, $"| 报送期限 | {PeriodText(template.Frequency)}终了后次月 ")
            .Append(CultureInfo.InvariantCulture, $"{template.DueDay} 日前；当日为休假日的，顺延至其后第一个工作日 |\n");
        page.Append(CultureInfo.InvariantCulture, $"| 共享依据 | {Inline(template.LegalBasis)} |\n");
        if (template.Purpose.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"| 用途 | {Inline(template.Purpose)} |\n");
        page.Append(CultureInfo.InvariantCulture, $"| 整份退回 | {TemplateRowsText(template)} |\n\n");
    }

    private static string TemplateRowsText(Template template) => string.Create(CultureInfo.InvariantCulture,
        $"数据满 {Template.BadRowShareRowsMin} 行且错误行超过 {template.BadRowShareMax * 100m:0.##}% 时整份退回；其余情况正确的行照收，错误的行退回更正");

    private static void WriteColumns(StringBuilder page, Template template)
    {
        page.Append(CultureInfo.InvariantCulture, $"## 列（共 {template.Fields.Length} 列）\n\n");
        page.Append("表头写中文列名或英文列名均可，列的顺序不限，但不能缺列。可另加一列 `record_op`（A 新增、U 更新、D 删除）。\n\n");
        page.Append("| 序号 | 列名 | 英文列名 | 类型 | 必填 | 填写规则 |\n|---|---|---|---|---|---|\n");
        for (var i = 0; i < template.Fields.Length; i++)
        {
            var field = template.Fields[i];
            page.Append(CultureInfo.InvariantCulture,
                $"| {i + 1} | {Inline(field.Title)} | `{field.Name}` | {TypeText(field)} | {RequiredText(template, field)} | {RulesText(field)} |\n");
        }
        page.Append('\n');
        var listed = template.Fields.Where(f => f.Codes.Length > InlineCodesMax).ToList();
        if (listed.Count == 0)
            return;
        page.Append("## 代码表\n\n");
        foreach (var field in listed)
            page.Append(CultureInfo.InvariantCulture, $"- **{Inline(field.Title)}** `{field.Name}`：{CodesText(field)}\n");
        page.Append('\n');
    }

    private static string TypeText(Field field) => field.Kind switch
    {
        FieldKind.Text when field.LengthMin == field.LengthMax => $"文字，{field.LengthMax} 位",
        FieldKind.Text when field.LengthMin > 0 => $"文字，{field.LengthMin} 至 {field.LengthMax} 位",
        FieldKind.Text => $"文字，最长 {field.LengthMax} 字",
        FieldKind.Code => $"代码，最长 {field.LengthMax} 位",
        FieldKind.Number when field.Scale == 0 => $"整数，最多 {field.Precision} 位",
        FieldKind.Number => $"数字，最多 {field.Precision} 位，其中小数 {field.Scale} 位",
        FieldKind.Date => "日期 YYYY-MM-DD",
        FieldKind.Month => "月份 YYYYMM",
        FieldKind.Year => "年份 YYYY",
        FieldKind.Quarter => "季度 YYYYQn",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "no such kind"),
    };

    private static string RequiredText(Template template, Field field)
    {
        if (field.RequiredUnless.Length > 0)
            return $"是；填有{string.Join("或", field.RequiredUnless.Select(n => Reference(template, n)))}时可空";
        if (field.RequiredWhen is { } when)
            return $"{Reference(template, when.Field)}为 {Inline(string.Join("、", when.Values))} 时必填";
        return field.Required ? "是" : "否";
    }

    private static string Reference(Template template, string name) => $"“{Inline(template.Fields[template.IndexOf(name)].Title)}”";

    private static string RulesText(Field field)
    {
        var rules = new List<string>();
        if (field.KeyPosition > 0)
            rules.Add("主键");
        if (field.Codes.Length > InlineCodesMax)
            rules.Add("取值见代码表");
        else if (field.Codes.Length > 0)
            rules.Add(CodesText(field));
        if (field.Unit.Length > 0)
            rules.Add($"单位：{Inline(field.Unit)}");
        if (RangeText(field) is { Length: > 0 } range)
            rules.Add($"{range}，超出{DispositionText(field.RangeDisposition)}");
        if (field.Check != FieldCheck.None)
            rules.Add($"{CheckText(field.Check)}，不符{DispositionText(field.CheckDisposition)}");
        if (field.Pattern is { } pattern)
            rules.Add($"格式 {Code(pattern)}");
        if (field.IsDataPeriod)
            rules.Add("应为报送所属期，其他月份提示");
        if (field.FutureAllowed)
            rules.Add("可晚于填报日");
        if (field.LeadingZeros)
            rules.Add("可能以 0 开头，在工作簿里须存为文本");
        if (field.Sensitivity != Sensitivity.Internal)
            rules.Add("加密保存、屏蔽显示");
        if (field.Note.Length > 0)
            rules.Add(Inline(field.Note));
        return string.Join("；", rules);
    }

    private static string CodesText(Field field) =>
        string.Join("、", field.Codes.Select(c => $"{Code(c.Code)} {Inline(c.Title)}")) + (field.CodesOpen ? "（其他值提示）" : "");

    private static string RangeText(Field field) => (field.Min, field.Max) switch
    {
        ({ } min, { } max) => $"{NumberText(min)} 至 {NumberText(max)}",
        ({ } min, null) => $"不小于 {NumberText(min)}",
        (null, { } max) => $"不大于 {NumberText(max)}",
        _ => "",
    };

    private static string NumberText(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static string DispositionText(Disposition disposition) => disposition == Disposition.Warn ? "提示" : "退回该行";

    private static string CheckText(FieldCheck check) => check switch
    {
        FieldCheck.Uscc => "按统一社会信用代码校验（GB 32100）",
        FieldCheck.OrganisationCode => "按组织机构代码校验（GB 11714）",
        FieldCheck.CitizenId => "按公民身份号码校验（GB 11643）",
        FieldCheck.RegistrationNumber => "按注册号校验（GS 15）",
        FieldCheck.TaxpayerNumber => "按纳税人识别号校验",
        FieldCheck.Division => "6 位行政区划代码（GB/T 2260）",
        FieldCheck.Town => "9 位街道乡镇代码（GB/T 10114）",
        FieldCheck.Industry => "行业代码（GB/T 4754）",
        FieldCheck.DocumentByType => "按证件类型校验证件号码",
        FieldCheck.UsccOrCitizenId => "统一社会信用代码或公民身份号码",
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "no such check"),
    };

    private static void WriteKey(StringBuilder page, Template template)
    {
        var names = template.Key.Select(k => template.Fields[k]).Select(f => $"{Inline(f.Title)} `{f.Name}`");
        page.Append("## 主键\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{string.Join(" + ", names)}。同一文件内主键不能重复；以后报送同一主键的行即为更正。\n\n");
    }

    private static void WriteMistakes(StringBuilder page, Template template)
    {
        page.Append("## 常见错误与改法\n\n| 编号 | 错误 | 后果 | 改法 |\n|---|---|---|---|\n");
        foreach (var (kind, dispositions) in Mistakes(template).Where(m => m.Dispositions.Length > 0))
        {
            var problem = new Problem(kind, ("template", template.Id),
                ("next", "下一个序号"));
            page.Append(CultureInfo.InvariantCulture,
                $"| {kind.Code} | {Inline(kind.TitleZh)} | {ConsequenceText(dispositions)} | {Inline(problem.Remedy)} |\n");
        }
        page.Append('\n');
    }

    private static string ConsequenceText(Disposition[] dispositions) => dispositions switch
    {
        [Disposition.Warn] => "提示，照收",
        [Disposition.RejectRow] => "退回该行",
        [Disposition.RefuseFile] => "整份退回",
        _ => "退回该行或提示，见填写规则",
    };

    /// <summary>
    /// The mistakes this template's columns invite, in the order of the problem table, with what each leads to.
    /// </summary>
    private static (ProblemKind Kind, Disposition[] Dispositions)[] Mistakes(Template template)
    {
        static bool HoldsUscc(Field f) => f.Check is FieldCheck.Uscc or FieldCheck.TaxpayerNumber or FieldCheck.UsccOrCitizenId;
        (ProblemKind, Disposition[]) Always(ProblemKind kind) => (kind, [kind.Disposition]);
        (ProblemKind, Disposition[]) If(ProblemKind kind, Func<Field, bool> test) =>
            (kind, template.Fields.Any(test) ? [kind.Disposition] : []);
        (ProblemKind, Disposition[]) Checked(ProblemKind kind, Func<Field, bool> test) => (kind,
            [.. template.Fields.Where(test).Select(f => kind.Disposition == Disposition.Warn ? Disposition.Warn : f.CheckDisposition).Distinct()]);
        return
        [
            Always(ProblemCatalogue.HeaderMismatch),
            Always(ProblemCatalogue.EncodingUnknown),
            Always(ProblemCatalogue.CellMissing),
            If(ProblemCatalogue.NotANumber, f => f.Kind == FieldKind.Number),
            If(ProblemCatalogue.NumberGrouped, f => f.Kind == FieldKind.Number),
            If(ProblemCatalogue.NumberWithUnit, f => f.Kind == FieldKind.Number),
            If(ProblemCatalogue.NotADate, f => f.Kind == FieldKind.Date),
            If(ProblemCatalogue.DateRewritten, f => f.Kind == FieldKind.Date),
            If(ProblemCatalogue.NotAPeriod, f => f.Kind is FieldKind.Month or FieldKind.Year or FieldKind.Quarter),
            If(ProblemCatalogue.CodeUnknown, f => f.Codes.Length > 0 && !f.CodesOpen),
            If(ProblemCatalogue.CodeUnlisted, f => f.CodesOpen),
            If(ProblemCatalogue.LeadingZerosLost, f => f.Check is FieldCheck.OrganisationCode or FieldCheck.Industry
                || f.Codes.Any(c => c.Code[0] == '0')),
            If(ProblemCatalogue.OutOfRange, f => HasRange(f) && f.RangeDisposition == Disposition.RejectRow),
            If(ProblemCatalogue.RangeDoubtful, f => HasRange(f) && f.RangeDisposition == Disposition.Warn),
            If(ProblemCatalogue.ExcelSerialDate, f => f.Kind == FieldKind.Date),
            If(ProblemCatalogue.ScientificNotation, f => f.Kind == FieldKind.Text && f.Identity != IdentityRole.None),
            Checked(ProblemCatalogue.UsccCharacter, HoldsUscc),
            Checked(ProblemCatalogue.UsccCheckDigit, HoldsUscc),
            Checked(ProblemCatalogue.CitizenIdCheckDigit, f => f.Check is FieldCheck.CitizenId or FieldCheck.DocumentByType
                or FieldCheck.UsccOrCitizenId),
            Checked(ProblemCatalogue.DivisionForm, f => f.Check is FieldCheck.Division or FieldCheck.Town),
            Checked(ProblemCatalogue.IndustryForm, f => f.Check == FieldCheck.Industry),
            If(ProblemCatalogue.ConditionMissing, f => f.RequiredWhen is not null),
            Always(ProblemCatalogue.CellCount),
            If(ProblemCatalogue.OtherPeriod, f => f.IsDataPeriod),
            If(ProblemCatalogue.TotalRow, f => f.Kind == FieldKind.Number),
            If(ProblemCatalogue.TotalDiffers, f => f.Kind == FieldKind.Number),
            Always(ProblemCatalogue.KeyDuplicate),
        ];
    }

    private static bool HasRange(Field field) => field.Min is not null || field.Max is not null;

    private static void WriteSending(StringBuilder page, Template template)
    {
        var period = template.Frequency switch { PeriodKind.Quarter => "2025Q1", PeriodKind.Year => "2025", _ => "202503" };
        page.Append("## 怎样报送\n\n");
        page.Append(CultureInfo.InvariantCulture, $"1. 导出为 CSV（UTF-8 或 GBK/GB18030，逗号、制表符、分号或竖线分隔）或 xlsx，文件名写“信息项_所属期”：`{template.Item}_{period}.csv`；补充或更正时加序号：`{template.Item}_{period}_2.csv`。\n");
        page.Append("2. 在报送机上执行：\n\n");
        page.Append(CultureInfo.InvariantCulture, $"   ```\n   infohub push {template.Item}_{period}.csv\n   ```\n\n");
        page.Append("3. 按回执改正退回的行，只报改正的行即可。\n\n");
        page.Append("`samples/valid.csv` 是可直接照填的样例；`samples/invalid.csv` 每行埋有错误，答案在 `samples/problems.json`（行号从表头下一行起算，第一行为 1；`field` 为英文列名，整行的错误为空）。样例的所属期为 ");
        page.Append(CultureInfo.InvariantCulture, $"{period}，其中单位、人员和号码均为虚构。\n");
    }

    private static string FrequencyText(PeriodKind frequency) => frequency switch
    {
        PeriodKind.Month => "每月",
        PeriodKind.Quarter => "每季度",
        PeriodKind.Year => "每年",
        _ => throw new ArgumentOutOfRangeException(nameof(frequency), frequency, "no such frequency"),
    };

    private static string PeriodText(PeriodKind frequency) => frequency switch
    {
        PeriodKind.Month => "所属月",
        PeriodKind.Quarter => "所属季度",
        _ => "所属年度",
    };

    /// <summary>Template text is a partner's: it may break neither the table nor the page.</summary>
    private static string Inline(string text) => new StringBuilder(text)
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("|", "\\|")
        .Replace("\r", "").Replace("\n", " ").ToString();

    private static string Code(string text) => "`" + text.Replace("|", "\\|", StringComparison.Ordinal)
        .Replace('`', '\'').Replace('\n', ' ') + "`";
}
