using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using InfoHub.Cli;
using InfoHub.Client.Checking;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>A file checked here is judged as the hub judges it, and nothing leaves the machine.</summary>
public sealed class CheckTests : CommandBench
{
    private const string Header = "用户编号,用户名称,用电地址,区划,用电月份,用电类别,合同容量(kVA),抄表电量(kWh),电费(元),转供电标志,立户日期,用户状态\r\n";

    public static TheoryData<string> Items => ["SCJG-01", "SCJG-03", "GD-01"];

    [Theory]
    [MemberData(nameof(Items))]
    public async Task Check_TheSamplesOfATemplate_AreJudgedAsStated(string item)
    {
        Assert.Equal(ExitCode.Ok, (await RunAsync("templates")).Code);
        Fake.UnavailableCalls = int.MaxValue;
        Assert.Equal(ExitCode.Ok, (await RunAsync([], "",
            ["check", FileOf($"{item}_202503.csv", Sample(item, "valid.csv"))])).Code);
        var bad = FileOf($"{item}_202503_2.csv", Sample(item, "invalid.csv"));
        var ran = await RunAsync([], "", ["check", bad, "--limit", "0", "--json"]);
        Assert.True(ran.Code is ExitCode.RowsRejected or ExitCode.FileRefused, ran.ToString());
        var root = JsonDocument.Parse(ran.Out).RootElement;
        var stated = JsonDocument.Parse(Sample(item, "problems.json")).RootElement.EnumerateArray()
            .Select(p => (p.GetProperty("row").GetInt64(), p.GetProperty("code").GetString())).Order();
        Assert.Equal(stated, root.GetProperty("errors").EnumerateArray()
            .Select(e => (e.GetProperty("row").GetInt64(), e.GetProperty("code").GetString())).Order());
        Assert.Equal(0, Fake.Uploads);
    }

    [Fact]
    public async Task Check_NumberColumns_AreSummedExactly()
    {
        var path = FileOf("GD-01_202503.csv", Header + string.Concat(Enumerable.Range(1, 5000).Select(i =>
            Row(i, "0.10", i == 1 ? "100000000000.00" : "0.07"))));
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01"), "--json"]);
        var root = JsonDocument.Parse(ran.Out).RootElement;
        var sums = root.GetProperty("sums");
        Assert.Equal("500.00", sums.GetProperty("kwh").GetProperty("received").GetString());
        Assert.Equal("100000000349.93", sums.GetProperty("fee").GetProperty("received").GetString());
        Assert.Equal(5000, root.GetProperty("rows_received").GetInt64());
    }

