using System.Globalization;
using System.Xml;

namespace InfoHub.Templates.Workbooks;

/// <summary>How a number of a cell is meant, by its number format.</summary>
internal enum NumberMeaning
{
    Plain = 0,
    Date,
    Time,
    Percent,
}

/// <summary>The number formats of a workbook, as far as they tell what a number means.</summary>
internal sealed class WorkbookStyles
{
    private const string Part = "xl/styles.xml";
    private const int FormatsMax = 65_536;

    private readonly List<(NumberMeaning Meaning, int Digits)> _formats = [];
    private readonly bool _from1904;

    public WorkbookStyles(WorkbookParts parts, bool from1904)
    {
        _from1904 = from1904;
        if (!parts.Has(Part))
            return;
        var formats = new Dictionary<int, string>();
        var inCells = false;
        using var xml = parts.Open(Part);
        while (xml.Read())
        {
            XmlText.RequireShallow(xml);
            if (xml.LocalName == "cellXfs")
                inCells = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "numFmt" && formats.Count < FormatsMax)
                formats[Number(xml, "numFmtId")] = xml.GetAttribute("formatCode") ?? "";
            else if (xml.LocalName == "xf" && inCells && _formats.Count < FormatsMax)
                _formats.Add(FormatOf(Number(xml, "numFmtId"), formats));
        }
    }

    /// <summary>The number as text: what a person sees who looks at the cell, with all its digits.</summary>
    public string Write(string raw, int style)
    {
        var (meaning, digits) = style < _formats.Count ? _formats[style] : default;
        if (meaning != NumberMeaning.Plain)
            return WorkbookNumbers.Write(raw, meaning, _from1904);
        return digits > 1 ? WorkbookNumbers.Padded(raw, digits) : WorkbookNumbers.Plain(raw);
    }

    /// <summary>
    /// A format of zeros alone shows them in front: 00000 makes 00042 of 42, a code that was kept as a number.
    /// </summary>
    private static (NumberMeaning Meaning, int Digits) FormatOf(int id, Dictionary<int, string> formats) => (
        MeaningOf(id, formats),
        formats.TryGetValue(id, out var code) && !code.AsSpan().ContainsAnyExcept('0') ? code.Length : 0);

    private static int Number(XmlReader xml, string attribute) =>
        xml.GetAttribute(attribute) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    /// <summary>ECMA-376 part 1, 18.8.30: the built-in formats, those of Chinese installations included.</summary>
    private static NumberMeaning MeaningOf(int id, Dictionary<int, string> formats) => id switch
    {
        _ when formats.TryGetValue(id, out var code) => MeaningOf(code),
        9 or 10 => NumberMeaning.Percent,
        (>= 14 and <= 17) or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => NumberMeaning.Date,
        (>= 18 and <= 21) or (>= 32 and <= 35) or (>= 45 and <= 47) or 55 or 56 => NumberMeaning.Time,
        _ => NumberMeaning.Plain,
    };

    private static NumberMeaning MeaningOf(string code)
    {
        if (code.StartsWith("General", StringComparison.OrdinalIgnoreCase))
            return NumberMeaning.Plain;
        var (date, time, percent) = (false, false, false);
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case ';':
                    i = code.Length;
                    break;
                case '"':
                    i = code.IndexOf('"', i + 1) is >= 0 and var end ? end : code.Length;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[':
                    time |= i + 1 < code.Length && code[i + 1] is 'h' or 'H' or 's' or 'S';
                    i = code.IndexOf(']', i) is >= 0 and var close ? close : code.Length;
                    break;
                case '%':
                    percent = true;
                    break;
                case 'y' or 'Y' or 'd' or 'D' or 'e':
                    date |= code[i] != 'e' || !code.Contains('0', StringComparison.Ordinal);
                    break;
                case 'h' or 'H' or 's' or 'S':
                    time = true;
                    break;
            }
        }
        return date ? NumberMeaning.Date : time ? NumberMeaning.Time : percent ? NumberMeaning.Percent
            : NumberMeaning.Plain;
    }
}

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

    public static string Padded(string raw, int digits) =>
        Plain(raw) is var plain && !plain.AsSpan().ContainsAnyExceptInRange('0', '9') ? plain.PadLeft(digits, '0')
            : plain;

    public static string Write(string raw, NumberMeaning meaning, bool from1904)
    {
        if (!TryRead(raw, out var value))
            return raw.Trim();
        if (meaning == NumberMeaning.Percent)
            return Math.Abs(value) < LostFrom ? Shortest(Round(value) * 100) + "%" : Plain(raw);
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
