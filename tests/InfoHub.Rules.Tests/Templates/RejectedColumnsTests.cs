using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>The hub's columns beside rejected rows are known again however they return, and no cell is lost.</summary>
public class RejectedColumnsTests
{
    [Theory]
    [InlineData("origin_row", true, true)]
    [InlineData("Origin_Row", true, true)]
    [InlineData(" ORIGIN_ROW ", true, true)]
    [InlineData("原行号", true, true)]
    [InlineData("Error_Codes", true, false)]
    [InlineData("错误说明", true, false)]
    [InlineData("FIX", true, false)]
    [InlineData("cust_no", false, false)]
    public void Title_InAnyCase_IsTheHubs(string title, bool has, bool isOrigin)
    {
        Assert.Equal(has, RejectedColumns.Has(title));
        Assert.Equal(isOrigin, RejectedColumns.IsOrigin(title));
        string[] own = has ? [title.Trim()] : [];
        var header = FileHeader.Read(HostileFileTests.Load("GD", "GD-01"),
            [.. HostileFiles.Header.Split(','), .. own], out _).Header;
        Assert.Equal(isOrigin, header?.HasOrigin);
    }

    /// <summary>FROZEN: a typed batch is known again by the hash of its text.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("甲", "甲")]
    [InlineData("a;b|c\td 'e", "a;b|c\td 'e")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    public void Quote_Cell_IsAsItStandsInCsv(string cell, string expected)
    {
        Assert.Equal(expected, RecordCells.Quote(cell));
        Assert.Equal([cell, "x", cell], RecordCells.Split(RecordCells.Join([cell, "x", cell]), ','));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4097)]
    [InlineData(20_000)]
    public void Split_OfManyCells_LeavesNothingOut(int count)
    {
        var cells = Enumerable.Range(0, count).Select(i => i % 3 == 0 ? $"a,\"{i}\nb" : $"{i}").ToArray();
        var record = string.Join(',', cells.Select((c, i) =>
            i % 3 == 0 ? $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : c));
        Assert.Equal(cells, RecordCells.Split(record, ','));
    }
}
