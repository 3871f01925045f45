using System.Collections.Frozen;
using System.Collections.Immutable;
using InfoHub.Linkage.Deciding;

namespace InfoHub.Console;

/// <summary>A code and what people call it in zh-CN.</summary>
public sealed record NamedCode(string Code, string Name);

/// <summary>A comparison model and what its gaps are an amount of (税费, 收入); "" for one without amounts.</summary>
public sealed record NamedModel(string Code, string Name, string GapOf = "");

/// <summary>
/// The names the console shows beside codes. The host fills it from the models, the templates and the division list;
/// a code without a name is shown as it is.
/// </summary>
public sealed class ConsoleCatalogue
{
    public static readonly ConsoleCatalogue Empty = new([], [], []);

    private readonly FrozenDictionary<string, NamedModel> _models;
    private readonly FrozenDictionary<string, string> _items;
    private readonly FrozenDictionary<string, string> _divisions;

    /// <param name="models">Comparison models, in the order the filter offers them.</param>
    /// <param name="items">Items by code, with the title of the template in force.</param>
    /// <param name="divisions">County and town codes, in the order the filter offers them.</param>
    public ConsoleCatalogue(
        IEnumerable<NamedModel> models, IEnumerable<NamedCode> items, IEnumerable<NamedCode> divisions)
    {
        Models = [.. models];
        Items = [.. items];
        Divisions = [.. divisions];
        _models = Models.ToFrozenDictionary(m => m.Code);
        _items = Items.ToFrozenDictionary(i => i.Code, i => i.Name);
        _divisions = Divisions.ToFrozenDictionary(d => d.Code, d => d.Name);
    }

    public ImmutableArray<NamedModel> Models { get; }

    public ImmutableArray<NamedCode> Items { get; }

    public ImmutableArray<NamedCode> Divisions { get; }

    /// <summary>"" when the model has no name here.</summary>
    public string ModelName(string code) => _models.GetValueOrDefault(code)?.Name ?? "";

    /// <summary>What its gaps may be added to: those of the same kind; of a model not known here its own.</summary>
    public string GapOf(string model) => _models.GetValueOrDefault(model) is { GapOf.Length: > 0 } known
        ? known.GapOf : model;

    /// <summary>"" when the item has no name here.</summary>
    public string ItemName(string code) => _items.GetValueOrDefault(code, "");

    /// <summary>The city's own name of a division, or the national one; the code itself when it has none.</summary>
    public string DivisionName(string code) => _divisions.GetValueOrDefault(code)
        ?? (LinkWording.OfDivision(code) is { Length: > 0 } county ? county
            : TownNames.Of(code) is { Length: > 0 } town ? town : code);
}
