using System.Text.RegularExpressions;
using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Docs;

/// <summary>What the documents point to exists, and what they tell the reader to type is understood.</summary>
internal static partial class DocRules
{
    private static readonly string[] Folders = ["src/", "tests/", "protos/", "partner-templates/", "InfoHub."];

    public static readonly Rule[] All =
    [
        new("every relative link leads somewhere", files => Documents(files).SelectMany(file => DeadLinks(files, file)),
            new RepositoryFile("src/Planted.md", "[gone](../gone.md)"),
            new RepositoryFile("src/Planted.md", "[gone]: nowhere/x.md"),
            new RepositoryFile("src/Planted.md", "# Here I am\n[there](#there-i-am)"),
            new RepositoryFile("Planted.md", "[out](../other/README.md)")),
        new("the solution holds every project, and no other", files => Solution(files).Concat(OnDisk(files)).Distinct()
                .Where(path => !Solution(files).Contains(path) || files.Find(path) is null)
                .Select(path => files.Find(path) is null
                    ? $"{path} is in the solution only" : $"{path} is not in the solution"),
            new RepositoryFile("src/InfoHub.Unlisted/InfoHub.Unlisted.csproj", "<Project />"),
            new RepositoryFile("InfoHub.sln", "Project(\"{F}\") = \"A\", \"src\\A\\A.csproj\", \"{B}\"")),
        new("every path of the architecture and the decisions exists", files => Documents(files)
                .Where(file => file.Path == "src/ARCHITECTURE.md"
                    || file.Path.StartsWith("src/decisions/", StringComparison.Ordinal))
                .SelectMany(file => Markdown.Read(file.Text).Spans
                    .Where(span => IsGone(files, span.Groups["code"].Value))
                    .Select(span => $"{file.At(span.Index)} {span.Value}")),
            new RepositoryFile("src/ARCHITECTURE.md", "Start at `src/InfoHub.Intake/Gone/Desk.cs`."),
            new RepositoryFile("src/decisions/0099-planted.md", "See `InfoHub.Storage/Gone.cs`."),
            new RepositoryFile("src/decisions/0099-planted.md", "See `tests/InfoHub.Gone.Tests/`.")),
        new("every guard that a comment names exists", files => files.Product.SelectMany(file => Guard()
                .Matches(file.Text).Where(guard => !TestClasses(files).Contains(guard.Value))
                .Select(guard => $"{file.At(guard.Index)} {guard.Value}")),
            new RepositoryFile("src/InfoHub.Domain/Planted.cs", "/// <summary>FROZEN (VanishedTests).</summary>")),
        new("every command of a document is understood", files => Documents(files)
            .SelectMany(file => Unknown(files, file)),
            new RepositoryFile("Planted.md", "Type `infohub launch --now`."),
            new RepositoryFile("Planted.md", "```sh\n./hub levitate\n```"),
            new RepositoryFile("Planted.md", "```console\n$ infohub push --colour GD-01_202503.csv\n```"),
            new RepositoryFile("Planted.md", "Type `infohub receipt verify a.json --colour red`."),
            new RepositoryFile("Planted.md", "```sh\ninfohub-host run \\\n  --colour blue\n```")),
    ];

    private static IEnumerable<RepositoryFile> Documents(RepositoryFiles files) =>
        files.All.Where(file => file.IsMarkdown && !file.Path.StartsWith("tests/", StringComparison.Ordinal));

    private static IEnumerable<string> DeadLinks(RepositoryFiles files, RepositoryFile file)
    {
        foreach (var link in Markdown.Read(file.Text).Links.Where(link => !Elsewhere().IsMatch(link)))
        {
            var parts = Uri.UnescapeDataString(link).Split('#', 2);
            var path = parts[0].Length == 0 ? file.Path : Resolve(Path.GetDirectoryName(file.Path)!, parts[0]);
            if (path.Length > 0 && !files.Has(path))
                yield return $"{file.Path}: ({link}) leads nowhere";
            else if (parts.Length == 2 && files.Find(path) is { IsMarkdown: true } target
                && !Markdown.Read(target.Text).Anchors.Contains(parts[1]))
                yield return $"{file.Path}: ({link}) has no such heading";
        }
    }

    private static string Resolve(string folder, string link)
    {
        var full = Path.GetFullPath(Path.Combine(RepositoryFiles.Root, folder, link));
        var path = Path.GetRelativePath(RepositoryFiles.Root, full).Replace('\\', '/');
        return path == "." ? "" : path;
    }

