using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Domain.Parameters;

/// <summary>
/// Reads parameters from YAML. A text is a mapping <c>parameters:</c> to a list of
/// <c>{ name, title, unit, values: [{ from, to?, value, citation, region? }] }</c>; every key must be known, so that a
/// typo is not a rule lost. Several texts make one set; a name may occur once, and two values of one region may not
/// overlap in time. The order of the texts does not matter.
/// </summary>
public static class ParameterReader
{
    private static readonly HashSet<string> ParameterKeys = ["name", "title", "unit", "values"];
    private static readonly HashSet<string> ValueKeys = ["from", "to", "value", "citation", "region"];

    /// <exception cref="FormatException">A text is not of this form; the message names text position, parameter and fault.</exception>
    public static ParameterSet Read(params IEnumerable<string> texts)
    {
        var ordered = texts.Select(t => t.ReplaceLineEndings("\n")).Order(StringComparer.Ordinal).ToArray();
        var parameters = new Dictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var parameter in ordered.SelectMany(ReadText))
            if (!parameters.TryAdd(parameter.Name, parameter))
                throw Fault(parameter.Name, "is defined twice");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', ordered)));
        return new ParameterSet(Convert.ToHexStringLower(digest)[..12], parameters);
    }

    /// <summary>The parameters that come with this assembly (Parameters/*.yaml, embedded).</summary>
    internal static ParameterSet ReadShipped()
    {
        var assembly = typeof(ParameterReader).Assembly;
        return Read(assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("parameters/", StringComparison.Ordinal))
            .Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!, Encoding.UTF8);
                return reader.ReadToEnd();
            }));
    }

    private static IEnumerable<Parameter> ReadText(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException fault)
        {
            throw new FormatException($"parameters are not YAML at line {fault.Start.Line}: {fault.Message}", fault);
        }
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode { Children.Count: 1 } root
            || !root.Children.TryGetValue(new YamlScalarNode("parameters"), out var list) || list is not YamlSequenceNode sequence)
            throw Fault("text", "one mapping 'parameters:' to a list is expected");
        return sequence.Children.Select(ReadParameter);
    }

    private static Parameter ReadParameter(YamlNode node)
    {
        var map = Mapping(node, "parameter", ParameterKeys);
        var name = Text(map, "parameter", "name");
        if (!map.TryGetValue("values", out var list) || list is not YamlSequenceNode values)
            throw Fault(name, "needs a list of values");
        var parameter = new Parameter(name, Text(map, name, "title"), Text(map, name, "unit"),
            [.. values.Children.Select(v => ReadValue(v, name)).OrderBy(v => v.Region, StringComparer.Ordinal).ThenBy(v => v.From)]);
        RequireApart(parameter);
        return parameter;
    }

    private static ParameterValue ReadValue(YamlNode node, string name)
    {
        var map = Mapping(node, name, ValueKeys);
        var value = Text(map, name, "value");
        if (!decimal.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Fault(name, $"value '{value}' is not a number");
        var from = Date(name, Text(map, name, "from"));
        var to = map.ContainsKey("to") ? Date(name, Text(map, name, "to")) : (DateOnly?)null;
        if (to < from)
            throw Fault(name, $"ends on {to:yyyy-MM-dd} before it begins");
        var region = map.ContainsKey("region") ? Text(map, name, "region", blankAllowed: true) : "";
        if (!region.All(char.IsAsciiDigit))
            throw Fault(name, $"region '{region}' is not a division prefix");
        return new ParameterValue(from, to, number, Text(map, name, "citation"), region);
    }

    private static void RequireApart(Parameter parameter)
    {
        foreach (var (before, after) in parameter.Values.Zip(parameter.Values.Skip(1)))
            if (before.Region == after.Region && (before.To is not { } to || to >= after.From))
                throw Fault(parameter.Name, $"two values are in force on {after.From:yyyy-MM-dd}");
    }

    private static Dictionary<string, YamlNode> Mapping(YamlNode node, string where, HashSet<string> known)
    {
        if (node is not YamlMappingNode map)
            throw Fault(where, "a mapping is expected");
        var children = map.Children.ToDictionary(c => (c.Key as YamlScalarNode)?.Value ?? "", c => c.Value, StringComparer.Ordinal);
        if (children.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            throw Fault(where, $"has an unknown key '{unknown}'");
        return children;
    }

    private static string Text(Dictionary<string, YamlNode> map, string where, string key, bool blankAllowed = false) =>
        map.TryGetValue(key, out var node) && node is YamlScalarNode { Value: { } value } && (blankAllowed || value.Trim().Length > 0)
            ? value.Trim() : throw Fault(where, $"lacks '{key}'");

    private static DateOnly Date(string where, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date : throw Fault(where, $"'{text}' is not a date YYYY-MM-DD");

    private static FormatException Fault(string where, string what) => new($"parameter {where}: {what}");
}
