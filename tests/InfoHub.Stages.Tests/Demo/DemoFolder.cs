using InfoHub.Host.Demo;

namespace InfoHub.Stages.Tests.Demo;

/// <summary>A small city in a folder of its own, gone with the test.</summary>
public sealed class DemoFolder : IDisposable
{
    public const int Parties = 3_000;

    public string Path { get; } = Directory.CreateTempSubdirectory("infohub-demo-").FullName;

    public DemoSummary Generate(int seed = 20251, bool faults = true, string? enterprises = null) => DemoCity.Generate(new DemoOptions
    {
        Parties = Parties, Seed = seed, Faults = faults, EnterpriseCsvGz = enterprises, OutputFolder = Path,
    });

    public static string RepositoryRoot
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(System.IO.Path.Combine(folder, "InfoHub.sln")))
                folder = System.IO.Path.GetDirectoryName(folder)!;
            return folder;
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
