using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfoHub.Linkage.Deciding;
using InfoHub.Storage.Parties;
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
        Bases = _fitted.Values.Append(shipped).ToDictionary(m => m, BasisOf);
        Label = string.Join(';', _fitted.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => $"{f.Key}={Bases[f.Value].Id}").Prepend(Bases[shipped].Id));
    }

    public LinkModel Shipped { get; }

    /// <summary>
    /// Names all of them: when it changes, rows were decided with weights or bands no longer in force, or by another
    /// release of the comparison.
    /// </summary>
    public string Label { get; }

    public LinkModel Of(string item) =>
        _departments.TryGetValue(item, out var department) && _fitted.TryGetValue(department,
            out var model) ? model : Shipped;

    /// <summary>What rows are decided with, by model.</summary>
    public IReadOnlyDictionary<LinkModel, LinkBasis> Bases { get; }

    /// <summary>Names what a model decides with by its content.</summary>
    private static LinkBasis BasisOf(LinkModel model)
    {
        var lines = string.Join('\n', model.Lines());
        var bands = model.Bands;
        float[] cuts = [bands.AutoLink, bands.AutoNone, bands.Registered, bands.CodeSupport];
        var content = string.Join('\n', cuts.Select(c => c.ToString("R", CultureInfo.InvariantCulture))
            .Append(lines).Prepend(PartyMatcher.EngineVersion.ToString(CultureInfo.InvariantCulture)));
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..16];
        return new LinkBasis(id, PartyMatcher.EngineVersion, model.Version, lines, cuts);
    }

    /// <summary>The model that a decision was made with.</summary>
    public static LinkModel Of(LinkBasis basis) => LinkModel.Read(basis.Lines.Split('\n'),
        new LinkBands(basis.Bands[0], basis.Bands[1], basis.Bands[2], basis.Bands[3]));

    /// <summary>Id of the basis in force, by item.</summary>
    public IReadOnlyDictionary<string, string> BasisByItem =>
        _departments.Keys.ToDictionary(i => i, i => Bases[Of(i)].Id);
}
