using System.Text.Json;
using InfoHub.Client.Checking;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Linking;

/// <summary>
/// Titles of columns as somebody tells them: JSON, or lines <c>key: title</c> or <c>key = title</c>. A key is one of
/// <see cref="PartyColumns.Keys"/>, for both files, or for one behind <c>register.</c> or <c>rows.</c>; the same as a
/// section of its own. Several titles, for codes only, stand with commas between them.
/// </summary>
internal sealed class ColumnMapping
{
    public static readonly ColumnMapping None = new();

    private static readonly string[] Sides = ["register", "rows"];

    private readonly Dictionary<string, string[]> _titles = [];

    private ColumnMapping()
    {
    }

    public IReadOnlyList<string> TitlesOf(PartyPart part, bool isRegister)
    {
        var key = part.ToString().ToLowerInvariant();
        return _titles.GetValueOrDefault($"{Sides[isRegister ? 0 : 1]}.{key}") ?? _titles.GetValueOrDefault(key) ?? [];
    }

    /// <exception cref="ProblemException">IH-INT-117, IH-MAT-007.</exception>
    public static ColumnMapping Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, fault));
        }
        return Parse(path, text);
    }

    public static ColumnMapping Parse(string file, string text)
    {
        var mapping = new ColumnMapping();
        if (text.TrimStart().StartsWith('{'))
            mapping.ReadJson(file, text);
        else
            mapping.ReadLines(file, text);
        return mapping;
    }

    private void ReadLines(string file, string text)
    {
        var section = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (!char.IsWhiteSpace(raw[0]))
                section = "";
            var cut = line.IndexOfAny([':', '=', '：']);
            if (cut < 0)
                throw Unsound(file, $"“{line}”没有冒号或等号");
            var (key, titles) = (line[..cut].Trim(), line[(cut + 1)..].Trim());
            if (titles.Length == 0 && Sides.Contains(key))
                section = key + ".";
            else
                Add(file, section + key, titles.Trim('[', ']').Split([',', '，']));
        }
    }

    private void ReadJson(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var entry in document.RootElement.EnumerateObject())
                if (entry.Value.ValueKind == JsonValueKind.Object)
                    foreach (var inner in entry.Value.EnumerateObject())
                        Add(file, $"{entry.Name}.{inner.Name}", TextsOf(inner.Value));
                else
                    Add(file, entry.Name, TextsOf(entry.Value));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Unsound(file, fault.Message);
        }
    }

    private static IEnumerable<string> TextsOf(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select(item => item.GetString() ?? "") : [value.GetString() ?? ""];

    private void Add(string file, string key, IEnumerable<string> titles)
    {
        var known = key.Split('.');
        if (!PartyColumns.Keys.Contains(known[^1]) || known.Length > 2
            || (known.Length == 2 && !Sides.Contains(known[0])))
            throw Unsound(file, $"没有“{key}”这个键");
        var told = titles.Select(title => title.Trim().Trim('"', '\'')).Where(title => title.Length > 0).ToArray();
        if (told.Length == 0 || (told.Length > 1 && known[^1] != "code"))
            throw Unsound(file, $"“{key}”应写一个列名");
        _titles[key] = told;
    }

    private static ProblemException Unsound(string file, string reason) =>
        new(new Problem(ProblemCatalogue.LinkMappingUnsound, ("file", file), ("reason", reason),
            ("usable", string.Join("、", PartyColumns.Keys))));
}
