using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>What a person remembers of an entry finds it, whatever the way of writing.</summary>
public sealed class SearchGramsTests
{
    private static readonly PartyText Entry = new("", "肥城市（雲海）餐饮有限公司", "郑 森武", "肥城市文化路１８号", "",
        "91370983MA3C000113 370983200000017");

    /// <summary>Worked out by a second program: entries in the store and questions have to meet.</summary>
    [Fact]
    public void Numbers_OfPairsAndCodes_AreFrozen()
    {
        Assert.Equal([-1061120662, 1133595552], SearchGrams.OfQuestion(new SearchedText("云海餐", "", "", "")));
        Assert.Equal([759914346], SearchGrams.OfQuestion(new SearchedText("", "文化", "", "")));
        Assert.Equal([1419384652], SearchGrams.OfQuestion(new SearchedText("", "", "郑森", "")));
        Assert.Equal([-275369057], SearchGrams.OfQuestion(new SearchedText("", "", "", "91370983MA3C000113")));
        Assert.Equal([-486859393], SearchGrams.OfQuestion(new SearchedText("", "", "", "ma3c0001-1")));
    }

    [Theory]
    [InlineData("云海", "", "", "", true)]
    [InlineData("雲 海", "文化路18", "森武", "", true)]
    [InlineData("", "", "", "９１３７０９８３ma3c000113", true)]
    [InlineData("", "", "", "MA3C00011", true)]
    [InlineData("", "", "", "370983200000017", true)]
    [InlineData("海云", "", "", "", false)]
    [InlineData("云海", "文化路8", "", "", false)]
    [InlineData("", "", "", "91370983", false)]
    [InlineData("文化", "", "", "", false)]
    public void Question_OfAnEntry_IsAnsweredByItAlone(string name, string address, string person, string code,
        bool expected)
    {
        var asked = new SearchedText(name, address, person, code);
        Assert.Equal(expected, SearchGrams.Answers(Entry, asked));
        // Whatever answers has every pair: nothing is lost by asking the index first.
        if (expected)
            Assert.Subset(SearchGrams.OfEntry(Entry).ToHashSet(), SearchGrams.OfQuestion(asked).ToHashSet());
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("云", "路", "郑", "")]
    [InlineData(" （） ", "", "", "、")]
    public void Question_OfSingleCharacters_AsksNothing(string name, string address, string person, string code) =>
        Assert.Empty(SearchGrams.OfQuestion(new SearchedText(name, address, person, code)));

    [Fact]
    public void Entry_OfEndlessText_HasABoundedNumber()
    {
        var text = new string([.. Enumerable.Range(0, 5_000).Select(i => (char)('一' + i))]);
        Assert.InRange(SearchGrams.OfEntry(new PartyText("", text, text, text, "", "")).Length, 50, 100);
    }
}
