using System.Text.Json;
using Google.Protobuf;
using InfoHub.Templates.Problems;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Cli.Commands;

/// <summary>How a numbered problem reads: code, what happened, what to do.</summary>
internal static class ProblemText
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
    /// The remedy for many rows at once. The remedies of row problems hold nothing that differs by row but the column
    /// (ProblemTextTests).
    /// </summary>
    public static string RemedyOf(string code, string field) => ProblemCatalogue.All.TryGetValue(code, out var kind)
        ? new Problem(kind, ("field", field)).Remedy
        : "请升级客户端，或用 infohub errors 查看逐行说明。";
}
