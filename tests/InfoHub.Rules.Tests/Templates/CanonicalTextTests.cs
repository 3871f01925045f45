using System.Globalization;
using System.Text;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>Two writings of one thing are one text, and a text read once is not read otherwise again.</summary>
public class CanonicalTextTests
{
    private const int Texts = 20_000;

    [Theory]
    [InlineData("=\"3709830000001\"", "3709830000001", TextTraits.Guard)]
    [InlineData("＝“3709830000001”", "3709830000001", TextTraits.Guard | TextTraits.Width)]
    [InlineData("=3709830000001", "3709830000001", TextTraits.Guard)]
    [InlineData("'3709830000001", "3709830000001", TextTraits.Guard)]
    [InlineData("’3709830000001", "3709830000001", TextTraits.Guard)]
    [InlineData("＇3709830000001", "3709830000001", TextTraits.Guard | TextTraits.Width)]
    [InlineData("\"3709830000001\"", "3709830000001", TextTraits.Guard)]
    [InlineData("３７０９８３００００００１", "3709830000001", TextTraits.Width)]
    [InlineData("3709830000001\u2003", "3709830000001", TextTraits.Blank)]
    [InlineData("370983\u00A00000001", "3709830000001", TextTraits.Blank)]
    [InlineData("370983 0000 001", "3709830000001", TextTraits.Blank)]
    [InlineData("  3709830000001\t", "3709830000001", TextTraits.None)]
    [InlineData("370983\u200B0000001\uFEFF", "3709830000001", TextTraits.Unseen)]
    [InlineData("370983\u20600000001\uFE0F", "3709830000001", TextTraits.Unseen)]
    [InlineData("𝟑𝟕𝟎𝟗𝟖𝟑𝟎𝟎𝟎𝟎𝟎𝟎𝟏", "3709830000001", TextTraits.Form)]
    [InlineData("HT–2025—001", "HT-2025-001", TextTraits.Form)]
    [InlineData("\u202E3709830000001", "3709830000001", TextTraits.Order)]
    [InlineData("37\uE001", "37\uE001", TextTraits.PrivateUse)]
    [InlineData("37\uFFFD", "37\uFFFD", TextTraits.Lost)]
    public void Of_Code_IsOneWriting(string written, string canonical, TextTraits traits)
    {
        Assert.Equal(canonical, CanonicalText.Of(written, TextForm.Code, out var found));
        Assert.Equal(traits, found);
    }

    [Theory]
    [InlineData("云山市⽼井⾯馆", "云山市老井面馆")]
    [InlineData("云山市\uF934井面館", "云山市老井面館")]
    [InlineData("⻓沙\u2EE2服", "长沙马服")]
    [InlineData("武汉（甲）商贸　有限公司", "武汉（甲）商贸 有限公司")]
    [InlineData("ＡＢＣ商贸（２０２５）１２－３号", "ABC商贸（2025）12-3号")]
    [InlineData("Ⅱ期③栋⑴单元", "II期3栋(1)单元")]
    [InlineData("10²号", "10²号")]
    [InlineData("①②号", "①②号")]
    [InlineData("Cafe\u0301", "Café")]
    [InlineData("ｶﾞｰﾃﾞﾝ", "ガーデン")]
    [InlineData("㈱云山", "(株)云山")]
    [InlineData("'张三", "张三")]
    [InlineData("'n Roll's", "'n Roll's")]
    [InlineData("‘老井’面馆", "‘老井’面馆")]
    [InlineData("'=甲'乙", "=甲'乙")]
    [InlineData("=\"云山市\"", "云山市")]
    [InlineData("=云山", "=云山")]
    [InlineData("葛\U000E0100城", "葛城")]
    [InlineData("\uE81E", "\u9FB4")]
    [InlineData("甲\r\n乙", "甲 乙")]
    [InlineData(" \u3000 ", "")]
    public void Of_Prose_KeepsWhatItSays(string written, string canonical) =>
        Assert.Equal(canonical, CanonicalText.Of(written, TextForm.Prose));

    /// <summary>Over texts put together from everything that is read otherwise, in both forms and as bytes and
    /// text.</summary>
    [Theory]
    [InlineData(TextForm.Prose)]
    [InlineData(TextForm.Code)]
    public void Of_ItsOwnResult_IsTheSame(TextForm form)
    {
        var random = new Random(20251);
        var scratch = new byte[4096];
        for (var i = 0; i < Texts; i++)
        {
            var text = Drawn(random);
            var once = CanonicalText.Of(text, form);
            Assert.Equal(once, CanonicalText.Of(once, form, out var traits));
            Assert.Equal(TextTraits.None, traits & ~(TextTraits.Lost | TextTraits.PrivateUse));
            var bytes = CanonicalText.Of(Encoding.UTF8.GetBytes(text), form, scratch, out _);
            Assert.Equal(once, Encoding.UTF8.GetString(bytes));
        }
    }