    [Fact]
    public async Task Check_AWorkbookAndGb18030_AreReadLikeUtf8()
    {
        var lines = Encoding.UTF8.GetString(Sample("GD-01", "valid.csv")).TrimStart('\uFEFF').Split('\n',
            StringSplitOptions.RemoveEmptyEntries);
        var workbook = Path.Combine(Folder, "GD-01_202503.xlsx");
        using (var copy = Cli.Reporting.RejectedCopy.Create(workbook))
        {
            copy.Begin(DelimitedRow.Split(lines[0].TrimEnd(), ','), headerRow: 1);
            foreach (var line in lines.Skip(1))
                copy.Write(1, DelimitedRow.Split(line.TrimEnd(), ','), []);
            copy.Complete();
        }
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gb = FileOf("GD-01_202503.txt", Encoding.GetEncoding("gb18030").GetBytes(string.Join('\n', lines)));
        var utf8 = FileOf("GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        var judged = new List<string>();
        foreach (var path in new[] { workbook, gb, utf8 })
        {
            var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01"), "--json"]);
            Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
            judged.Add(JsonDocument.Parse(ran.Out).RootElement.GetProperty("sums").GetRawText());
        }
        Assert.Single(judged.Distinct());
    }

    [Fact]
    public async Task Check_WithoutATemplate_SaysWhereToGetOne()
    {
        var ran = await RunAsync([], "", ["check", FileOf("GD-01_202503.csv", Header)]);
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Contains("IH-INT-135", ran.Error, StringComparison.Ordinal);
        Assert.Contains("infohub templates", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".csv")]
    [InlineData(".xlsx")]
    public async Task Check_RejectedRows_AreCopiedWithTheirReasons(string extension)
    {
        var path = FileOf("GD-01_202503.csv", Header + Row(1, "1.00", "2.00")
            + "0003709830000002,\"=cmd(),x\",,370983,202503,200,50,x,-3,N,2019-01-18,1\r\n" + Row(3, "1.00", "2.00"));
        var copy = Path.Combine(Folder, "copy" + extension);
        var ran = await RunAsync([], "", ["check", path, "--template", TemplateOf("GD-01"), "--rejected", copy]);
        Assert.Equal(ExitCode.RowsRejected, ran.Code);
        var rows = extension == ".csv" ? ReadCsv(copy) : ReadWorkbook(copy);
        Assert.Equal(["原行号", "表格行号", .. Header.TrimEnd().Split(','), "错误代码", "错误说明", "修改建议", "不再报送的原因"], rows[0]);
        var row = Assert.Single(rows.Skip(1));
        Assert.Equal(("2", "3"), (row[0], row[1]));
        Assert.Equal("0003709830000002", row[2]);
        Assert.Equal(extension == ".csv" ? "'=cmd(),x" : "=cmd(),x", row[3]);
        Assert.Equal("-3", row[10]);
        Assert.Contains("IH-INT-301", row[^4], StringComparison.Ordinal);
        Assert.Contains("IH-INT-303", row[^4], StringComparison.Ordinal);
        Assert.Contains("必填项为空", row[^3], StringComparison.Ordinal);
        Assert.Contains("请补填", row[^2], StringComparison.Ordinal);
        Assert.Equal("", row[^1]);
        Assert.False(File.Exists(copy + ".part"));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+86 139", "'+86 139")]
    [InlineData("@SUM", "'@SUM")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "'\rx")]
    [InlineData("\nx", "'\nx")]
    [InlineData("＝1＋1", "'＝1＋1")]
    [InlineData("＋x", "'＋x")]
    [InlineData("－1", "'－1")]
    [InlineData("＠x", "'＠x")]
    [InlineData("-12.50", "-12.50")]
    [InlineData("+3", "+3")]
    [InlineData("-1.2.3", "'-1.2.3")]
    [InlineData("-", "'-")]
    [InlineData("-1.", "'-1.")]
    [InlineData("12", "12")]
    [InlineData("", "")]
    public void Guard_CellsThatASpreadsheetWouldRun_AreText(string cell, string expected) =>
        Assert.Equal(expected, RecordCells.Guard(cell));

    /// <summary>As many errors as there are, in text and in JSON, and no fewer lines than that.</summary>
    [Fact]
    public async Task Check_LimitZero_WritesEveryError()
    {
        await RunAsync("templates");
        var path = FileOf("GD-01_202503.csv", Header + Row(0, "1.00", "1.00")
            + string.Concat(Enumerable.Range(1, 3000).Select(i => Row(i, "1.00", "不是数"))));
        var text = await RunAsync([], "", ["check", path, "--limit", "0"]);
        Assert.Equal(3000, text.Out.Split('\n').Count(line => line.StartsWith("  表格第 ", StringComparison.Ordinal)));
        var json = await RunAsync([], "", ["check", path, "--limit", "0", "--json"]);
        var root = JsonDocument.Parse(json.Out).RootElement;
        Assert.Equal(3000, root.GetProperty("errors").GetArrayLength());
        Assert.Equal(path, root.GetProperty("file").GetString());
    }

    /// <summary>What the client put in front of a cell, the validator takes away: the row stays the same row.</summary>
    [Theory]
    [InlineData("=云山商行")]
    [InlineData("+云山商行")]
    [InlineData("-云山商行")]
    [InlineData("@云山商行")]
    [InlineData("＝云山商行")]
    [InlineData("＋云山商行")]
    [InlineData("－云山商行")]
    [InlineData("＠云山商行")]
    public void Guard_InAMendedFile_IsTakenAwayByTheValidator(string name)
    {
        Assert.NotEqual(name, RecordCells.Guard(name));
        Assert.Equal(HashOf(name), HashOf(RecordCells.Guard(name)));
    }

    private static byte[] HashOf(string name)
    {
        var template = OdcsReader.Read(File.ReadAllText(TemplateOf("GD-01")));
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 1), 1));
        var file = $"原行号,{Header}7,3709830000000,{name},禾木路1号,370983,202503,200,50,1.00,1.00,N,2019-01-18,1\r\n";
        Assert.Equal(ReadStatus.End, reader.Read(Encoding.UTF8.GetBytes(file), isFinal: true, out _));
        Assert.Equal(1, reader.RowsAccepted);
        return new RowBatchView(template, reader.Batch.ToPayload()).Hash(0).ToArray();
    }

    [Theory]
    [InlineData("a,b", ',', new[] { "a", "b" })]
    [InlineData("a,,", ',', new[] { "a", "", "" })]
    [InlineData("\"a,\"\"b\"\"\",c", ',', new[] { "a,\"b\"", "c" })]
    [InlineData("\"a\nb\"\tc", '\t', new[] { "a\nb", "c" })]
    [InlineData("\"open", ',', new[] { "open" })]
    [InlineData("", ',', new[] { "" })]
    public void Split_OneRecord_IsItsCells(string record, char delimiter, string[] expected) =>
        Assert.Equal(expected, DelimitedRow.Split(record, delimiter));

    [Fact]
    public void Join_ThenSplit_IsTheSameGuarded()
    {
        var random = new Random(20250331);
        for (var round = 0; round < 500; round++)
        {
            var cells = Enumerable.Range(0, random.Next(1, 6)).Select(_ => string.Concat(
                Enumerable.Range(0, random.Next(0, 8)).Select(_ => "a\"',\t\n\r中="[random.Next(9)]))).ToArray();
            Assert.Equal(cells.Select(RecordCells.Guard), DelimitedRow.Split(DelimitedRow.Join(cells)[..^2], ','));
        }
    }

    private static string Row(int number, string kwh, string fee) => string.Create(CultureInfo.InvariantCulture,
        $"{3709830000000 + number},云山市禾木{number}五金有限公司,禾木路{number}号,370983,202503,200,50,{kwh},{fee},N,2019-01-18,1\r\n");

    private static string[][] ReadCsv(string path)
    {
        Assert.Equal([0xEF, 0xBB, 0xBF], File.ReadAllBytes(path)[..3]);
        return [.. File.ReadAllText(path).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => DelimitedRow.Split(line, ',').ToArray())];
    }

    /// <summary>Every cell is text and formatted as text: nothing turns a code into a number.</summary>
    private static string[][] ReadWorkbook(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        XElement Part(string name)
        {
            using var stream = archive.GetEntry(name)!.Open();
            return XElement.Load(stream);
        }
        XNamespace main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        var formats = Part("xl/styles.xml").Element(main + "cellXfs")!.Elements()
            .Select(x => (string?)x.Attribute("numFmtId")).ToArray();
        var cells = Part("xl/worksheets/sheet1.xml").Descendants(main + "c").ToArray();
        Assert.All(cells, c => Assert.Equal(("inlineStr", "49"),
            ((string?)c.Attribute("t"), formats[(int)c.Attribute("s")!])));
        return [.. Part("xl/worksheets/sheet1.xml").Descendants(main + "row")
            .Select(row => row.Elements().Select(c => c.Value).ToArray())];
    }
}
