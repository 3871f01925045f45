namespace InfoHub.Repository.Tests.Sources;

/// <summary>One text file as the rules see it. Path is relative to the repository root, with forward slashes.</summary>
internal sealed record RepositoryFile(string Path, string Text)
{
    private string? _code;
    private string[]? _lines;

    public string[] Lines => _lines ??= Text.TrimEnd('\n').Split('\n');

    /// <summary>C# with comments and the inside of literals blanked; other languages as they stand.</summary>
    public string Code => _code ??= IsCSharp ? CSharpText.Blank(Text) : Text;

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsRazor => Path.EndsWith(".razor", StringComparison.Ordinal);

    public bool IsSource => IsCSharp || IsRazor;

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public bool IsMarkdown => Path.EndsWith(".md", StringComparison.Ordinal);

    public bool IsProduct => Path.StartsWith("src/InfoHub.", StringComparison.Ordinal);

    /// <summary>Copies of somebody else's interface: its names and shapes are not ours to choose.</summary>
    public bool IsStandIn => Path.StartsWith("src/StandIns/", StringComparison.Ordinal);

    /// <summary>The rules themselves: they spell out what they forbid.</summary>
    public bool IsRule => Path.StartsWith("tests/InfoHub.Repository.Tests/", StringComparison.Ordinal);

    /// <summary><c>src/InfoHub.Intake</c>; empty for files outside src and tests.</summary>
    public string Project
    {
        get
        {
            var parts = Path.Split('/');
            return parts.Length > 2 && parts[0] is "src" or "tests" ? $"{parts[0]}/{parts[1]}" : "";
        }
    }

    /// <summary>Intake for everything under src/InfoHub.Intake; empty outside the product.</summary>
    public string Area => IsProduct ? Path.Split('/')[1]["InfoHub.".Length..] : "";

    public int LineOf(int index) => Text.AsSpan(0, index).Count('\n') + 1;

    public string At(int index) => $"{Path}:{LineOf(index)}";
}
