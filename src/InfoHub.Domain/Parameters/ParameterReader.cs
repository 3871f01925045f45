using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
    private static readonly ParameterText Yaml = new("parameter");
    private static readonly HashSet<string> ParameterKeys = ["name", "title", "unit", "values"];
    private static readonly HashSet<string> ValueKeys = ["from", "to", "value", "citation", "region"];

    /// <exception cref="FormatException">A text is not of this form; the message names text position, parameter and
    /// fault.</exception>
    public static ParameterSet Read(params IEnumerable<string> texts)
    {
        var ordered = texts.Select(t => t.ReplaceLineEndings("\n")).Order(StringComparer.Ordinal).ToArray();
        var parameters = new Dictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var parameter in ordered.SelectMany(ReadText))
            if (!parameters.TryAdd(parameter.Name, parameter))
                throw Yaml.Fault(parameter.Name, "is defined twice");
        return new ParameterSet(VersionOf([.. ordered, LegalCalendar.Shipped.Version]), parameters);
    }

    internal static string VersionOf(IEnumerable<string> texts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..12];

    /// <summary>The parameters that come with this assembly (Parameters/*.yaml, embedded).</summary>
    internal static ParameterSet ReadShipped() => Read(ParameterText.Shipped("parameters/"));

    private static IEnumerable<Parameter> ReadText(string text)
    {
        if (Yaml.Root(text) is not YamlMappingNode { Children.Count: 1 } root
            || !root.Children.TryGetValue(new YamlScalarNode("parameters"), out var list)
            || list is not YamlSequenceNode sequence)
            throw Yaml.Fault("text", "one mapping 'parameters:' to a list is expected");
        return sequence.Children.Select(ReadParameter);
    }

    private static Parameter ReadParameter(YamlNode node)
    {
        var map = Yaml.Mapping(node, "parameter", ParameterKeys);
        var name = Yaml.Text(map, "parameter", "name");
        if (!map.TryGetValue("values", out var list) || list is not YamlSequenceNode values)
            throw Yaml.Fault(name, "needs a list of values");
        var parameter = new Parameter(name, Yaml.Text(map, name, "title"), Yaml.Text(map, name, "unit"),
            [.. values.Children.Select(v => ReadValue(v, name)).OrderBy(v => v.Region, StringComparer.Ordinal).ThenBy(v => v.From)]);
        RequireApart(parameter);
        return parameter;
    }

    private static ParameterValue ReadValue(YamlNode node, string name)
    {
        var map = Yaml.Mapping(node, name, ValueKeys);
        var value = Yaml.Text(map, name, "value");
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(value, Plain, CultureInfo.InvariantCulture, out var number))
            throw Yaml.Fault(name, $"value '{value}' is not a number");
        var from = Yaml.Date(Yaml.Text(map, name, "from"), name);
        var to = map.ContainsKey("to") ? Yaml.Date(Yaml.Text(map, name, "to"), name) : (DateOnly?)null;
        if (to < from)
            throw Yaml.Fault(name, $"ends on {to:yyyy-MM-dd} before it begins");
        return new ParameterValue(from, to, number, Yaml.Text(map, name, "citation"), Yaml.Region(map, name));
    }

    private static void RequireApart(Parameter parameter)
    {
        foreach (var (before, after) in parameter.Values.Zip(parameter.Values.Skip(1)))
            if (before.Region == after.Region && (before.To is not { } to || to >= after.From))
                throw Yaml.Fault(parameter.Name, $"two values are in force on {after.From:yyyy-MM-dd}");
    }
}
