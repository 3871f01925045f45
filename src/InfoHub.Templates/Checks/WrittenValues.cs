using System.Text;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Checks;

/// <summary>Dates as people and programs write them; only forms that can mean one day are read.</summary>
internal static class DateText
{
    /// <summary>
    /// YYYY-MM-DD is the agreed form. Read as well, since the year stands first: 2025/3/1, 2025.3.1, 2025-3-1,
    /// 2025年3月1日, 20250301, and any of them with a time of day behind it. Never 3/1/2025 or 25-3-1.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, out DateOnly date, out bool isAgreedForm)
    {
        isAgreedForm = cell.Length == 10 && cell[4] == '-' && cell[7] == '-';
        if (isAgreedForm)
            return TryBuild(cell[..4], cell[5..7], cell[8..], out date);
        var day = WithoutTime(cell);
        if (day.Length == 8 && !day.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return TryBuild(day[..4], day[4..6], day[6..], out date);
        return TryReadParts(day, out date);
    }

    private static bool TryReadParts(ReadOnlySpan<byte> day, out DateOnly date)
    {
        date = default;
        if (day.Length < 8)
            return false;
        var chinese = day[4..].StartsWith("年"u8);
        if (!chinese && day[4] is not ((byte)'/' or (byte)'.' or (byte)'-'))
            return false;
        var behind = chinese ? "月"u8 : day.Slice(4, 1);
        var rest = day[(chinese ? 7 : 5)..];
        var month = rest.IndexOf(behind);
        if (month is < 1 or > 2)
            return false;
        var last = rest[(month + behind.Length)..];
        if (chinese && !last.EndsWith("日"u8))
            return false;
        if (chinese)
            last = last[..^3];
        return last.Length is 1 or 2 && TryBuild(day[..4], rest[..month], last, out date);
    }

    /// <summary>Without " 08:30", " 08:30:00", "T08:30:00" or " 0:00".</summary>
    private static ReadOnlySpan<byte> WithoutTime(ReadOnlySpan<byte> cell)
    {
        var at = cell.IndexOfAny((byte)' ', (byte)'T');
        if (at < 8 || cell.Length - at is < 5 or > 17)
            return cell;
        var time = cell[(at + 1)..];
        return time.Contains((byte)':') && time[0] is >= (byte)'0' and <= (byte)'2'
            && !time.ContainsAnyExcept("0123456789:.Z"u8)
            ? cell[..at] : cell;
    }

    private static bool TryBuild(ReadOnlySpan<byte> yearText, ReadOnlySpan<byte> monthText, ReadOnlySpan<byte> dayText,
        out DateOnly date)
    {
        date = default;
        if (!TryDigits(yearText, out var year) || !TryDigits(monthText, out var month) || !TryDigits(dayText,
            out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateOnly(year, month, day);
        return true;
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

/// <summary>Why a cell is no number, said as precisely as can be without guessing what was meant.</summary>
internal static class NumberText
{
    private static readonly byte[][] Units = [.. new[]
    {
        "亿元", "千万元", "百万元", "万元", "千元", "元整", "元", "圆", "角", "分", "亿", "万", "千", "人", "户", "个", "家", "笔", "度", "吨",
            "平方米", "㎡", "m2",
        "%", "‰", "kWh", "kwh", "KWH", "kVA", "RMB", "CNY", "千瓦时",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Signs = [.. new[] { "¥", "￥", "$", "RMB", "CNY",
        "人民币" }.Select(Encoding.UTF8.GetBytes)];

    public static ProblemKind WhyNot(ReadOnlySpan<byte> cell)
    {
        if (CellText.IsScientific(cell))
            return ProblemCatalogue.ScientificNotation;
        var bare = WithoutUnit(cell);
        if (bare.Length < cell.Length && IsNumber(bare))
            return ProblemCatalogue.NumberWithUnit;
        return bare.Length == cell.Length && IsNumber(cell) ? ProblemCatalogue.NumberGrouped
            : ProblemCatalogue.NotANumber;
    }

    private static ReadOnlySpan<byte> WithoutUnit(ReadOnlySpan<byte> cell)
    {
        foreach (var sign in Signs)
            if (cell.StartsWith(sign))
                return CellText.Trim(cell[sign.Length..]);
        foreach (var unit in Units)
            if (cell.EndsWith(unit))
                return CellText.Trim(cell[..^unit.Length]);
        return cell;
    }

    /// <summary>[+-]digits[.digits], thousands grouped or not.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] is (byte)'+' or (byte)'-')
            text = text[1..];
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        return whole.Length > 0 && (CellText.IsGrouped(whole) || !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            && (point < 0 || !text[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }
}
