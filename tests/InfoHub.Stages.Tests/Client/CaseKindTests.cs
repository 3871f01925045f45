using System.Globalization;
using System.Text;
using InfoHub.Cli;
using InfoHub.Rules.Tests.Workbooks;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>
/// The kinds of fault that cases 01 to 20 name, each by inputs of its own through the real client; where the shared
/// cases lie beside the repository, theirs have to be answered alike. Cases 11 and 12 are of linking.
/// </summary>
public sealed class CaseKindTests : CommandBench
{
    private const string Meter = "用户编号", Code = "用户统一社会信用代码/证件号", Uscc = "统一社会信用代码";

    private static readonly string[] Anything = ["检查通过", "会接收"];

    /// <param name="Says">What the client has to say.</param>
    /// <param name="Never">What it may not.</param>
    /// <param name="Inputs">Name and content of files of the kind.</param>
    private sealed record Kind(string Case, string Fault, ExitCode Exit, string[] Says, string[] Never,
        Func<(string Name, byte[] Content)[]> Inputs);

    private static readonly Kind[] Kinds =
    [
        new("01", "a code that the check digits let through and that nobody can have", ExitCode.Ok, ["IH-INT-341"], [],
            () => Each("GD-01", Code, "000000000000000000", "０００００００００００００００００", "111111111111111111",
                "0000-0000-0000-0000-00", "00000000-0")),
        new("01r", "such a code where one is required", ExitCode.RowsRejected, ["IH-INT-341"], [],
            () => Each("YB-01", Uscc, "000000000000000000", "111111111111111111", "'000000000000000000",
                "00000000-0")),
        new("02", "what of a workbook is not read is not told", ExitCode.Ok, ["IH-INT-223", "“甲”", "“乙”"],
            ["检查通过，可以报送"], () => [("GD-01_202503.xlsx", TwoSheets())]),
        new("03", "guards against spreadsheets stay in keys and codes", ExitCode.Ok, ["IH-INT-337"], [],
            () => [.. Each("GD-01", Meter, "\"=\"\"3709830000099\"\"\"", "'3709830000099", "’3709830000099"),
                .. Each("GD-01", Code, "\"=\"\"91370983MA3C000113\"\"\"")]),
        new("04", "two keys that look the same are not the same", ExitCode.RowsRejected, ["IH-INT-501", "退回 1 处"], [],
            () => Each("GD-01", Meter, "３７０９８３００００００２", "3709830000002\u00a0", "\u200b3709830000002",
                "370983\u20030000002", "3709830000002\ufeff", "3709 830000002")),
        new("05", "a text key in a number cell has lost its zeros", ExitCode.RowsRejected, ["IH-INT-352", "前面的零"],
            ["检查通过"], () => [("GS-01_202503.xlsx", LostZeros(3))]),
        new("05a", "all text keys are in number cells, and may begin with zeros", ExitCode.FileRefused, ["IH-INT-358"],
            ["检查通过"], () => [("GS-01_202503.xlsx", LostZeros(2, 3, 4, 5))]),
        new("06", "a stored result is believed that has still to be calculated", ExitCode.FileRefused,
            ["IH-INT-226", "公式尚未计算"], Anything, () => [("GD-01_202503.xlsx", NotCalculated())]),
        new("07", "a merged cell has its value in the first row only", ExitCode.Ok, ["IH-INT-229", "合并单元格"],
            ["检查通过，可以报送"], () => [("GD-01_202503.xlsx", Merged())]),
        new("08", "parts are looked for by fixed names", ExitCode.Ok, ["检查通过，可以报送"], ["IH-INT"],
            () => [("GD-01_202503.xlsx", Elsewhere("book/main.xml", "texts/s.xml", "leaves/", p => "/" + p)),
                ("GD-01_202503_2.xlsx", Elsewhere("xl/wb2.xml", "xl/ss2.xml", "xl/ws/", p => p["xl/".Length..]))]),
        new("09", "a column without name and content refuses the file", ExitCode.Ok, ["检查通过，可以报送"], ["IH-INT"],
            () => [File("GD-01", line => line + ",,"), File("GD-01", line => "," + line),
                File("GD-01", line => line.Replace(",370983,", ",,370983,", StringComparison.Ordinal)
                    .Replace(",区划,", ",,区划,", StringComparison.Ordinal))]),
        new("10", "the name of a column is compared letter by letter", ExitCode.Ok, ["检查通过，可以报送"], ["换算"],
            () => [.. new[] { "抄表电量(KWH)", "抄表电量（ｋＷｈ）", "抄表电量(千瓦时)", "抄表电量 (kwh)", "KWH" }.Select(name =>
                File("GD-01", line => line.Replace("抄表电量(kWh)", name, StringComparison.Ordinal)))]),
        new("13", "a file of two encodings is noticed one way round", ExitCode.RowsRejected, ["IH-INT-335"], [],
            () => [("GD-01_202503.csv", Mixed("云山市东湖区老井面馆")), ("GD-01_202503_2.csv", Mixed("云山市青禾果蔬种植专业合作社"))]),
        new("13c", "a file that was cut off is told to be of another encoding", ExitCode.FileRefused,
            ["IH-INT-203", "断开", "重新导出"], ["检查通过"],
            () => [("GD-01_202503.csv", Cut("GD-01")), ("SCJG-03_202503.csv", Cut("SCJG-03"))]),
        new("14", "the time of day is cut off without looking at its zone", ExitCode.Ok, ["IH-INT-319", "2025-03-03"],
            ["已按 2025-03-02"], () => Each("SCJG-01", "成立日期", "2025-03-02T16:00:00Z", "2025-03-02T16:00:00.000Z",
                "2025-03-02T16:30:00+00:00", "2025-03-02 16:00:00Z", "2025-03-03T00:00:00+08:00")),
        new("15", "a word for no end refuses the row", ExitCode.Ok, ["IH-INT-347"], ["IH-INT-305"],
            () => Each("SCJG-01", "经营期限止", "长期", "永久", "无固定期限", "9999-12-31", "至永久")),
        new("16", "a month is read in one form alone", ExitCode.Ok, ["IH-INT-348", "已按 202503 读取"], [],
            () => Each("GD-01", "用电月份", "2025-03", "2025年3月", "2025/3", "2025.03", "２０２５－０３", "2025年03月份", "03/2025")),
        new("17", "a file of a kind that is not taken is told that its name is wrong", ExitCode.FileRefused,
            ["IH-INT-2", "另存为 xlsx"], ["改名", "重命名"],
            () => [("GD-01_202503.xls", Old()), ("GD-01_202503.xlsx", Old()), ("GD-01_202503.csv", Old()),
                ("GD-01_202503_2.xls", Encoding.UTF8.GetBytes("<html><table><tr><td>1</td></tr></table></html>"))]),
        new("18", "the refusal of a whole file quotes cells", ExitCode.FileRefused, ["IH-INT-236", "看来没有表头"],
            ["370983198001010009", "周木禾", "0538-0000101", "禾木"],
            () => [("SCJG-01_202503.csv", Bytes(Lines("SCJG-01")[1..])),
                ("SCJG-01_202503_2.csv", Bytes([.. Lines("SCJG-01")[1..].Select(l => l.Replace(',', '\t'))]))]),
        new("19", "lines behind the data are known by a closed list of words", ExitCode.Ok, ["IH-INT-408", "= 会退回 0 行"],
            [], () => [.. new[] { "单位（盖章）：", "共 13 条记录", "第 1 页 共 3 页", "填报日期：2025年4月3日", "备注：以上为非居民用户" }
                .Select(foot => ("GD-01_202503.csv", Bytes([.. Lines("GD-01"), foot + new string(',', 14)])))]),
        new("20", "letters of other alphabets are told as a wrong length", ExitCode.RowsRejected,
            ["IH-INT-321", "第 9 位是"], ["位数不对", "应为 18"],
            () => Each("SCJG-01", Uscc, "91370983\u041c\u0410" + "3C000113", "91370983\u039cA3C000113")),
    ];

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var kind in Kinds)
                names.Add(kind.Case, kind.Fault);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_InputsOfTheKind_AreAnsweredAsItsCaseExpects(string number, string fault)
    {
        var kind = Array.Find(Kinds, k => k.Case == number && k.Fault == fault)!;
        foreach (var (name, content) in kind.Inputs())
            await AnswerAsync(kind, FileOf(name, content));
        var shared = Path.Combine(RepositoryRoot(), "..", "shared", "cases");
        foreach (var folder in Directory.Exists(shared) ? Directory.GetDirectories(shared, number + "-*") : [])
            foreach (var file in Directory.GetFiles(folder).Where(f => Path.GetExtension(f) != ".md"))
                await AnswerAsync(kind with { Says = [.. kind.Says.Where(IsOfEveryInput)] }, file);
    }

    /// <summary>Places and counts are those of the inputs made here.</summary>
    private static bool IsOfEveryInput(string text) => text.StartsWith("IH-", StringComparison.Ordinal);

    private async Task AnswerAsync(Kind kind, string file)
    {
        var item = Path.GetFileName(file).Split('_')[0];
        var ran = await RunAsync([], "", ["check", file, "--template", TemplateOf(item)]);

        Assert.True(ran.Code == kind.Exit, $"case {kind.Case}, {file}: {kind.Fault}\n{ran}");
        var told = ran.Out + ran.Error;
        Assert.All(kind.Says, says => Assert.Contains(says, told, StringComparison.Ordinal));
        Assert.All(kind.Never, never => Assert.DoesNotContain(never, told, StringComparison.Ordinal));
    }

    private static string[] Lines(string item) => Encoding.UTF8.GetString(Sample(item, "valid.csv")).TrimStart('\ufeff')
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\r')).ToArray();

    private static byte[] Bytes(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n");

    private static (string Name, byte[] Content) File(string item, Func<string, string> change) =>
        ($"{item}_202503.csv", Bytes([.. Lines(item).Select(change)]));

    /// <summary>One file for each cell, which stands in the first row.</summary>
    private static (string Name, byte[] Content)[] Each(string item, string column, params string[] cells)
    {
        var lines = Lines(item);
        var (at, first) = (Array.IndexOf(lines[0].Split(','), column), lines[1].Split(','));
        return [.. cells.Select(cell => ($"{item}_202503.csv", Bytes([lines[0],
            string.Join(',', first.Select((old, i) => i == at ? cell : old)), .. lines[2..]])))];
    }

    /// <summary>UTF-8 of some names, of an even number of bytes or with their commas, in a file of GB 18030.</summary>
    private static byte[] Mixed(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gb = Encoding.GetEncoding("gb18030");
        return [.. Lines("GD-01").SelectMany(line => line.Split(name) is [var head, var tail]
            ? [.. gb.GetBytes(head), .. Encoding.UTF8.GetBytes(name), .. gb.GetBytes(tail + "\r\n")]
            : gb.GetBytes(line + "\r\n"))];
    }

    /// <summary>Two bytes of the last Chinese character are there.</summary>
    private static byte[] Cut(string item)
    {
        var whole = Bytes(Lines(item));
        return whole[..(Array.FindLastIndex(whole, b => b >= 0xE0) + 2)];
    }

    /// <summary>The head of a compound file, as Excel 97 writes it.</summary>
    private static byte[] Old() => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[1024]];

    private static GeneratedSheet Fill(GeneratedWorkbook book, string name, string item, int from = 1, int to = 5)
    {
        var (sheet, lines) = (book.Add(name), Lines(item));
        foreach (var (line, row) in lines[from..to].Prepend(lines[0]).Select((l, i) => (l, i + 1)))
            foreach (var (cell, column) in line.Split(',').Select((c, i) => (c, i)))
                if (cell.Length > 0)
                    book.Text(sheet, row, column, cell, TextForm.Shared);
        return sheet;
    }

    private static int ColumnOf(string item, string title) => Array.IndexOf(Lines(item)[0].Split(','), title);

    private static byte[] TwoSheets()
    {
        var book = new GeneratedWorkbook();
        Fill(book, "甲", "GD-01", 1, 3);
        Fill(book, "乙", "GD-01", 3, 5);
        return book.ToBytes();
    }

    private static byte[] LostZeros(params int[] rows)
    {
        var book = new GeneratedWorkbook();
        var sheet = Fill(book, "数据", "GS-01");
        foreach (var row in rows)
            sheet.Number(row, 0, string.Create(CultureInfo.InvariantCulture, $"98320000{row}"));
        return book.ToBytes();
    }

    private static byte[] NotCalculated()
    {
        var book = new GeneratedWorkbook { Calculation = "<calcPr fullCalcOnLoad=\"1\"/>" };
        var sheet = Fill(book, "数据", "GD-01");
        for (var row = 2; row <= 5; row++)
            sheet.Put(row, ColumnOf("GD-01", "电费(元)"), "", string.Create(CultureInfo.InvariantCulture,
                $"<f>J{row}*0.7</f><v>0</v>"));
        return book.ToBytes();
    }

    private static byte[] Merged()
    {
        var book = new GeneratedWorkbook();
        var sheet = Fill(book, "数据", "GD-01");
        var column = ColumnOf("GD-01", "立户日期");
        foreach (var row in new[] { 3, 4 })
            sheet.Put(row, column, "", "");
        sheet.Tail = $"<mergeCells><mergeCell ref=\"{GeneratedWorkbook.Letters(column)}2:{
            GeneratedWorkbook.Letters(column)}4\"/></mergeCells>";
        return book.ToBytes();
    }

    private static byte[] Elsewhere(string main, string strings, string sheets, Func<string, string> target)
    {
        var book = new GeneratedWorkbook
        {
            MainPart = main, StringsPart = strings, SheetsFolder = sheets,
            Target = part => part == main ? "/" + part : target(part),
        };
        Fill(book, "数据", "GD-01");
        return book.ToBytes();
    }
}
