namespace InfoHub.Repository.Tests.Sources;

/// <summary>
/// The text files of the repository, read once. What builds and tools leave behind is not among them.
/// </summary>
internal sealed class RepositoryFiles
{
    private static readonly string[] FoldersLeftOut =
        ["bin", "obj", "artifacts", "node_modules", "TestResults", ".git", ".vs", ".idea"];

    private static readonly string[] Extensions =
    [
        ".cs", ".razor", ".csproj", ".props", ".targets", ".sln", ".md", ".proto", ".sql", ".yaml", ".yml", ".json",
        ".css", ".js", ".svg", ".csv", Picture, "",
    ];

    /// <summary>Known to be there, and not read.</summary>
    private const string Picture = ".png";

    private static readonly Lazy<RepositoryFiles> OnDisk = new(() => new RepositoryFiles(Read()));

    private readonly Dictionary<string, RepositoryFile> _byPath;

    private RepositoryFiles(IEnumerable<RepositoryFile> files) =>
        _byPath = files.ToDictionary(file => file.Path, StringComparer.Ordinal);

    public static string Root { get; } = FindRoot();

    public static RepositoryFiles Current => OnDisk.Value;

    public IEnumerable<RepositoryFile> All => _byPath.Values;

    public IEnumerable<RepositoryFile> Sources => All.Where(file => file.IsSource && !file.IsStandIn);

    public IEnumerable<RepositoryFile> Product => All.Where(file => file.IsSource && file.IsProduct);

    public RepositoryFile? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>True for a file or a folder.</summary>
    public bool Has(string path) =>
        _byPath.ContainsKey(path)
        || _byPath.Keys.Any(known => known.StartsWith(path.TrimEnd('/') + '/', StringComparison.Ordinal));

    /// <summary>The same repository with one more file, or with another text in one.</summary>
    public RepositoryFiles With(RepositoryFile planted) =>
        new(All.Where(file => file.Path != planted.Path).Append(planted));

    private static IEnumerable<RepositoryFile> Read() => Directory
        .EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(path => (Full: path, Relative: Path.GetRelativePath(Root, path).Replace('\\', '/')))
        .Where(file => !file.Relative.Split('/')[..^1].Any(FoldersLeftOut.Contains)
            && !file.Relative.EndsWith("/.git", StringComparison.Ordinal) && file.Relative != ".git"
            && !file.Relative.Contains("/wwwroot/lib/", StringComparison.Ordinal)
            && Extensions.Contains(Path.GetExtension(file.Relative)))
        .Select(file => new RepositoryFile(file.Relative,
            Path.GetExtension(file.Relative) == Picture ? "" : File.ReadAllText(file.Full)));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
