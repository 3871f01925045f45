using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// Lines of arithmetic and evidence as officers read them: zh-CN, no personal data, invariant numbers.
/// </summary>
internal static class Wording
{
    public static string Plain(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Percent(decimal share) => Plain(share * 100m) + "%";

    public static ArithmeticLine Line(string label, Money value, string source, string expression = "") =>
        new(label, expression, value.ToString(), "元", source);

    public static ArithmeticLine Line(string label, decimal value, string unit, string source, string expression = "") =>
        new(label, expression, Plain(value), unit, source);

    public static ArithmeticLine Line(string label, string value, string source) => new(label, "", value, "", source);

    /// <summary>The last day of a term, and why it is not the day the term counts to.</summary>
    /// <param name="source">The law that gives the term.</param>
    public static ArithmeticLine Line(string label, LegalDay day, string source) =>
        new(label, day.Reason, Day(day.Day), "", day.Citation.Length > 0 ? $"{source}；{day.Citation}" : source);

    public static ArithmeticLine Line(string label, ParameterValue value, string unit) =>
        new(label, "", Plain(value.Value), unit, value.Citation);

    public static Evidence Evidence(Fact fact, string summary) =>
        new(fact.Template.Item, fact.SubmissionId, fact.Row, fact.RowHash, summary);

    /// <summary>Each row once, in an order that does not depend on how the facts came.</summary>
    public static ImmutableArray<Evidence> Ordered(IEnumerable<Evidence> evidence) =>
        [.. evidence.DistinctBy(e => (e.Item, e.SubmissionId, e.Row))
            .OrderBy(e => e.Item, StringComparer.Ordinal).ThenBy(e => e.SubmissionId).ThenBy(e => e.Row)];

    /// <summary>True when all evidence that is not the tax bureau's own comes from exactly one department.</summary>
    public static bool SingleSource(ImmutableArray<Evidence> evidence) =>
        evidence.Select(e => DepartmentOf(e.Item)).Where(d => d != "SW").Distinct().Count() == 1;

    /// <summary><c>GD</c> of <c>GD-01</c>.</summary>
    public static string DepartmentOf(string item) => item[..item.IndexOf('-', StringComparison.Ordinal)];
}
