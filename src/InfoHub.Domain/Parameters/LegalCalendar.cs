using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace InfoHub.Domain.Parameters;

/// <summary>The last day of a legal term and how it came about.</summary>
/// <param name="Counted">The last day as the term counts it, before days off are looked at.</param>
/// <param name="Day">The last day that holds; a working day, or what a bureau published.</param>
/// <param name="Reason">zh-CN, why <paramref name="Day"/> is not <paramref name="Counted"/>, and which years' days off
/// are not known; "" when neither has to be said.</param>
/// <param name="Citation">zh-CN, the article and the notices <paramref name="Day"/> rests on; "" when it did not move
/// and no notice names it.</param>
public sealed record LegalDay(DateOnly Counted, DateOnly Day, string Reason, string Citation);

/// <summary>
/// Working days as the State Council's office publishes them for each year, and the last filing days the tax bureaus
/// publish. Days are days in China. A year without a notice is counted by its weekends alone, and every
/// <see cref="LegalDay"/> that touches it says so.
/// <para>征管法实施细则109条: a term whose last day is a day off ends on the first working day after it
/// (<see cref="After"/>); a term in days within which three or more days off stand together is prolonged by as many
/// days (<see cref="Within"/>). As the published filing calendars do, the days of prolongation are working days,
/// counted from the last day as the term counts it, and of a stretch of days off only those within the term count:
/// 2025-06-01..02 are two of three and prolong nothing, 2025-10-01..08 move 15 October to the 27th.</para>
/// </summary>
public sealed class LegalCalendar
{
    private const int StretchMin = 3;

    /// <summary>Notices name the day for taxes due within 15 days of the period's end, and for no other.</summary>
    private const int FilingDay = 15;

    private const int TermDaysMax = 366;
    private const string Article = "税收征收管理法实施细则第一百零九条";

    private readonly ImmutableSortedDictionary<int, CalendarYear> _years;
    private readonly ImmutableArray<FilingExtension> _extensions;
    private readonly HashSet<DateOnly> _off;
    private readonly HashSet<DateOnly> _work;

    /// <summary>Asked for every period of every party; the days differ by month only.</summary>
    private readonly ConcurrentDictionary<DateOnly, LegalDay> _filing = new();

