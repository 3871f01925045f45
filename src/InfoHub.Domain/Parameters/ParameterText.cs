using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Domain.Parameters;

/// <summary>
/// Dated data as YAML, read strictly: an unknown key, a missing one or a date in another form is a fault with its
/// place, so that a typo is not a rule lost.
/// </summary>
/// <param name="kind">What the text is, for the faults: parameter, calendar.</param>
internal sealed class ParameterText(string kind)
{
    /// <summary>The texts compiled into this assembly under a prefix.</summary>
    public static IEnumerable<string> Shipped(string prefix)
    {
        var assembly = typeof(ParameterText).Assembly;
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            yield return reader.ReadToEnd();
        }
    }

    /// <summary>The one document of a text.</summary>
    public YamlNode Root(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException fault)
        {
            throw new FormatException($"{kind} text is not YAML at line {fault.Start.Line}: {fault.Message}", fault);
        }
        return stream.Documents.Count == 1 ? stream.Documents[0].RootNode
            : throw Fault("text", "one document is expected");
    }

    public Dictionary<string, YamlNode> Mapping(YamlNode node, string where, params IEnumerable<string> known)
    {
        if (node is not YamlMappingNode map)
            throw Fault(where, "a mapping is expected");
        var children = map.Children.ToDictionary(c => (c.Key as YamlScalarNode)?.Value ?? "", c => c.Value,
            StringComparer.Ordinal);
        return children.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown
            ? throw Fault(where, $"has an unknown key '{unknown}'") : children;
    }

    /// <summary>Empty when the key is not there.</summary>
    public IEnumerable<YamlNode> List(Dictionary<string, YamlNode> map, string key) =>
        !map.TryGetValue(key, out var node) ? [] : node is YamlSequenceNode list ? list.Children
            : throw Fault(key, "a list is expected");

    public string Text(Dictionary<string, YamlNode> map, string where, string key) =>
        map.TryGetValue(key, out var node) && node is YamlScalarNode { Value: { } value }
            && value.Trim() is { Length: > 0 } text ? text : throw Fault(where, $"lacks '{key}'");

    /// <summary>A division prefix: digits, or nothing for everywhere, as where the key is not there.</summary>
    public string Region(Dictionary<string, YamlNode> map, string where)
    {
        var region = map.TryGetValue("region", out var node) ? Scalar(node, where) : "";
        return region.All(char.IsAsciiDigit) ? region
            : throw Fault(where, $"region '{region}' is not a division prefix");
    }

    public string Scalar(YamlNode node, string where) =>
        node is YamlScalarNode { Value: { } value } ? value.Trim() : throw Fault(where, "a value is expected");

    public int Whole(string text, string where) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw Fault(where, $"'{text}' is not a whole number");

    public DateOnly Date(string text, string where) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date : throw Fault(where, $"'{text}' is not a date YYYY-MM-DD");

    public FormatException Fault(string where, string what) => new($"{kind} {where}: {what}");
}
