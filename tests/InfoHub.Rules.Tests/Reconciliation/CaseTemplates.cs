using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>The agreed templates, which the facts of a case are built with.</summary>
internal static class CaseTemplates
{
    public static readonly string Root = FindRoot();

    private static readonly Dictionary<string, Template> Known = Load();

    public static Template Of(string item) => Known[item];

    private static Dictionary<string, Template> Load() =>
        Directory.EnumerateFiles(Path.Combine(Root, "partner-templates"), "template.odcs.yaml", SearchOption.AllDirectories)
            .Select(f => OdcsReader.Read(File.ReadAllText(f))).GroupBy(t => t.Item)
            .ToDictionary(g => g.Key, g => g.MaxBy(t => t.Version)!, StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "InfoHub.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("InfoHub.sln is in no folder above the tests");
        return folder.FullName;
    }
}
