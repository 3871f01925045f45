using System.Data.Common;
using System.Reflection;
using System.Runtime.Loader;
using InfoHub.Cli.Commands;
using InfoHub.Client.Checking;
using InfoHub.Templates.Problems;
using Npgsql;

namespace InfoHub.Cli.Extracting;

/// <summary>
/// The department's own database: PostgreSQL, or any other by an ADO.NET provider that lies in the providers folder.
/// </summary>
internal sealed class ExtractSource(string provider, string connection)
{
    private const int QueryCharactersMax = 1 << 20;
    private const string Postgres = "postgresql";

    public bool IsPostgres => provider.Equals(Postgres, StringComparison.OrdinalIgnoreCase);

    /// <summary>From an environment variable or the first line of a file.</summary>
    /// <exception cref="ProblemException">IH-CFG-001: there is none. IH-INT-117: the file cannot be read.</exception>
    public static string ConnectionFrom(CommandRun run, string? variable, string? file)
    {
        var text = file is not null ? ReadText(file).Split('\n')[0]
            : variable is not null ? run.Terminal.Environment(variable) : null;
        return text?.Trim() is { Length: > 0 } found ? found
            : throw Settings.HubSettings.Unsound(file is null ? variable ?? "--connection-env" : "--connection-file",
                "", "没有连接串");
    }

    public static string ReadQuery(string path)
    {
        var text = ReadText(path);
        return text.Length <= QueryCharactersMax ? text
            : throw new ProblemException(new Problem(ProblemCatalogue.FileUnreadable, ("file", path),
                ("reason", "文件过大")));
    }

    /// <summary>A closed connection.</summary>
    /// <exception cref="ProblemException">IH-CFG-013: the provider is not here. IH-INT-139: the connection string is
    /// unsound.</exception>
    public DbConnection Connect(string providersFolder)
    {
        var factory = IsPostgres ? NpgsqlFactory.Instance : Load(providersFolder);
        try
        {
            var made = factory.CreateConnection() ?? throw Missing(providersFolder, "驱动不能建立连接");
            made.ConnectionString = connection;
            return made;
        }
        catch (ArgumentException e)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.ExtractFailed, ("reason", $"连接串有误：{e.Message}")));
        }
    }

    private DbProviderFactory Load(string folder)
    {
        // The name is part of a path.
        if (Path.GetFileName(provider) != provider)
            throw Missing(folder, "名称不得含路径");
        var path = Path.GetFullPath(Path.Combine(folder, provider + ".dll"));
        if (!File.Exists(path))
            throw Missing(folder, $"找不到 {provider}.dll");
        try
        {
            var type = new ProviderContext(path).LoadFromAssemblyPath(path).GetExportedTypes()
                .FirstOrDefault(t => !t.IsAbstract && typeof(DbProviderFactory).IsAssignableFrom(t));
            var instance = type?.GetField("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
                ?? type?.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
            return instance as DbProviderFactory ?? throw Missing(folder, "程序集里没有 DbProviderFactory");
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            throw Missing(folder, e.Message);
        }
    }

    private ProblemException Missing(string folder, string reason) => new(new Problem(ProblemCatalogue.ProviderMissing,
        ("provider", provider), ("reason", reason), ("folder", folder)));

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }

    /// <summary>What a provider needs lies beside it.</summary>
    private sealed class ProviderContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver? _resolver =
            File.Exists(Path.ChangeExtension(path, ".deps.json")) ? new AssemblyDependencyResolver(path) : null;

        protected override Assembly? Load(AssemblyName name)
        {
            var beside = _resolver?.ResolveAssemblyToPath(name)
                ?? Path.Combine(Path.GetDirectoryName(path)!, name.Name + ".dll");
            return File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
        }

        /// <summary>Many providers rest on a library of their database's maker.</summary>
        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            var folder = Path.GetDirectoryName(path)!;
            string?[] beside =
            [
                _resolver?.ResolveUnmanagedDllToPath(unmanagedDllName), Path.Combine(folder, unmanagedDllName),
                Path.Combine(folder, unmanagedDllName + ".dll"), Path.Combine(folder, $"lib{unmanagedDllName}.so"),
            ];
            return beside.FirstOrDefault(File.Exists) is { } found ? LoadUnmanagedDllFromPath(found) : nint.Zero;
        }
    }
}