    /// <summary>A key and the same key in another dress: width, blanks, guards, the unseen.</summary>
    [Fact]
    public void Of_TwoWritingsOfOneKey_AreOneKey()
    {
        var random = new Random(20252);
        for (var i = 0; i < Texts; i++)
        {
            var key = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ =>
                Plain[random.Next(Plain.Length)]));
            Assert.Equal(key, CanonicalText.Of(key, TextForm.Code));
            Assert.Equal(key, CanonicalText.Of(Dressed(random, key), TextForm.Code));
        }
    }

    /// <summary>The scan of a whole record never lets a text by that changes inside.</summary>
    [Fact]
    public void MayChange_OfTextThatChangesInside_IsTrue()
    {
        var random = new Random(20253);
        for (var i = 0; i < Texts; i++)
        {
            var text = $"甲{Drawn(random)}乙";
            var pad = new string('云', random.Next(0, 30));
            if (CanonicalText.Of(text, TextForm.Prose) != text)
                Assert.True(CanonicalText.MayChange(Encoding.UTF8.GetBytes(pad + text + pad)), text);
        }
    }

    [Theory]
    [InlineData("91370983МА3C000113", "第 9 位是西里尔字母 М，不是英文字母 M")]
    [InlineData("37090219800101120×", "第 18 位是乘号 ×，不是英文字母 X")]
    [InlineData("37090219800101120Х", "第 18 位是西里尔字母 Х，不是英文字母 X")]
    [InlineData("91370983ΜA3C000113", "第 9 位是希腊字母 Μ，不是英文字母 M")]
    [InlineData("9137〇983MA3C000113", "第 5 位是字符 〇，不是数字 0")]
    [InlineData("9137甲", "第 5 位是汉字 甲，不是英文字母或数字")]
    [InlineData("9137", "")]
    public void Explain_NamesPlaceAndCharacter(string code, string explanation) =>
        Assert.Equal(explanation, LookAlikeLetters.Explain(Encoding.UTF8.GetBytes(code)));

    private const string Plain = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_./";

    private static readonly string[] Parts =
    [
        "1", "9", "A", "甲", "老", "（", "）", " ", "  ", "\u3000", "\u00A0", "\u2003", "\t", "\n", "１", "Ａ", "－", "=",
            "＝", "\"",
        "“", "”", "'", "’", "＇", "\u200B", "\uFE0F", "\u202E", "①", "⑨", "²", "½", "⑴", "⒈", "㈠", "Ⅱ", "⽼", "\uF934",
            "⻓",
        "e", "\u0301", "\u0308", "ｶ", "ﾞ", "\uE001", "\uE81E", "\uFFFD", "–", "—", "𝟑", "㌖", "㍿", "\U0002F800",
            "\U000E0100",
        ".", "-", "+", "@", "丶", "か", "\u3099", "·", "×", "М",
    ];

    private static string Drawn(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Parts[random.Next(Parts.Length)]));

    private static readonly string[] Nothings = ["", "", "", " ", "\u00A0", "\u3000", "\u200B", "\u2009", "\uFEFF",
        "\u00AD"];

    private static string Dressed(Random random, string key)
    {
        var dressed = new StringBuilder();
        foreach (var character in key)
            dressed.Append(Nothings[random.Next(Nothings.Length)])
                .Append(random.Next(3) == 0 ? (char)(character + 0xFEE0) : character);
        return random.Next(4) switch
        {
            0 => $"=\"{dressed}\"",
            1 => $"'{dressed}",
            2 => $"\t{dressed}\u2003",
            _ => dressed.ToString(),
        };
    }

    [Theory]
    [InlineData("无")]
    [InlineData("（无）")]
    [InlineData("－")]
    [InlineData("———")]
    [InlineData("//")]
    [InlineData("null")]
    [InlineData("\\N")]
    [InlineData("Ｎ／Ａ")]
    [InlineData("n / a")]
    [InlineData("nan")]
    [InlineData("待 补 充")]
    public void IsNothing_WordOfNothing_WholeCellOnly(string text)
    {
        Assert.True(NothingWords.IsNothing(text));
        Assert.True(NothingWords.IsNothing(Encoding.UTF8.GetBytes(text)));
        Assert.False(NothingWords.IsNothing($"{text}甲"));
        Assert.False(NothingWords.IsOpenEnd(text));
    }

    /// <summary>Kind: a word for nothing in quotes, in brackets or with a stop behind it is still that word.</summary>
    [Fact]
    public void IsNothing_EveryWordInEveryDress_IsNothing()
    {
        string[] dresses =
        [
            "{0}", "\"{0}\"", "'{0}'", "“{0}”", "‘{0}’", "「{0}」", "（{0}）", "（“{0}”）", "{0}。", "{0} .", "“{0}。”",
            "\u3000{0}\u200B",
        ];
        var words = NothingWords.Lists.Where(l => l.Column == NothingColumn.Any && !l.IsOpenEnd)
            .SelectMany(l => l.Words);
        var missed = words.SelectMany(word => dresses.Select(dress => dress.Replace("{0}", word,
            StringComparison.Ordinal))).Where(text => !NothingWords.IsNothing(text)
                || !NothingWords.IsNothing(Encoding.UTF8.GetBytes(text.Trim())));

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData("“无名”")]
    [InlineData("无。名")]
    [InlineData("\"无\"锡")]
    [InlineData("无锡市")]
    [InlineData("空调")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("A-/")]
    [InlineData("1900-01-01")]
    [InlineData("张三")]
    [InlineData("")]
    public void IsNothing_OtherText_IsNot(string text) => Assert.False(NothingWords.IsNothing(text));

    [Theory]
    [InlineData("0000-00-00", true, false)]
    [InlineData("1900/1/1", true, false)]
    [InlineData("长期", false, true)]
    [InlineData("无固定期限", false, true)]
    [InlineData("９９９９－１２－３１", false, true)]
    [InlineData("2025-03-01", false, false)]
    public void Dates_NothingAndNoEnd_AreTold(string text, bool isNothing, bool isOpenEnd)
    {
        Assert.Equal(isNothing, NothingWords.IsNothing(text, NothingColumn.Date));
        Assert.Equal(isOpenEnd, NothingWords.IsOpenEnd(text));
    }

    [Fact]
    public void Lists_AreDatedAndCited() => Assert.All(NothingWords.Lists, list =>
    {
        Assert.True(list.Since.Year >= 2025, list.Since.ToString(CultureInfo.InvariantCulture));
        Assert.NotEmpty(list.Citation);
        Assert.True(list.Words.Length + list.Repeated.Length > 0);
    });
}