    private static HashSet<string> Solution(RepositoryFiles files) =>
        [.. ProjectLine().Matches(files.Find("InfoHub.sln")!.Text)
            .Select(match => match.Groups[1].Value.Replace('\\', '/'))];

    private static IEnumerable<string> OnDisk(RepositoryFiles files) =>
        files.All.Where(file => file.IsProject).Select(file => file.Path);

    /// <summary>Only what is spelt out in full can be looked up: no wildcards, placeholders or ellipses.</summary>
    private static bool IsGone(RepositoryFiles files, string code)
    {
        var path = LineNumber().Replace(code.Trim(), "").TrimEnd('/');
        if (!Folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) || !WholePath().IsMatch(path))
            return false;
        return !files.Has(path) && !files.Has("src/" + path) && !files.Has("tests/" + path);
    }

    private static IEnumerable<string> Unknown(RepositoryFiles files, RepositoryFile file)
    {
        var text = Markdown.Read(file.Text);
        var lines = text.Fences.SelectMany(fence => Continued().Replace(fence.Text, " ").Split('\n'))
            .Concat(text.Spans.Select(span => span.Groups["code"].Value));
        return lines.SelectMany(line => Typed().Matches(line))
            .SelectMany(typed => Faults(
                    files, typed.Groups["program"].Value, typed.Groups["verb"].Value, typed.Groups["rest"].Value)
                .Select(fault => $"{file.Path}: {typed.Value.Trim()}: {fault}"));
    }

    private static HashSet<string> TestClasses(RepositoryFiles files) => [.. files.All
        .Where(file => file.IsCSharp && file.Path.StartsWith("tests/", StringComparison.Ordinal))
        .SelectMany(file => TestClass().Matches(file.Code).Select(match => match.Groups[1].Value))];

    private static IEnumerable<string> Faults(RepositoryFiles files, string program, string verb, string rest)
    {
        if (program == "./hub" && verb == "cli")
        {
            var words = rest.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            (program, verb, rest) = ("infohub", words.ElementAtOrDefault(0) ?? "", words.ElementAtOrDefault(1) ?? "");
            if (!PlainWord().IsMatch(verb))
                yield break;
        }
        if (program == "./hub" && !ScriptVerbs(files).Contains(verb))
            yield return "./hub does not know the command";
        if (program == "./hub")
            program = "infohub-host";
        else if (!CommandHelp.Verbs(program).Contains(verb))
            yield return $"{program} does not know the command";
        var inner = rest.Trim().Split(' ')[0];
        if (CommandHelp.Verbs(program).Contains(verb))
            foreach (var option in OptionWord().Matches(rest)
                .Where(option => !CommandHelp.KnowsOption(program, verb, option.Value)
                    && !CommandHelp.InnerKnowsOption(program, (verb, inner), option.Value)))
                yield return $"no option {option.Value}";
    }

    /// <summary>The labels of the script's <c>case</c>.</summary>
    private static IEnumerable<string> ScriptVerbs(RepositoryFiles files) => files.Find("hub") is { } script
        ? CaseLabels().Matches(script.Text)
            .SelectMany(match => match.Groups[1].Value.Split('|', StringSplitOptions.TrimEntries))
        : [];

    [GeneratedRegex(@"\b[A-Z]\w+Tests\b")]
    private static partial Regex Guard();

    [GeneratedRegex(@"\bclass\s+(\w+Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"^([a-z][a-z+.-]*:|//)")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"""([^""]+\.csproj)""")]
    private static partial Regex ProjectLine();

    [GeneratedRegex(@":\d+(-\d+)?$")]
    private static partial Regex LineNumber();

    [GeneratedRegex(@"^[\w.-]+(/[\w.-]+)+$")]
    private static partial Regex WholePath();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(?<=^|[\s$(;&|])(?<program>\./hub|infohub-host|infohub)\s+(?<verb>[a-z][a-z-]*)(?![\w./=-])(?<rest>[^|;&>#]*)")]
    private static partial Regex Typed();

    [GeneratedRegex(@"^[a-z][a-z-]*$")]
    private static partial Regex PlainWord();

    [GeneratedRegex(@"(?<=^|\s)--[a-z][a-z-]*")]
    private static partial Regex OptionWord();

    [GeneratedRegex(@"^\s*([a-z][a-z-]*(?:\s*\|\s*-{0,2}[a-z][a-z-]*)*)\)", RegexOptions.Multiline)]
    private static partial Regex CaseLabels();
}
