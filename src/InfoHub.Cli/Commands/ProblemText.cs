using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Cli.Commands;

/// <summary>How a numbered problem reads: code, what happened, what to do.</summary>
internal static partial class ProblemText
{
    /// <summary>The protobuf JSON form, with zeros, on one line.</summary>
    public static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>JSON of our own, with Chinese as it is.</summary>
    public static readonly JsonSerializerOptions PlainJson =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter to, Problem problem, string indent = "")
    {
        to.WriteLine($"{indent}{problem.Code} {Terminal.Clean(problem.Kind.TitleZh)}：{Terminal.Clean(problem.Detail)}");
        to.WriteLine($"{indent}  → {Terminal.Clean(problem.Remedy)}");
    }

    public static void Write(TextWriter to, Wire.Problem problem, string indent)
    {
        to.WriteLine($"{indent}{problem.Code} {Terminal.Clean(problem.Title)}：{Terminal.Clean(problem.Detail)}");
        to.WriteLine($"{indent}  → {Terminal.Clean(problem.Remedy)}");
    }

    public static Wire.Problem ToWire(Problem problem) => new()
    {
        Code = problem.Code, Title = problem.Kind.TitleZh, Detail = problem.Detail, Remedy = problem.Remedy,
        TitleEn = problem.Kind.TitleEn, RemedyEn = problem.RemedyEn,
    };

    public static string TitleOf(string code) => ProblemCatalogue.All.TryGetValue(code, out var kind) ? kind.TitleZh
        : "（本版客户端未收录此代码）";

    /// <summary>
    /// The remedy for many rows at once. What differs by row is not said here: the rows themselves say it.
    /// </summary>
    /// <param name="column">Of the template; null for the whole row, or when it is not known here.</param>
    public static string RemedyOf(string code, string title, Field? column)
    {
        if (!ProblemCatalogue.All.TryGetValue(code, out var kind))
            return "请升级客户端，或用 infohub errors 查看逐行说明。";
        var remedy = kind.RemedyZh.Replace("{field}", title, StringComparison.Ordinal);
        if (column is not null && Expectation.Of(column) is { Length: > 0 } expected)
            remedy = remedy.Replace("{expected}", expected, StringComparison.Ordinal);
        return Placeholder().IsMatch(remedy) ? "各行应填的内容不同，请看逐行说明。" : remedy;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
