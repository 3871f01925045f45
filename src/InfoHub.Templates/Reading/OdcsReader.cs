using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Reads a template from Open Data Contract Standard v3 YAML. The text comes from partners and is hostile until read:
/// it can hold no SQL, no file name that is opened and no unbounded expression, its size is bounded, and a property
/// InfoHub does not know is a problem, not a shrug.
/// </summary>
public static partial class OdcsReader
{
    public const int TextLengthMax = 1 << 20;
    public const int FieldsMax = 200;
    public const int PatternLengthMax = 200;
    public const int CodeLengthMax = 7;

    private static readonly Dictionary<string, FieldKind> Kinds = new(StringComparer.Ordinal)
    {
        ["C"] = FieldKind.Text, ["Code"] = FieldKind.Code, ["N"] = FieldKind.Number, ["D"] = FieldKind.Date,
        ["M"] = FieldKind.Month, ["Y"] = FieldKind.Year, ["Q"] = FieldKind.Quarter,
    };

    private static readonly Dictionary<string, FieldCheck> Checks = new(StringComparer.Ordinal)
    {
        ["uscc"] = FieldCheck.Uscc, ["organisation-code"] = FieldCheck.OrganisationCode,
        ["citizen-id"] = FieldCheck.CitizenId, ["registration-number"] = FieldCheck.RegistrationNumber,
        ["taxpayer-number"] = FieldCheck.TaxpayerNumber, ["division"] = FieldCheck.Division, ["town"] = FieldCheck.Town,
        ["industry"] = FieldCheck.Industry, ["document-by-type"] = FieldCheck.DocumentByType,
        ["uscc-or-citizen-id"] = FieldCheck.UsccOrCitizenId,
    };

    private static readonly Dictionary<string, IdentityRole> Roles = new(StringComparer.Ordinal)
    {
        ["uscc"] = IdentityRole.Uscc, ["taxpayer-number"] = IdentityRole.TaxpayerNumber,
        ["tax-registration-key"] = IdentityRole.TaxRegistrationKey, ["registration-number"] = IdentityRole.RegistrationNumber,
        ["organisation-code"] = IdentityRole.OrganisationCode, ["any-code"] = IdentityRole.AnyCode, ["name"] = IdentityRole.Name,
        ["address"] = IdentityRole.Address, ["representative"] = IdentityRole.Representative,
        ["representative-id"] = IdentityRole.RepresentativeId, ["phone"] = IdentityRole.Phone,
        ["division"] = IdentityRole.Division, ["town"] = IdentityRole.Town, ["source-key"] = IdentityRole.SourceKey,
    };

    private static readonly Dictionary<string, Disposition> Dispositions = new(StringComparer.Ordinal)
    {
        ["warn"] = Disposition.Warn, ["reject-row"] = Disposition.RejectRow,
    };

