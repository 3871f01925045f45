using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// Characters of other alphabets that look like the digits and letters of a code: a keyboard left in another layout, a
/// text read by a scanner. They are told of and never read as what they look like: nobody knows what was meant.
/// </summary>
public static class LookAlikeLetters
{
    private static readonly FrozenDictionary<int, char> Cyrillic = Pairs(
        "АAВBЕEКKМMНHОOРPСCТTУYХXЅSІIЇIЈJԚQԜWЗ3Ӏ1ҮYҺHЬbГrбbаaеeоoрpсcуyхxѕsіiїiјjкkмmнhтtвbԛqԝwгrьbӏlһhз3");

    private static readonly FrozenDictionary<int, char> Greek = Pairs(
        "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvιiκkυuρpαaχxγyωwηnτtσoμuϲcϳj");

    private static readonly FrozenDictionary<int, char> Signs = Pairs("×X✕X✖X✗X✘X⨯X⨉X╳X☓X∅0Ø0ø0ı1ǀ1∣1│1〇0○0◯0");

    private static FrozenDictionary<int, char> Pairs(string pairs) => Enumerable.Range(0, pairs.Length / 2)
        .ToFrozenDictionary(i => (int)pairs[2 * i], i => char.ToUpperInvariant(pairs[(2 * i) + 1]));

    /// <summary>
    /// What the first character of a code is that is no printed ASCII, zh-CN: <c>第 9 位是西里尔字母 М，不是英文字母 M</c>.
    /// "" when all are ASCII. Positions count characters from 1.
    /// </summary>
    /// <param name="code">Canonical, <see cref="TextForm.Code"/>, UTF-8.</param>
    public static string Explain(ReadOnlySpan<byte> code)
    {
        if (Ascii.IsValid(code))
            return "";
        for (var position = 1; code.Length > 0; position++)
        {
            _ = Rune.DecodeFromUtf8(code, out var rune, out var length);
            if (rune.Value >= 0x80)
                return string.Create(CultureInfo.InvariantCulture, $"第 {position} 位是{Describe(rune)}");
            code = code[length..];
        }
        return "";
    }

    /// <summary>The ASCII character it looks like, upper case; '\0' when it looks like none.</summary>
    public static char LikenessOf(Rune character) => Cyrillic.TryGetValue(character.Value, out var like)
        || Greek.TryGetValue(character.Value, out like) || Signs.TryGetValue(character.Value, out like) ? like : '\0';

    /// <summary>
    /// Where a code first differs from one it looks like, zh-CN: <c>第 1 位是英文字母 O，不是数字 0</c>; "" when it looks
    /// otherwise. Letters of other alphabets, and the Latin ones that are typed for digits and the other way round.
    /// </summary>
    public static string Difference(ReadOnlySpan<byte> code, string meant)
    {
        var told = "";
        var position = 0;
        for (; code.Length > 0 && position < meant.Length; position++)
        {
            _ = Rune.DecodeFromUtf8(code, out var rune, out var length);
            code = code[length..];
            if (rune.Value == meant[position])
                continue;
            var isLike = rune.IsAscii ? AreAlike(char.ToUpperInvariant((char)rune.Value), meant[position])
                : LikenessOf(rune) is not '\0' and var like
                    && (like == meant[position] || AreAlike(like, meant[position]));
            if (!isLike)
                return "";
            if (told.Length == 0)
                told = string.Create(CultureInfo.InvariantCulture,
                    $"第 {position + 1} 位是{Describe(rune, meant[position])}");
        }
        return code.IsEmpty && position == meant.Length ? told : "";
    }

    /// <summary>As <see cref="Difference"/> for a code of digits only, whatever digits are meant.</summary>
    public static string OfDigits(ReadOnlySpan<byte> code)
    {
        Span<char> meant = stackalloc char[DigitsMax];
        if (code.Length > DigitsMax || !Ascii.IsValid(code))
            return "";
        for (var i = 0; i < code.Length; i++)
            meant[i] = char.ToUpperInvariant((char)code[i]) switch
            {
                'O' => '0', 'I' or 'L' => '1', 'Z' => '2', 'S' => '5', 'B' => '8', var other => other,
            };
        return meant[..code.Length].ContainsAnyExceptInRange('0', '9') ? ""
            : Difference(code, meant[..code.Length].ToString());
    }

    private const int DigitsMax = 32;

    private static readonly string[] TypedForEachOther = ["0O", "1IL", "2Z", "5S", "8B"];

    private static bool AreAlike(char one, char other) =>
        Array.Exists(TypedForEachOther, group => group.Contains(one) && group.Contains(other));

    private static string Describe(Rune rune, char meant) => rune.IsAscii
        ? $"{Kind((char)rune.Value)} {rune}，不是{Kind(meant)} {meant}" : Describe(rune);

    private static string Kind(char character) => char.IsAsciiDigit(character) ? "数字" : "英文字母";

    private static string Describe(Rune rune)
    {
        var like = LikenessOf(rune);
        var (alphabet, what) = rune.Value switch
        {
            >= 0x0400 and <= 0x052F => ("西里尔字母", "字母"),
            (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) => ("希腊字母", "字母"),
            0xD7 or 0x2A2F or 0x2A09 => ("乘号", "符号"),
            (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF) => ("汉字", "字"),
            (>= 0xE000 and <= 0xF8FF) or >= 0xF0000 => ("私用区字符", ""),
            _ => ("字符", ""),
        };
        var shown = what.Length == 0 && alphabet != "字符"
            ? string.Create(CultureInfo.InvariantCulture, $" U+{rune.Value:X4}") : $" {rune}";
        return like == '\0' ? $"{alphabet}{shown}，不是英文字母或数字"
            : $"{alphabet}{shown}，不是{(char.IsAsciiDigit(like) ? "数字" : "英文字母")} {like}";
    }
}
