using System.Text;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// Files as departments really send them, and as somebody might to do harm: name, bytes, what comes of it. The
/// template is GD-01. Outcomes are written "received=rejected+accepted", then each problem as row:field:number in row
/// order, or "refused number", with the line where the problem names one.
/// </summary>
internal static class HostileFiles
{
    public const string Header = "cust_no,cust_name,address,region_code,data_month,use_class,kwh,fee,status";
    private const string Chinese = "用户编号,用户名称,用电地址,区划,用电月份,用电类别,抄表电量(kWh),电费(元),用户状态";
    private const string Row1 = "0001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1";
    private const string Row2 = "0002,乙公司,东湖路2号,370983,202503,200,200.25,160.10,1";
    private const string Two = Row1 + "\n" + Row2 + "\n";
    private const string Total = "合计,,,,,,300.75,240.10,";

    private static readonly Encoding Gb = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    public static IReadOnlyList<(string Name, byte[] File, string Outcome)> All { get; } =
        [.. Encodings, .. Quoting, .. Cuts, .. SpreadsheetDamage, .. Unseen, .. Totals, .. Headers, .. Origins];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Body(string rows) => Utf8($"{Header}\n{rows}\n");

    /// <summary>One bad row before a good one, so that the file as a whole stands.</summary>
    private static byte[] Cells(string kwh = "100.50", string fee = "80.00", string number = "0009", string name =
        "丙公司",
        string month = "202503", string kind = "200", string status = "1", string region = "370983") =>
        Body($"{number},{name},路,{region},{month},{kind},{kwh},{fee},{status}\n{Row1}");

