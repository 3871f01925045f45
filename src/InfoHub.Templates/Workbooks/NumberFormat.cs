using System.Text;

namespace InfoHub.Templates.Workbooks;

/// <summary>How a number of a cell is meant, by its number format.</summary>
internal enum NumberMeaning
{
    Plain = 0,
    Date,

    /// <summary>A date of which only year and month are shown.</summary>
    Month,
    Time,
    Percent,
}

/// <summary>
/// A number format, as far as it tells what a number means and whether what is shown is what is stored. Read once per
/// format, in one pass over its code.
/// </summary>
internal sealed record NumberFormat(NumberMeaning Meaning)
{
    /// <summary>A spreadsheet allows 255 characters.</summary>
    private const int CodeCharactersMax = 1024;

    private static readonly string[] ScaleWords = ["万", "千", "百", "亿", "兆", "K", "M", "B", "W"];

    public static readonly NumberFormat General = new(NumberMeaning.Plain);

    /// <summary>
    /// The code's zeros and the text around them, for a number that is a code: 00000 shows 00042 of 42, "GD"0000 shows
    /// GD0042. Null for every other format.
    /// </summary>
    public string? Digits { get; private init; }

    /// <summary>What is shown is the number divided by a power of ten: 0.00,, or 0!.0, do so.</summary>
    public bool IsScaled { get; private init; }

    /// <summary>The format says by a word that it is: 万, K.</summary>
    public bool NamesScale { get; private init; }

    /// <summary>What is shown is not the number at all: ;;; shows nothing, "停用" a word.</summary>
    public bool IsHidden { get; private init; }

    /// <summary>ECMA-376 part 1, 18.8.30: the built-in formats, those of Chinese installations included.</summary>
    public static NumberFormat BuiltIn(int id) => id switch
    {
        9 or 10 => new NumberFormat(NumberMeaning.Percent),
        17 or 57 => new NumberFormat(NumberMeaning.Month),
        (>= 14 and <= 16) or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 58
            => new NumberFormat(NumberMeaning.Date),
        (>= 18 and <= 21) or (>= 32 and <= 35) or (>= 45 and <= 47) or 55 or 56 => new NumberFormat(NumberMeaning.Time),
        _ => General,
    };

    public static NumberFormat Of(string code)
    {
        if (code.Length == 0 || code.Length > CodeCharactersMax
            || code.StartsWith("General", StringComparison.OrdinalIgnoreCase) || code == "@")
            return General;
        var sections = Section.All(code);
        var first = sections[0];
        if (first.Meaning != NumberMeaning.Plain)
            return new NumberFormat(first.Meaning);
        var numbers = sections.Take(3).Where(s => s.HasDigits).ToArray();
        return new NumberFormat(NumberMeaning.Plain)
        {
            Digits = sections.Count == 1 ? first.Digits : null,
            IsScaled = numbers.Any(s => s.IsScaled),
            NamesScale = numbers.Any(s => s.IsScaled) && numbers.Where(s => s.IsScaled)
                .All(s => ScaleWords.Any(w => s.Literal.Contains(w, StringComparison.OrdinalIgnoreCase))),
            IsHidden = first is { HasDigits: false, ShowsNumber: false },
        };
    }

    /// <summary>The part of a code between two semicolons.</summary>
    private sealed class Section
    {
        private readonly StringBuilder _literal = new();
        private readonly StringBuilder _digits = new();
        private bool _onlyZeros = true;
        private bool _point;
        private bool _literalPoint;
        private bool _digitBehindLiteralPoint;
        private bool _year;
        private bool _day;
        private bool _time;
        private bool _percent;
        private int _commas;

        public bool HasDigits { get; private set; }

        /// <summary>General in a section shows the number too.</summary>
        public bool ShowsNumber { get; private set; }

        public string Literal => _literal.ToString();

        public bool IsScaled => HasDigits && (_commas > 0 || (_digitBehindLiteralPoint && !_point));

