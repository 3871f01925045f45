using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace InfoHub.Templates.Checks;

/// <summary>How a date or a period was written.</summary>
internal enum Writing
{
    /// <summary>It cannot be read, or could mean more than one.</summary>
    Unreadable = 0,

    /// <summary>As agreed.</summary>
    Agreed,

    /// <summary>In another form that can mean one only.</summary>
    Other,

    /// <summary>With a time of day in another zone: the day in China is told by both.</summary>
    OtherZone,
}

/// <summary>Dates as people and programs write them; only forms that can mean one day are read.</summary>
internal static class DateText
{
    private const int LongestText = 80;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>
    /// YYYY-MM-DD is the agreed form. Read as well, since the year stands first: 2025/3/1, 2025.3.1, 2025-3-1,
    /// 2025年3月1日, 二〇二五年三月一日, 20250301; and with an English month: 3 March 2025, Mar 3 2025. Behind them a day of
    /// the week, a time of day and an offset: 2025-03-02T16:00:00Z is 2025-03-03 in China. Never 3/1/2025 or 25-3-1.
    /// </summary>
    /// <param name="cell">Canonical; blanks may part it.</param>
    public static Writing TryRead(ReadOnlySpan<byte> cell, out DateOnly date)
    {
        if (cell.Length == 10 && cell[4] == '-' && cell[7] == '-')
            return TryBuild(cell[..4], cell[5..7], cell[8..], out date) ? Writing.Agreed : Writing.Unreadable;
        var day = WithoutTime(cell);
        if (day.Length == 8 && !day.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return TryBuild(day[..4], day[4..6], day[6..], out date) ? Writing.Other : Writing.Unreadable;
        if (TryReadParts(day, out date))
            return Writing.Other;
        return cell.Length is >= 8 and <= LongestText ? TryReadLong(Encoding.UTF8.GetString(cell), out date)
            : Writing.Unreadable;
    }

    private static bool TryReadParts(ReadOnlySpan<byte> day, out DateOnly date)
    {
        date = default;
        if (day.Length is < 8 or > 10 || day[4] is not ((byte)'/' or (byte)'.' or (byte)'-'))
            return false;
        var rest = day[5..];
        var month = rest.IndexOf(day[4]);
        return month is 1 or 2 && rest.Length - month is 2 or 3
            && TryBuild(day[..4], rest[..month], rest[(month + 1)..], out date);
    }

    /// <summary>Without " 08:30", " 08:30:00", "T08:30:00" or " 0:00": midnight in China, as every time without a
    /// zone.</summary>
    internal static ReadOnlySpan<byte> WithoutTime(ReadOnlySpan<byte> cell)
    {
        var at = cell.IndexOfAny((byte)' ', (byte)'T');
        if (at < 8 || cell.Length - at is < 5 or > 17)
            return cell;
        var time = cell[(at + 1)..];
        return time.Contains((byte)':') && time[0] is >= (byte)'0' and <= (byte)'2'
            && !time.ContainsAnyExcept("0123456789:."u8) && (time[0] != '2' || time[1] is (byte)':' or < (byte)'4')
            ? cell[..at] : cell;
    }

    private static Writing TryReadLong(string text, out DateOnly date)
    {
        date = default;
        text = ChineseNumerals.InDate(text);
        if (JavaForm.Match(text) is { Success: true } java)
            text = java.Result("${d} ${m} ${y} ${time} ") + java.Groups["zone"].Value.Replace("CST", "+08:00",
                StringComparison.Ordinal);
        var match = YearFirstForm.Match(text);
        if (!match.Success)
            match = CompactForm.Match(text);
        if (!match.Success)
            match = MonthByNameForm.Match(text);
        if (!match.Success || RestForm.Match(match.Groups["rest"].Value) is not { Success: true } rest
            || !TryMonth(match.Groups["m"].Value, out var month)
            || !TryDay(Int(match.Groups["y"].Value), month, Int(match.Groups["d"].Value), out date))
            return Writing.Unreadable;
        var hour = Hour(rest);
        if (!rest.Groups["zone"].Success)
            return hour >= 0 || IsDaysEnd(rest) ? Writing.Other : Writing.Unreadable;
        if (hour < 0 || !TryOffset(rest.Groups["zone"].Value, out var offset))
            return Writing.Unreadable;
        var local = date.ToDateTime(new TimeOnly(hour, Math.Min(59, Int(rest.Groups["min"].Value))));
        if (date.Year is < 2 or > 9998)
            return Writing.Other;
        var day = DateOnly.FromDateTime(local - offset + China);
        var moved = day != date;
        date = day;
        return moved ? Writing.OtherZone : Writing.Other;
    }

    /// <summary>0 to 23; -1 when there is no such hour.</summary>
    private static int Hour(Match rest)
    {
        var hour = Int(rest.Groups["h"].Value);
        var half = rest.Groups["half"].Value + rest.Groups["ampm"].Value.ToUpperInvariant();
        if (half is "PM" or "下午" or "晚上" && hour < 12)
            hour += 12;
        if (half is "AM" or "上午" or "凌晨" && hour == 12)
            hour = 0;
        return hour < 24 ? hour : -1;
    }

    /// <summary>24:00 is the end of its own day.</summary>
    private static bool IsDaysEnd(Match rest) => Int(rest.Groups["h"].Value) == 24
        && Int(rest.Groups["min"].Value) + Int(rest.Groups["s"].Value) == 0;

    private static bool TryOffset(string zone, out TimeSpan offset)
    {
        offset = default;
        var sign = zone.AsSpan().IndexOfAny('+', '-');
        if (sign < 0)
            return true;
        var digits = zone[(sign + 1)..].Replace(":", "", StringComparison.Ordinal);
        var (hours, minutes) = digits.Length <= 2 ? (Int(digits), 0) : (Int(digits[..^2]), Int(digits[^2..]));
        offset = new TimeSpan(hours, minutes, 0) * (zone[sign] == '-' ? -1 : 1);
        return hours <= 14 && minutes < 60;
    }

    /// <summary>3, 03, Mar or March.</summary>
    internal static bool TryMonth(string text, out int month)
    {
        month = char.IsAsciiDigit(text[0]) ? Int(text) : 1 + Array.FindIndex(Months, name => text.Length >= 3
            && (name.Equals(text, StringComparison.OrdinalIgnoreCase) || (text.Length <= 4
                && name.StartsWith(text, StringComparison.OrdinalIgnoreCase))));
        return month is >= 1 and <= 12;
    }

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ];

