using System.IO.Compression;
using System.Text;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>Builds xlsx workbooks part by part, sound or not.</summary>
internal static class WorkbookFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static byte[] Zip(params (string Name, string Text)[] parts)
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

    /// <summary>
    /// The same archive, told by a zip64 record of so many entries as it has; <paramref name="field"/> of the end
    /// record, so many bytes long, is full of ones and sends the reader there.
    /// </summary>
    /// <param name="record">Where the locator says that the record is; by default where it is.</param>
    public static byte[] Zip64(byte[] zip, long entries, int field, int length, long? record = null)
    {
        var end = zip[^22..];
        var (size, start) = (BitConverter.ToUInt32(end, 12), BitConverter.ToUInt32(end, 16));
        end.AsSpan(field, length).Fill(0xFF);
        byte[] told = [.. "PK\u0006\u0006"u8, .. BitConverter.GetBytes(44L), 45, 0, 45, 0, .. new byte[8],
            .. BitConverter.GetBytes(entries), .. BitConverter.GetBytes(entries),
            .. BitConverter.GetBytes((long)size), .. BitConverter.GetBytes((long)start)];
        byte[] locator = [.. "PK\u0006\u0007"u8, 0, 0, 0, 0,
            .. BitConverter.GetBytes(record ?? (zip.LongLength - 22)), 1, 0, 0, 0];
        return [.. zip[..^22], .. told, .. locator, .. end];
    }

    /// <summary>
    /// The same archive as a writer makes it that uses zip64 throughout: sizes and places of all entries stand in extra
    /// fields, the list in a zip64 record, and every field that may is full of ones.
    /// </summary>
    public static byte[] Zip64(byte[] zip)
    {
        var (entries, start) = (BitConverter.ToUInt16(zip, zip.Length - 12), BitConverter.ToInt32(zip, zip.Length - 6));
        var list = new List<byte>();
        for (int i = 0, at = start; i < entries; i++)
        {
            int name = BitConverter.ToUInt16(zip, at + 28), rest = BitConverter.ToUInt16(zip, at + 30)
                + BitConverter.ToUInt16(zip, at + 32);
            byte[] extra = [1, 0, 24, 0, .. BitConverter.GetBytes((long)BitConverter.ToUInt32(zip, at + 24)),
                .. BitConverter.GetBytes((long)BitConverter.ToUInt32(zip, at + 20)),
                .. BitConverter.GetBytes((long)BitConverter.ToUInt32(zip, at + 42))];
            var entry = zip[at..(at + 46 + name + rest)];
            entry[6] = 45;
            entry.AsSpan(20, 8).Fill(0xFF);
            entry.AsSpan(42, 4).Fill(0xFF);
            BitConverter.GetBytes((ushort)(BitConverter.ToUInt16(entry, 30) + extra.Length)).CopyTo(entry, 30);
            list.AddRange([.. entry[..(46 + name)], .. extra, .. entry[(46 + name)..]]);
            at += entry.Length;
        }
        byte[] end = [.. "PK\u0005\u0006"u8, .. new byte[4], .. Enumerable.Repeat((byte)0xFF, 12), 0, 0];
        var sized = (byte[])[.. zip[..start], .. list, .. end];
        BitConverter.GetBytes((uint)list.Count).CopyTo(sized, sized.Length - 10);
        BitConverter.GetBytes((uint)start).CopyTo(sized, sized.Length - 6);
        var whole = Zip64(sized, entries, 8, 4);
        whole.AsSpan(whole.Length - 14, 12).Fill(0xFF);
        return whole;
    }

    /// <summary>One sheet named 数据, with the usual styles: 1 date, 2 date and time, 3 percent, 4 time, 5 currency, 6
    /// text.</summary>
    public static byte[] Of(string rows, string strings = "", bool from1904 = false) =>
        Zip([.. Parts(rows, strings, from1904)]);

    public static IEnumerable<(string Name, string Text)> Parts(string rows, string strings = "", bool from1904 =
        false, string head = "")
    {
        yield return ("[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
        yield return ("xl/workbook.xml", $"""
            <workbook xmlns="{Main}" xmlns:r="{Relations}"><workbookPr date1904="{(from1904 ? 1 : 0)}"/><sheets>
            <sheet name="说明" sheetId="1" state="hidden" r:id="rId1"/><sheet name="数据" sheetId="2" r:id="rId2"/>
            <sheet name="上月" sheetId="3" r:id="rId3"/></sheets></workbook>
            """);
        yield return ("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
            <Relationship Id="rId1" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="rId2" Type="{Relations}/worksheet" Target="/xl/worksheets/sheet2.xml"/>
            <Relationship Id="rId3" Type="{Relations}/worksheet" Target="worksheets/sheet3.xml"/>
            <Relationship Id="rId4" Type="{Relations}/styles" Target="styles.xml"/>
            <Relationship Id="rId5" Type="{Relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>
            """);
        yield return ("xl/styles.xml", $"""
            <styleSheet xmlns="{Main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
            <numFmt numFmtId="166" formatCode="00000"/>
            <numFmt numFmtId="165" formatCode="&quot;day&quot;#,##0.00_);[Red]\(#,##0.00\)"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="10"/><xf numFmtId="21"/>
            <xf numFmtId="165"/><xf numFmtId="49"/><xf numFmtId="166"/></cellXfs></styleSheet>
            """);
        yield return ("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{strings}</sst>");
        yield return ("xl/worksheets/sheet1.xml",
            Sheet("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>hidden</t></is></c></row>"));
        yield return ("xl/worksheets/sheet2.xml", head + Sheet(rows));
        yield return ("xl/worksheets/sheet3.xml",
            Sheet("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>上月</t></is></c></row>"));
    }

    private static string Sheet(string rows) =>
        $"<worksheet xmlns=\"{Main}\"><sheetData>{rows}</sheetData></worksheet>";

    public static string Text(string cell, string text) =>
        $"<c r=\"{cell}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>";

    public static string Number(string cell, string value, int style = 0) =>
        $"<c r=\"{cell}\" s=\"{style}\"><v>{value}</v></c>";

    /// <summary>A row of texts from column A on.</summary>
    public static string Row(int number, params string[] texts) =>
        $"<row r=\"{number}\">{string.Concat(texts.Select((t, i) => t.Length == 0 ? "" : Text($"{(char)('A' + i)}{number}", t)))}</row>";
}
