using System.Globalization;
using System.Text;
using ExcelDataReader;
using InfoHub.Rules.Tests.Templates;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Workbooks;
using Xunit;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>Nothing of a workbook is left unread, or read otherwise than it looks, in silence.</summary>
public class WorkbookKindsTests
{
    private static readonly Template Gd01 = WorkbookRead.Template(RowReaderTests.RepositoryRoot);

    private static readonly Dictionary<string, WorkbookKind> Kinds = WorkbookKinds.All().ToDictionary(k => k.Name);

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Workbook_OfAKind_IsReadRightOrToldOf(string name)
    {
        var kind = Kinds[name];
        var read = WorkbookRead.Of(Gd01, kind.Bytes);

        if (kind.Owed == Owed.Word)
            Assert.All(read.Rows, row => Assert.Contains(row, kind.Rows));
        else
            Assert.Equal(kind.Rows, read.Rows);
        if (kind.Owed == Owed.Rows)
            Assert.Empty(read.Words);
        else
            Assert.NotEmpty(read.Words);
    }

    /// <summary>What is said where, kind by kind.</summary>
    [Theory]
    [InlineData("rows go on on a second sheet", "IH-INT-223", "“数据”5 行、“第2页”7 行，共 12 行")]
    [InlineData("header again further down", "IH-INT-223", "表格行号 7，共 1 行 又是表头，其下各行接着读取")]
    [InlineData("sheet of notes first", "IH-INT-225", "“填报须知”（1 行）")]
    [InlineData("hidden sheet with data", "IH-INT-225", "“上月”（隐藏，1 行，表头与模板相符）")]
    [InlineData("hidden rows", "IH-INT-227", "表格行号 4～5，共 2 行")]
    [InlineData("rows hidden by a filter", "IH-INT-227", "表格行号 3，共 1 行（表上设有筛选）")]
    [InlineData("hidden column", "IH-INT-228", "表格H 列“电费(元)”")]
    [InlineData("text merged over rows", "IH-INT-229", "表格行号 4～6，共 3 行")]
    [InlineData("note beside the table", "IH-INT-230", "表格O4，共 1 格")]
    [InlineData("every result is 0 and nobody says why", "IH-INT-357", "表格行号 2～13，共 12 行")]
    [InlineData("another table beside it, with a title of its own columns", "IH-INT-230", "表格M2，共 1 格")]
    [InlineData("results of another workbook", "IH-INT-231", "表格行号 2～13，共 12 行")]
    [InlineData("comments", "IH-INT-232", "表格批注 1 处（B3）")]
    [InlineData("macro-enabled", "IH-INT-232", "宏")]
    [InlineData("all codes are numbers", "IH-INT-234", "表格行号 2～13，共 12 行")]
    [InlineData("scaled format with a word", "IH-INT-235", "表格行号 2～13，共 12 行")]
    public void Notice_OfAKind_NamesPlaceAndCount(string name, string code, string place)
    {
        var notice = Assert.Single(WorkbookRead.Of(Gd01, Kinds[name].Bytes).Notices);
        Assert.Equal((code, place), (notice.Kind.Code, notice.Place));
    }

    [Theory]
    [InlineData("formulas never calculated", "IH-INT-226")]
    [InlineData("to be calculated when opened", "IH-INT-226")]
    [InlineData("one formula never calculated", "4:IH-INT-351")]
    [InlineData("failed formula", "4:IH-INT-336")]
    [InlineData("amount merged over rows", "3:IH-INT-350,4:IH-INT-350,5:IH-INT-350")]
    [InlineData("cells in a nameless column", "3:IH-INT-354")]
    [InlineData("two headers that differ", "IH-INT-224")]
    [InlineData("second sheet without a header", "IH-INT-224")]
    public void Refusal_OfAKind_IsOfItsRowsOnly(string name, string words) =>
        Assert.Equal(words.Split(','), WorkbookRead.Of(Gd01, Kinds[name].Bytes).Words);

    /// <summary>A key that lost its zeros would count beside the right one.</summary>
    [Fact]
    public void Code_ShorterThanTheTextsOfItsColumn_IsRefused()
    {
        var read = WorkbookRead.Of(Gd01, Kinds["some codes lost their zeros"].Bytes);

        Assert.All(read.Rows, row => Assert.StartsWith("0", row.Customer, StringComparison.Ordinal));
        Assert.Equal(6, read.Rows.Count);
        Assert.Equal(6, read.Words.Count(w => w.EndsWith("IH-INT-352", StringComparison.Ordinal)));
    }

    [Fact]
    public void Sheet_Chosen_IsReadAlone_AndTheOthersAreNamed()
    {
        var kind = Kinds["rows go on on a second sheet"];
        var read = WorkbookRead.Of(Gd01, kind.Bytes, "第2页");

        Assert.Equal(kind.Rows.Skip(5), read.Rows);
        Assert.Equal("“数据”（5 行，表头与模板相符）", Assert.Single(read.Notices).Place);
    }

    [Fact]
    public void OnlySheetThatFits_IsHidden_IsNotReadAndNotPassedOver()
    {
        var builder = new WorkbookBuilder { Notes = true };
        builder.Sheet.State = "hidden";
        Assert.Equal(["IH-INT-224"], WorkbookRead.Of(Gd01, builder.Build()).Words);
    }