        public string? Digits => HasDigits && _onlyZeros && !IsScaled && _digits.Length > 1 ? _digits.ToString() : null;

        public NumberMeaning Meaning => _day ? NumberMeaning.Date : _year ? _time ? NumberMeaning.Date
            : NumberMeaning.Month : _time ? NumberMeaning.Time : _percent ? NumberMeaning.Percent : NumberMeaning.Plain;

        public static List<Section> All(string code)
        {
            var sections = new List<Section> { new() };
            for (var i = 0; i < code.Length; i++)
            {
                if (code[i] == ';')
                    sections.Add(new Section());
                else
                    i = sections[^1].Take(code, i);
            }
            return sections;
        }

        /// <summary>Takes what begins at <paramref name="i"/>; where it ends.</summary>
        private int Take(string code, int i)
        {
            switch (code[i])
            {
                case '"':
                    var end = code.IndexOf('"', i + 1) is >= 0 and var close ? close : code.Length;
                    AddLiteral(code[(i + 1)..end]);
                    return end;
                case '\\' or '!':
                    AddLiteral(i + 1 < code.Length ? code[(i + 1)..(i + 2)] : "");
                    return i + 1;
                case '_' or '*':
                    return i + 1;
                case '[':
                    var bracket = code.IndexOf(']', i) is >= 0 and var right ? right : code.Length;
                    TakeBracket(code.AsSpan(i + 1, Math.Max(0, bracket - i - 1)));
                    return bracket;
                case 'G' or 'g' when code.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    ShowsNumber = true;
                    return i + "General".Length - 1;
                default:
                    TakeSign(code[i], i + 1 < code.Length ? code[i + 1] : '\0');
                    return i;
            }
        }

        private void TakeBracket(ReadOnlySpan<char> inside)
        {
            if (inside.Length > 0 && inside[0] is 'h' or 'H' or 's' or 'S' or 'm' or 'M'
                && !inside.ContainsAnyExcept("hHsSmM"))
                _time = true;
            else if (inside.StartsWith("$") && inside.IndexOf('-') is var dash and > 1)
                AddLiteral(inside[1..dash].ToString());
        }

        private void TakeSign(char sign, char next)
        {
            switch (sign)
            {
                case '0' or '#' or '?':
                    HasDigits = true;
                    _onlyZeros &= sign == '0';
                    _commas = 0;
                    _digitBehindLiteralPoint |= _literalPoint;
                    _digits.Append('0');
                    break;
                case ',' when HasDigits:
                    _commas++;
                    _onlyZeros = false;
                    break;
                case '.':
                    _point = true;
                    _onlyZeros = false;
                    break;
                case '%':
                    _percent = true;
                    break;
                case 'y' or 'Y':
                    _year = true;
                    break;
                case 'e' or 'E':
                    _year |= next is not ('+' or '-') && !HasDigits;
                    _onlyZeros = false;
                    break;
                case 'd' or 'D':
                    _day = true;
                    break;
                case 'h' or 'H' or 's' or 'S':
                    _time = true;
                    break;
                case 'm' or 'M' or 'b' or 'B' or 'g' or '/' or '@' or ':':
                    _onlyZeros = false;
                    break;
                default:
                    AddLiteral(sign.ToString());
                    break;
            }
        }

        private void AddLiteral(string text)
        {
            _literal.Append(text);
            _digits.Append(text.Replace('0', '\u0001'));
            _literalPoint |= HasDigits && text is "." or "．";
        }
    }

    /// <summary>A whole number as a format of zeros and text shows it.</summary>
    public static string Show(string digits, string number)
    {
        var shown = new StringBuilder();
        var at = number.Length - 1;
        var first = digits.IndexOf('0', StringComparison.Ordinal);
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            if (digits[i] != '0')
                shown.Insert(0, digits[i] == '\u0001' ? '0' : digits[i]);
            else
                shown.Insert(0, at >= 0 ? number[at--] : '0');
            if (i == first)
                while (at >= 0)
                    shown.Insert(0, number[at--]);
        }
        return shown.ToString();
    }
}
