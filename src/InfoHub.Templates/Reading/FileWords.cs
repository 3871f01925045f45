using System.Collections.Frozen;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Templates.Reading;

/// <summary>
/// The words of <c>file-words.yaml</c>, all in the form of <see cref="TitleText.Bare"/>: units and their spellings,
/// marks beside titles, labels of totals and of notes.
/// </summary>
internal static class FileWords
{
    private static readonly YamlMappingNode Root = Load();

    /// <summary>Unit as a template writes it, in bare form → its spellings in bare form, itself among them.</summary>
    public static FrozenDictionary<string, FrozenSet<string>> Units { get; } = ((YamlMappingNode)Root["units"])
        .ToFrozenDictionary(unit => Bare(unit.Key), unit => Words(unit.Value).Append(Bare(unit.Key)).ToFrozenSet());

    /// <summary>Longest first.</summary>
    public static IReadOnlyList<string> Marks { get; } = [.. Set("marks").OrderByDescending(w => w.Length)];

    public static FrozenSet<string> Ordinals { get; } = Set("ordinals");

    public static FrozenSet<string> Totals { get; } = Set("totals");

    public static FrozenSet<string> Subtotals { get; } = Set("subtotals");

    public static FrozenSet<string> OtherTotals { get; } = Set("other totals");

    public static FrozenSet<string> Notes { get; } = Set("notes");

    /// <summary>
    /// The other ways to write a unit; of a unit that is not in the list, itself. Empty for a column without a unit.
    /// </summary>
    public static IEnumerable<string> SpellingsOf(string unit) => unit.Length == 0 ? []
        : Units.GetValueOrDefault(TitleText.Bare(unit)) ?? [TitleText.Bare(unit)];

    private static FrozenSet<string> Set(string key) => Words(Root[key]).ToFrozenSet();

    private static IEnumerable<string> Words(YamlNode list) => ((YamlSequenceNode)list).Select(Bare);

    private static string Bare(YamlNode word) => TitleText.Bare(((YamlScalarNode)word).Value ?? "");

    private static YamlMappingNode Load()
    {
        using var stream = typeof(FileWords).Assembly.GetManifestResourceStream("templates/file-words.yaml")!;
        using var text = new StreamReader(stream);
        var yaml = new YamlStream();
        yaml.Load(text);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
