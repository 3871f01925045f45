using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace InfoHub.Templates.Vocabulary;

/// <summary>What a text is written for.</summary>
public enum TextForm
{
    /// <summary>
    /// Names, addresses, remarks: blanks part words and the full-width punctuation of Chinese typesetting stays, as
    /// in 武汉（甲）商贸有限公司.
    /// </summary>
    Prose = 0,

    /// <summary>
    /// Codes and the keys of a department: blanks mean nothing, all punctuation is narrow, every dash is a hyphen,
    /// quotation marks around the whole are no part of it.
    /// </summary>
    Code,

    /// <summary>Numbers, dates, months: as codes, but a blank inside parts.</summary>
    Value,
}

/// <summary>What was read otherwise than it stands, and what a text holds that cannot be read.</summary>
[Flags]
public enum TextTraits
{
    None = 0,

    /// <summary>A blank that is none of the keyboard's; in a code any blank inside.</summary>
    Blank = 1,

    /// <summary>A full-width or half-width form.</summary>
    Width = 2,

    /// <summary>A character nobody sees was taken out.</summary>
    Unseen = 4,

    /// <summary>A compatibility form, a radical in place of its ideograph, a combining sequence.</summary>
    Form = 8,

    /// <summary>The guard of a spreadsheet was taken off: ="…", a leading apostrophe.</summary>
    Guard = 16,

    /// <summary>A mark that changes the order people read in was taken out: what is seen is not what stands.</summary>
    Order = 32,

    /// <summary>A private-use character without a place in GB 18030-2022; it stays.</summary>
    PrivateUse = 64,

    /// <summary>U+FFFD; it stays.</summary>
    Lost = 128,
}

/// <summary>
/// The one canonical form of text: two writings of one thing become the same characters. Spreadsheet guards, blanks of
/// all kinds, width, characters nobody sees, compatibility forms (NFKC with the radicals of CJK, from a table of our
/// own,
/// so that no host's Unicode version decides), combining sequences. Applied before a key is compared, a code checked, a
/// row hashed for identity, a name linked. Idempotent. Case and look-alike letters of other alphabets stay: see
/// <see cref="LookAlikeLetters"/>. A form that ends or begins with a digit (①, ², ½) stays where another digit stands
/// beside it: 10² is not 102. Without allocation unless something changes.
/// </summary>
/// <remarks>
/// Sources: Unicode 14.0.0 UAX 15 and UAX 44 (White_Space, Default_Ignorable_Code_Point, EquivalentUnifiedIdeograph);
/// GB 18030-2022 for private-use characters of before.
/// </remarks>
public static class CanonicalText
{
    /// <summary>The longest form has five characters where one stood; see <see cref="ScratchBytes"/>.</summary>
    private const int GrowthMax = 6;

    /// <summary>Bytes of a code that needs no reading: neither blank nor guard, upper case or lower.</summary>
    private static readonly SearchValues<byte> PlainCode = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_./:+,#()*%&"u8);

    private static readonly SearchValues<byte> PlainValue = SearchValues.Create("0123456789-.:/T"u8);

    /// <summary>What the buffer of <see cref="Of(ReadOnlySpan{byte}, TextForm, Span{byte}, out TextTraits)"/>
    /// holds.</summary>
    public static int ScratchBytes(int utf8Bytes) => (utf8Bytes * GrowthMax) + 8;

    /// <summary>
    /// The canonical form of the text: the same instance when it is canonical already; "" for null and for blanks.
    /// </summary>
    public static string Of(string? text, TextForm form) => Of(text, form, out _);

    /// <summary>As <see cref="Of(string?, TextForm)"/>: the same span when it is canonical already.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text, TextForm form) =>
        text.IsEmpty || IsPlain(text, form) ? text : Of(text.ToString(), form);

