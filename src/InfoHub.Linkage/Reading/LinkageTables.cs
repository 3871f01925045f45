using System.Reflection;

namespace InfoHub.Linkage.Reading;

/// <summary>Opens the tables of characters and divisions that are built into this assembly.</summary>
internal static class LinkageTables
{
    /// <summary>Lines of a table without its remarks.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"linkage/{name}")
            ?? throw new InvalidOperationException($"table {name} is not in the assembly");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#')
                yield return line;
    }
}