    [Theory]
    [InlineData("上月")]
    [InlineData("数据 (2)")]
    [InlineData("备份")]
    public void SecondSheet_ThatSeemsAnotherPeriodsOrACopy_IsNotJoined(string name)
    {
        var builder = new WorkbookBuilder();
        builder.Extra(name, "");
        Assert.Equal(["IH-INT-224"], WorkbookRead.Of(Gd01, builder.Build()).Words);
    }

    [Fact]
    public void SampleSheet_IsNotRead_AndNamed()
    {
        var builder = new WorkbookBuilder();
        builder.Extra("填报示例", "");
        var read = WorkbookRead.Of(Gd01, builder.Build());
        Assert.Equal(builder.Rows, read.Rows);
        Assert.Equal("“填报示例”（1 行，表头与模板相符）", Assert.Single(read.Notices).Place);
    }

    /// <summary>The columns of a second sheet may stand in another order.</summary>
    [Fact]
    public void SecondBlock_WithItsColumnsElsewhere_IsReadByItsOwnHeader()
    {
        var book = new GeneratedWorkbook();
        var sheet = book.Add("数据");
        string[] first = ["用户编号", "用户名称", "用电地址", "区划", "用电月份", "用电类别", "抄表电量(kWh)", "用户状态"];
        string[] row = ["0001", "甲", "路1", "370983", "202503", "200", "5", "1"];
        for (var i = 0; i < first.Length; i++)
        {
            book.Text(sheet, 2, 1 + i, first[i]);
            book.Text(sheet, 3, 1 + i, row[i]);
            book.Text(sheet, 6, 5 + i, first[^(i + 1)]);
            book.Text(sheet, 7, 5 + i, i == 7 ? "0002" : row[^(i + 1)]);
        }
        var read = WorkbookRead.Of(Gd01, book.ToBytes());

        Assert.Equal(["0001", "0002"], read.Rows.Select(r => r.Customer));
        Assert.Equal(["0:IH-INT-223"], read.Words);
    }

    /// <summary>The tables of the package have to be right for this to mean anything.</summary>
    [Fact]
    public void RandomSheets_ReadAsExcelDataReaderReadsThem()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        for (var seed = 0; seed < 150; seed++)
        {
            var bytes = RandomSheet(new Random(seed));
            using var csv = new MemoryStream();
            WorkbookAsCsv.Write(new MemoryStream(bytes), csv, new WorkbookRequest(Gd01, long.MaxValue));
            using var reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(bytes));
            reader.Read();
            foreach (var record in Encoding.UTF8.GetString(csv.ToArray()).Split('\n').Skip(1).Where(r => r.Length > 0))
            {
                var cells = RecordCells.Split(record, ',');
                do
                    Assert.True(reader.Read(), $"seed {seed}");
                while (Enumerable.Range(0, reader.FieldCount).All(i => string.IsNullOrWhiteSpace(
                    Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
                for (var i = 0; i < cells.Count; i++)
                    Assert.True(IsSame(reader.GetValue(i), cells[i]),
                        $"seed {seed}: {reader.GetValue(i)} is read as {cells[i]}");
            }
        }
    }

    private static bool IsSame(object? expected, string read) => expected switch
    {
        null => read.Length == 0,
        double number => double.TryParse(read, CultureInfo.InvariantCulture, out var own)
            && Math.Abs(own - number) <= Math.Abs(number) * 1e-14,
        DateTime day => read.StartsWith(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            StringComparison.Ordinal),
        bool flag => read == (flag ? "Y" : "N"),
        string text => string.IsNullOrWhiteSpace(text) ? read.Length == 0 : text == read,
        _ => false,
    };

    private static byte[] RandomSheet(Random random)
    {
        var book = new GeneratedWorkbook { ReversesCells = false, OmitsPlaces = random.Next(5) == 0 };
        var sheet = book.Add("数据");
        for (var i = 0; i < WorkbookKinds.Titles.Length; i++)
            book.Text(sheet, 1, i, WorkbookKinds.Titles[i], (TextForm)random.Next(4));
        for (var row = 2; row < 12; row++)
            for (var column = 0; column < WorkbookKinds.Titles.Length; column++)
                PutRandom(book, sheet, (row, column), random);
        return book.ToBytes();
    }

    private static void PutRandom(
        GeneratedWorkbook book, GeneratedSheet sheet, (int Row, int Column) at, Random random)
    {
        const string letters = "甲乙丙 ,\"'ab&<>1，\t😀";
        switch (random.Next(8))
        {
            case 0:
                break;
            case 1:
                sheet.Number(at.Row, at.Column, random.Next(-1000, 100_000).ToString(CultureInfo.InvariantCulture));
                break;
            case 2:
                sheet.Number(at.Row, at.Column, (random.NextDouble() * 1e6).ToString("R",
                    CultureInfo.InvariantCulture));
                break;
            case 3:
                sheet.Number(at.Row, at.Column, random.Next(20_000, 60_000).ToString(CultureInfo.InvariantCulture),
                    style: 1);
                break;
            case 4:
                sheet.Put(at.Row, at.Column, " t=\"b\"", $"<v>{random.Next(2)}</v>");
                break;
            default:
                var runes = letters.EnumerateRunes().ToArray();
                book.Text(sheet, at.Row, at.Column, "文" + string.Concat(Enumerable.Range(0, random.Next(8))
                    .Select(_ => runes[random.Next(runes.Length)])) + "字", (TextForm)random.Next(4));
                break;
        }
    }
}