    /// <inheritdoc cref="Of(string?, TextForm)"/>
    public static string Of(string? text, TextForm form, out TextTraits traits)
    {
        traits = TextTraits.None;
        if (string.IsNullOrEmpty(text) || IsPlain(text, form))
            return text ?? "";
        var utf8 = Encoding.UTF8.GetBytes(text);
        var canonical = Of(utf8, form, new byte[ScratchBytes(utf8.Length)], out traits);
        return canonical.SequenceEqual(utf8) ? text : Encoding.UTF8.GetString(canonical);
    }

    /// <summary>
    /// The canonical form of valid UTF-8: a part of <paramref name="utf8"/> when nothing inside it changes, else
    /// written
    /// to <paramref name="scratch"/>, which has <see cref="ScratchBytes"/> and does not overlap it.
    /// </summary>
    public static ReadOnlySpan<byte> Of(
        ReadOnlySpan<byte> utf8, TextForm form, Span<byte> scratch, out TextTraits traits)
    {
        traits = TextTraits.None;
        if (IsPlain(utf8, form))
            return utf8;
        var reading = new CanonicalReading(form, scratch);
        reading.Read(utf8);
        traits = reading.Traits;
        var canonical = reading.Result;
        return canonical.SequenceEqual(utf8) ? utf8 : canonical;
    }

    /// <summary>Nothing in the text can be read otherwise. False costs time only.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> utf8, TextForm form) => form switch
    {
        TextForm.Code => !utf8.ContainsAnyExcept(PlainCode),
        TextForm.Value => !utf8.ContainsAnyExcept(PlainValue),
        _ => !MayBeGuarded(utf8) && !HasBlankEdge(utf8) && !MayChange(utf8),
    };

    /// <summary>It begins as a guard of a spreadsheet does; typographic ones are found by <see
    /// cref="MayChange"/>.</summary>
    public static bool MayBeGuarded(ReadOnlySpan<byte> utf8) => utf8.Length > 0
        && utf8[0] is (byte)'\'' or (byte)'=' or (byte)'`';

    private static bool HasBlankEdge(ReadOnlySpan<byte> utf8) => utf8.Length > 0 && (utf8[0] <= ' ' || utf8[^1] <= ' ');

    private static bool IsPlain(ReadOnlySpan<char> text, TextForm form)
    {
        if (form != TextForm.Prose)
            return !text.ContainsAnyExcept(PlainCodeCharacters);
        if (text[0] is <= ' ' or '\'' or '=' or '`' || text[^1] <= ' ')
            return false;
        var before = '\0';
        foreach (var character in text)
        {
            if (character is not ((> ' ' and < '\x7F') or (>= '\u3400' and <= '\u9FFF') or '（' or '）' or '，' or '：'
                or '、' or '—' or '·') && (character != ' ' || before == ' '))
                return false;
            before = character;
        }
        return true;
    }

    private static readonly SearchValues<char> PlainCodeCharacters = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_./:+,#()*%&");

    /// <summary>
    /// Whether prose in UTF-8, a cell or a whole record without its line end, has to be looked at: false for ASCII
    /// without control
    /// characters or two blanks in a row, unified ideographs, kana that is whole, and （），：；？!. Never false when
    /// something inside changes; true costs time only, and is said of a question mark too, which may stand for lost
    /// text. Blanks and guards at the ends of a cell are not looked for.
    /// </summary>
    public static bool MayChange(ReadOnlySpan<byte> utf8)
    {
        var i = 0;
        ref var start = ref MemoryMarshal.GetReference(utf8);
        for (; i + Vector256<byte>.Count + 1 < utf8.Length; i += Vector256<byte>.Count)
        {
            var here = Vector256.LoadUnsafe(ref start, (nuint)i);
            var rare = Vector256.LessThan(here, Vector256.Create((byte)0x20));
            // Lead bytes below U+3000 (C2..E2), private use and all planes above the first (EE, F0 and on), and DEL.
            rare |= Vector256.GreaterThan(here, Vector256.Create((byte)0xC1))
                & Vector256.LessThan(here, Vector256.Create((byte)0xE3));
            rare |= Vector256.Equals(here, Vector256.Create((byte)'?')) | Vector256.Equals(here,
                Vector256.Create((byte)0xEE)) | Vector256.Equals(here, Vector256.Create((byte)0x7F))
                | Vector256.GreaterThan(here, Vector256.Create((byte)0xEF));
            var next = Vector256.LoadUnsafe(ref start, (nuint)i + 1);
            rare |= Vector256.Equals(here, Vector256.Create((byte)' ')) & Vector256.Equals(next, here);
            var leads = Vector256.Equals(here, Vector256.Create((byte)0xE3)) | Vector256.Equals(here,
                Vector256.Create((byte)0xEF));
            if (rare != Vector256<byte>.Zero)
                return true;
            if (leads != Vector256<byte>.Zero && HoldsForm(utf8, i, leads.ExtractMostSignificantBits()))
                return true;
        }
        for (; i < utf8.Length; i++)
            if (utf8[i] is < 0x20 or (byte)'?' or 0x7F or 0xEE or > 0xEF
                or (> 0xC1 and < 0xE3) || (utf8[i] == ' ' && i + 1 < utf8.Length && utf8[i + 1] == ' ')
                || (utf8[i] is 0xE3 or 0xEF && IsForm(utf8[i..])))
                return true;
        return false;
    }

