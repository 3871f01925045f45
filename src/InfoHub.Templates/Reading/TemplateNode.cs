using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using InfoHub.Templates.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Templates.Reading;

/// <summary>
/// A YAML mapping with the path that leads to it. Every misfit is a numbered problem that says where.
/// </summary>
internal sealed class TemplateNode(YamlMappingNode map, string path)
{
    /// <summary>A template is eight levels deep; the loader recurses, so depth is bounded before it runs.</summary>
    private const int DepthMax = 16;

    public string Path { get; } = path;

    /// <summary>
    /// Loads one document. Anchors and aliases are refused: a few hundred characters of them stand for billions of
    /// nodes.
    /// </summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    /// <exception cref="ProblemException">IH-TPL-002: the YAML is not one plain mapping.</exception>
    public static TemplateNode Load(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            RefuseBombs(new Parser(new StringReader(yaml)));
            stream.Load(new StringReader(yaml));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner ends so on some broken texts (an open bracket followed by a mapping).
            throw new YamlException(fault.Message);
        }
        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? new TemplateNode(root, "") : throw Fail("", "one mapping is expected");
    }

    private static void RefuseBombs(Parser events)
    {
        var depth = 0;
        while (events.MoveNext())
        {
            if (events.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
                throw Fail($"line {events.Current.Start.Line}", "anchors and aliases are not allowed; write the value out");
            depth += events.Current?.NestingIncrease ?? 0;
            if (depth > DepthMax)
                throw Fail($"line {events.Current?.Start.Line}", $"the text is nested deeper than {DepthMax} levels");
        }
    }

    public static ProblemException Fail(string where, string what) =>
        new(new Problem(ProblemCatalogue.TemplateUnsound, ("where", where), ("reason", what)));

    public string Text(string key) => TextOr(key, null) ?? throw Fail($"{Path}/{key}", "is missing");

    [return: NotNullIfNotNull(nameof(other))]
    public string? TextOr(string key, string? other) => Child(key) switch
    {
        null => other,
        YamlScalarNode scalar => scalar.Value ?? "",
        _ => throw Fail($"{Path}/{key}", "text is expected"),
    };

    public int Integer(string key) => ParseInteger($"{Path}/{key}", Text(key));

    public bool Flag(string key) => ParseFlag($"{Path}/{key}", TextOr(key, "false"));

    public TemplateNode? Map(string key) => Child(key) switch
    {
        null => null,
        YamlMappingNode node => new TemplateNode(node, $"{Path}/{key}"),
        _ => throw Fail($"{Path}/{key}", "a mapping is expected"),
    };

    public List<TemplateNode> List(string key)
    {
        if (Child(key) is not YamlSequenceNode list)
            throw Fail($"{Path}/{key}", "a list is expected");
        return [.. list.Children.Select((c, i) => c is YamlMappingNode m
            ? new TemplateNode(m, $"{Path}/{key}[{i}]") : throw Fail($"{Path}/{key}[{i}]", "a mapping is expected"))];
    }

    public CustomProperties CustomProperties()
    {
        var values = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (Child("customProperties") is not null)
            foreach (var node in List("customProperties"))
            {
                node.RefuseUnknown("id", "property", "value", "description");
                if (!values.TryAdd(node.Text("property"), node.Child("value") ?? throw Fail(node.Path, "has no value")))
                    throw Fail(node.Path, $"the property '{node.Text("property")}' is given twice");
            }
        return new CustomProperties(Path, values);
    }

    /// <summary>
    /// A rule of the standard that InfoHub would not keep (quality, unique, maxLength) is refused like a typo.
    /// </summary>
    public void RefuseUnknown(params string[] known)
    {
        var unknown = map.Children.Keys.Select(k => (k as YamlScalarNode)?.Value ?? "?").Except(known, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw Unknown(Path, unknown);
    }

    public static ProblemException Unknown(string where, IEnumerable<string> names) =>
        new(new Problem(ProblemCatalogue.TemplatePropertyUnknown,
            ("where", where), ("name", string.Join(", ", names.Order(StringComparer.Ordinal)))));

    public static decimal ParseNumber(string where, string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : throw Fail(where, $"'{text}' is not a number");

    public static int ParseInteger(string where, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : throw Fail(where, $"'{text}' is not a whole number");

    /// <summary>"yes" or "True" read as false would be a rule lost.</summary>
    public static bool ParseFlag(string where, string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw Fail(where, $"'{text}' is neither true nor false"),
    };

    private YamlNode? Child(string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
}

/// <summary>
/// InfoHub's own needs beside the standard's: every property must be known, so that a typo is not a rule lost.
/// </summary>
internal sealed class CustomProperties(string path, Dictionary<string, YamlNode> values)
{
    private readonly HashSet<string> _unread = [.. values.Keys];

    public string Text(string key) => TextOrNull(key) ?? throw TemplateNode.Fail($"{path}/{key}", "is missing");

    public string? TextOrNull(string key) => Take(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw TemplateNode.Fail($"{path}/{key}", "text is expected"),
    };

    public bool Flag(string key) => TemplateNode.ParseFlag($"{path}/{key}", TextOrNull(key) ?? "false");

    public int Integer(string key) => TemplateNode.ParseInteger($"{path}/{key}", Text(key));

    public decimal? NumberOr(string key) => TextOrNull(key) is { } text ? TemplateNode.ParseNumber($"{path}/{key}", text) : null;

    public T Choice<T>(string key, Dictionary<string, T> choices) where T : struct => ChoiceOr(key, choices, default);

    public T ChoiceOr<T>(string key, Dictionary<string, T> choices, T other) where T : struct
    {
        if (TextOrNull(key) is not { } text)
            return other;
        return choices.TryGetValue(text, out var choice)
            ? choice : throw TemplateNode.Fail($"{path}/{key}", $"'{text}' is none of {string.Join(", ", choices.Keys)}");
    }

    public ImmutableArray<string> Texts(string key) => Take(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(c => Scalar(key, c))],
        _ => throw TemplateNode.Fail($"{path}/{key}", "a list is expected"),
    };

    public ImmutableArray<KeyValuePair<string, string>> Pairs(string key) => Take(key) switch
    {
        null => [],
        YamlMappingNode map => [.. map.Children.Select(c => KeyValuePair.Create(Scalar(key, c.Key), Scalar(key, c.Value)))],
        _ => throw TemplateNode.Fail($"{path}/{key}", "a mapping of code to title is expected"),
    };

    public void RefuseUnread()
    {
        if (_unread.Count > 0)
            throw TemplateNode.Unknown(path, _unread);
    }

    private string Scalar(string key, YamlNode node) =>
        (node as YamlScalarNode)?.Value ?? throw TemplateNode.Fail($"{path}/{key}", "only plain texts are expected");

    private YamlNode? Take(string key)
    {
        _unread.Remove(key);
        return values.GetValueOrDefault(key);
    }
}