    private static TheoryRows Encodings => new()
    {
        { "UTF-8", Utf8($"{Chinese}\n{Two}"), "2=0+2 Utf8" },
        { "UTF-8 with mark", [0xEF, 0xBB, 0xBF, .. Utf8($"{Chinese}\n{Two}")], "2=0+2 Utf8" },
        { "mark and nothing else", [0xEF, 0xBB, 0xBF], "refused 201" },
        { "GB18030", Gb.GetBytes($"{Chinese}\n{Two}"), "2=0+2 Gb18030" },
        { "GBK under an English header", Gb.GetBytes($"{Header}\n{Two}"), "2=0+2 Gb18030" },
        { "GBK after two megabytes of ASCII", [.. Utf8(Header + "\n" + Ascii(30_000)), .. Gb.GetBytes(Row1)],
            "30001=0+30001 Gb18030" },
        { "UTF-8 after two megabytes of ASCII", [.. Utf8(Header + "\n" + Ascii(30_000)), .. Utf8(Row1)],
            "30001=0+30001 Utf8" },
        { "GBK with the euro sign of code page 936", [.. Gb.GetBytes($"{Header}\n0001,甲"), 0x80,
            .. Gb.GetBytes(Row1[6..])], "1=0+1 Gb18030" },
        { "GB18030 with four-byte characters",
            Gb.GetBytes($"{Header}\n{Row1.Replace("甲", "𠮷㐂", StringComparison.Ordinal)}"), "1=0+1 Gb18030" },
        { "GBK cut inside a character", Gb.GetBytes($"{Header}\n{Row1[..8]}")[..^1], "refused 203 line 2" },
        { "GBK with the byte FF", [.. Gb.GetBytes($"{Header}\n{Row1}\n0002,乙"), 0xFF], "refused 203 line 3" },
        { "GBK pairs that also read as UTF-8", [.. Utf8(Header + "\n0001,"), 0xC4, 0xA3, 0xC4, 0xA3,
            .. Utf8(",r,370983,202503,200,1,1,1")], "1=0+1 Gb18030" },
        { "ASCII to the end", Utf8(Header + "\n" + Ascii(3)), "3=0+3 Ascii" },
        { "one middle dot in ASCII", Utf8($"{Header}\n0001,A·B,r,370983,202503,200,1,1,1"), "1=0+1 Utf8" },
        { "UTF-16 little endian", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Tabs($"{Chinese}\r\n{Two}"))],
            "2=0+2 Utf16" },
        { "UTF-16 big endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes($"{Chinese}\n{Two}")],
            "2=0+2 Utf16" },
        { "UTF-16 without mark", Encoding.Unicode.GetBytes($"{Header}\n{Two}"), "refused 203 line 1" },
        { "UTF-16 of odd length", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"{Chinese}\n{Two}"), 0x31],
            "refused 203 line 4" },
        { "UTF-16 with half a pair", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"{Header}\n{Row1}\nx"), 0x00, 0xD8,
            0x31, 0x00], "refused 203 line 3" },
        { "UTF-32", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Header)], "refused 203 line 1" },
        { "Latin bytes", [.. Utf8(Header + "\n0001,caf"), 0xE9, .. Utf8(",r,370983,202503,200,1,1,1\n")],
            "refused 203 line 2" },
        { "overlong slash", [.. Utf8($"{Chinese}\n{Row1}\n0002,"), 0xC0, 0xAF, .. Utf8(Row2[8..])],
            "2=1+1 2:cust_name:335" },
        { "encoded surrogate", [.. Utf8($"{Chinese}\n{Row1}\n0002,"), 0xED, 0xA0, 0x80, .. Utf8(Row2[8..])],
            "2=1+1 2:cust_name:335" },
        { "past U+10FFFF", [.. Utf8($"{Chinese}\n{Row1}\n0002,"), 0xF4, 0x90, 0x80, 0x80, .. Utf8(Row2[8..])],
            "2=1+1 2:cust_name:335" },
        { "half a character of UTF-8", [.. Utf8($"{Chinese}\n{Row1}\n0002,乙公"), 0xE5, 0x8F, .. Utf8(Row2[8..])],
            "2=1+1 2:cust_name:335" },
        { "a GBK cell in UTF-8", [.. Utf8($"{Chinese}\n{Row1}\n0002,"), .. Gb.GetBytes("乙公司"), .. Utf8(Row2[8..])],
            "2=1+1 2:cust_name:335" },
        { "half a character of GBK", [.. Gb.GetBytes($"{Chinese}\n{Row1}\n0002,乙公"), 0xCB, .. Gb.GetBytes(Row2[8..])],
            "2=1+1 2:cust_name:335 Gb18030" },
        { "half a character of GBK, then a digit", [.. Gb.GetBytes($"{Chinese}\n{Row1}\n0002,乙公"), 0xCB,
            .. Gb.GetBytes("2" + Row2[8..])], "2=1+1 2:cust_name:335 Gb18030" },
        { "half characters of GBK all over", [.. Gb.GetBytes($"{Chinese}\n{Row1}\n0002,"), .. Enumerable.Repeat<byte[]>(
            [0xCB, 0x20], 40).SelectMany(b => b), .. Gb.GetBytes(Row2[8..])], "refused 203 line 3" },
        { "UTF-8 cut inside a character", Utf8($"{Chinese}\n{Row1}\n0002,乙")[..^1], "refused 203 line 3" },
        { "UTF-8 with a GBK row glued on", [.. Utf8($"{Chinese}\n{Two}"), .. Gb.GetBytes(Row1)], "refused 203 line 4" },
        { "UTF-8 with a GBK row a megabyte on", [.. Utf8($"{Chinese}\n{Many(20_000)}"), .. Gb.GetBytes(Row1)],
            "refused 203 line 20002" },
        { "NUL bytes", Utf8($"{Header}\n{Row1}\n0002,\0,,,,,,,\n"), "refused 204 line 3" },
    };

    private static TheoryRows Quoting => new()
    {
        { "all quoted", Body(string.Join(',', Row1.Split(',').Select(c => $"\"{c}\""))), "1=0+1" },
        { "quoted line ends of every kind", Body("0001,\"甲\n乙\r\n丙\r丁\",路,370983,202503,200,1,1,1"), "1=0+1" },
        { "doubled quotes", Body("0001,\"\"\"甲\"\" 公司\",路,370983,202503,200,1,1,1"), "1=0+1" },
        { "quote inside an unquoted cell", Body("0001,甲\"乙\"公司,路,370983,202503,200,1,1,1"), "1=0+1" },
        { "text behind a closing quote", Body("0001,\"甲\"公司,路,370983,202503,200,1,1,1\n" + Row2),
            "2=1+1 1:cust_name:403" },
        { "quote that never closes", Body($"{Row1}\n0002,\"乙,路\n{Row2}"), "refused 205 line 3" },
        { "quote that never closes, in the header", Utf8("cust_no,\"cust_name\n0001,x\n"), "refused 205 line 1" },
        { "comma without quotes", Body("0001,甲,乙公司,路,370983,202503,200,1,1,1\n" + Row2), "2=1+1 1::402" },
        { "comma without quotes before a blank cell", Body("0001,甲,乙公司,370983,202503,200,1,1,1,\n" + Row2),
            "2=1+1 1::402" },
        { "line ends of every kind", Utf8($"{Header}\r\n{Row1}\r{Row2}\n\r\n0003{Row1[4..]}"), "3=0+3" },
        { "no line end at the end", Utf8($"{Header}\n{Row1}"), "1=0+1" },
        { "blank and bare lines", Utf8($"\n\n{Header}\n\n{Row1}\n,,,,,,,,\n  \n{Row2}\n\n"), "2=0+2" },
        { "a row of a megabyte", Body($"0001,{new string('x', 1 << 20)},路,370983,202503,200,1,1,1"),
            "refused 206 line 2" },
        { "a cell of half a megabyte", Body($"0001,{new string('x', 1 << 19)},路,370983,202503,200,1,1,1\n{Row2}"),
            "2=1+1 1:cust_name:302" },
        { "a megabyte without any line end", Utf8(new string('x', 3 << 20)), "refused 206 line 1" },
        { "ten thousand cells", Body(new string(',', 10_000) + "x\n" + Row1), "2=1+1 1::402" },
        { "only quotes", Utf8("\"\"\"\"\"\"\""), "refused 205 line 1" },
    };

    private static TheoryRows Cuts
    {
        get
        {
            var whole = $"{Header}\n{Row1}\n{Row2}";
            return new()
            {
                { "cut in the header", Utf8(Header[..20]), "refused 202" },
                { "cut behind the header", Utf8(Header), "refused 207" },
                { "cut in a code", Utf8(whole[..^Row2.Length] + Row2[..2]), "2=1+1 2::402" },
                { "cut behind a comma", Utf8(whole[..^Row2.Length] + Row2[..^1]), "2=1+1 2:status:301" },
                { "cut in a quoted cell", Utf8($"{whole}\n0003,\"丙"), "refused 205 line 4" },
                { "cut behind a closing quote", Utf8($"{whole}\n0003,\"丙\""), "3=1+2 3::402" },
                { "cut behind a carriage return", Utf8($"{whole}\r"), "2=0+2" },
                { "empty", [], "refused 201" },
                { "blanks only", Utf8("  \n\t\n"), "refused 201" },
            };
        }
    }

    private static TheoryRows SpreadsheetDamage => new()
    {
        { "scientific code", Cells(number: "3.70983E+12"), "2=1+1 1:cust_no:314" },
        { "scientific number", Cells(kwh: "1.2E+05"), "2=1+1 1:kwh:314" },
        { "thousands", Cells(kwh: "\"1,234,567.80\""), "2=1+1 1:kwh:333" },
        { "thousands in full width", Cells(kwh: "１，２３４"), "2=1+1 1:kwh:333" },
        { "commas that group nothing", Cells(kwh: "\"12,34\""), "2=1+1 1:kwh:303" },
        { "万元 behind the number", Cells(fee: "12.5万元"), "2=1+1 1:fee:334" },
        { "元 behind the number", Cells(fee: "80 元"), "2=1+1 1:fee:334" },
        { "currency in front", Cells(fee: "￥80.00"), "2=1+1 1:fee:334" },
        { "percent", Cells(fee: "13%"), "2=1+1 1:fee:334" },
        { "accountant's brackets", Cells(fee: "(80.00)"), "2=1+1 1:fee:303" },
        { "two points", Cells(fee: "8.0.0"), "2=1+1 1:fee:303" },
        { "letter O", Cells(fee: "8O"), "2=1+1 1:fee:303" },
        { "digits past the scale", Cells(fee: "0.30000000000000004"), "2=1+1 1:fee:304" },
        { "full width digits", Cells(kwh: "１００．５", month: "２０２５０３"), "2=0+2 1:data_month:316 1:kwh:316" },
        { "formula error", Cells(kwh: "#REF!", name: "#N/A"), "2=1+1 1:cust_name:336 1:kwh:336" },
        { "zeros lost in a code list", Utf8(Scjg(3, "1")), "2=1+1 1:event_type:315" },
        { "month with a hyphen", Cells(month: "2025-03"), "2=0+2 1:data_month:348" },
        { "month thirteen", Cells(month: "202513"), "2=1+1 1:data_month:307" },
        { "another month", Cells(month: "202502"), "2=0+2 1:data_month:404" },
        { "code with its name", Cells(kind: "200 一般工商业"), "2=1+1 1:use_class:308" },
        { "name in place of a code", Cells(region: "东湖区"), "2=0+2 1:region_code:330" },
        { "letter O in a USCC", Utf8(Scjg(1, "91370983MAOF00030R")), "2=1+1 1:uscc:321" },
        { "date with slashes", Utf8(Scjg(4, "2025/3/1")), "2=0+2 1:event_date:319" },
        { "date in Chinese", Utf8(Scjg(4, "2025年3月1日")), "2=0+2 1:event_date:319" },
        { "date in eight digits", Utf8(Scjg(4, "20250301")), "2=0+2 1:event_date:319" },
        { "date with dots and time", Utf8(Scjg(4, "2025.03.01 08:30:00")), "2=0+2 1:event_date:319" },
        { "date the American way", Utf8(Scjg(4, "3/1/2025")), "2=1+1 1:event_date:305" },
        { "date with a year of two digits", Utf8(Scjg(4, "25-3-1")), "2=1+1 1:event_date:305" },
        { "30 February", Utf8(Scjg(4, "2025/2/30")), "2=1+1 1:event_date:305" },
        { "serial date", Utf8(Scjg(4, "45721")), "2=1+1 1:event_date:313" },
        { "formula that runs a program", Cells(name: "\"=cmd|'/c calc'!A1\""), "2=1+1 1:cust_name:351" },
        { "formulas by other signs", Cells(name: "+1+1", number: "@SUM(A1)"), "2=0+2" },
        { "formula behind a tab", Body("\"\t=1+1\",-2+3,路,370983,202503,200,1,1,1"), "1=1+0 1:cust_no:351" },
    };

    private static TheoryRows Unseen => new()
    {
        { "zero width space in a code", Cells(number: "00\u200B09"), "2=0+2 1:cust_no:317" },
        { "byte order mark in a number", Cells(kwh: "1\uFEFF00.50"), "2=0+2 1:kwh:317" },
        { "byte order mark glued in between files", Body($"{Row1}\n\uFEFF{Row2}"), "2=0+2 2:cust_no:317" },
        { "no-break space in a code", Cells(kind: "2\u00A000"), "2=0+2 1:use_class:317" },
        { "no-break space in a name", Cells(name: "Wuhan\u00A0Ltd"), "2=0+2 1:cust_name:317" },
        { "right-to-left mark", Cells(number: "0009\u200F"), "2=0+2 1:cust_no:317" },
        { "right-to-left override", Cells(number: "00\u202E90"), "2=1+1 1:cust_no:318" },
        { "isolate in a name", Cells(name: "甲\u2066乙\u2069"), "2=1+1 1:cust_name:318" },
        { "control character", Cells(name: "甲\u0007乙"), "2=0+2 1:cust_name:317" },
        { "soft hyphen", Cells(name: "甲\u00AD乙"), "2=0+2 1:cust_name:317" },
        { "replacement character", Cells(name: "甲\uFFFD"), "2=1+1 1:cust_name:335" },
        { "锟斤拷", Cells(name: "锟斤拷公司"), "2=1+1 1:cust_name:335" },
        { "twins but for what nobody sees", Body($"{Row1}\n00\u200B01{Row1[4..]}"), "2=1+1 2:cust_no:317 2::501" },
        { "blanks around everything", Body(" 0001 ,\u3000甲公司\u3000,\t路,370983\u00A0,202503, 200 ,1,1,1"), "1=0+1" },
    };

    private static TheoryRows Totals => new()
    {
        { "total that agrees", Body(Two + Total), "2=0+2 total 3 kwh fee" },
        { "total with thousands", Body(Two + "总计：,,,,,,\"300.75\",\"0,240.10\","), "2=0+2 total 3 kwh fee" },
        { "total in English", Body(Two + "Grand Total,,,,,,300.75,,"), "2=0+2 total 3 kwh" },
        { "total in the second cell", Body(Two + ",合 计,,,,,300.750,,"), "2=0+2 total 3 kwh" },
        { "total of rows in brackets", Body(Two + "合计（共2户）,,,,,,300.75,,"), "2=0+2 total 3 kwh" },
        { "total without numbers", Body(Two + "合计,,,,,,,,"), "2=0+2 total 3" },
        { "total that differs by a cent", Body(Two + "合计,,,,,,300.75,240.11,"), "refused 215" },
        { "total after a lost row", Body(Row1 + "\n" + Total), "refused 215" },
        { "total counts rejected rows too",
            Body($"{Two}0003,丙,路,370983,202503,900,10.00,1.00,1\n合计,,,,,,310.75,241.10,"),
            "3=1+2 3:use_class:308 total 4 kwh fee" },
        { "total beside a number nobody can read",
            Body($"{Two}0003,丙,路,370983,202503,200,十,1.00,1\n合计,,,,,,999,241.10,"),
            "3=1+2 3:kwh:303 total 4 fee" },
        { "total beside a row of other width", Body($"{Two}0003,丙\n合计,,,,,,999,999,"), "3=1+2 3::402 total 4" },
        { "total with data behind it", Body($"{Row1}\n合计,,,,,,100.50,80.00,\n{Row2}"), "3=1+2 2::405" },
        { "two totals", Body($"{Two}合计,,,,,,1,1,\n总计,,,,,,300.75,240.10,"), "3=1+2 3::405 total 4 kwh fee" },
        { "subtotals are no data", Body($"{Row1}\n小计,,,,,,100.50,80.00,\n{Row2}\n小计,,,,,,200.25,160.10,\n{Total}"),
            "3=1+2 2::405 4::408 total 5 kwh fee" },
        { "total of other width", Body(Two + "合计,300.75"), "2=0+2 3::408" },
        { "a year to date behind the total", Body($"{Two}{Total}\n累计,,,,,,9000.00,8000.00,"),
            "2=0+2 4::408 total 3 kwh fee" },
        { "a year to date before the total", Body($"{Two}本年累计：,,,,,,9000.00,8000.00,\n{Total}"),
            "2=0+2 3::408 total 4 kwh fee" },
        { "a year to date and no total", Body($"{Two},累计,,,,,9000.00,8000.00,"), "2=0+2 3::408" },
        { "the last page's totals", Body($"{Two}本页小计,,,,,,200.25,160.10,\n本页合计,,,,,,200.25,160.10,\n{Total}"),
            "2=0+2 3::408 4::408 total 5 kwh fee" },
        { "every page's totals", Body($"{Row1}\n本页合计,,,,,,100.50,80.00,\n累计,,,,,,100.50,80.00,\n{Row2}\n{Total}"),
            "4=2+2 2::405 3::405 total 5 kwh fee" },
        { "a year to date with a wrong total", Body($"{Two}合计,,,,,,300.75,240.11,\n累计,,,,,,300.75,240.10,"),
            "refused 215" },
        { "notes at the end", Body($"{Two}{Total}\n制表人：张三,,审核人：李四,,,,,,\n打印日期：2025-04-03\n备注,,,,,,,,"),
            "2=0+2 4::408 5::408 6::408 total 3 kwh fee" },
        { "notes without a total", Body($"{Two}\n填表人：张三"), "2=0+2 4::408" },
        { "a note in the middle", Body($"{Row1}\n备注：x\n{Row2}"), "3=1+2 2::402" },
        { "more notes than a tail has", Body(Two + string.Concat(Enumerable.Repeat("备注：x\n", 12))),
            "13=11+2 3::402 4::402 5::402 6::402 7::402 8::402 9::402 10::402 11::402 12::402 13::402 14::408" },
        { "a company named 合计", Body("0003,合计商贸有限公司,路,370983,202503,200,1,1,1\n" + Row1), "2=0+2" },
        { "a company named 合计 with a mistake", Body($"{Row1}\n0003,合计商贸有限公司,路,370983,202503,900,1,1,1"),
            "2=1+1 2:use_class:308" },
        { "a good row whose name is 合计", Body($"{Row1}\n0003,合计,路,370983,202503,200,1,1,1"), "2=0+2" },
        { "a total and no data", Body(Total), "refused 207" },
        { "negative and huge numbers",
            Body("0001,甲,路,370983,202503,200,0.01,-99999999999999.99,1\n0002,乙,路,370983,202503,200,0.02,-0.01,1\n合计,,,,,,0.03,-100000000000000.00,"),
            "2=0+2 1:fee:312 2:fee:312 total 3 kwh fee" },
    };

    private static TheoryRows Headers => new()
    {
        { "title lines", Utf8($"2025年3月用电明细表\n填报单位：供电公司,,,单位：元\n\n{Chinese}\n{Two}"), "2=0+2 header 4" },
        { "Excel's sep line", Utf8($"sep=;\n{Header.Replace(',', ';')}\n{Row1.Replace(',', ';')}"),
            "1=0+1 ; header 2" },
        { "ten title lines", Utf8($"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n{Header}\n{Two}"), "2=0+2 header 11" },
        { "eleven title lines", Utf8($"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n{Header}\n{Two}"), "refused 202" },
        { "no header at all", Utf8(Two), "refused 236 line 1" },
        { "tabs", Utf8($"{Tabs(Chinese)}\n{Tabs(Two)}"), "2=0+2 \t" },
        { "semicolons with commas in cells", Utf8($"{Header.Replace(',', ';')}\n0001;甲,乙;路;370983;202503;200;1;1;1"),
            "1=0+1 ;" },
        { "bars", Utf8($"{Header.Replace(',', '|')}\n{Two.Replace(',', '|')}"), "2=0+2 |" },
        { "bars in GBK, whose trail bytes hold them",
            Gb.GetBytes($"{Header.Replace(',', '|')}\n0001|鼃鼄|路|370983|202503|200|1|1|1"), "1=0+1 |" },
        { "full width commas", Utf8("用户编号，用户名称\n1，2\n"), "refused 211" },
        { "another template", Utf8("统一社会信用代码,企业名称\n91370983MA3C000113,甲\n"), "refused 202" },
        { "万元 where 元 is agreed", Utf8($"{Chinese.Replace("电费(元)", "电费(万元)", StringComparison.Ordinal)}\n{Two}"),
            "refused 221" },
        { "a title without its unit", Utf8($"{Chinese.Replace("(元)", "", StringComparison.Ordinal)}\n{Two}"),
            "refused 202" },
        { "titles on two lines", Utf8($"{Chinese.Replace("电费(元)", "\"电费\n（元）\"",
            StringComparison.Ordinal)}\n{Two}"), "2=0+2" },
        { "full width brackets in a title", Utf8($"{Chinese.Replace("(元)", "（元）", StringComparison.Ordinal)}\n{Two}"),
            "2=0+2" },
        { "a column twice", Utf8($"{Header},fee\n{Row1},1\n"), "refused 210" },
        { "a column too many", Utf8($"{Header},remark\n{Row1},x\n"), "refused 202" },
        { "a title without text", Utf8($"{Header},\n{Row1},\n"), "1=0+1" },
        { "a zip", [.. "PK\u0003\u0004"u8, .. new byte[50]], "refused 209" },
        { "a PDF", Utf8("%PDF-1.7\n"), "refused 209" },
        { "an old workbook", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[50]], "refused 209" },
    };

    private static TheoryRows Origins => new()
    {
        { "mended rows", Utf8($"原行号,{Header},错误代码,错误说明,修改建议\n17,{Row1},IH-INT-303,不是数字,请只填数字\n,{Row2},,,\n"),
            "2=0+2 origins 17 0" },
        { "mended rows under titles in capitals",
            Utf8($"Origin_Row,{Header},ERROR_CODES,Error_Text,Fix\n17,{Row1},IH-INT-303,x,y\n"), "1=0+1 origins 17" },
        { "guarded cells", Utf8($"origin_row,{Header}\n3,0001,'=甲,'-路,370983,202503,200,1,'-1,1\n"),
            "1=0+1 1:fee:312 origins 3" },
        { "an apostrophe in a file of its own", Body("0001,'=甲,路,370983,202503,200,1,'-1,1\n" + Row2),
            "2=0+2 1:cust_name:337 1:fee:337 1:fee:312" },
        { "an origin that is none",
            Utf8($"origin_row,{Header}\n-3,{Row1}\nx,{Row2}\n2147483648,{Row1}\n5,0004{Row1[4..]}\n"),
            "4=3+1 1::407 2::407 3::407 origins 5" },
    };

    /// <summary>SCJG-03, whose columns have what GD-01 lacks: one row with another cell in the given place, and a
    /// good one.</summary>
    private static string Scjg(int column, string cell)
    {
        string[] cells = ["91370983MA3C000113", "甲", "01", "2025-03-05"];
        var good = string.Join(',', cells);
        cells[column - 1] = cell;
        return $"uscc,ent_name,event_type,event_date,authority\n{string.Join(',', cells)},乙\n{good.Replace("01,", "02,", StringComparison.Ordinal)},乙\n";
    }

    private static string Tabs(string text) => text.Replace(',', '\t');

    private static string Ascii(int rows) => string.Concat(Enumerable.Range(10_000, rows)
        .Select(i => $"{i},Wuhan Benchmark Trading Limited {i},East Lake Road {i},370983,202503,200,1.00,1.00,1\n"));

    private static string Many(int rows) => string.Concat(Enumerable.Range(10_000, rows).Select(i =>
        $"{i}{Row1[4..]}\n"));

    internal sealed class TheoryRows : List<(string Name, byte[] File, string Outcome)>
    {
        public void Add(string name, byte[] file, string outcome) => Add((name, file, outcome));
    }
}