    /// <summary>Reads one template.</summary>
    /// <exception cref="ProblemException">IH-TPL-001..003: the text is no template; the detail says where.</exception>
    public static Template Read(string yaml)
    {
        if (yaml.Length > TextLengthMax)
            throw Fail("", $"the text is longer than {TextLengthMax} characters");
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
                throw Fail("", "one mapping is expected");
            return ReadContract(new Node(root, ""));
        }
        catch (YamlException fault)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.TemplateNotYaml, ("reason", fault.Message)));
        }
    }

    private static Template ReadContract(Node contract)
    {
        var custom = contract.CustomProperties();
        if (contract.Text("kind") != "DataContract" || !contract.Text("apiVersion").StartsWith("v3.", StringComparison.Ordinal))
            throw Fail("kind", "kind: DataContract and apiVersion: v3.x are expected");
        var schemas = contract.List("schema");
        if (schemas.Count != 1)
            throw Fail("schema", "exactly one object is expected");
        var fields = schemas[0].List("properties").Select(ReadField).ToImmutableArray();
        var template = new Template
        {
            Item = custom.Text("item"),
            Version = (int)custom.Number("templateVersion"),
            Title = contract.Text("name"),
            TitleEn = schemas[0].Text("description"),
            Department = contract.Text("domain"),
            DepartmentTitle = custom.Text("departmentTitle"),
            Frequency = custom.Text("frequency") switch
            {
                "month" => PeriodKind.Month, "quarter" => PeriodKind.Quarter, "year" => PeriodKind.Year,
                var other => throw Fail("frequency", $"'{other}' is none of month, quarter, year"),
            },
            DueDay = (int)custom.Number("dueDay"),
            LegalBasis = custom.Text("legalBasis"),
            Purpose = contract.Map("description")?.TextOr("purpose", "") ?? "",
            Fields = fields,
            BadRowShareMax = custom.NumberOr("badRowShareMax") ?? 0.5m,
        };
        custom.RefuseUnread();
        RequireSound(template);
        return template;
    }

    private static Field ReadField(Node node)
    {
        var custom = node.CustomProperties();
        var (kind, lengthMin, lengthMax, precision, scale) = ReadType(node);
        var field = new Field
        {
            Name = node.Text("name"),
            Title = node.Text("businessName"),
            Note = node.TextOr("description", ""),
            Kind = kind,
            LengthMin = lengthMin,
            LengthMax = lengthMax,
            Precision = precision,
            Scale = scale,
            Required = node.TextOr("required", "false") == "true",
            KeyPosition = node.TextOr("primaryKey", "false") == "true" ? (int)node.Number("primaryKeyPosition") : 0,
            Pattern = node.Map("logicalTypeOptions")?.TextOr("pattern", "") is { Length: > 0 } pattern ? pattern : null,
            RequiredUnless = custom.Texts("requiredUnless"),
            RequiredWhen = custom.TextOrNull("requiredWhen") is { } when ? ReadCondition(node, when) : null,
            Codes = [.. custom.Pairs("codes").Select(p => new CodeValue(p.Key, p.Value))],
            CodesOpen = custom.Flag("codesOpen"),
            Check = custom.Choice("check", Checks),
            CheckTypeField = custom.TextOrNull("checkTypeField"),
            CheckDisposition = custom.ChoiceOr("checkDisposition", Dispositions, Disposition.RejectRow),
            Unit = custom.TextOrNull("unit") ?? "",
            Min = custom.NumberOr("min"),
            Max = custom.NumberOr("max"),
            RangeDisposition = custom.ChoiceOr("rangeDisposition", Dispositions, Disposition.RejectRow),
            FutureAllowed = custom.Flag("futureAllowed"),
            IsDataPeriod = custom.Flag("dataPeriod"),
            Sensitivity = node.TextOr("classification", "internal") switch
            {
                "internal" => Sensitivity.Internal, "personal" => Sensitivity.Personal, "account" => Sensitivity.Account,
                var other => throw Fail(node.Path, $"classification '{other}' is none of internal, personal, account"),
            },
            Identity = custom.Choice("identity", Roles),
        };
        custom.RefuseUnread();
        return field;
    }

    [GeneratedRegex(@"^(?<type>C|Code|N|D|M|Y|Q)(\((?<a>\d{1,4})((?<sep>,|\.\.)(?<b>\d{1,4}))?\))?$", RegexOptions.NonBacktracking)]
    private static partial Regex PhysicalType();

    private static (FieldKind Kind, int LengthMin, int LengthMax, int Precision, int Scale) ReadType(Node node)
    {
        var match = PhysicalType().Match(node.Text("physicalType"));
        if (!match.Success)
            throw Fail(node.Path, $"physicalType '{node.Text("physicalType")}' is none of C(n), C(n..m), Code(n), N(p,s), D, M, Y, Q");
        var kind = Kinds[match.Groups["type"].Value];
        int? Group(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : null;
        var (a, b) = (Group("a"), Group("b"));
        return kind switch
        {
            FieldKind.Text when a is { } max && b is null => (kind, 0, max, 0, 0),
            FieldKind.Text when a is { } min && b is { } max => (kind, min, max, 0, 0),
            FieldKind.Code when a is { } max => (kind, 0, max, 0, 0),
            FieldKind.Number when a is { } p and >= 1 and <= 18 && (b ?? 0) <= p => (kind, 0, 0, p, b ?? 0),
            FieldKind.Text or FieldKind.Code or FieldKind.Number => throw Fail(node.Path, "physicalType lacks a length, or the number has more than 18 digits"),
            _ => (kind, 0, 0, 0, 0),
        };
    }

    private static RequiredWhen ReadCondition(Node node, string text)
    {
        var parts = text.Split('=', 2);
        if (parts.Length != 2)
            throw Fail(node.Path, $"requiredWhen '{text}' is not of the form field=value|value");
        return new RequiredWhen(parts[0], [.. parts[1].Split('|')]);
    }

    [GeneratedRegex("^[A-Z]{2,6}-[A-Z0-9]{2,3}$", RegexOptions.NonBacktracking)]
    private static partial Regex ItemForm();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$", RegexOptions.NonBacktracking)]
    private static partial Regex NameForm();

    private static void RequireSound(Template template)
    {
        if (!ItemForm().IsMatch(template.Item) || template.Version is < 1 or > 999)
            throw Fail("item", $"'{template.Item}' version {template.Version} is no item@version");
        if (!template.Item.StartsWith(template.Department + "-", StringComparison.Ordinal))
            throw Fail("domain", $"department '{template.Department}' does not own item '{template.Item}'");
        if (template.Fields.Length is 0 or > FieldsMax)
            throw Fail("properties", $"1 to {FieldsMax} columns are expected");
        if (template.DueDay is < 1 or > 31 || template.BadRowShareMax is < 0 or > 1)
            throw Fail("customProperties", "dueDay lies in 1..31 and badRowShareMax in 0..1");
        if (template.Fields.Select(f => f.Name).Distinct().Count() != template.Fields.Length
            || template.Fields.Select(f => f.Title).Distinct().Count() != template.Fields.Length)
            throw Fail("properties", "two columns have the same name");
        if (template.Key.Length == 0 || template.Key.Select((k, i) => template.Fields[k].KeyPosition == i + 1).Contains(false))
            throw Fail("properties", "primaryKeyPosition counts 1, 2, 3 … without a gap");
        foreach (var field in template.Fields)
            RequireSound(template, field);
    }

    private static void RequireSound(Template template, Field field)
    {
        if (!NameForm().IsMatch(field.Name))
            throw Fail(field.Name, "a column name has lower case letters, digits and underscores");
        var others = field.RequiredUnless.AsEnumerable();
        if (field.RequiredWhen is { } when)
            others = others.Append(when.Field);
        if (field.CheckTypeField is { } typeField)
            others = others.Append(typeField);
        foreach (var other in others)
            if (template.IndexOf(other) < 0)
                throw Fail(field.Name, $"names the column '{other}', which is not there");
        if ((field.Check == FieldCheck.DocumentByType) != (field.CheckTypeField is not null))
            throw Fail(field.Name, "check document-by-type and checkTypeField go together");
        if (field.Codes.Any(c => c.Code.Length is 0 or > CodeLengthMax || !System.Text.Ascii.IsValid(c.Code)))
            throw Fail(field.Name, $"a code has 1 to {CodeLengthMax} ASCII characters");
        if (field.Pattern is { } pattern)
            RequirePattern(field, pattern);
        if (field is { Kind: FieldKind.Code, CodesOpen: false, Codes.Length: 0, Check: FieldCheck.None, Pattern: null })
            throw Fail(field.Name, "a code needs codes, a check, a pattern or codesOpen");
    }

    private static void RequirePattern(Field field, string pattern)
    {
        try
        {
            if (pattern.Length > PatternLengthMax)
                throw Fail(field.Name, $"the pattern is longer than {PatternLengthMax} characters");
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw Fail(field.Name, $"the pattern cannot be matched without backtracking: {fault.Message}");
        }
    }

    private static ProblemException Fail(string where, string what) =>
        new(new Problem(ProblemCatalogue.TemplateUnsound, ("where", where), ("reason", what)));

    /// <summary>A YAML mapping with the path that leads to it.</summary>
    private sealed class Node(YamlMappingNode map, string path)
    {
        public string Path { get; } = path;

        public string Text(string key) => TextOr(key, null) ?? throw Fail($"{Path}/{key}", "is missing");

        [return: NotNullIfNotNull(nameof(other))]
        public string? TextOr(string key, string? other) => Child(key) switch
        {
            null => other,
            YamlScalarNode scalar => scalar.Value ?? "",
            _ => throw Fail($"{Path}/{key}", "text is expected"),
        };

        public decimal Number(string key) => ParseNumber($"{Path}/{key}", Text(key));

        public Node? Map(string key) => Child(key) is YamlMappingNode node ? new Node(node, $"{Path}/{key}") : null;

        public List<Node> List(string key)
        {
            if (Child(key) is not YamlSequenceNode list)
                throw Fail($"{Path}/{key}", "a list is expected");
            return [.. list.Children.Select((c, i) => c is YamlMappingNode m
                ? new Node(m, $"{Path}/{key}[{i}]") : throw Fail($"{Path}/{key}[{i}]", "a mapping is expected"))];
        }

        public CustomProperties CustomProperties() =>
            new(Path, Child("customProperties") is null ? [] : List("customProperties")
                .ToDictionary(n => n.Text("property"), n => n.Child("value") ?? throw Fail(n.Path, "has no value"), StringComparer.Ordinal));

        private YamlNode? Child(string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
    }

    private static decimal ParseNumber(string where, string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : throw Fail(where, $"'{text}' is not a number");

    /// <summary>InfoHub's own needs beside the standard's: every property must be known, so that a typo is not a rule lost.</summary>
    private sealed class CustomProperties(string path, Dictionary<string, YamlNode> values)
    {
        private readonly HashSet<string> _unread = [.. values.Keys];

        public string Text(string key) => TextOrNull(key) ?? throw Fail($"{path}/{key}", "is missing");

        public string? TextOrNull(string key) => Take(key) switch
        {
            null => null,
            YamlScalarNode scalar => scalar.Value,
            _ => throw Fail($"{path}/{key}", "text is expected"),
        };

        public bool Flag(string key) => TextOrNull(key) == "true";

        public decimal Number(string key) => ParseNumber($"{path}/{key}", Text(key));

        public decimal? NumberOr(string key) => TextOrNull(key) is { } text ? ParseNumber($"{path}/{key}", text) : null;

        public T Choice<T>(string key, Dictionary<string, T> choices) where T : struct => ChoiceOr(key, choices, default);

        public T ChoiceOr<T>(string key, Dictionary<string, T> choices, T other) where T : struct
        {
            if (TextOrNull(key) is not { } text)
                return other;
            return choices.TryGetValue(text, out var choice)
                ? choice : throw Fail($"{path}/{key}", $"'{text}' is none of {string.Join(", ", choices.Keys)}");
        }

        public ImmutableArray<string> Texts(string key) => Take(key) switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children.Select(c => (c as YamlScalarNode)?.Value ?? throw Fail($"{path}/{key}", "a list of texts is expected"))],
            _ => throw Fail($"{path}/{key}", "a list is expected"),
        };

        public IEnumerable<KeyValuePair<string, string>> Pairs(string key) => Take(key) switch
        {
            null => [],
            YamlMappingNode map => map.Children.Select(c =>
                KeyValuePair.Create(((YamlScalarNode)c.Key).Value ?? "", (c.Value as YamlScalarNode)?.Value ?? "")),
            _ => throw Fail($"{path}/{key}", "a mapping of code to title is expected"),
        };

        public void RefuseUnread()
        {
            if (_unread.Count > 0)
                throw new ProblemException(new Problem(ProblemCatalogue.TemplatePropertyUnknown,
                    ("where", path), ("name", string.Join(", ", _unread.Order(StringComparer.Ordinal)))));
        }

        private YamlNode? Take(string key)
        {
            _unread.Remove(key);
            return values.GetValueOrDefault(key);
        }
    }
}
