using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Local = InfoHub.Templates.Checks;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Cli.Reporting;

/// <summary>A row error in words: what is wrong where, what stands there, what to do.</summary>
internal static class ReasonText
{
    /// <param name="template">Tells the column's title.</param>
    /// <param name="headerRow">Row of a spreadsheet the header stands in; 0 when it is not known.</param>
    public static RejectedReason Of(Local.RowError error, Template template, long headerRow)
    {
        var index = template.IndexOf(error.Field);
        var title = index < 0 ? error.Field : template.Fields[index].Title;
        (string, string)[] values =
        [
            ("field", title.Length == 0 ? "本行" : title), ("expected", error.Expected),
            ("when", error.Expected), ("first", Local.SheetRow.Of(error.Expected, headerRow)), ("key", error.RowKey),
        ];
        var problem = new Problem(error.Kind, values);
        return new RejectedReason(error.Kind.Code,
            error.Row == 0 ? Notice(title, error.Kind.TitleZh, error.Observed)
                : Sentence(title, error.Kind.TitleZh, error.Observed, Expected(error.Kind.Code, error.Expected,
                    headerRow)),
            problem.Remedy);
    }

    /// <param name="title">Of the problem.</param>
    /// <param name="headerRow">Row of a spreadsheet the header stands in; 0 when it is not known.</param>
    public static RejectedReason Of(Wire.RowError error, string title, long headerRow)
    {
        var field = error.FieldTitle.Length > 0 ? error.FieldTitle : error.Field;
        return new RejectedReason(error.Code, error.Row == 0 ? Notice(field, title, error.Observed)
            : Sentence(field, title, error.Observed, Expected(error.Code, error.Expected, headerRow)), error.Fix);
    }

    /// <summary>What is beside the cell in words; not always something that should have stood there.</summary>
    public static string Expected(string code, string expected, long headerRow) => expected.Length == 0 ? ""
        : code == ProblemCatalogue.KeyDuplicate.Code ? $"与{RowOf(expected, headerRow)}相同"
        : code == ProblemCatalogue.NamelessCell.Code ? expected
        : code == ProblemCatalogue.ConditionMissing.Code ? $"条件：{expected}"
        : code == ProblemCatalogue.OtherPeriod.Code ? $"本次报送的是 {expected}"
        : code == ProblemCatalogue.UsccCheckDigit.Code ? $"按前 17 位推算，第 18 位应为 {expected}"
        : code == ProblemCatalogue.DateRewritten.Code || code == ProblemCatalogue.PeriodRewritten.Code
            ? $"已按 {expected} 读取"
        : code == ProblemCatalogue.LeadingZerosLost.Code ? $"补零后是 {expected}"
        // One code and no list of them: the cell holds the name of that code.
        : code == ProblemCatalogue.CodeUnknown.Code && !expected.Contains(' ', StringComparison.Ordinal) ? $"请填 {expected}"
        : ProblemCatalogue.All.TryGetValue(code, out var kind) && ProblemGuide.SaysWhy(kind) ? expected
        : $"应为 {expected}";

    /// <summary>About the file as a whole: where and how much.</summary>
    public static string Notice(string field, string title, string place) =>
        $"{(field.Length == 0 ? "" : $"{field}：")}{title}（{place}）";

    /// <param name="text">Names a data row by its number.</param>
    private static string RowOf(string text, long headerRow)
    {
        var row = string.Concat(text.Where(char.IsAsciiDigit));
        return headerRow > 0 ? $"表格第 {Local.SheetRow.Of(row, headerRow)} 行" : $"数据第 {row} 行";
    }

    private static string Sentence(string field, string title, string observed, string expected)
    {
        var where = field.Length == 0 ? "" : $"{field}：";
        var seen = observed.Length == 0 ? "" : $"，填报“{observed}”";
        return where + title + seen + (expected.Length == 0 ? "" : $"，{expected}");
    }
}
