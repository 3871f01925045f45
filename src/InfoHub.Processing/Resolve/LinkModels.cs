using InfoHub.Linkage.Deciding;
using InfoHub.Templates.Model;

namespace InfoHub.Processing.Resolve;

/// <summary>The weights in force: those that come with the program, and those fitted to the rows of a
/// department.</summary>
internal sealed class LinkModels
{
    private readonly Dictionary<string, LinkModel> _fitted;
    private readonly Dictionary<string, string> _departments;

    /// <param name="items">Templates, one per item.</param>
    /// <param name="fitted">Lines of fitted models, by department.</param>
    public LinkModels(LinkModel shipped, IEnumerable<Template> items, IReadOnlyDictionary<string, string[]> fitted)
    {
        Shipped = shipped;
        _departments = items.ToDictionary(t => t.Item, t => t.Department);
        _fitted = fitted.ToDictionary(f => f.Key, f => LinkModel.Read(f.Value, shipped.Bands));
        Label = string.Join(';', _fitted.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => $"{f.Key}={f.Value.Version}").Prepend(shipped.Version));
    }

    public LinkModel Shipped { get; }

    /// <summary>Names all of them: when it changes, rows were decided with weights no longer in force.</summary>
    public string Label { get; }

    public LinkModel Of(string item) =>
        _departments.TryGetValue(item, out var department) && _fitted.TryGetValue(department,
            out var model) ? model : Shipped;

    /// <summary>The version in force, by item.</summary>
    public IReadOnlyDictionary<string, string> Versions => _departments.Keys.ToDictionary(i => i, i => Of(i).Version);
}
