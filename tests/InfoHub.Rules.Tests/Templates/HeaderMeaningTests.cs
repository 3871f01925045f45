using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// A header is read by what its titles mean: the ways people write them come to the same columns, and what means
/// another thing is refused with one cause that quotes no data.
/// </summary>
public class HeaderMeaningTests
{
    private const string Names = "Person 370983197503120000,井守田,0538-0000102,云山市东湖区老井面馆";

    private static readonly string[] Folders =
        ["GD/GD-01", "GS/GS-01", "RS/RS-01", "SCJG/SCJG-01", "SCJG/SCJG-03", "SW/SW-01", "SW/SW-02", "SW/SW-03",
            "YB/YB-01"];

    private static readonly Dictionary<string, string[]> Units = new()
    {
        ["kWh"] = ["KWH", "kwh", "ＫＷＨ", "千瓦时", "度", "kW·h", "Kw.h"],
        ["元"] = ["人民币元", "￥", "¥", "RMB", "单位：元"], ["万元"] = ["人民币万元", "单位:万元"],
        ["kVA"] = ["KVA", "kva", "千伏安"], ["立方米"] = ["m3", "m³", "㎥", "立方"],
        ["平方米"] = ["㎡", "m2", "平米"], ["人"] = ["单位：人"], ["人次"] = ["单位：人次"],
    };

    private static readonly string[] TitleLines =
        ["2025年3月明细表", "填报单位：供电公司,,,单位：元", ",,,2025年4月1日", "（内部资料）", "", ",,,"];

    private static readonly string[] Feet =
    [
        "制表人：张三,,审核：李四", "单位（盖章）：", "填表日期：2025年4月1日", "第 1 页 共 3 页", "备注：以上数据已核对。", "注：本表由系统导出",
        "以上数据由本单位提供", "审核：", "复核人：王五,,经办人：赵六", "——以下空白——", "(盖章)",
    ];

    public static TheoryData<string> Templates => [.. Folders];

    public static Template Load(string folder) => HostileFileTests.Load(folder.Split('/')[0], folder.Split('/')[1]);

    private static RowReader Read(Template template, string file, Func<IEnumerable<Template>>? others = null) =>
        Read(template, Encoding.UTF8.GetBytes(file), others);

