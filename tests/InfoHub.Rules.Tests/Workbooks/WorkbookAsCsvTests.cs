using System.IO.Compression;
using System.Text;
using InfoHub.Rules.Tests.Templates;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Workbooks;
using Xunit;
using static InfoHub.Rules.Tests.Workbooks.WorkbookFile;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>The goal: a workbook's cells come out as the person who filled them in sees them, or with a numbered
/// problem.</summary>
public class WorkbookAsCsvTests
{
    private static readonly Template Gd01 = OdcsReader.Read(File.ReadAllText(Path.Combine(
        RowReaderTests.RepositoryRoot, "partner-templates", "GD", "GD-01", "v1", "template.odcs.yaml")));

    private static readonly string[] Titles = [.. Gd01.Fields.Select(f => f.Title)];

    internal static byte[] AsCsv(byte[] workbook, string sheet = "", long max = long.MaxValue)
    {
        using var csv = new MemoryStream();
        WorkbookAsCsv.Write(new MemoryStream(workbook), csv, new WorkbookRequest(Gd01, max) { Sheet = sheet });
        return csv.ToArray();
    }

    private static string Csv(string rows, string strings = "", bool from1904 = false) =>
        Encoding.UTF8.GetString(AsCsv(Of(rows, strings, from1904)));

    private static Problem Refused(byte[] workbook, string sheet = "", long max = long.MaxValue) =>
        Assert.Throws<ProblemException>(() => AsCsv(workbook, sheet, max)).Problem;

    /// <summary>Raw number, style (see <see cref="Of"/>), what is written.</summary>
    [Theory]
    [InlineData("12.3", 0, "12.3")]
    [InlineData("0.30000000000000004", 0, "0.3")]
    [InlineData("1.1000000000000001", 0, "1.1")]
    [InlineData("99999.990000000005", 0, "99999.99")]
    [InlineData("1860", 0, "1860")]
    [InlineData("-0.5", 0, "-0.5")]
    [InlineData("1E-3", 0, "0.001")]
    [InlineData("1.2345E4", 0, "12345")]
    [InlineData("123456789012345", 0, "123456789012345")]
    [InlineData("3709831234567890000", 0, "3.70983E+18")]
    [InlineData("9.1370983E+17", 0, "9.1371E+17")]
    [InlineData("45721", 1, "2025-03-05")]
    [InlineData("45721.5", 2, "2025-03-05 12:00:00")]
    [InlineData("45721", 2, "2025-03-05")]
    [InlineData("45721.999999", 2, "2025-03-06")]
    [InlineData("60", 1, "1900-02-29")]
    [InlineData("59", 1, "1900-02-28")]
    [InlineData("61", 1, "1900-03-01")]
    [InlineData("0.75", 4, "18:00:00")]
    [InlineData("0.13", 3, "13%")]
    [InlineData("0.1375", 3, "13.75%")]
    [InlineData("1234.5", 5, "1234.5")]
    [InlineData("45721", 6, "45721")]
    [InlineData("42", 7, "00042")]
    [InlineData("4.5", 7, "4.5")]
    [InlineData("-1", 1, "-1")]
    [InlineData("2958466", 1, "2958466")]
    public void Number_OfAStyle_IsWrittenAsItIsMeant(string raw, int style, string written) =>
        Assert.Equal(written + "\n", Csv($"<row r=\"1\">{Number("A1", raw, style)}</row>"));

    [Fact]
    public void Date_InTheSystemOf1904_IsFourYearsLater() =>
        Assert.Equal("2025-03-05\n", Csv($"<row r=\"1\">{Number("A1", "44259", 1)}</row>", from1904: true));

