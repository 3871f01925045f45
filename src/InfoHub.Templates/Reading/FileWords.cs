using System.Collections.Frozen;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Reading;

/// <summary>file-words.yaml as it is written: units with their spellings, and every other list by its name.</summary>
internal sealed record FileWordLists(
    IEnumerable<(string Name, string[] Spellings)> Units, IReadOnlyDictionary<string, string[]> Words);

/// <summary>
/// The words of <c>file-words.yaml</c>, all in the form of <see cref="TitleText.Bare"/>: units and their spellings,
/// marks beside titles, labels of totals and of notes.
/// </summary>
internal static class FileWords
{
    private static readonly FileWordLists Lists = EmbeddedTables.FileWords();

    /// <summary>Unit as a template writes it, in bare form → its spellings in bare form, itself among them.</summary>
    public static FrozenDictionary<string, FrozenSet<string>> Units { get; } = Lists.Units.ToFrozenDictionary(
        unit => TitleText.Bare(unit.Name), unit => unit.Spellings.Append(unit.Name).Select(TitleText.Bare).ToFrozenSet());

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

    private static FrozenSet<string> Set(string key) => Lists.Words[key].Select(TitleText.Bare).ToFrozenSet();
}
