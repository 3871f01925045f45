using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace InfoHub.Templates.Vocabulary;

/// <summary>How long a <see cref="Period"/> is.</summary>
public enum PeriodKind
{
    Year = 0,
    Month = 1,
    Quarter = 2,
}

/// <summary>
/// A tax or reporting period (所属期): a month <c>202503</c>, a quarter <c>2025Q1</c> or a year <c>2025</c>.
/// Never a date. <see cref="Code"/> is what the store and the wire carry: YYYYMM for a month, YYYY2q for a quarter
/// (202521..202524), YYYY00 for a year. FROZEN (HashTests guards it). The default value is not a valid period.
/// </summary>
public readonly record struct Period : IComparable<Period>
{
    private const int YearMin = 1900;
    private const int YearMax = 2100;

    private Period(int code) => Code = code;

    public int Code { get; }

    public int Year => Code / 100;

    public PeriodKind Kind => (Code % 100) switch { 0 => PeriodKind.Year, > 20 => PeriodKind.Quarter, _ => PeriodKind.Month };

    public DateOnly Start => Kind switch
    {
        PeriodKind.Year => new DateOnly(Year, 1, 1),
        PeriodKind.Quarter => new DateOnly(Year, ((Code % 100 - 21) * 3) + 1, 1),
        _ => new DateOnly(Year, Code % 100, 1),
    };

    /// <summary>The last day, inclusive.</summary>
    public DateOnly End => Start.AddMonths(Kind switch { PeriodKind.Year => 12, PeriodKind.Quarter => 3, _ => 1 }).AddDays(-1);

    /// <summary>The months of the period, in order: 1, 3 or 12 of them.</summary>
    public IEnumerable<Period> Months()
    {
        for (var day = Start; day <= End; day = day.AddMonths(1))
            yield return Month(day.Year, day.Month);
    }

    public static Period Month(int year, int month) => FromCode((year * 100) + month);

    public static Period MonthOf(DateOnly date) => Month(date.Year, date.Month);

    public static Period Quarter(int year, int quarter) => FromCode((year * 100) + 20 + quarter);

    /// <exception cref="ArgumentOutOfRangeException">The code names no period.</exception>
    public static Period FromCode(int code) =>
        TryFromCode(code, out var period) ? period : throw new ArgumentOutOfRangeException(nameof(code), code, "not a period");

    public static bool TryFromCode(int code, out Period period)
    {
        var (year, rest) = (code / 100, code % 100);
        period = new Period(code);
        return year is >= YearMin and <= YearMax && rest is ((>= 0 and <= 12) or (>= 21 and <= 24));
    }

    /// <summary>
    /// The period <paramref name="months"/> months later; a quarter or a year moves by whole quarters or years.
    /// </summary>
    public Period AddMonths(int months)
    {
        var start = Start.AddMonths(months);
        return Kind switch
        {
            PeriodKind.Year => FromCode(start.Year * 100),
            PeriodKind.Quarter => Quarter(start.Year, ((start.Month - 1) / 3) + 1),
            _ => Month(start.Year, start.Month),
        };
    }

    /// <summary>Reads <c>202503</c>, <c>2025-03</c>, <c>2025Q1</c> or <c>2025</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Period period)
    {
        period = default;
        text = text?.Trim().Replace("-", "", StringComparison.Ordinal);
        if (text is null || text.Length is < 4 or > 6 || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return false;
        if (text.Length == 4)
            return TryFromCode(year * 100, out period);
        if (text.Length != 6)
            return false;
        if (text[4] is 'Q' or 'q')
            return text[5] is >= '1' and <= '4' && TryFromCode((year * 100) + 20 + (text[5] - '0'), out period);
        return int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            && month is >= 1 and <= 12 && TryFromCode((year * 100) + month, out period);
    }

    /// <exception cref="FormatException">The text names no period.</exception>
    public static Period Parse(string text) =>
        TryParse(text, out var period) ? period : throw new FormatException($"'{text}' is not a period");

    public int CompareTo(Period other) => End != other.End ? End.CompareTo(other.End) : other.Start.CompareTo(Start);

    public static bool operator <(Period left, Period right) => left.CompareTo(right) < 0;
    public static bool operator >(Period left, Period right) => left.CompareTo(right) > 0;
    public static bool operator <=(Period left, Period right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Period left, Period right) => left.CompareTo(right) >= 0;

    /// <summary><c>202503</c>, <c>2025Q1</c> or <c>2025</c>.</summary>
    public override string ToString() => Kind switch
    {
        PeriodKind.Year => Year.ToString(CultureInfo.InvariantCulture),
        PeriodKind.Quarter => string.Create(CultureInfo.InvariantCulture, $"{Year}Q{(Code % 100) - 20}"),
        _ => Code.ToString("000000", CultureInfo.InvariantCulture),
    };
}
