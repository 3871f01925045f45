using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>Months, quarters and years as people and programs write them; only what can mean one is read.</summary>
internal static class PeriodText
{
    private const int LongestText = 80;

    /// <summary>
    /// YYYYMM, YYYYQn and YYYY are the agreed forms. Read as well: 2025-03, 2025/3, 03/2025, 2025.03, 2025年3月(份),
    /// 二〇二五年三月, Mar 2025, 202503.0; 2025-Q1, 2025年第一季度; 2025年, 2025年度, 2025.0. A whole date is a month when it
    /// is the first or the last day of one, as programs write months; another day is no month, and was something else
    /// before. Never 2025.1, which a spreadsheet makes of 2025.10 too.
    /// </summary>
    /// <param name="cell">Canonical; blanks may part it.</param>
    public static Writing TryRead(ReadOnlySpan<byte> cell, PeriodKind kind, out Period period)
    {
        if (TryAgreed(cell, kind, out period))
            return Writing.Agreed;
        if (cell.Length is < 4 or > LongestText)
            return Writing.Unreadable;
        var text = ChineseNumerals.InDate(Encoding.UTF8.GetString(cell));
        var read = kind switch
        {
            PeriodKind.Month => TryMonth(text, out period) || TryMonthOfDate(text, out period),
            PeriodKind.Quarter => TryQuarter(text, out period),
            _ => YearForm.Match(text) is { Success: true } year
                && Period.TryFromCode(Int(year.Groups["y"]) * 100, out period),
        };
        return read ? Writing.Other : Writing.Unreadable;
    }

    private static bool TryAgreed(ReadOnlySpan<byte> cell, PeriodKind kind, out Period period)
    {
        period = default;
        return (kind, cell.Length) switch
        {
            (PeriodKind.Month, 6) => DateText.TryDigits(cell, out var month) && Period.TryFromCode(month, out period)
                && period.Kind == PeriodKind.Month,
            (PeriodKind.Year, 4) => DateText.TryDigits(cell, out var year)
                && Period.TryFromCode(year * 100, out period),
            (PeriodKind.Quarter, 6) => cell[4] == 'Q' && cell[5] is >= (byte)'1' and <= (byte)'4'
                && DateText.TryDigits(cell[..4], out var of)
                && Period.TryFromCode((of * 100) + 20 + (cell[5] - '0'), out period),
            _ => false,
        };
    }

    private static bool TryMonth(string text, out Period period)
    {
        period = default;
        var match = MonthForm.Match(text);
        if (!match.Success)
            match = NamedMonthForm.Match(text);
        return match.Success && DateText.TryMonth(match.Groups["m"].Value, out var month)
            && Period.TryFromCode((Int(match.Groups["y"]) * 100) + month, out period);
    }

    private static bool TryMonthOfDate(string text, out Period period)
    {
        period = default;
        if (DateText.TryRead(Encoding.UTF8.GetBytes(text), out var date) == Writing.Unreadable
            || !Period.TryFromCode((date.Year * 100) + date.Month, out var month) || (date != month.Start
                && date != month.End))
            return false;
        period = month;
        return true;
    }

    private static bool TryQuarter(string text, out Period period)
    {
        period = default;
        var match = QuarterForm.Match(text);
        if (!match.Success)
            return false;
        var number = match.Groups["q"].Value[0];
        var quarter = "一二三四".IndexOf(number, StringComparison.Ordinal) is >= 0 and var at ? at + 1 : number - '0';
        return Period.TryFromCode((Int(match.Groups["y"]) * 100) + 20 + quarter, out period);
    }

    private static int Int(Group digits) => int.Parse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static readonly Regex MonthForm = new(@"^(?<y>[0-9]{4})(?:\s*年(?:度\s*)?\s*(?<m>[0-9]{1,2})\s*(?:月份?)?"
        + @"|\s?[-/_]\s?(?<m>[0-9]{1,2})(?:月份?)?|\.(?<m>0[1-9]|1[0-2]|[2-9])|\.(?<m>[0-9]{1,2})月份?"
        + @"|\s?-?M(?<m>[0-9]{1,2})|\s(?<m>[0-9]{1,2})|(?<m>[0-9]{2})(?:月份?|\.0+))$"
        + @"|^(?<m>[0-9]{1,2})[-/](?<y>[0-9]{4})$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase);

    private static readonly Regex NamedMonthForm = new(@"^(?:(?<m>[A-Z]{3,9})\.?[-/, ]+(?<y>[0-9]{4})|(?<y>[0-9]{4"
        + @"})[-/ ](?<m>[A-Z]{3,9}))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase);

    private static readonly Regex QuarterForm = new(@"^(?:(?<y>[0-9]{4})\s*年?\s*[-/.]?\s*(?:第?\s*(?<q>[1-4一二三四]"
        + @")\s*季度?|Q\s*(?<q>[1-4]))|Q(?<q>[1-4])[-/ ]"
        + @"*(?<y>[0-9]{4})|(?<q>[1-4])Q[-/ ]*(?<y>[0-9]{4}))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase);

    private static readonly Regex YearForm = new(@"^(?<y>[0-9]{4})\s*(?:年度?|\.0+)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