    private static bool HoldsForm(ReadOnlySpan<byte> utf8, int at, uint leads)
    {
        for (; leads != 0; leads &= leads - 1)
            if (IsForm(utf8[(at + System.Numerics.BitOperations.TrailingZeroCount(leads))..]))
                return true;
        return false;
    }

    /// <summary>E3: all but 、。〇〈 to 】, ぁ and on without marks of sound; EF: all but the usual punctuation.</summary>
    private static bool IsForm(ReadOnlySpan<byte> character) => character.Length < 3
        || (character[0], character[1]) switch
    {
        (0xE3, 0x80) => character[2] is 0x80 or > 0x91,
        (0xE3, 0x81 or 0x83) => false,
        (0xE3, 0x82) => character[2] is >= 0x99 and <= 0x9F,
        (0xE3, >= 0x90) => false,
        (0xEF, 0xBC) => character[2] is not (0x81 or 0x88 or 0x89 or 0x8C or 0x9A or 0x9B or 0x9F),
        _ => true,
    };
}

/// <summary>One pass over one text.</summary>
internal ref struct CanonicalReading(TextForm form, Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private readonly bool _code = form != TextForm.Prose;
    private readonly bool _blanksPart = form != TextForm.Code;
    private int _length;
    private int _lastLength;
    private int _last;
    private bool _lastIsDigit;
    private TextTraits _pending;

    public TextTraits Traits { get; private set; }

    public ReadOnlySpan<byte> Result { get; private set; }

    public void Read(ReadOnlySpan<byte> utf8)
    {
        var blanks = false;
        for (var rest = utf8; rest.Length > 0;)
        {
            _ = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            var character = rest[..length];
            rest = rest[length..];
            switch (CharacterForms.RoleOf(rune.Value))
            {
                case CharacterRole.Blank:
                    blanks = true;
                    _pending |= IsOrdinary(rune.Value) ? TextTraits.None : TextTraits.Blank;
                    break;
                case CharacterRole.Unseen:
                    Traits |= TextTraits.Unseen;
                    break;
                case CharacterRole.Order:
                    Traits |= TextTraits.Order;
                    break;
                case var role:
                    if (blanks)
                        Part();
                    blanks = false;
                    Put(rune.Value, character, rest, role);
                    break;
            }
        }
        Traits |= _pending;
        Result = WithoutGuard(_target[.._length]);
    }

    /// <summary>Blanks that clerks type and programs pad with; at the ends of a cell they are not worth a
    /// word.</summary>
    private static bool IsOrdinary(int blank) => blank is ' ' or '\t' or '\r' or '\n' or 0x3000;

    /// <summary>Blanks stand before the next character: one blank in prose, nothing in a code.</summary>
    private void Part()
    {
        (Traits, _pending) = (Traits | _pending, TextTraits.None);
        if (_length == 0)
            return;
        if (!_blanksPart)
        {
            Traits |= TextTraits.Blank;
            return;
        }
        _target[_length++] = (byte)' ';
        (_last, _lastIsDigit) = (' ', false);
    }

    private void Put(int value, ReadOnlySpan<byte> character, ReadOnlySpan<byte> rest, CharacterRole role)
    {
        if (role == CharacterRole.Lost)
            Traits |= TextTraits.Lost;
        if (role == CharacterRole.PrivateUse)
            Traits |= TextTraits.PrivateUse;
        if (_code && value is (>= 0x2010 and <= 0x2015) or 0x2212)
        {
            Traits |= TextTraits.Form;
            Append('-', "-"u8);
        }
        else if (value < 0x80 || (!_code && IsTypeset(value)))
            Append(value, character);
        else if (CharacterForms.Of(value) is { Length: > 0 } read && !ParsDigits(value, read, rest))
        {
            Traits |= value is >= 0xFF00 and <= 0xFFEF ? TextTraits.Width : TextTraits.Form;
            AppendAll(read);
        }
        else
            Append(value, character);
        _lastIsDigit = EndsInDigit(value);
    }

    /// <summary>Full-width punctuation of Chinese typesetting: ！＂＇（），．：；？［］＿｛｜｝～.</summary>
    private static bool IsTypeset(int value) => value is 0xFF01 or 0xFF02 or 0xFF07 or 0xFF08 or 0xFF09 or 0xFF0C
        or 0xFF0E or 0xFF1A or 0xFF1B or 0xFF1F or 0xFF3B or 0xFF3D or 0xFF3F or (>= 0xFF5B and <= 0xFF5E);

    private readonly bool ParsDigits(int value, ReadOnlySpan<byte> read, ReadOnlySpan<byte> rest)
    {
        if (value is (>= 0xFF10 and <= 0xFF19) or (>= 0x1D7CE and <= 0x1D7FF) or (>= 0x1FBF0 and <= 0x1FBF9))
            return false;
        return (_lastIsDigit && char.IsAsciiDigit((char)read[0]))
            || (char.IsAsciiDigit((char)read[^1]) && NextIsDigit(rest));
    }

    private readonly bool NextIsDigit(ReadOnlySpan<byte> rest)
    {
        for (; rest.Length > 0;)
        {
            _ = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            rest = rest[length..];
            var role = CharacterForms.RoleOf(rune.Value);
            if (role is CharacterRole.Unseen or CharacterRole.Order || (!_blanksPart && role == CharacterRole.Blank))
                continue;
            return rune.IsAscii ? Rune.IsDigit(rune)
                : CharacterForms.Of(rune.Value) is { Length: > 0 } read && char.IsAsciiDigit((char)read[0]);
        }
        return false;
    }

    private static bool EndsInDigit(int value) => value < 0x80 ? char.IsAsciiDigit((char)value)
        : CharacterForms.Of(value) is { Length: > 0 } read && char.IsAsciiDigit((char)read[^1]);

    private void AppendAll(ReadOnlySpan<byte> characters)
    {
        while (characters.Length > 0)
        {
            _ = Rune.DecodeFromUtf8(characters, out var rune, out var length);
            Append(rune.Value, characters[..length]);
            characters = characters[length..];
        }
    }

    private void Append(int value, ReadOnlySpan<byte> character)
    {
        if (value >= 0x300 && _length > 0 && CharacterForms.Composed(_last, value) is > 0 and var composed)
        {
            Traits |= TextTraits.Form;
            _length -= _lastLength;
            _last = composed;
            _lastLength = new Rune(composed).EncodeToUtf8(_target[_length..]);
            _length += _lastLength;
            return;
        }
        character.CopyTo(_target[_length..]);
        (_last, _lastLength) = (value, character.Length);
        _length += character.Length;
    }

    private ReadOnlySpan<byte> WithoutGuard(ReadOnlySpan<byte> text)
    {
        for (var bare = text; ; text = bare)
        {
            bare = SpreadsheetGuard.TakeOff(text, _code);
            if (bare.Length == text.Length)
                return text;
            Traits |= TextTraits.Guard;
        }
    }
}
