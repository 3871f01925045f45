using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Tidy;

/// <summary>
/// How large things may grow. The line widths are ratchets on the way to 120: their numbers only go down.
/// </summary>
internal static class SizeRules
{
    private const int FileLinesMax = 500;
    private const int MethodLinesMax = 60;
    private const int ProgramLinesMax = 60;
    private const int SmallFileLines = 25;

    private const int WidthWanted = 120;
    private const int WidthMax = 160;

    /// <summary>
    /// Lines over 120 characters per project. Lower a number when its project has fewer; never raise one.
    /// </summary>
    private static readonly Dictionary<string, int> WideLines = new()
    {
        ["src/InfoHub.Cli"] = 26, ["src/InfoHub.Client"] = 4, ["src/InfoHub.Console"] = 46,
        ["src/InfoHub.Delivery"] = 10, ["src/InfoHub.Domain"] = 115, ["src/InfoHub.Host"] = 131,
        ["src/InfoHub.Intake"] = 94, ["src/InfoHub.Processing"] = 24, ["src/InfoHub.Storage"] = 199,
        ["src/InfoHub.Streaming"] = 15, ["src/InfoHub.Templates"] = 135,
        ["tests/InfoHub.Bench"] = 21, ["tests/InfoHub.Console.Tests"] = 49, ["tests/InfoHub.Repository.Tests"] = 11,
        ["tests/InfoHub.Rules.Tests"] = 106, ["tests/InfoHub.Stages.Tests"] = 85,
        ["tests/InfoHub.Storage.Tests"] = 50, ["tests/InfoHub.System.Tests"] = 154,
    };

    /// <summary>Lines over 160 characters per project; none where nothing is named.</summary>
    private static readonly Dictionary<string, int> VeryWideLines = new()
    {
        ["src/InfoHub.Host"] = 15, ["src/InfoHub.Processing"] = 0,
        ["src/InfoHub.Storage"] = 16, ["src/InfoHub.Intake"] = 1, ["src/InfoHub.Domain"] = 0,
        ["src/InfoHub.Templates"] = 3,
        ["tests/InfoHub.Bench"] = 6, ["tests/InfoHub.Console.Tests"] = 2, ["tests/InfoHub.Rules.Tests"] = 10,
        ["tests/InfoHub.Stages.Tests"] = 19, ["tests/InfoHub.Storage.Tests"] = 8, ["tests/InfoHub.System.Tests"] = 22,
    };

    public static readonly Rule[] All =
    [
        new($"no file has more than {FileLinesMax} lines", files => Measured(files)
                .Where(file => file.Lines.Length > FileLinesMax)
                .Select(file => $"{file.Path} has {file.Lines.Length} lines"),
            Planted("src/InfoHub.Domain/Planted.cs", Repeated("// line", FileLinesMax + 1)),
            Planted("src/InfoHub.Console/Planted.razor", Repeated("<br />", FileLinesMax + 1))),
        new($"no member has more than {MethodLinesMax} lines", files => files.Sources.Where(file => file.IsCSharp)
                .SelectMany(file => Members.Of(file.Code)
                    .Where(member => member.LineCount > MethodLinesMax && !IsTable(member))
                    .Select(member =>
                        $"{file.Path}:{member.FirstLine} {Short(member.Header)} has {member.LineCount} lines")),
            Planted("src/InfoHub.Domain/Planted.cs", Method(MethodLinesMax - 1)),
            Planted("src/InfoHub.Domain/Planted.cs",
                $"class A\n{{\nint B => c switch\n{{\n{Repeated("1 => 2,", MethodLinesMax)}}};\n}}\n")),
        new("every Program.cs is short", files => files.Product
                .Where(file => file.Path.EndsWith("/Program.cs", StringComparison.Ordinal)
                    && file.Lines.Length > ProgramLinesMax)
                .Select(file => $"{file.Path} has {file.Lines.Length} lines"),
            Planted("src/InfoHub.Host/Program.cs", Repeated("Run();", ProgramLinesMax + 1))),
        new($"at most a fifth of a project's files have under {SmallFileLines} lines, one apart", SmallFiles,
            Planted("src/InfoHub.Planted/Tiny.cs", "class A;\n"), Planted("src/InfoHub.Planted/Small.cs", "class B;\n"))
        {
            Together = true,
        },
        new($"lines over {WidthWanted} characters become fewer", files => TooMany(files, WidthWanted, WideLines),
            Planted("src/InfoHub.Planted/Wide.cs", $"// {new string('a', WidthWanted)}\n")),
        new($"lines over {WidthMax} characters become fewer", files => TooMany(files, WidthMax, VeryWideLines),
            Planted("src/InfoHub.Planted/Wide.cs", $"// {new string('a', WidthMax)}\n"),
            Planted("src/InfoHub.Planted/Wide.razor", $"<p>{new string('a', WidthMax)}</p>\n")),
    ];

