using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>
/// Writes the smallest xlsx a spreadsheet program opens: inline strings, numbers as numbers, dates as dates.
/// </summary>
internal static class Workbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";

    /// <summary>A cell is a string, a <see cref="decimal"/>, a <see cref="DateOnly"/>, or null.</summary>
    public static byte[] Write(IEnumerable<object?[]> rows)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Put(zip, "[Content_Types].xml", $"""
                <Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Default Extension="xml" ContentType="application/xml"/>
                <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
                <Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
                <Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>
                """);
            Put(zip, "_rels/.rels", $"""
                <Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """);
            Put(zip, "xl/workbook.xml", $"""
                <workbook xmlns="{Main}" xmlns:r="{Office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>
                """);
            Put(zip, "xl/_rels/workbook.xml.rels", $"""
                <Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/>
                <Relationship Id="rId2" Type="{Office}/styles" Target="styles.xml"/></Relationships>
                """);
            // Style 1 is the built-in date format 14.
            Put(zip, "xl/styles.xml", $"""
                <styleSheet xmlns="{Main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>
                <cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>
                """);
            Put(zip, "xl/worksheets/sheet1.xml",
                $"""<worksheet xmlns="{Main}"><sheetData>{string.Concat(rows.Select((cells, row) => $"<row r=\"{row + 1}\">{string.Concat(cells.Select((cell, column) => Cell(cell, $"{(char)('A' + column)}{row + 1}")))}</row>"))}</sheetData></worksheet>""");
        }
        return bytes.ToArray();
    }

    private static string Cell(object? value, string at) => value switch
    {
        null => "",
        decimal number => $"<c r=\"{at}\"><v>{number.ToString(CultureInfo.InvariantCulture)}</v></c>",
        DateOnly day => $"<c r=\"{at}\" s=\"1\"><v>{(day.ToDateTime(TimeOnly.MinValue) - new DateTime(1899, 12, 30)).Days.ToString(CultureInfo.InvariantCulture)}</v></c>",
        _ => $"<c r=\"{at}\" t=\"inlineStr\"><is><t>{SecurityElement.Escape((string)value)}</t></is></c>",
    };

    private static void Put(ZipArchive zip, string name, string xml)
    {
        using var entry = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
        entry.Write("""<?xml version="1.0" encoding="UTF-8"?>""" + "\n" + xml);
    }
}
