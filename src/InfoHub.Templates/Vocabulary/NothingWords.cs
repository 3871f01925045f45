using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace InfoHub.Templates.Vocabulary;

/// <summary>What kind of cell a word for nothing stands in.</summary>
public enum NothingColumn
{
    /// <summary>Names, addresses, codes, numbers, months: everything that is no date.</summary>
    Any = 0,

    /// <summary>Dates: besides the words for any column, the zero days of programs and the words for no end.</summary>
    Date,
}

/// <summary>One list of words with where it comes from.</summary>
/// <param name="Words">As the file writes them.</param>
/// <param name="Repeated">Signs of which any number alone means the same.</param>
public sealed record NothingList(NothingColumn Column, bool IsOpenEnd, DateOnly Since, string Citation,
    ImmutableArray<string> Words, ImmutableArray<string> Repeated);

/// <summary>
/// Words, signs and days by which people and programs say that there is nothing, or no end: 无, NULL, \N, ----,
/// 0000-00-00, 长期. A whole cell only, never a part of it; without regard to case, width, blanks, brackets and quotes
/// around it, and a stop behind it. Two of them never agree with each other: that two rows say 不详 makes them one in
/// nothing. The lists are dated and cited in Tables/nothing-words.yaml.
/// </summary>
public static class NothingWords
{
    private static readonly FrozenSet<string> Brackets =
        new[] { "()", "[]", "<>", "{}", "【】", "〔〕", "《》", "〈〉", "「」", "『』", "\"\"", "''", "``", "“”", "‘’" }
            .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every list, in the order of the file.</summary>
    public static ImmutableArray<NothingList> Lists { get; } = EmbeddedTables.NothingLists();

    private static readonly FrozenSet<string> AnyWords = Words(NothingColumn.Any, isOpenEnd: false);
    private static readonly FrozenSet<string> DateWords = Words(NothingColumn.Date, isOpenEnd: false);
    private static readonly FrozenSet<string> EndWords = Words(NothingColumn.Date, isOpenEnd: true);
    private static readonly FrozenSet<int> Signs = Lists.SelectMany(l => l.Repeated)
        .SelectMany(sign => new[] { sign, KeyOf(sign) }).Select(sign => Rune.GetRuneAt(sign, 0).Value).ToFrozenSet();

    /// <summary>A text that begins with none of the signs and is longer is no word, in brackets or not: the longest
    /// word has 27, a stop and a blank behind it or a character nobody sees 3 each.</summary>
    private const int WordBytesMax = 36;

    private static readonly int WordCharactersMax = Lists.SelectMany(l => l.Words).Max(w => w.Length);

    /// <summary>First characters of the words and signs; most cells are told by these alone.</summary>
    private static readonly ulong[] Beginnings = BeginningsOf(AnyWords);

    /// <summary>The whole text says that there is nothing. "" does not: it is nothing.</summary>
    public static bool IsNothing(ReadOnlySpan<char> text, NothingColumn column = NothingColumn.Any)
    {
        text = text.Trim();
        if (text.IsEmpty || text.Length > (4 * WordCharactersMax) || (column == NothingColumn.Any
            && !MayBegin(text[0])))
            return false;
        return IsRepeated(text) || IsWord(KeyOf(text.ToString()), column);
    }

    /// <inheritdoc cref="IsNothing(ReadOnlySpan{char}, NothingColumn)"/>
    /// <param name="utf8">Valid UTF-8 without blanks around it. No word for any column ends in a digit.</param>
    public static bool IsNothing(ReadOnlySpan<byte> utf8, NothingColumn column = NothingColumn.Any)
    {
        if (utf8.IsEmpty || (utf8.Length > WordBytesMax && (utf8[0] is >= 0xE4 and <= 0xED
            || char.IsAsciiLetterOrDigit((char)utf8[0])))
            || utf8.Length > 4 * WordCharactersMax || (column == NothingColumn.Any
                && char.IsAsciiDigit((char)utf8[^1])))
            return false;
        _ = Rune.DecodeFromUtf8(utf8, out var first, out _);
        return (column != NothingColumn.Any || (first.IsBmp && MayBegin((char)first.Value)))
            && IsNothing(Encoding.UTF8.GetString(utf8), column);
    }

    private static bool MayBegin(char first) => (Beginnings[first >> 6] >> (first & 63) & 1) != 0;

    /// <summary>The whole text says that there is no end: 长期, 永久, 9999-12-31.</summary>
    public static bool IsOpenEnd(ReadOnlySpan<char> text) =>
        text.Length is > 0 && text.Length <= 4 * WordCharactersMax && EndWords.Contains(KeyOf(text.ToString()));

    /// <inheritdoc cref="IsOpenEnd(ReadOnlySpan{char})"/>
    public static bool IsOpenEnd(ReadOnlySpan<byte> utf8) =>
        utf8.Length <= 4 * WordCharactersMax && IsOpenEnd(Encoding.UTF8.GetString(utf8));

    private static bool IsWord(string key, NothingColumn column) => key.Length > 0
        && (AnyWords.Contains(key) || (column == NothingColumn.Date && DateWords.Contains(key)));

    private static bool IsRepeated(ReadOnlySpan<char> text)
    {
        var only = -1;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                continue;
            if (!Signs.Contains(rune.Value) || (only >= 0 && only != rune.Value))
                return false;
            only = rune.Value;
        }
        return only >= 0;
    }

    /// <summary>Upper case, narrow, without blanks, without brackets or quotes around the whole, without a stop behind
    /// it.</summary>
    private static string KeyOf(string text)
    {
        var key = CanonicalText.Of(text, TextForm.Code).ToUpperInvariant();
        for (var length = 0; length != key.Length;)
        {
            length = key.Length;
            if (length > 1 && key[^1] is '.' or '。')
                key = key[..^1];
            if (key.Length > 2 && Brackets.Contains($"{key[0]}{key[^1]}"))
                key = key[1..^1];
        }
        return key;
    }

    private static FrozenSet<string> Words(NothingColumn column, bool isOpenEnd) => Lists
        .Where(l => l.Column == column && l.IsOpenEnd == isOpenEnd).SelectMany(l => l.Words).Select(KeyOf)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A word may also stand in brackets or in another width: those beginnings are few, and taken
    /// in.</summary>
    private static ulong[] BeginningsOf(IEnumerable<string> words)
    {
        var beginnings = new ulong[(char.MaxValue + 1) / 64];
        void Add(int first) => beginnings[first >> 6] |= 1UL << (first & 63);
        foreach (var character in words.Select(w => w[0]).Concat(Signs.Select(s =>
            (char)s)).Concat(Brackets.Select(b => b[0])))
        {
            Add(character);
            Add(char.ToLowerInvariant(character));
            if (character is <= ' ' or >= '\x7F')
                continue;
            Add(character + 0xFEE0);
            Add(char.ToLowerInvariant(character) + 0xFEE0);
        }
        return beginnings;
    }
}
