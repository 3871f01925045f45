using System.Globalization;
using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Reading;

/// <summary>What a title or label says, apart from how it is written.</summary>
internal static class TitleText
{
    /// <summary>
    /// Letters, digits and signs of units only, in lower case and compatibility form: 抄表电量（ＫＷＨ） and
    /// "*抄表电量 [kWh]" are 抄表电量kwh. Blanks, line ends, brackets, punctuation, stars and what nobody sees are gone.
    /// </summary>
    public static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var rune in Plain(text).EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '%' or '‰' || Rune.GetUnicodeCategory(rune)
                == UnicodeCategory.CurrencySymbol)
                bare.Append(Rune.ToLowerInvariant(rune));
        return bare.ToString();
    }

    /// <summary>The text without a number in front: 1.用户编号, （2）用户名称, ③用电地址, 四、区划.</summary>
    public static string WithoutNumber(string text)
    {
        text = text.Trim();
        if (text.Length > 1 && char.GetUnicodeCategory(text[0]) == UnicodeCategory.OtherNumber)
            return text[1..];
        var plain = Plain(text).TrimStart('(', '[', '【', ' ');
        var digits = plain.AsSpan().IndexOfAnyExcept("0123456789一二三四五六七八九十");
        return digits is >= 1 and <= 3 && ".、)]】．·:-_ ".Contains(plain[digits]) ? plain[(digits + 1)..] : text;
    }

    /// <summary>The canonical form without blanks: full width is half, ㎡ is m2, a Kangxi radical is its
    /// character.</summary>
    public static string Plain(string text) => CanonicalText.Of(text, TextForm.Code);
}
