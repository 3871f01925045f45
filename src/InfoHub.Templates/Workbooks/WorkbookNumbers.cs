using System.Globalization;

namespace InfoHub.Templates.Workbooks;

/// <summary>Numbers of a workbook as text, by decimal arithmetic on the digits that stand in the file.</summary>
internal static class WorkbookNumbers
{
    private const int SignificantDigits = 15;
    private const int FractionDigitsMax = 28;
    private const decimal LostFrom = 1e15m;
    private const int SecondsPerDay = 86_400;

    /// <summary>9999-12-31 in the system of 1900.</summary>
    private const int LastDay = 2_958_465;

    /// <summary>
    /// 15 significant digits, which is what a spreadsheet holds: 0.30000000000000004 is 0.3. A whole number with more
    /// has lost some, and is written as a spreadsheet shows it: 3.70983E+18.
    /// </summary>
    public static string Plain(string raw) => !TryRead(raw, out var value) ? raw.Trim()
        : Math.Abs(value) >= LostFrom ? value.ToString("0.#####E+0", CultureInfo.InvariantCulture)
        : Shortest(Round(value));

    /// <summary>13 for 0.13.</summary>
    public static string Percent(string raw) => !TryRead(raw, out var value) ? raw.Trim()
        : Math.Abs(value) < LostFrom ? Shortest(Round(value) * 100) : Plain(raw);

    /// <summary>A whole number without a sign: digits alone.</summary>
    public static bool IsDigits(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    public static string Write(string raw, NumberMeaning meaning, bool from1904)
    {
        if (!TryRead(raw, out var value))
            return raw.Trim();
        if (value < 0 || value > LastDay)
            return Plain(raw);
        var day = (int)decimal.Floor(value);
        var seconds = (int)decimal.Round((value - day) * SecondsPerDay);
        if (seconds == SecondsPerDay)
            (day, seconds) = (day + 1, 0);
        var time = TimeSpan.FromSeconds(seconds).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);
        if (meaning == NumberMeaning.Time && day == 0)
            return time;
        return seconds == 0 ? DayText(day, from1904) : $"{DayText(day, from1904)} {time}";
    }

    /// <summary>In the system of 1900 a day 60 is shown, 29 February 1900, which never was.</summary>
    private static string DayText(int day, bool from1904)
    {
        if (!from1904 && day is 0 or 60)
            return day == 0 ? "1900-01-00" : "1900-02-29";
        var first = from1904 ? new DateOnly(1904, 1, 1) : new DateOnly(1899, 12, day < 60 ? 31 : 30);
        return day > DateOnly.MaxValue.DayNumber - first.DayNumber
            ? day.ToString(CultureInfo.InvariantCulture) : first.AddDays(day).ToString("yyyy-MM-dd",
                CultureInfo.InvariantCulture);
    }

    /// <summary>2025-03-31T00:00:00 as 2025-03-31, other times behind a blank.</summary>
    public static string IsoDate(string raw)
    {
        var text = raw.Trim();
        var at = text.IndexOf('T', StringComparison.Ordinal);
        if (at < 0)
            return text;
        var time = text[(at + 1)..].TrimEnd('Z');
        return time.AsSpan().ContainsAnyExcept("0:.") ? $"{text[..at]} {time}" : text[..at];
    }

    private static bool TryRead(string raw, out decimal value) =>
        decimal.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static decimal Round(decimal value)
    {
        var (magnitude, digits) = (Math.Abs(value), 0);
        for (var power = 1m; power <= magnitude; power *= 10)
            digits++;
        for (var power = 0.1m; digits <= 0 && magnitude > 0 && magnitude < power && digits > -12; power /= 10)
            digits--;
        return decimal.Round(value, Math.Clamp(SignificantDigits - digits, 0, FractionDigitsMax),
            MidpointRounding.AwayFromZero);
    }

    private static string Shortest(decimal value) => value.ToString("0.############################",
        CultureInfo.InvariantCulture);
}