    private static int Int(string digits) => digits.Length == 0 ? 0
        : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static readonly Regex YearFirstForm = new(@"^(?<y>[0-9]{4})(?:\s*年\s*(?<m>[0-9]{1,2})\s*月\s*(?<d>[0-9]"
        + @"{1,2})\s*[日号]?|(?<sep>[-/.])\s?(?<m>[0-9]{1,2})\k<"
        + @"sep>\s?(?<d>[0-9]{1,2}))(?![0-9])(?<rest>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly Regex CompactForm = new(@"^(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})(?:[T ]?(?<rest>["
        + @"0-9]{6}.*)|(?:\.0+)?(?<rest>(?:[TZ \(+-].*)?))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly Regex MonthByNameForm = new(@"^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[,.]?\s+)?(?:(?"
        + @"<d>[0-9]{1,2})(?:st|nd|rd|th)?[-/ ]\s*(?<m>"
        + @"[A-Za-z]{3,9})|(?<m>[A-Za-z]{3,9})\.?\s+(?<d>[0-9]{1,2})(?:st|nd|rd|th)?)[-/., ]+(?<y>[0-9]{4})(?![0-9"
        + @"])(?<rest>.*)"
        + @"$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture);

    /// <summary>Sat Mar 01 00:00:00 CST 2025, as Java prints a moment; its CST is China's.</summary>
    private static readonly Regex JavaForm = new(@"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<m>[A-Z][a-z]{2}) (?<d>[0-9]{1,2"
        + @"}) (?<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) (?<zone>CST|UTC|GMT(?:[+-][0-9]{2}:[0-9]{2})?) (?<y>[0-9]{4})$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>A day of the week, a time of day, a zone, and what is in brackets behind it.</summary>
    private static readonly Regex RestForm = new(@"^[\s,]*(?:[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|[(（]?(?:Mon|Tue|Wed|T"
        + @"hu|Fri|Sat|Sun)[a-z]*[)）]?)?[\s,T"
        + @"]*"
        + @"(?:(?<half>上午|下午|凌晨|中午|早上|晚上)?\s*(?:(?<h>[0-9]{1,2})(?:[:：]|时|点)(?<min>[0-9]{1,2})?(?:分|[:：](?<s>[0-9]"
        + @"{1,2})(?:[.,:"
            + @"][0-9]{1,9})?)?(?:[0-9]{1,2}秒)?|(?<h>[0-9]{2})(?<min>[0-9]{2})(?<s>[0-9]{2})(?:[.,][0-9]{1,9})?"
        + @")\s*(?<ampm>AM|PM)?)?"
        + @"\s*(?<zone>Z|UTC|GMT|(?:UTC|GMT)?\s?[+-][0-9]{1,2}(?::?[0-9]{2})?)?\s*(?:[(（\[][^)）\]]*[)）\]])?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture);

    private static bool TryBuild(ReadOnlySpan<byte> yearText, ReadOnlySpan<byte> monthText, ReadOnlySpan<byte> dayText,
        out DateOnly date)
    {
        date = default;
        return TryDigits(yearText, out var year) && TryDigits(monthText, out var month)
            && TryDigits(dayText, out var day) && TryDay(year, month, day, out date);
    }

    private static bool TryDay(int year, int month, int day, out DateOnly date)
    {
        var exists = year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        date = exists ? new DateOnly(year, month, day) : default;
        return exists;
    }

    public static bool TryDigits(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + digit - '0';
        }
        return true;
    }
}

/// <summary>二〇二五年三月二十一日 in digits.</summary>
internal static class ChineseNumerals
{
    private const string Digits = "〇一二三四五六七八九";

    private const string Other = "零○０壹贰叁肆伍陆柒捌玖拾";
    private const string Meant = "〇〇〇一二三四五六七八九十";

    /// <summary>The date or month with its numerals as digits; the text as it is when it has none of this
    /// form.</summary>
    public static string InDate(string text)
    {
        if (text.AsSpan().IndexOfAny('年', '季') < 0 || text.AsSpan().IndexOfAny(Digits + Other + "十廿卅元") < 0)
            return text;
        var match = DateForm.Match(string.Concat(text.Select(c =>
            Other.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Meant[at] : c)));
        if (!match.Success)
            return text;
        var parts = match.Groups;
        return string.Concat(parts["y"].Value.Select(c =>
            (char)('0' + Digits.IndexOf(c, StringComparison.Ordinal))).Append('年'))
            + (parts["m"].Success ? $"{Number(parts["m"].Value)}月" : "")
            + (parts["d"].Success ? $"{Number(parts["d"].Value)}日" : "") + parts["rest"].Value;
    }

    private static readonly Regex DateForm = new("^(?<y>[〇一二三四五六七八九]{4})\\s*年(?:度)?\\s*(?:(?<m>[一二三四五六七八九十元]{1,2}"
        + ")\\s*月(?:份)?)?\\s*(?:(?<d>[一二三四五六七"
        + "八九十廿卅]{1,3})\\s*[日号])?(?<rest>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>十 to 三十一, 廿一, 卅; 元 is the first.</summary>
    private static int Number(string text)
    {
        var (number, last) = (0, 0);
        foreach (var character in text)
        {
            if (character is '十' or '廿' or '卅')
                (number, last) = (number + (character switch { '廿' => 20, '卅' => 30, _ => Math.Max(last, 1) * 10 }), 0);
            else
                last = character == '元' ? 1 : Digits.IndexOf(character, StringComparison.Ordinal);
        }
        return number + last;
    }
}
