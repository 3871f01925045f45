using System.IO.Compression;
using System.Text;
using AutoMapper;
using InfoHub.Intake;
using InfoHub.Intake.Validate;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace InfoHub.Stages.Tests.Intake;

public class IntakeEdgeTests
{
    [Fact]
    public void Profile_IsComplete()
    {
        using var services = new ServiceCollection().AddLogging().AddAutoMapper(m => m.AddProfile<IntakeProfile>()).BuildServiceProvider();
        services.GetRequiredService<IMapper>().ConfigurationProvider.AssertConfigurationIsValid();
    }

    private static async Task<string> AsCsvAsync(byte[] workbook)
    {
        using var csv = new MemoryStream();
        await WorkbookAsCsv.WriteAsync(new MemoryStream(workbook), csv, long.MaxValue, CancellationToken.None);
        return Encoding.UTF8.GetString(csv.ToArray());
    }

    private static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in parts)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        return file.ToArray();
    }

    private static byte[] Workbook(string rows) => Zip(
        ("[Content_Types].xml", """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"""),
        ("xl/workbook.xml", """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"""),
        ("xl/_rels/workbook.xml.rels", """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"""),
        ("xl/worksheets/sheet1.xml", $"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""));

    private static string Inline(string cell, string text) => $"""<c r="{cell}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>""";

    [Fact]
    public async Task WorkbookAsCsv_CellsOfEveryKind_AreWrittenExactly()
    {
        var csv = await AsCsvAsync(Workbook(
            $"""<row r="1">{Inline("A1", "户号")}{Inline("B1", "名,称")}<c r="C1"><v>12.3</v></c></row>""" +
            $"""<row r="2">{Inline("A2", "say \"hi\"")}{Inline("B2", "x&#10;y")}<c r="C2"><v>1860</v></c></row>""" +
            $"""<row r="3"><c r="A3" t="b"><v>1</v></c><c r="C3"><v>3709831234567890000</v></c></row>"""));

        Assert.Equal("户号,\"名,称\",12.3\n\"say \"\"hi\"\"\",\"x\ny\",1860\nY,,3.70983E+18\n", csv);
    }

    public static TheoryData<byte[]> Garbage
    {
        get
        {
            var random = new byte[5000];
            new Random(3).NextBytes(random);
            var whole = Workbook("");
            return new()
            {
                Array.Empty<byte>(), Encoding.UTF8.GetBytes("a,b\n1,2\n"), random, (byte[])[.. "PK\u0003\u0004"u8, .. random], whole[..(whole.Length / 2)], whole[..^30],
                Zip(("readme.txt", "x")), Zip(("xl/workbook.xml", "<broken")), Workbook("<row r=\"1\"><c></row>"), Workbook("<row r=\"x\"><c r=\"A1\"><v>1</v></c></row>"),
                (byte[])[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. random],
            };
        }
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task WorkbookAsCsv_Garbage_IsRefusedAsUnreadable(byte[] bytes)
    {
        try
        {
            await AsCsvAsync(bytes);
        }
        catch (Exception fault)
        {
            Assert.Equal("IH-INT-213", Assert.IsType<ProblemException>(fault).Problem.Code);
        }
    }
}
