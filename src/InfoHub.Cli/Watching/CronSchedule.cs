using System.Collections;
using System.Globalization;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>
/// Times in the five fields of cron: minute, hour, day of month, month, weekday (0 or 7 is Sunday), each <c>*</c>, a
/// number, a range <c>a-b</c>, a step <c>*/n</c> or a list of these. Where both days are restricted either suffices, as
/// with cron. Local time; a time that the clock skips does not occur.
/// </summary>
internal sealed class CronSchedule
{
    private const int DaysMax = 366 * 8;
    private const int MinutesOfDay = 24 * 60;

    private readonly BitArray _minutes;
    private readonly BitArray _hours;
    private readonly BitArray _days;
    private readonly BitArray _months;
    private readonly BitArray _weekdays;
    private readonly bool _eitherDay;

    private CronSchedule(string[] fields, string text)
    {
        _minutes = Field(fields[0], (0, 59), text);
        _hours = Field(fields[1], (0, 23), text);
        _days = Field(fields[2], (1, 31), text);
        _months = Field(fields[3], (1, 12), text);
        _weekdays = Field(fields[4], (0, 7), text);
        if (_weekdays[7])
            _weekdays[0] = true;
        _eitherDay = !fields[2].StartsWith('*') && !fields[4].StartsWith('*');
    }

    /// <exception cref="ProblemException">IH-CFG-015.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
            throw Unsound(text, "应有五段");
        var schedule = new CronSchedule(fields, text);
        return schedule.Next(new DateTime(2024, 1, 1)) is null ? throw Unsound(text, "没有这样的日期") : schedule;
    }

    /// <summary>
    /// The first occurrence behind <paramref name="after"/>; null when none comes within eight years.
    /// </summary>
    public DateTime? Next(DateTime after) => Find(after.AddMinutes(1), 1);

    /// <summary>The last occurrence up to <paramref name="at"/>; null when there was none within eight years.</summary>
    public DateTime? Latest(DateTime at) => Find(at, -1);

    private DateTime? Find(DateTime from, int direction)
    {
        var start = (from.Hour * 60) + from.Minute;
        for (var day = 0; day < DaysMax; day++)
        {
            var date = from.Date.AddDays(day * direction);
            if (!HasDay(date))
                continue;
            var first = day == 0 ? start : direction > 0 ? 0 : MinutesOfDay - 1;
            for (var minute = first; minute is >= 0 and < MinutesOfDay; minute += direction)
                if (_hours[minute / 60] && _minutes[minute % 60])
                    return date.AddMinutes(minute);
        }
        return null;
    }

    private bool HasDay(DateTime date)
    {
        var (byDay, byWeekday) = (_days[date.Day], _weekdays[(int)date.DayOfWeek]);
        return _months[date.Month] && (_eitherDay ? byDay || byWeekday : byDay && byWeekday);
    }

    private static BitArray Field(string field, (int Min, int Max) bounds, string text)
    {
        var values = new BitArray(bounds.Max + 1);
        foreach (var part in field.Split(','))
        {
            var pieces = part.Split('/');
            var step = pieces.Length == 1 ? 1 : pieces.Length == 2 ? Number(pieces[1], (1, bounds.Max), text)
                : throw Unsound(text, $"看不懂“{part}”");
            var ends = pieces[0] == "*" ? [bounds.Min, bounds.Max]
                : pieces[0].Split('-').Select(end => Number(end, bounds, text)).ToArray();
            // A single number with a step counts from there on: 5/15.
            var last = ends.Length == 1 ? pieces.Length == 2 ? bounds.Max : ends[0] : ends[1];
            if (ends.Length > 2 || last < ends[0])
                throw Unsound(text, $"看不懂“{part}”");
            for (var value = ends[0]; value <= last; value += step)
                values[value] = true;
        }
        return values;
    }

    private static int Number(string text, (int Min, int Max) bounds, string whole) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= bounds.Min && number <= bounds.Max
            ? number : throw Unsound(whole, $"“{text}”应在 {bounds.Min} 至 {bounds.Max} 之间");

    private static ProblemException Unsound(string schedule, string reason) =>
        new(new Problem(ProblemCatalogue.ScheduleUnsound, ("schedule", schedule), ("reason", reason)));
}
