using InfoHub.Domain.Parameters;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// The working-day calendar a hub runs with: the shipped one and, over it, the files of <c>&lt;data&gt;/calendar</c>,
/// so that a year's notice or a bureau's extension does not wait for a release. Hosts of one hub are given the same
/// files; the version of the rule set, which every finding carries, tells when they were not.
/// </summary>
internal static class Calendars
{
    public const string HowToAdd = "put the year's notices as YAML into <data>/calendar (see calendar.yaml)";

    private const long FileBytesMax = 1 << 20;

    public static string FolderOf(string dataFolder) => Path.Combine(dataFolder, "calendar");

    public static DateOnly Today(TimeProvider clock) =>
        DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    /// <exception cref="ProblemException">IH-CFG-020: a file is not a calendar.</exception>
    public static ParameterSet Read(string dataFolder)
    {
        var folder = FolderOf(dataFolder);
        string[] files = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)] : [];
        var calendar = files.Aggregate(LegalCalendar.Shipped, Over);
        return files.Length == 0 ? ParameterSet.Shipped : ParameterSet.Shipped.With(calendar);
    }

    private static LegalCalendar Over(LegalCalendar calendar, string file)
    {
        try
        {
            return new FileInfo(file).Length <= FileBytesMax ? calendar.With(File.ReadAllText(file))
                : throw new FormatException($"is larger than {FileBytesMax} bytes");
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.CalendarUnsound, ("file", file),
                ("reason", fault.Message)));
        }
    }
}

/// <summary>Says in the log, at the start and once a day, when the calendar lacks a year being counted with.</summary>
internal sealed class CalendarWatch(
    ParameterSet parameters, HubOptions options, TimeProvider clock, ILogger<CalendarWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            if (parameters.Calendar.Lacks(Calendars.Today(clock)) is { } year)
                Log.CalendarYearMissing(log, year, Calendars.FolderOf(options.DataFolder));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
