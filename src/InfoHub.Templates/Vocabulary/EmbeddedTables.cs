using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Templates.Reading;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// The tables that come with this assembly (Tables/*, embedded), read once each by whoever needs them.
/// </summary>
internal static class EmbeddedTables
{
    /// <summary>canonical-characters.txt, the lines that are no comment.</summary>
    public static string[] CharacterLines()
    {
        using var reader = Open("canonical-characters.txt");
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }

    /// <summary>nothing-words.yaml, in its order.</summary>
    public static ImmutableArray<NothingList> NothingLists() =>
        [.. ((YamlSequenceNode)Yaml("nothing-words.yaml")["lists"]).Select(list => new NothingList(
            list["column"].ToString() == "date" ? NothingColumn.Date : NothingColumn.Any,
            list["meaning"].ToString() == "open-end",
            DateOnly.ParseExact(list["since"].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            list["citation"].ToString(), Texts(list, "words"), Texts(list, "repeated")))];

    /// <summary>uscc-departments.yaml: each department's character and the kinds it registers.</summary>
    public static IEnumerable<(char Code, string Kinds)> Departments() =>
        ((YamlSequenceNode)Yaml("uscc-departments.yaml")["departments"])
            .Select(department => (department["code"].ToString()[0], department["kinds"].ToString()));

    /// <summary>file-words.yaml.</summary>
    public static FileWordLists FileWords()
    {
        var root = ((YamlMappingNode)Yaml("file-words.yaml")).Children;
        return new FileWordLists(
            [.. ((YamlMappingNode)root["units"]).Select(unit => (unit.Key.ToString(), All(unit.Value)))],
            root.Where(list => list.Value is YamlSequenceNode).ToDictionary(list => list.Key.ToString(), list => All(list.Value)));
    }

    private static string[] All(YamlNode list) => [.. ((YamlSequenceNode)list).Select(word => word.ToString())];

    private static ImmutableArray<string> Texts(YamlNode list, string name) =>
        ((YamlMappingNode)list).Children.TryGetValue(name, out var texts)
            ? [.. ((YamlSequenceNode)texts).Select(t => t.ToString())] : [];

    private static YamlNode Yaml(string name)
    {
        using var reader = Open(name);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return yaml.Documents[0].RootNode;
    }

    private static StreamReader Open(string name) =>
        new(typeof(EmbeddedTables).Assembly.GetManifestResourceStream($"templates/{name}")!);
}
