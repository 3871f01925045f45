using System.Globalization;
using System.Text.RegularExpressions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using YamlDotNet.Core;

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

    // What the standard offers and InfoHub either reads or may safely pass over, because it rules nothing.
    private static readonly string[] ContractProperties =
    [
        "apiVersion", "kind", "id", "name", "version", "status", "domain", "tenant", "dataProduct", "contractCreatedTs",
        "description", "tags", "authoritativeDefinitions", "support", "team", "schema", "customProperties",
    ];

    private static readonly string[] SchemaProperties =
    [
        "id", "name", "physicalName", "physicalType", "logicalType", "businessName", "description", "tags",
        "authoritativeDefinitions", "dataGranularityDescription", "properties",
    ];

    private static readonly string[] FieldProperties =
    [
        "id", "name", "physicalName", "businessName", "description", "tags", "authoritativeDefinitions", "logicalType",
        "logicalTypeOptions", "physicalType", "required", "primaryKey", "primaryKeyPosition", "classification",
        "examples", "customProperties",
    ];

    /// <summary>Reads one template.</summary>
    /// <exception cref="ProblemException">IH-TPL-001..003: the text is no template; the detail says where.</exception>
    public static Template Read(string yaml)
    {
        if (yaml.Length > TextLengthMax)
            throw TemplateNode.Fail("", $"the text is longer than {TextLengthMax} characters");
        try
        {
            return ReadContract(TemplateNode.Load(yaml));
        }
        catch (YamlException fault)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.TemplateNotYaml, ("reason", fault.Message)));
        }
    }

    private static Template ReadContract(TemplateNode contract)
    {
        contract.RefuseUnknown(ContractProperties);
        var custom = contract.CustomProperties();
        if (contract.Text("kind") != "DataContract" || !contract.Text("apiVersion").StartsWith("v3.", StringComparison.Ordinal))
            throw TemplateNode.Fail("kind", "kind: DataContract and apiVersion: v3.x are expected");
        var schemas = contract.List("schema");
        if (schemas.Count != 1)
            throw TemplateNode.Fail("schema", "exactly one object is expected");
        schemas[0].RefuseUnknown(SchemaProperties);
        var properties = schemas[0].List("properties");
        if (properties.Count > FieldsMax)
            throw TemplateNode.Fail("properties", $"1 to {FieldsMax} columns are expected");
        var template = new Template
        {
            Item = custom.Text("item"),
            Version = custom.Integer("templateVersion"),
            Title = contract.Text("name"),
            TitleEn = schemas[0].Text("description"),
            Department = contract.Text("domain"),
            DepartmentTitle = custom.Text("departmentTitle"),
            Frequency = custom.Text("frequency") switch
            {
                "month" => PeriodKind.Month, "quarter" => PeriodKind.Quarter, "year" => PeriodKind.Year,
                var other => throw TemplateNode.Fail("frequency", $"'{other}' is none of month, quarter, year"),
            },
            DueDay = custom.Integer("dueDay"),
            LegalBasis = custom.Text("legalBasis"),
            Purpose = contract.Map("description")?.TextOr("purpose", "") ?? "",
            Fields = [.. properties.Select(ReadField)],
            BadRowShareMax = custom.NumberOr("badRowShareMax") ?? 0.5m,
        };
        custom.RefuseUnread();
        TemplateSoundness.Require(template);
        return template;
    }

    private static Field ReadField(TemplateNode node)
    {
        node.RefuseUnknown(FieldProperties);
        var options = node.Map("logicalTypeOptions");
        options?.RefuseUnknown("pattern");
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
            Required = node.Flag("required"),
            KeyPosition = node.Flag("primaryKey") ? node.Integer("primaryKeyPosition") : 0,
            Pattern = options?.TextOr("pattern", "") is { Length: > 0 } pattern ? pattern : null,
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
            LeadingZeros = custom.Flag("leadingZeros"),
            Sensitivity = node.TextOr("classification", "internal") switch
            {
                "internal" => Sensitivity.Internal, "personal" => Sensitivity.Personal, "account" => Sensitivity.Account,
                var other => throw TemplateNode.Fail(node.Path, $"classification '{other}' is none of internal, personal, account"),
            },
            Identity = custom.Choice("identity", Roles),
        };
        custom.RefuseUnread();
        return field;
    }

    [GeneratedRegex(@"\A(?<type>C|Code|N|D|M|Y|Q)(\((?<a>[0-9]{1,4})((?<sep>,|\.\.)(?<b>[0-9]{1,4}))?\))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex PhysicalType();

    private static (FieldKind Kind, int LengthMin, int LengthMax, int Precision, int Scale) ReadType(TemplateNode node)
    {
        var match = PhysicalType().Match(node.Text("physicalType"));
        if (!match.Success)
            throw TemplateNode.Fail(node.Path, $"physicalType '{node.Text("physicalType")}' is none of C(n), C(n..m), Code(n), N(p,s), D, M, Y, Q");
        var kind = Kinds[match.Groups["type"].Value];
        int? Group(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : null;
        var (a, b, isRange) = (Group("a"), Group("b"), match.Groups["sep"].Value == "..");
        return kind switch
        {
            FieldKind.Text when a is { } max && b is null => (kind, 0, max, 0, 0),
            FieldKind.Text when a is { } min && b is { } max && isRange => (kind, min, max, 0, 0),
            FieldKind.Code when a is { } max && b is null => (kind, 0, max, 0, 0),
            FieldKind.Number when a is { } p and >= 1 and <= 18 && (b ?? 0) <= p && !isRange => (kind, 0, 0, p, b ?? 0),
            FieldKind.Date or FieldKind.Month or FieldKind.Year or FieldKind.Quarter when a is null => (kind, 0, 0, 0, 0),
            _ => throw TemplateNode.Fail(node.Path, $"physicalType '{match.Value}' lacks a length, has one too many, or has more than 18 digits"),
        };
    }

    private static RequiredWhen ReadCondition(TemplateNode node, string text)
    {
        var parts = text.Split('=', 2);
        if (parts.Length != 2)
            throw TemplateNode.Fail(node.Path, $"requiredWhen '{text}' is not of the form field=value|value");
        return new RequiredWhen(parts[0], [.. parts[1].Split('|')]);
    }
}
