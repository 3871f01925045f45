using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Model;

/// <summary>A template with the ODCS text it was read from, which is what departments are given.</summary>
public sealed record RegisteredTemplate(Template Template, string OdcsYaml);

/// <summary>The agreed templates, all versions. Immutable.</summary>
public sealed class TemplateRegistry(IEnumerable<RegisteredTemplate> templates)
{
    /// <summary>By item, then version.</summary>
    public ImmutableArray<RegisteredTemplate> All { get; } =
        [.. templates.OrderBy(t => t.Template.Item, StringComparer.Ordinal).ThenBy(t => t.Template.Version)];

    /// <summary>The template of an item; version 0 asks for the newest.</summary>
    /// <exception cref="ProblemException">IH-INT-103 or IH-INT-104: there is none.</exception>
    public Template Get(string item, int version)
    {
        var versions = All.Where(t => t.Template.Item == item).Select(t => t.Template).ToArray();
        if (versions.Length == 0)
            throw new ProblemException(new Problem(ProblemCatalogue.ItemUnknown,
                ("item", item), ("known", string.Join("、", All.Select(t => t.Template.Item).Distinct()))));
        if (version == 0)
            return versions[^1];
        return versions.FirstOrDefault(t => t.Version == version) ?? throw new ProblemException(new Problem(ProblemCatalogue.VersionUnknown,
            ("item", item), ("version", version.ToString(CultureInfo.InvariantCulture)),
            ("current", versions[^1].Version.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>Reads a period for an item: of the item's own frequency, and begun by <paramref
    /// name="today"/>.</summary>
    /// <exception cref="ProblemException">IH-INT-106: no period of the item's. IH-INT-149: it has not
    /// begun.</exception>
    public static Period ReadPeriod(Template template, string text, DateOnly today)
    {
        if (!Period.TryParse(text, out var period) || period.Kind != template.Frequency)
        {
            var (form, example) = template.Frequency switch
            {
                PeriodKind.Year => ("YYYY", "2025"), PeriodKind.Quarter => ("YYYYQn", "2025Q1"), _ => ("YYYYMM",
                    "202503"),
            };
            throw new ProblemException(new Problem(ProblemCatalogue.PeriodInvalid,
                ("period", text), ("item", template.Item), ("form", form), ("example", example)));
        }
        return period.Start <= today ? period : throw new ProblemException(new Problem(ProblemCatalogue.PeriodNotBegun,
            ("period", period.ToString()), ("first", DayText(period.Start)), ("today", DayText(today))));
    }

    private static string DayText(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