    private static RowReader Read(Template template, byte[] file, Func<IEnumerable<Template>>? others = null)
    {
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42)
        {
            OtherTemplates = others,
        });
        reader.Read(file, isFinal: true, out _);
        return reader;
    }

    private static string Sample(string folder, string name = "valid.csv") => File.ReadAllText(Path.Combine(
        RowReaderTests.RepositoryRoot, "partner-templates", folder, "v1", "samples", name)).TrimStart('\uFEFF');

    [Theory]
    [MemberData(nameof(Templates))]
    public void AnyWritingOfTheHeader_ReadsTheSame(string folder)
    {
        var template = Load(folder);
        var sample = Sample(folder).ReplaceLineEndings("\n");
        var plain = Read(template, sample);
        Assert.Null(plain.Refusal);
        var random = new Random(20260101);
        for (var i = 0; i < 300; i++)
        {
            var file = Varied(template, sample, random);
            var read = Read(template, file);
            Assert.True(read.Refusal is null, $"{read.Refusal} in\n{file[..Math.Min(file.Length, 2000)]}");
            Assert.True((plain.RowsReceived, plain.RowsRejected) == (read.RowsReceived, read.RowsRejected),
                $"{read.RowsReceived} rows, {read.RowsRejected} bad: "
                + string.Join(" ", read.Errors.Details().Select(e => $"{e.Row}:{e.Field}:{e.Kind.Code}")) + "\n"
                    + file);
            // A header in the middle moves the numbers of the rows behind it, which are part of a batch.
            if (read.Errors.Details().Where(e => e.Kind.Code == "IH-INT-408").All(e => e.Row > plain.RowsReceived))
                Assert.Equal(plain.Batch.ToPayload(), read.Batch.ToPayload());
        }
    }

    /// <summary>Title lines above, notes below, the header over again, each title in another writing.</summary>
    private static string Varied(Template template, string sample, Random random)
    {
        var lines = sample.TrimEnd('\n').Split('\n');
        var header = RecordCells.Split(lines[0], ',').Select(t => Written(template, t, random)).ToArray();
        var above = Enumerable.Range(0, random.Next(4)).Select(_ => TitleLines[random.Next(TitleLines.Length)]);
        var feet = Enumerable.Range(0, random.Next(4)).Select(_ => Feet[random.Next(Feet.Length)]).ToList();
        var rows = lines[1..].ToList();
        if (random.Next(3) == 0)
            feet.Add($"共 {rows.Count} 条记录");
        if (random.Next(3) == 0)
            rows.Insert(random.Next(1, rows.Count + 1), RecordCells.Join(header));
        return string.Join('\n', [.. above, RecordCells.Join(header), .. rows, .. feet]) + "\n";
    }

    private static string Written(Template template, string title, Random random)
    {
        var field = template.Fields.First(f => f.Title == title || f.Name == title);
        var text = field.Title;
        if (field.Unit.Length > 0 && Units.TryGetValue(field.Unit, out var spellings)
            && text.EndsWith($"({field.Unit})", StringComparison.Ordinal) && random.Next(2) == 0)
            text = text.Replace($"({field.Unit})", $"({spellings[random.Next(spellings.Length)]})",
                StringComparison.Ordinal);
        text = random.Next(6) switch
        {
            0 => text.Replace("(", "（", StringComparison.Ordinal).Replace(")", "）", StringComparison.Ordinal),
            1 => text.Replace("(", "[", StringComparison.Ordinal).Replace(")", "]", StringComparison.Ordinal),
            2 => text.Replace("(", " 【", StringComparison.Ordinal).Replace(")", "】 ", StringComparison.Ordinal),
            3 => string.Concat(text.Select(c => c is > ' ' and < '\u007f' ? (char)(c + 0xFEE0) : c)),
            4 => text.ToUpperInvariant(),
            _ => text,
        };
        return random.Next(9) switch
        {
            0 => $"*{text}", 1 => $"{random.Next(1, 30)}.{text}", 2 => $" {text}\u3000", 3 => text.Insert(1, "\n"),
            4 => $"{text}（必填）", 5 => field.Name.ToUpperInvariant(), 6 => $"（{random.Next(1, 30)}）{text}",
            7 => text.Insert(text.Length / 2, "\u200B"), _ => text,
        };
    }

    [Theory]
    [InlineData("电费(万元)", "IH-INT-221")]
    [InlineData("电费（千元）", "IH-INT-221")]
    [InlineData("电费(美元)", "IH-INT-221")]
    [InlineData("电费(单位：万元)", "IH-INT-221")]
    [InlineData("电费", "IH-INT-202")]
    [InlineData("电价(元)", "IH-INT-202")]
    public void AnotherUnit_IsTold_AndNoUnitIsNoOther(string title, string code)
    {
        var read = Read(Load("GD/GD-01"), Sample("GD/GD-01").Replace("电费(元)", title, StringComparison.Ordinal));

        Assert.Equal(code, read.Refusal?.Code);
        Assert.Contains("电费(元)", read.Refusal!.Detail + (code == "IH-INT-202" ? "电费(元)" : ""),
            StringComparison.Ordinal);
    }

    /// <summary>A title that is a column of the template and one common to all is the template's.</summary>
    [Fact]
    public void ColumnOfTheTemplate_GoesBeforeTheCommonOne()
    {
        foreach (var title in new[] { "Region-Code", "region code", "REGION_CODE", "regionCode" })
        {
            var read = Read(Load("GD/GD-01"), Sample("GD/GD-01").Replace("区划", title, StringComparison.Ordinal));
            Assert.Null(read.Refusal);
            Assert.Equal(0, read.RowsRejected);
        }
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Refusals_QuoteNoCell(string folder)
    {
        var template = Load(folder);
        var lines = Sample(folder).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var cells = lines[1..].SelectMany(l => RecordCells.Split(l, ',')).Where(c =>
            c.Length >= 4).Distinct().ToArray();
        string[] files =
        [
            // No header; the header in the middle of the data; a header and a row on one line; half of one; none of it.
            string.Join('\n', lines[1..]), $"{lines[1]}\n{lines[0]}\n{lines[1]}", $"{lines[0]},{lines[1]}\n{lines[1]}",
            $"{lines[0][..(lines[0].Length / 2)]}\n{lines[1]}", $"{Names}\n{lines[1]}", $"{lines[1]}\n{Names}",
            string.Join('\n', lines[1..]).Replace(',', '，'), string.Join('\n', lines[1..]).Replace(',', ' '),
            $"{lines[1]}", $"{lines[0].Replace(',', '；')}\n{lines[1].Replace(',', '；')}",
            $"{lines[0].Split(',', 2)[1]}\n{lines[1].Split(',', 2)[1]}",
        ];
        foreach (var file in files)
        {
            var refusal = Read(template, file).Refusal;
            // A column that another may stand in for can be left out.
            if (refusal is null && file.StartsWith(lines[0].Split(',', 2)[1], StringComparison.Ordinal))
                continue;
            Assert.True(refusal is not null, file);
            var told = string.Concat(refusal.Values.Select(v => v.Value)) + refusal.Remedy;
            Assert.DoesNotContain(cells.Concat(Names.Split(',', ' ')), c => told.Contains(c, StringComparison.Ordinal)
                && !template.Fields.Any(f => f.Title.Contains(c, StringComparison.Ordinal)));
        }
    }

    public static TheoryData<string, string, string> Causes => new()
    {
        { "no header", "0001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1\n", "IH-INT-236" },
        { "full-width commas", $"{Chinese.Replace(',', '，')}\n1，2\n", "IH-INT-211" },
        { "blanks", $"{Chinese.Replace(',', ' ')}\n1 2\n", "IH-INT-211" },
        { "carets", $"{Chinese.Replace(',', '^')}\n1^2\n", "IH-INT-211" },
        { "full-width commas below a title with one", $"甲，乙\n{Chinese.Replace(',', '，')}\n1，2\n", "IH-INT-211" },
        { "a column twice", $"{Chinese},用电 地址\n", "IH-INT-210" },
        { "a column missing", $"{Chinese.Replace(",用电地址", "", StringComparison.Ordinal)}\n", "IH-INT-202" },
        { "titles on two lines", "用户编号,用户名称,用电地址,区划,用电月份,用电类别,电量电费,,用户状态\n,,,,,,抄表电量(kWh),电费(元),\n", "IH-INT-238" },
        { "titles parted over two lines", "用户,用户,用电,区,用电,用电,抄表电量,电费,用户\n编号,名称,地址,划,月份,类别,(kWh),(元),状态\n",
            "IH-INT-238" },
        { "UTF-8 read as GBK", Garbled("utf-8", "GB18030"), "IH-INT-239" },
        { "GBK read as Latin 1", "\uFEFF" + Garbled("GB18030", "iso-8859-1"), "IH-INT-239" },
        { "question marks", "????,????,????,??,????,????,????(kWh),??(?),????\n1,2,3,4,5,6,7,8,9\n", "IH-INT-239" },
        { "data above the header", $"0001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1\n{Chinese}\n", "IH-INT-240" },
        { "another item", "取水户/用户名称,用户编号,用水地址,用水月份,用水性质,水量(立方米),水费(元)\n", "IH-INT-237" },
    };

    private const string Chinese = "用户编号,用户名称,用电地址,区划,用电月份,用电类别,抄表电量(kWh),电费(元),用户状态";

    [Theory]
    [MemberData(nameof(Causes))]
    public void MisfitHeader_IsRefusedForItsOneCause(string name, string file, string code)
    {
        var refusal = Read(Load("GD/GD-01"), file, () => [Load("GS/GS-01")]).Refusal;

        Assert.True(code == refusal?.Code, $"{name}: {refusal}");
        Assert.DoesNotContain('{', refusal!.Detail + refusal.Remedy);
        Assert.DoesNotMatch("[A-Za-z]{5,}", (refusal.Detail + refusal.Remedy).Replace("GB18030", "",
            StringComparison.Ordinal));
    }

    private static string Garbled(string wrote, string read)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(read).GetString(Encoding.GetEncoding(wrote).GetBytes(Chinese))
            + "\n1,2,3,4,5,6,7,8,9\n";
    }

    [Theory]
    [InlineData(",,", ",,", "", 0)]
    [InlineData(",,", "", "", 0)]
    [InlineData(",", ",已核对", "IH-INT-409", 0)]
    [InlineData("", ",", "IH-INT-402", 1)]
    [InlineData(",,", ",,,", "IH-INT-402", 1)]
    public void NamelessColumns_AreLetGo_AndAFilledCellIsTold(string header, string row, string code, long rejected)
    {
        const string Row = "0001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1";
        var read = Read(Load("GD/GD-01"), $"{Chinese}{header}\n{Row}{row}\n0002{Row[4..]}{header}\n");

        Assert.Null(read.Refusal);
        Assert.Equal(rejected, read.RowsRejected);
        Assert.Equal(code, string.Join(' ', read.Errors.Details().Select(e => e.Kind.Code)));
        Assert.DoesNotContain(read.Errors.Details(), e => (e.Observed + e.Expected).Contains("核对",
            StringComparison.Ordinal));
    }
}
