using System.IO.Compression;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>A file is what its bytes are: other workbooks, archives, documents and databases are named, whatever they
/// are
/// called.</summary>
public class FileKindTests
{
    private const string Rows = "cust_no,cust_name\n0001,甲公司\n";

    public static TheoryData<string, byte[], string> Kinds => new()
    {
        { "old workbook", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[600], .. Encoding.Unicode.GetBytes("Workbook")],
            "旧版 xls" },
        { "old workbook, its beginning", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "旧版 xls" },
        { "older workbook", [0x09, 0x08, 0x08, 0, 0, 5, 0x10, 0], "旧版 xls" },
        { "workbook with a password", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[90_000],
            .. Encoding.Unicode.GetBytes("EncryptedPackage")], "密码" },
        { "Word of old", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[70_000], .. Encoding.Unicode.GetBytes("WordDocument")],
            "Word" },
        { "xlsm", Zip(("[Content_Types].xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
            ("xl/workbook.xml", "")), "xlsm" },
        { "xlsb", Zip(("[Content_Types].xml", ""), ("xl/workbook.bin", "")), "xlsb" },
        { "ods", Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")), "ods" },
        { "docx", Zip(("[Content_Types].xml", ""), ("word/document.xml", "")), "Word" },
        { "ofd", Zip(("OFD.xml", "")), "OFD" },
        { "csv in a zip", Zip(("GD-01_202503.csv", Rows)), "zip" },
        { "empty zip", Zip(), "压缩包" },
        { "half a zip", Zip(("GD-01_202503.csv", Rows))[..40], "损坏" },
        { "rar", [.. "Rar!"u8, 0x1A, 7, 1, 0], "rar" },
        { "7z", [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "7z" },
        { "gz", [0x1F, 0x8B, 8, 0, 0], "gz" },
        { "tar", [.. new byte[257].Select(_ => (byte)'a'), .. "ustar\0"u8], "tar" },
        { "PDF", [.. "%PDF-1.7\n"u8], "PDF" },
        { "PNG", [0x89, .. "PNG\r\n"u8], "图片" },
        { "JPEG", [0xFF, 0xD8, 0xFF, 0xE0], "图片" },
        { "web page", [.. "\r\n <HTML xmlns:x=\"urn:schemas\"><table>"u8], "网页" },
        { "web page with a mark", [0xEF, 0xBB, 0xBF, .. "<!DOCTYPE html><html>"u8], "网页" },
        { "a table of a web page", [.. "<table border=1><tr><td>"u8], "网页" },
        { "single file web page", [.. "MIME-Version: 1.0\r\nX-Document-Type: Workbook"u8], "网页" },
        { "XML of Excel 2003",
            [.. "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook "u8], "XML 表格" },
        { "XML", [.. "<?xml version=\"1.0\"?><rows><row/></rows>"u8], "XML" },
        { "JSON", [.. "[ {\"cust_no\": \"0001\"} ]"u8], "JSON" },
        { "JSON lines", [.. "{\"cust_no\": \"0001\"}\n"u8], "JSON" },
        { "SQL", [.. "INSERT INTO gd01 VALUES ('0001');"u8], "SQL" },
        { "MySQL dump", [.. "-- MySQL dump 10.13\n--\n"u8], "SQL" },
        { "dbf", Dbf(), "dbf" },
        { "SQLite", [.. "SQLite format 3\0"u8], "SQLite" },
        { "Access", [0, 1, 0, 0, .. "Standard ACE DB\0"u8], "Access" },
        { "encrypted by a guard", [.. "%TSD-Header-###%"u8, 0, 1, 2], "加密" },
        { "binary", [.. Enumerable.Range(0, 400).Select(i => (byte)((i * 7 % 251) | 2))], "二进制" },
    };

    public static TheoryData<string, byte[]> Texts => new()
    {
        { "rows", Encoding.UTF8.GetBytes(Rows) }, { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Rows)] },
        { "UTF-16 without a mark", Encoding.Unicode.GetBytes(Rows) },
        { "a title in brackets", Encoding.UTF8.GetBytes($"[用电明细]\n{Rows}") }, { "empty", [] },
        { "separated by a control character", Encoding.UTF8.GetBytes(Rows.Replace(',', '\u0001')) },
        { "a title with a minus", Encoding.UTF8.GetBytes($"-- 用电明细 --\n{Rows}") },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void File_OfAnotherKind_IsNamed(string name, byte[] content, string expected)
    {
        using var file = new MemoryStream(content);
        var kind = FileKinds.Of(file);

        Assert.True(kind?.Name.Contains(expected, StringComparison.Ordinal), $"{name}: {kind}");
        Assert.Equal(0, file.Position);
        var refusal = FileKinds.Refusal(file, isWorkbook: false)!;
        Assert.Equal(expected == "密码" ? "IH-INT-219" : "IH-INT-209", refusal.Code);
        Assert.DoesNotContain('{', refusal.Detail + refusal.Remedy);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", refusal.Remedy);
        if (kind != FileKind.Damaged && kind != FileKind.WithMacros)
            Assert.Equal(expected == "密码" ? "IH-INT-219" : "IH-INT-220", FileKinds.Refusal(file,
                isWorkbook: true)?.Code);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_IsNoOtherKind(string name, byte[] content)
    {
        using var file = new MemoryStream(content);
        Assert.True(FileKinds.Refusal(file, isWorkbook: false) is null, name);
        Assert.Equal("IH-INT-220", FileKinds.Refusal(file, isWorkbook: true)?.Code);
    }

    [Fact]
    public void Workbook_UnderAnotherName_IsToldToBeRenamed()
    {
        using var file = new MemoryStream(Zip(("[Content_Types].xml", "sheet.main+xml"), ("xl/workbook.xml", "")));
        Assert.Null(FileKinds.Refusal(file, isWorkbook: true));
        Assert.Contains("把扩展名改为 .xlsx", FileKinds.Refusal(file, isWorkbook: false)!.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("202503", "")]
    [InlineData("2025-03", "")]
    [InlineData("202504", "")]
    [InlineData("202505", "IH-INT-149")]
    [InlineData("203001", "IH-INT-149")]
    [InlineData("2025Q1", "IH-INT-106")]
    [InlineData("2025", "IH-INT-106")]
    [InlineData("202513", "IH-INT-106")]
    public void Period_IsOneTheItemHas_AndHasBegun(string period, string code)
    {
        string Read()
        {
            try
            {
                TemplateRegistry.ReadPeriod(HostileFileTests.Load("GD", "GD-01"), period, new DateOnly(2025, 4, 1));
                return "";
            }
            catch (ProblemException refused)
            {
                return refused.Problem.Code;
            }
        }

        Assert.Equal(code, Read());
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in entries)
                using (var entry = archive.CreateEntry(name).Open())
                    entry.Write(Encoding.UTF8.GetBytes(text));
        return file.ToArray();
    }

    private static byte[] Dbf()
    {
        var file = new byte[200];
        (file[0], file[1], file[2], file[3], file[8], file[64]) = (0x03, 125, 3, 31, 65, 0x0D);
        return file;
    }
}