    /// <summary>What remains of the ratchets: a number that is far above the truth is no ratchet.</summary>
    public static IEnumerable<string> Slack(RepositoryFiles files) =>
        new[] { (WidthWanted, WideLines), (WidthMax, VeryWideLines) }.SelectMany(ratchet => ratchet.Item2
            .Select(limit => (limit.Key, limit.Value, Counted: Wide(files, ratchet.Item1).GetValueOrDefault(limit.Key)))
            .Where(limit => limit.Counted > 0 && limit.Value > limit.Counted + SlackMax)
            .Select(limit =>
                $"{limit.Key}: {limit.Counted} lines over {ratchet.Item1}, the ratchet still says {limit.Value}"));

    private const int SlackMax = 20;

    public static string Method(int statements) =>
        $"class A\n{{\n    void B()\n    {{\n{Repeated("        C();", statements)}    }}\n}}\n";

    /// <summary>The rows of a table test.</summary>
    private static bool IsTable(Member member) => member.Header.Contains("TheoryData<", StringComparison.Ordinal);

    private static RepositoryFile Planted(string path, string text) => new(path, text);

    private static string Repeated(string line, int times) => string.Concat(Enumerable.Repeat(line + '\n', times));

    private static string Short(string header) =>
        header.ReplaceLineEndings(" ") is { Length: > 60 } text ? text[..60] + "…" : header;

    private static IEnumerable<RepositoryFile> Measured(RepositoryFiles files) => files.Sources
        .Concat(files.All.Where(file => file.IsProduct && Path.GetExtension(file.Path) is ".sql" or ".css" or ".js"));

    private static IEnumerable<string> SmallFiles(RepositoryFiles files) => files.Sources
        .Where(file => file.IsCSharp && file.Project.Length > 0
            && !file.Path.EndsWith("/Program.cs", StringComparison.Ordinal))
        .GroupBy(file => file.Project)
        .Select(project => (
            project.Key, All: project.Count(), Small: project.Count(file => file.Lines.Length < SmallFileLines)))
        .Where(project => project.Small > 1 && project.Small * 5 > project.All)
        .Select(project => $"{project.Key}: {project.Small} of {project.All} files have under {SmallFileLines} lines");

    private static Dictionary<string, int> Wide(RepositoryFiles files, int width) => files.Sources
        .GroupBy(file => file.Project)
        .ToDictionary(project => project.Key,
            project => project.Sum(file => file.Lines.Count(line => line.Length > width)));

    private static IEnumerable<string> TooMany(RepositoryFiles files, int width, Dictionary<string, int> limits) =>
        Wide(files, width).Where(project => project.Value > limits.GetValueOrDefault(project.Key))
            .Select(project => $"{project.Key} has {project.Value} lines over {width} characters, "
                + $"{limits.GetValueOrDefault(project.Key)} are tolerated");
}
