using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Domain.Parameters;

/// <summary>
/// Reads <see cref="LegalCalendar"/> data: a mapping of <c>years:</c> (year, citation, off, work, filing?) and
/// <c>extensions:</c> (month, until, region, citation), either may be left out. What a notice names must make sense: a
/// make-up day falls on a weekend, a published filing day is a working day.
/// </summary>
internal static class CalendarReader
{
    private const int Months = 12;
    private const string Extensions = "extensions";

    private static readonly ParameterText Yaml = new("calendar");

    /// <summary>The calendar that comes with this assembly (Parameters/Calendar/*.yaml, embedded).</summary>
    public static LegalCalendar ReadShipped()
    {
        var (years, extensions) = Read(ParameterText.Shipped("calendar/"));
        return new LegalCalendar(years, extensions);
    }

    /// <exception cref="FormatException">The message names the place and the fault.</exception>
    public static (ImmutableArray<CalendarYear> Years, ImmutableArray<FilingExtension> Extensions) Read(
        IEnumerable<string> texts)
    {
        var roots = texts.Select(t => Yaml.Mapping(Yaml.Root(t), "text", "years", Extensions)).ToArray();
        ImmutableArray<CalendarYear> years = [.. roots.SelectMany(r => Yaml.List(r, "years")).Select(YearOf)];
        return years.GroupBy(y => y.Year).FirstOrDefault(g => g.Skip(1).Any()) is { } twice
            ? throw Yaml.Fault($"year {twice.Key}", "is given twice")
            : (years, [.. roots.SelectMany(r => Yaml.List(r, Extensions)).Select(ExtensionOf)]);
    }

    private static CalendarYear YearOf(YamlNode node)
    {
        var map = Yaml.Mapping(node, "years", "year", "citation", "off", "work", "filing");
        var year = Yaml.Whole(Yaml.Text(map, "years", "year"), "years");
        var where = $"year {year}";
        var read = new CalendarYear(year, Yaml.Text(map, where, "citation"),
            [.. Yaml.List(map, "off").Select(o => OffOf(o, where))],
            [.. Yaml.List(map, "work").Select(w => Yaml.Date(Yaml.Scalar(w, where), where))],
            map.TryGetValue("filing", out var filing) ? FilingOf(filing, where) : null);
        RequireDaysOfTheYear(read, where);
        RequireWorkingDays(read, where);
        return read;
    }

    private static DaysOff OffOf(YamlNode node, string where)
    {
        var map = Yaml.Mapping(node, where, "name", "from", "to");
        var from = Yaml.Date(Yaml.Text(map, where, "from"), where);
        var to = Yaml.Date(Yaml.Text(map, where, "to"), where);
        var name = Yaml.Text(map, where, "name");
        return to >= from ? new DaysOff(name, from, to) : throw Yaml.Fault(where, $"{name} ends before it begins");
    }

    private static FilingNotice FilingOf(YamlNode node, string where)
    {
        var map = Yaml.Mapping(node, where, "citation", "days");
        return new FilingNotice(Yaml.Text(map, where, "citation"),
            [.. Yaml.List(map, "days").Select(d => Yaml.Whole(Yaml.Scalar(d, where), where))]);
    }

    private static FilingExtension ExtensionOf(YamlNode node)
    {
        var map = Yaml.Mapping(node, Extensions, "month", "until", "region", "citation");
        var month = Yaml.Date(Yaml.Text(map, Extensions, "month") + "-01", Extensions);
        var until = Yaml.Date(Yaml.Text(map, Extensions, "until"), Extensions);
        return until >= month
            ? new FilingExtension(month, until, Yaml.Region(map, Extensions), Yaml.Text(map, Extensions, "citation"))
            : throw Yaml.Fault(Extensions, $"{until:yyyy-MM-dd} lies before its month");
    }

    /// <summary>New Year's days off may begin in the year before.</summary>
    private static void RequireDaysOfTheYear(CalendarYear read, string where)
    {
        if (read.Off.Any(o => o.To.Year != read.Year || o.From.Year < read.Year - 1)
            || read.Work.Any(w => w.Year != read.Year && w.Year != read.Year - 1))
            throw Yaml.Fault(where, "names a day of another year");
    }

    private static void RequireWorkingDays(CalendarYear read, string where)
    {
        foreach (var day in read.Work)
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
                || read.Off.Any(o => o.From <= day && day <= o.To))
                throw Yaml.Fault(where, $"make-up day {day:yyyy-MM-dd} is no free weekend");
        if (read.Filing is not { Days: var days })
            return;
        if (days.Length != Months)
            throw Yaml.Fault(where, $"names {days.Length} filing days instead of {Months}");
        var calendar = new LegalCalendar([read with { Filing = null }], []);
        for (var month = 1; month <= Months; month++)
            if (days[month - 1] < 1 || days[month - 1] > DateTime.DaysInMonth(read.Year, month)
                || calendar.IsOff(new DateOnly(read.Year, month, days[month - 1])))
                throw Yaml.Fault(where, $"filing day {month}-{days[month - 1]} is no working day");
    }
}
