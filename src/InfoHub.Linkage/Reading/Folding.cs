namespace InfoHub.Linkage.Reading;

/// <summary>
/// Characters without the ways of writing that mean nothing: full width becomes half width, letters upper case,
/// traditional characters simplified; blanks and punctuation go, brackets stay as <c>(</c> and <c>)</c>.
/// </summary>
internal static class Folding
{
    /// <summary>Folds to nothing.</summary>
    private const char Dropped = '\0';

    private const int FullWidthOffset = 0xFEE0;

    private static readonly char[] Map = Build();

    /// <summary>
    /// Folds <paramref name="text"/> into <paramref name="into"/>, which must be as long, and returns how much came
    /// out. <paramref name="changed"/> tells whether anything but blanks at the ends differs.
    /// </summary>
    public static int Fold(ReadOnlySpan<char> text, Span<char> into, out bool changed)
    {
        text = text.Trim();
        var (map, length) = (Map, 0);
        changed = false;
        foreach (var character in text)
        {
            var folded = map[character];
            changed |= folded != character;
            if (folded != Dropped)
                into[length++] = folded;
        }
        return length;
    }

    /// <summary>Removes the brackets and keeps what is in them.</summary>
    public static int WithoutBrackets(Span<char> text)
    {
        var length = 0;
        foreach (var character in text)
            if (character is not ('(' or ')'))
                text[length++] = character;
        return length;
    }

    /// <summary>0 to 9 for an Arabic or Chinese digit, 10 for 十, 100 for 百; −1 for anything else.</summary>
    public static int Digit(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => -1,
    };

    private static char[] Build()
    {
        var map = new char[char.MaxValue + 1];
        for (var code = 0; code < map.Length; code++)
        {
            var character = (char)code;
            if (character is >= '！' and <= '～')
                character = (char)(character - FullWidthOffset);
            map[code] = char.IsLetterOrDigit(character) || char.IsSurrogate(character)
                ? char.ToUpperInvariant(character) : Dropped;
        }
        foreach (var line in LinkageTables.Lines("traditional.txt"))
            foreach (var pair in line.Split(' '))
                map[pair[0]] = pair[1];
        foreach (var open in "(（[［【〔〖{｛<＜《〈")
            map[open] = '(';
        foreach (var close in ")）]］】〕〗}｝>＞》〉")
            map[close] = ')';
        map['〇'] = map['○'] = map['Ｏ'] = '零';
        map['Ｏ'] = 'O';
        map['#'] = map['＃'] = '号';
        return map;
    }
}
