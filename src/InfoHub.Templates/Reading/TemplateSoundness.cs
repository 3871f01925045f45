using System.Text.RegularExpressions;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Reading;

/// <summary>What must hold between the parts of a template before anything is compiled from it.</summary>
internal static partial class TemplateSoundness
{
    private const int TitleLengthMax = 60;
    private const int CodeLengthMax = 7;
    private const int TextColumnLengthMax = 9999;

    [GeneratedRegex(@"\A[A-Z]{2,6}-[A-Z0-9]{2,3}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ItemForm();

    // \z, not $: $ lets a line end through, and the name becomes a column of the store.
    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameForm();

    public static void Require(Template template)
    {
        if (!ItemForm().IsMatch(template.Item) || template.Version is < 1 or > 999)
            throw TemplateNode.Fail("item", $"'{template.Item}' version {template.Version} is no item@version");
        if (!template.Item.StartsWith(template.Department + "-", StringComparison.Ordinal))
            throw TemplateNode.Fail("domain", $"department '{template.Department}' does not own item '{template.Item}'");
        if (template.Fields.Length is 0 or > OdcsReader.FieldsMax)
            throw TemplateNode.Fail("properties", $"1 to {OdcsReader.FieldsMax} columns are expected");
        if (template.DueDay is < 1 or > 31 || template.BadRowShareMax is < 0 or > 1)
            throw TemplateNode.Fail("customProperties", "dueDay lies in 1..31 and badRowShareMax in 0..1");
        // A header may hold either name, so no column's name may be another column's title.
        if (template.Fields.SelectMany(f => new[] { f.Name, f.Title }.Distinct()).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TemplateNode.Fail("properties", $"two columns have the name '{twice.Key}'");
        if (template.Key.Length == 0 || template.Key.Select((k, i) => template.Fields[k].KeyPosition == i + 1).Contains(false))
            throw TemplateNode.Fail("properties", "primaryKeyPosition counts 1, 2, 3 … without a gap");
        foreach (var field in template.Fields)
            RequireField(template, field);
    }

    private static void RequireField(Template template, Field field)
    {
        if (!NameForm().IsMatch(field.Name))
            throw TemplateNode.Fail(field.Name, "a column name has lower case letters, digits and underscores");
        if (field.Title.Length is 0 or > TitleLengthMax || field.Title.Any(char.IsControl))
            throw TemplateNode.Fail(field.Name, $"businessName has 1 to {TitleLengthMax} characters on one line");
        foreach (var other in field.RequiredUnless.Append(field.RequiredWhen?.Field).Append(field.CheckTypeField))
            if (other is not null && template.IndexOf(other) < 0)
                throw TemplateNode.Fail(field.Name, $"names the column '{other}', which is not there");
        if ((field.Check == FieldCheck.DocumentByType) != (field.CheckTypeField is not null))
            throw TemplateNode.Fail(field.Name, "check document-by-type and checkTypeField go together");
        if (field.Codes.Any(c => c.Code.Length is 0 or > CodeLengthMax || !System.Text.Ascii.IsValid(c.Code)))
            throw TemplateNode.Fail(field.Name, $"a code has 1 to {CodeLengthMax} ASCII characters");
        if (field.Pattern is { } pattern)
            RequirePattern(field, pattern);
        RequireKind(field);
    }

    private static void RequireKind(Field field)
    {
        var isText = field.Kind is FieldKind.Text or FieldKind.Code;
        if (isText && (field.LengthMax is 0 or > TextColumnLengthMax || field.LengthMin > field.LengthMax))
            throw TemplateNode.Fail(field.Name, $"the length lies in 1..{TextColumnLengthMax}, the lower bound first");
        if (!isText && (field.Codes.Length > 0 || field.CodesOpen || field.Pattern is not null || field.Check != FieldCheck.None))
            throw TemplateNode.Fail(field.Name, "codes, pattern and check belong to text and code columns");
        if (field.Kind != FieldKind.Number && (field.Min is not null || field.Max is not null || field.Unit.Length > 0))
            throw TemplateNode.Fail(field.Name, "unit, min and max belong to numbers");
        if (field.Min > field.Max)
            throw TemplateNode.Fail(field.Name, "min is above max");
        if ((field.IsDataPeriod && field.Kind != FieldKind.Month) || (field.FutureAllowed && field.Kind != FieldKind.Date))
            throw TemplateNode.Fail(field.Name, "dataPeriod belongs to a month, futureAllowed to a date");
        if (field is { LeadingZeros: true, Kind: not FieldKind.Text })
            throw TemplateNode.Fail(field.Name, "leadingZeros belongs to a text");
        if (field.Codes.FirstOrDefault(c => c.Code.Length == 0 || c.Code.Length > field.LengthMax) is { } misfit)
            throw TemplateNode.Fail(field.Name, $"the code '{misfit.Code}' does not fit the column's length");
        if (field is { Kind: FieldKind.Code, CodesOpen: false, Codes.Length: 0, Check: FieldCheck.None, Pattern: null })
            throw TemplateNode.Fail(field.Name, "a code needs codes, a check, a pattern or codesOpen");
    }

    private static void RequirePattern(Field field, string pattern)
    {
        if (pattern.Length > OdcsReader.PatternLengthMax)
            throw TemplateNode.Fail(field.Name, $"the pattern is longer than {OdcsReader.PatternLengthMax} characters");
        try
        {
            // .NET itself refuses an automaton of more than 10 000 states here.
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw TemplateNode.Fail(field.Name, $"the pattern cannot be matched without backtracking: {fault.Message}");
        }
    }
}
