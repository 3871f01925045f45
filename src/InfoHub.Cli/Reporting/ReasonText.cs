using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Local = InfoHub.Templates.Checks;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Cli.Reporting;

/// <summary>A row error in words: what is wrong where, what stands there, what to do.</summary>
internal static class ReasonText
{
    /// <param name="template">Tells the column's title.</param>
    public static RejectedReason Of(Local.RowError error, Template template)
    {
        var index = template.IndexOf(error.Field);
        var title = index < 0 ? error.Field : template.Fields[index].Title;
        (string, string)[] values =
        [
            ("field", title.Length == 0 ? "本行" : title), ("expected", error.Expected),
            ("when", error.Expected), ("first", error.Expected), ("key", error.RowKey),
        ];
        var problem = new Problem(error.Kind, values);
        return new RejectedReason(error.Kind.Code,
            error.Row == 0 ? Notice(title, error.Kind.TitleZh, error.Observed)
                : Sentence(error.Kind.Code, title, error.Kind.TitleZh, error.Observed, error.Expected), problem.Remedy);
    }

    public static RejectedReason Of(Wire.RowError error, string title) => new(error.Code,
        Sentence(error.Code, error.FieldTitle.Length > 0 ? error.FieldTitle
            : error.Field, title, error.Observed, error.Expected),
            error.Fix);

    /// <summary>About the file as a whole: where and how much.</summary>
    public static string Notice(string field, string title, string place) =>
        $"{(field.Length == 0 ? "" : $"{field}：")}{title}（{place}）";

    private static string Sentence(string code, string field, string title, string observed, string expected)
    {
        var where = field.Length == 0 ? "" : $"{field}：";
        var seen = observed.Length == 0 ? "" : $"，填报“{observed}”";
        var saysWhy = ProblemCatalogue.All.TryGetValue(code, out var kind) && ProblemGuide.SaysWhy(kind);
        return where + title + seen + (expected.Length == 0 ? "" : saysWhy ? $"：{expected}" : $"，应为 {expected}");
    }
}
