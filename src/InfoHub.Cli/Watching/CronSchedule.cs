using Cronos;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>
/// Times in the five fields of cron: minute, hour, day of month, month, weekday (0 or 7 is Sunday). Where both days are
/// restricted either suffices, as with cron. The time of the clock on the wall, here.
/// </summary>
internal sealed class CronSchedule
{
    private const int DayOfMonth = 2;
    private const int Weekday = 4;

    // The library wants both days to fit; either does when each has an expression of its own.
    private readonly IReadOnlyList<CronExpression> _either;

    private CronSchedule(IReadOnlyList<CronExpression> either) => _either = either;

    /// <exception cref="ProblemException">IH-CFG-015.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
            throw Unsound(text, "应有五段");
        try
        {
            var schedule = new CronSchedule(fields[DayOfMonth].StartsWith('*') || fields[Weekday].StartsWith('*')
                ? [CronExpression.Parse(text)] : [Without(fields, Weekday), Without(fields, DayOfMonth)]);
            return schedule.Next(new DateTime(2024, 1, 1)) is null ? throw Unsound(text, "没有这样的日期") : schedule;
        }
        catch (CronFormatException e)
        {
            throw Unsound(text, e.Message);
        }
    }

    /// <summary>The first occurrence behind <paramref name="after"/>; null when there is none.</summary>
    public DateTime? Next(DateTime after) =>
        _either.Min(one => Local(one.GetNextOccurrence(DateTime.SpecifyKind(after, DateTimeKind.Utc))));

    /// <summary>The last occurrence up to <paramref name="at"/>; null when there was none.</summary>
    public DateTime? Latest(DateTime at) => _either.Max(one =>
        Local(one.GetPreviousOccurrence(DateTime.SpecifyKind(at, DateTimeKind.Utc), inclusive: true)));

    private static CronExpression Without(string[] fields, int field) =>
        CronExpression.Parse(string.Join(' ', fields.Select((text, i) => i == field ? "*" : text)));

    private static DateTime? Local(DateTime? found) =>
        found is { } time ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : null;

    private static ProblemException Unsound(string schedule, string reason) =>
        new(new Problem(ProblemCatalogue.ScheduleUnsound, ("schedule", schedule), ("reason", reason)));
}