    internal LegalCalendar(IEnumerable<CalendarYear> years, IEnumerable<FilingExtension> extensions)
    {
        _years = years.ToImmutableSortedDictionary(y => y.Year, y => y);
        _extensions = [.. extensions.OrderBy(e => e.Month).ThenBy(e => e.Region, StringComparer.Ordinal)
            .ThenBy(e => e.Until)];
        _off = [.. _years.Values.SelectMany(y => y.Off).SelectMany(o => Days(o.From, o.To))];
        _work = [.. _years.Values.SelectMany(y => y.Work)];
        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Lines()))))[..12];
    }

    /// <summary>The calendar that comes with the program; a deployment may add years and extensions to it.</summary>
    public static LegalCalendar Shipped { get; } = CalendarReader.ReadShipped();

    /// <summary>SHA-256 over the data, first 12 hex digits.</summary>
    public string Version { get; }

    /// <summary>Years whose days off are known, in order.</summary>
    public IEnumerable<int> Years => _years.Keys;

    /// <summary>This calendar and what texts tell: a year replaces the same year, extensions are added.</summary>
    /// <exception cref="FormatException">A text is no calendar; the message names the place and the fault.</exception>
    public LegalCalendar With(params IEnumerable<string> texts)
    {
        var (years, extensions) = CalendarReader.Read(texts);
        return new LegalCalendar(_years.SetItems(years.Select(y => KeyValuePair.Create(y.Year, y))).Values,
            _extensions.Concat(extensions).Distinct());
    }

    /// <summary>Saturday, Sunday or holiday, and not a make-up working day.</summary>
    public bool IsOff(DateOnly day) =>
        !_work.Contains(day) && (_off.Contains(day) || day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The year missing on a day: its own, in December the next one too; null when it is there.</summary>
    public int? Lacks(DateOnly day) => !_years.ContainsKey(day.Year) ? day.Year
        : day.Month == 12 && !_years.ContainsKey(day.Year + 1) ? day.Year + 1 : null;

    /// <summary>细则109条, first half: for terms in months or years, and for days that are named as such.</summary>
    public LegalDay After(DateOnly last) => Moved(last, last);

    private LegalDay Moved(DateOnly last, DateOnly first)
    {
        var day = last;
        while (IsOff(day))
            day = day.AddDays(1);
        return Told(last, day, $"{Of(last)}为{NameOf(last)}，顺延至{Of(day)}", first);
    }

    /// <summary>细则109条, both halves: for a term in days from the first to the last, both counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No day, or more than a year: not a term in days.</exception>
    public LegalDay Within(DateOnly first, DateOnly last)
    {
        if (last.DayNumber - first.DayNumber is < 0 or >= TermDaysMax)
            throw new ArgumentOutOfRangeException(nameof(last), last, $"not a term in days from {first}");
        var stretches = Stretches(first, last).ToArray();
        var added = stretches.Sum(s => s.Length);
        if (added == 0)
            return Moved(last, first);
        var day = last;
        for (var left = added; left > 0;)
            left -= IsOff(day = day.AddDays(1)) ? 0 : 1;
        var stood = string.Join("，", stretches.Select(s => $"{Span(s.From, s.To)}连续休假{s.Length}天"));
        return Told(last, day, $"{stood}，自{Of(last)}起顺延{added}个工作日至{Of(day)}", first);
    }

    /// <summary>
    /// The last day to file in a month, for a term from its first day to <paramref name="counted"/>: an extension a
    /// bureau published, else what the year's notice says, else <see cref="Within"/>.
    /// </summary>
    /// <param name="region">Division of the taxpayer; "" knows only extensions of the whole country.</param>
    public LegalDay Filing(DateOnly counted, string region = "")
    {
        var month = new DateOnly(counted.Year, counted.Month, 1);
        var day = _filing.GetOrAdd(counted, Published);
        var put = _extensions.Where(e => e.Month == month && region.StartsWith(e.Region, StringComparison.Ordinal))
            .MaxBy(e => e.Until);
        return put?.Until > day.Day
            ? new LegalDay(counted, put.Until, $"税务机关公告延期至{Of(put.Until)}", put.Citation) : day;
    }

    private LegalDay Published(DateOnly counted)
    {
        var computed = Within(new DateOnly(counted.Year, counted.Month, 1), counted);
        if (counted.Day != FilingDay || _years.GetValueOrDefault(counted.Year)?.Filing is not { } notice)
            return computed;
        var published = new DateOnly(counted.Year, counted.Month, notice.Days[counted.Month - 1]);
        return published == computed.Day ? computed with { Citation = Joined(computed.Citation, notice.Citation) }
            : new LegalDay(counted, published, $"税务总局通知明确为{Of(published)}", notice.Citation);
    }

    private LegalDay Told(DateOnly counted, DateOnly day, string why, DateOnly first)
    {
        var missing = Enumerable.Range(first.Year, day.Year - first.Year + 1).Where(y => !_years.ContainsKey(y))
            .ToArray();
        var unknown = missing.Length == 0 ? "" : $"{string.Join("、", missing)}年放假安排未录入，只按周末推算";
        var moved = day != counted;
        var notices = Enumerable.Range(counted.Year, day.Year - counted.Year + 1)
            .Select(y => _years.GetValueOrDefault(y)?.Citation ?? "");
        return new LegalDay(counted, day, Joined(moved ? why : "", unknown),
            moved ? Joined([Article, .. notices]) : "");
    }

    /// <summary>Three or more days off in a row, as far as they lie in the term.</summary>
    private IEnumerable<(DateOnly From, DateOnly To, int Length)> Stretches(DateOnly first, DateOnly last)
    {
        for (var from = first; from <= last; from = from.AddDays(1))
        {
            if (!IsOff(from))
                continue;
            var to = from;
            while (to < last && IsOff(to.AddDays(1)))
                to = to.AddDays(1);
            if (to.DayNumber - from.DayNumber + 1 is >= StretchMin and var length)
                yield return (from, to, length);
            from = to;
        }
    }

    private string NameOf(DateOnly day) =>
        _years.Values.SelectMany(y => y.Off).FirstOrDefault(o => o.From <= day && day <= o.To) is { } off
            ? $"{off.Name}休假日" : WeekDayOf(day);

    private static string WeekDayOf(DateOnly day) => "星期" + "日一二三四五六"[(int)day.DayOfWeek];

    private static string Of(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Month}月{day.Day}日");

    private static string Span(DateOnly from, DateOnly to) => from.Month == to.Month
        ? string.Create(CultureInfo.InvariantCulture, $"{Of(from)}至{to.Day}日") : $"{Of(from)}至{Of(to)}";

    private static string Joined(params IEnumerable<string> parts) =>
        string.Join("；", parts.Where(p => p.Length > 0).Distinct());

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (var day = from; day <= to; day = day.AddDays(1))
            yield return day;
    }

    /// <summary>The data, one line per fact, to be kept with the rule set's version.</summary>
    public IEnumerable<string> Lines() =>
    [
        .. _years.Values.SelectMany(y => (IEnumerable<string>)
        [
            .. y.Off.Select(o => $"calendar.off\t{Plain(o.From)}\t{Plain(o.To)}\t{o.Name}\t{y.Citation}"),
            .. y.Work.Select(w => $"calendar.work\t{Plain(w)}\t{y.Citation}"),
            .. y.Filing is { } f
                ? [$"calendar.filing\t{y.Year}\t{string.Join(' ', f.Days)}\t{f.Citation}"] : Array.Empty<string>(),
        ]),
        .. _extensions.Select(e => $"calendar.extension\t{Plain(e.Month)}\t{Plain(e.Until)}\t{e.Region}\t{e.Citation}"),
    ];

    private static string Plain(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>What the notices of one year say.</summary>
internal sealed record CalendarYear(
    int Year, string Citation, ImmutableArray<DaysOff> Off, ImmutableArray<DateOnly> Work, FilingNotice? Filing);

internal sealed record DaysOff(string Name, DateOnly From, DateOnly To);

/// <summary>The last filing day of each month, January first, of taxes due within 15 days.</summary>
internal sealed record FilingNotice(string Citation, ImmutableArray<int> Days);

/// <summary>A last filing day put off by announcement; the month of filing by its first day.</summary>
internal sealed record FilingExtension(DateOnly Month, DateOnly Until, string Region, string Citation);