    [Fact]
    public void Cells_OfEveryType_AreWritten() => Assert.Equal(
        "共 享,富文本,Y,N,#N/A,说\"好\",2025-03-31\n".Replace("说\"好\"", "\"说\"\"好\"\"\"", StringComparison.Ordinal),
        Csv("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="b"><v>0</v></c>
            <c r="E1" t="e"><f>VLOOKUP(1,2,3)</f><v>#N/A</v></c><c r="F1" t="str"><f>A1</f><v>说"好"</v></c>
            <c r="G1" t="d"><v>2025-03-31T00:00:00</v></c><c r="H1"><f>SUM(A1)</f></c></row>
            """,
            "<si><t>共 享</t></si><si><r><t>富</t></r><r><t>文本</t></r><rPh sb=\"0\" eb=\"1\"><t>FU</t></rPh></si><si><t>later</t></si>"));

    [Fact]
    public void Rows_OfAGappedSheet_KeepTheirNumbersAndTheHeadersWidth()
    {
        var titles = Gd01.Fields.Select(f => f.Title).ToArray();
        var csv = Csv(Row(1, "2025年3月用电明细表") + Row(3, titles) + Row(5, "0001", "甲") + "<row r=\"6\"/>" + Row(7, "",
            "乙"));
        var lines = csv.Split('\n');

        Assert.Equal(8, lines.Length);
        Assert.Equal(("", "", "", ""), (lines[0], lines[1], lines[3], lines[5]));
        Assert.Equal(string.Join(',', titles), lines[2]);
        Assert.Equal("0001,甲" + new string(',', titles.Length - 2), lines[4]);
        Assert.Equal(",乙" + new string(',', titles.Length - 2), lines[6]);
    }

    [Theory]
    [InlineData("", "上月\n")]
    [InlineData("数据", "")]
    [InlineData(" 上月 ", "上月\n")]
    [InlineData("说明", "hidden\n")]
    public void Sheet_ByName_IsRead(string name, string text) => Assert.Equal(text,
        Encoding.UTF8.GetString(AsCsv(Of(""), name)));

    [Fact]
    public void Sheet_Unknown_IsToldWithThoseThereAre()
    {
        var problem = Refused(Of(""), "三月");
        Assert.Equal("IH-INT-217", problem.Code);
        Assert.Contains("说明、数据、上月", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Escape_OfAControlCharacter_IsUndone() =>
        Assert.Equal("\"a\rb\",_x00_,c_x0041\n", Csv(Row(1, "a_x000D_b", "_x00_", "c_x0041")));

    public static TheoryData<string, byte[], string> Hopeless
    {
        get
        {
            var random = new byte[5000];
            new Random(3).NextBytes(random);
            var whole = Of(Row(1, "a"));
            byte[] ole = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. random];
            var workbook = Parts("").First(p => p.Name == "xl/workbook.xml");
            return new()
            {
                { "empty", [], "IH-INT-220" },
                { "csv under another name", Encoding.UTF8.GetBytes("a,b\n1,2\n"), "IH-INT-220" },
                { "html under another name", Encoding.UTF8.GetBytes("<html><table>"), "IH-INT-220" },
                { "pdf", Encoding.UTF8.GetBytes("%PDF-1.7"), "IH-INT-220" },
                { "noise", random, "IH-INT-220" },
                { "old xls", ole, "IH-INT-220" },
                { "encrypted", [.. ole, .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. random], "IH-INT-219" },
                { "zip noise", [.. "PK\u0003\u0004"u8, .. random], "IH-INT-213" },
                { "cut in half", whole[..(whole.Length / 2)], "IH-INT-213" },
                { "cut at the end", whole[..^30], "IH-INT-213" },
                { "a zip", Zip(("readme.txt", "x")), "IH-INT-220" },
                { "a document", Zip(("word/document.xml", "<x/>")), "IH-INT-220" },
                { "xlsb", Zip(("xl/workbook.bin", "x")), "IH-INT-220" },
                { "broken index", Zip(("xl/workbook.xml", "<broken")), "IH-INT-213" },
                { "no relations", Zip(workbook), "IH-INT-213" },
                { "broken sheet", Of("<row r=\"1\"><c></row>"), "IH-INT-213" },
                { "row without number", Of("<row r=\"x\"><c r=\"A1\"><v>1</v></c></row>"), "IH-INT-213" },
                { "rows out of order", Of(Row(2, "a") + Row(1, "b")), "IH-INT-213" },
                { "row past the end", Of(Row(1_048_577, "a")), "IH-INT-213" },
                { "two cells at one place",
                    Of($"<row r=\"1\">{Text("B1", "b")}{Text("A1", "a")}{Text("B1", "c")}</row>"),
                    "IH-INT-213" },
                { "cell of another row", Of($"<row r=\"1\">{Text("A2", "b")}</row>"), "IH-INT-213" },
                { "two entries of one name", Zip([.. Parts(""), ("xl/Workbook.xml", "<a/>")]), "IH-INT-213" },
                { "column past the end", Of($"<row r=\"1\">{Text("ZZZZ1", "b")}</row>"), "IH-INT-213" },
                { "shared string that is not there", Of("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>"),
                    "IH-INT-213" },
                { "style that is no number", Of("<row r=\"1\"><c r=\"A1\" s=\"x\"><v>7</v></c></row>"), "IH-INT-213" },
                { "document type", Zip([.. Parts("", head: "<!DOCTYPE a [<!ENTITY b \"x\">]>")]), "IH-INT-213" },
                { "deep nesting", Of(string.Concat(Enumerable.Repeat("<a>",
                    100)) + string.Concat(Enumerable.Repeat("</a>", 100))), "IH-INT-213" },
                { "too many names", Of(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<a{i}/>"))),
                    "IH-INT-213" },
                { "a cell of megabytes", Of(Row(1, new string('x', 3 << 20))), "IH-INT-218" },
                { "a cell past the bound", Of(Row(1, new string('x', 200_000))), "IH-INT-218" },
                { "an attribute of megabytes", Of($"<row r=\"1\" x=\"{new string('y', 3 << 20)}\"/>"), "IH-INT-218" },
                { "bomb", Of(Row(1, "a") + new string(' ', 40 << 20)), "IH-INT-218" },
                { "too many entries", Zip([.. Enumerable.Range(0, 10_001).Select(i => ($"{i}", ""))]), "IH-INT-218" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Hopeless))]
    public void Workbook_ThatIsNone_IsRefusedWithItsNumber(string name, byte[] bytes, string code)
    {
        _ = name;
        Assert.Equal(code, Refused(bytes).Code);
    }

    /// <summary>A zip64 record names a list of entries that nobody has counted; a field of the end record leads there.
    /// </summary>
    [Theory]
    [InlineData(4, 2)]
    [InlineData(10, 2)]
    [InlineData(16, 4)]
    public void Zip64_OfTooManyEntries_IsRefusedBeforeTheyAreKept(int field, int length)
    {
        var zip = Zip([.. Enumerable.Range(0, 10_001).Select(i => ($"{i}", ""))]);
        Assert.Equal("IH-INT-218", Refused(Zip64(zip, 10_001, field, length)).Code);
    }

    /// <summary>Excel writes one for a large sheet, and some libraries always do.</summary>
    [Fact]
    public void Zip64_OfAWorkbook_ReadsLikeThePlainOne()
    {
        var plain = Of(Row(1, "甲", "乙") + Row(2, "1", "2"));
        var expected = Encoding.UTF8.GetString(AsCsv(plain));
        Assert.Contains("甲,乙", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Encoding.UTF8.GetString(AsCsv(Zip64(plain))));
        foreach (var (field, length) in new[] { (4, 4), (8, 4), (12, 4), (16, 4), (4, 16) })
            Assert.Equal(expected, Encoding.UTF8.GetString(AsCsv(Zip64(plain, 8, field, length))));
    }

    /// <summary>The record says something else than the archive is, or nothing that can be.</summary>
    [Theory]
    [InlineData(8, -1L, "IH-INT-213")]
    [InlineData(8, 0L, "IH-INT-213")]
    [InlineData(8, long.MaxValue, "IH-INT-213")]
    [InlineData(9, null, "IH-INT-213")]
    [InlineData(10_001, null, "IH-INT-218")]
    [InlineData(long.MaxValue, null, "IH-INT-218")]
    [InlineData(-1, null, "IH-INT-218")]
    public void Zip64_RecordThatLies_IsRefused(long entries, long? record, string code)
    {
        Assert.Equal(code, Refused(Zip64(Of(Row(1, "a")), entries, 10, 2, record)).Code);
        Assert.Equal(code, Refused(Zip64(Of(Row(1, "a")), entries, 16, 4, record)).Code);
    }

    [Fact]
    public void Zip64_WithoutLocator_OrCutOff_IsRefused()
    {
        var zip = Zip64(Of(Row(1, "a")));
        Assert.Equal("IH-INT-213", Refused([.. zip[..^42], .. zip[^22..]]).Code);
        for (var cut = 1; cut < 120; cut += 7)
            Assert.Equal("IH-INT-213", Refused(zip[..^cut]).Code);
        zip[^42]++;
        Assert.Equal("IH-INT-213", Refused(zip).Code);
    }

    /// <summary>One list is short and the other is not: whichever a reader takes, it is bounded.</summary>
    [Fact]
    public void Zip64_SecondListOfTooManyEntries_IsRefused()
    {
        var few = Of(Row(1, "a"));
        var many = Zip([.. Enumerable.Range(0, 10_001).Select(i => ($"{i}", ""))]);
        var start = BitConverter.ToUInt32(many, many.Length - 6);
        // The record names the list of few, the end record that of many.
        byte[] both = [.. few[..^22], .. many[..^22], .. few[^22..]];
        var zip = Zip64(both, 8, 4, 2);
        BitConverter.GetBytes((uint)(few.Length - 22 + start)).CopyTo(zip, zip.Length - 6);
        Assert.Equal("IH-INT-218", Refused(zip).Code);
    }

    /// <summary>An extra field may state any length: what counts is what comes out.</summary>
    [Fact]
    public void Zip64_BombWhoseExtraFieldLies_StopsAtTheBound()
    {
        var bomb = Zip64(Of(Row(1, "a") + new string(' ', 40 << 20)));
        Assert.Equal("IH-INT-218", Refused(bomb).Code);
        var list = (int)BitConverter.ToInt64(bomb, bomb.Length - 42 - 8);
        for (var at = list; bomb[at] == 'P' && bomb[at + 2] == 1;)
        {
            var (name, extra) = (BitConverter.ToUInt16(bomb, at + 28), BitConverter.ToUInt16(bomb, at + 30));
            BitConverter.GetBytes(1000L).CopyTo(bomb, at + 46 + name + 4);
            at += 46 + name + extra;
        }
        Assert.Equal("IH-INT-213", Refused(bomb).Code);
        for (var at = list; bomb[at] == 'P' && bomb[at + 2] == 1;)
        {
            var (name, extra) = (BitConverter.ToUInt16(bomb, at + 28), BitConverter.ToUInt16(bomb, at + 30));
            BitConverter.GetBytes(-1L).CopyTo(bomb, at + 46 + name + 4);
            at += 46 + name + extra;
        }
        Assert.Equal("IH-INT-218", Refused(bomb).Code);
    }

    [Fact]
    public void Archive_StatesMoreEntriesThanItLists_IsRefusedForThat()
    {
        var zip = Of(Row(1, "a"));
        zip[^12]++;
        var problem = Refused(zip);
        Assert.Equal("IH-INT-213", problem.Code);
        Assert.Contains(problem.Values, v =>
            v.Value.Contains("写明有 9 个文件，目录里只有 8 个", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_PastTheBound_IsRefused() => Assert.Equal("IH-INT-218", Refused(Of(Row(1, "a", "b")), max: 2).Code);

    /// <summary>A sheet that unpacks to gigabytes stops at the bound of its text, whatever its entry says of its
    /// length.</summary>
    [Fact]
    public void Bomb_OfManyRows_StopsAtTheBound()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in Parts("~"))
            {
                using var entry = zip.CreateEntry(name).Open();
                var halves = text.Split('~');
                entry.Write(Encoding.UTF8.GetBytes(halves[0]));
                for (var i = 0; i < 60_000 && halves.Length > 1; i++)
                    entry.Write(Encoding.UTF8.GetBytes(Row(i + 1, i > 0 ? ["x", "y"] : Titles)));
                if (halves.Length > 1)
                    entry.Write(Encoding.UTF8.GetBytes(halves[1]));
            }

        Assert.Equal("IH-INT-218", Refused(file.ToArray(), max: 100_000).Code);
    }

    [Fact]
    public void Workbook_CheckedRowByRow_HasTheProblemsOfItsCells()
    {
        string[] columns = ["用户编号", "用户名称", "用电地址", "区划", "用电月份", "用电类别", "抄表电量(kWh)", "用户状态"];
        var workbook = Of(Row(1, "2025年3月用电明细表") + Row(2, columns)
            + "<row r=\"3\">" + Text("A3", "1") + Text("B3", "甲") + Text("C3", "路") + Number("D3",
                "370983") + Number("E3", "202503")
            + Number("F3", "200") + Number("G3", "0.30000000000000004") + Number("H3", "1") + "</row>"
            + "<row r=\"4\">" + Number("A4", "3709831234567890000") + Text("B4", "乙") + Text("C4", "路") + Number("D4",
                "370983")
            + Number("E4", "202503") + Number("F4", "200") + "<c r=\"G4\" t=\"e\"><v>#REF!</v></c>" + Number("H4",
                "1") + "</row>"
            + "<row r=\"5\">" + Text("A5", "合计") + Number("G5", "0.3") + "</row>");

        var outcome = RowReaderTests.Read(Gd01, AsCsv(workbook));

        Assert.Equal("", outcome.Refusal);
        Assert.Equal(["2:cust_no:IH-INT-314", "2:kwh:IH-INT-336"], outcome.Errors);
        Assert.Equal(1, outcome.Accepted);
    }
}
