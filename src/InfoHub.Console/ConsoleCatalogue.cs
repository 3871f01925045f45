using System.Collections.Frozen;
using System.Collections.Immutable;
using InfoHub.Linkage.Deciding;

namespace InfoHub.Console;

/// <summary>A code and what people call it in zh-CN.</summary>
public sealed record NamedCode(string Code, string Name);

/// <summary>
/// The names the console shows beside codes. The host fills it from the models, the templates and the division list;
/// a code without a name is shown as it is.
/// </summary>
public sealed class ConsoleCatalogue
{
    public static readonly ConsoleCatalogue Empty = new([], [], []);

    private readonly FrozenDictionary<string, string> _models;
    private readonly FrozenDictionary<string, string> _items;
    private readonly FrozenDictionary<string, string> _divisions;

    /// <param name="models">Comparison models, in the order the filter offers them.</param>
    /// <param name="items">Items by code, with the title of the template in force.</param>
    /// <param name="divisions">County and town codes, in the order the filter offers them.</param>
    public ConsoleCatalogue(IEnumerable<NamedCode> models, IEnumerable<NamedCode> items, IEnumerable<NamedCode> divisions)
    {
        Models = [.. models];
        Items = [.. items];
        Divisions = [.. divisions];
        _models = Models.ToFrozenDictionary(m => m.Code, m => m.Name);
        _items = Items.ToFrozenDictionary(i => i.Code, i => i.Name);
        _divisions = Divisions.ToFrozenDictionary(d => d.Code, d => d.Name);
    }

    public ImmutableArray<NamedCode> Models { get; }

    public ImmutableArray<NamedCode> Items { get; }

    public ImmutableArray<NamedCode> Divisions { get; }

    /// <summary>"" when the model has no name here.</summary>
    public string ModelName(string code) => _models.GetValueOrDefault(code, "");

    /// <summary>"" when the item has no name here.</summary>
    public string ItemName(string code) => _items.GetValueOrDefault(code, "");

    /// <summary>The city's own name of a division, or the national one; the code itself when it has none.</summary>
    public string DivisionName(string code) => _divisions.GetValueOrDefault(code)
        ?? (LinkWording.OfDivision(code) is { Length: > 0 } name ? name : code);
}
