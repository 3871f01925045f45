using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>How a text is put into its cell.</summary>
internal enum TextForm
{
    Inline = 0,
    Shared,
    Runs,

    /// <summary>Runs with readings above them, which are no part of the text.</summary>
    Phonetic,

    /// <summary>The result of a formula.</summary>
    Formula,
}

/// <summary>One sheet of a generated workbook. Rows count from 1, columns from 0.</summary>
internal sealed class GeneratedSheet(string name)
{
    public string Name { get; set; } = name;

    public string State { get; set; } = "";

    /// <summary>Attributes of a row's element, with a blank in front.</summary>
    public Dictionary<int, string> RowAttributes { get; } = [];

    public SortedDictionary<int, SortedDictionary<int, (string Attributes, string Content)>> Rows { get; } = [];

    public string Columns { get; set; } = "";

    /// <summary>Behind the rows: merged ranges, filters.</summary>
    public string Tail { get; set; } = "";

    /// <summary>Type and name of parts that belong to the sheet.</summary>
    public List<(string Type, string Part)> Relations { get; } = [];

    public void Put(int row, int column, string attributes, string content)
    {
        if (!Rows.TryGetValue(row, out var cells))
            Rows[row] = cells = [];
        cells[column] = (attributes, content);
    }

    public void Number(int row, int column, string value, int style = 0) =>
        Put(row, column, style == 0 ? "" : $" s=\"{style}\"", $"<v>{value}</v>");
}

/// <summary>
/// Writes xlsx workbooks part by part in all the forms that programs write them in, and in some that they should not.
/// </summary>
internal sealed class GeneratedWorkbook
{
    private const string Transitional = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Strict = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/";

    private readonly List<string> _shared = [];

    public List<GeneratedSheet> Sheets { get; } = [];

    public bool IsStrict { get; set; }

    /// <summary>A prefix for every element of the main namespace; "" for none.</summary>
    public string Prefix { get; set; } = "";

    public bool From1904 { get; set; }

    /// <summary>The element calcPr, or "".</summary>
    public string Calculation { get; set; } = "";

    public bool OmitsPlaces { get; set; }

    /// <summary>Cells of a row are written last to first.</summary>
    public bool ReversesCells { get; set; }

    public string MainPart { get; set; } = "xl/workbook.xml";

    public string StringsPart { get; set; } = "xl/sharedStrings.xml";

    public string SheetsFolder { get; set; } = "xl/worksheets/";

    /// <summary>How a target is written, given the part's full name.</summary>
    public Func<string, string> Target { get; set; } = part => "/" + part;

    /// <summary>The name of an entry, given the part's.</summary>
    public Func<string, string> Entry { get; set; } = part => part;

    public string MainType { get; set; } = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

    /// <summary>Formats from style 1 on.</summary>
    public List<string> Formats { get; } =
        ["yyyy-mm-dd", "0.00%", "00000", "0!.0,", "0.0,\"K\"", "@", "yyyy\"年\"m\"月\""];

    /// <summary>Further parts with their text, and further relations of the workbook.</summary>
    public List<(string Name, string Text)> Parts { get; } = [];

    public List<(string Type, string Part)> Relations { get; } = [];

    public GeneratedSheet Add(string name)
    {
        Sheets.Add(new GeneratedSheet(name));
        return Sheets[^1];
    }

    public void Text(GeneratedSheet sheet, int row, int column, string text, TextForm form = TextForm.Inline)
    {
        var plain = SecurityElement.Escape(text);
        var half = text.Length / 2;
        half += half > 0 && char.IsHighSurrogate(text[half - 1]) ? 1 : 0;
        var (head, tail) = (SecurityElement.Escape(text[..half]), SecurityElement.Escape(text[half..]));
        switch (form)
        {
            case TextForm.Inline:
                sheet.Put(row, column, " t=\"inlineStr\"", $"<is>{T(plain)}</is>");
                break;
            case TextForm.Formula:
                sheet.Put(row, column, " t=\"str\"", $"<f>T(\"x\")</f><v>{plain}</v>");
                break;
            default:
                _shared.Add(form switch
                {
                    TextForm.Shared => T(plain),
                    TextForm.Runs => $"<r>{T(head)}</r><r><rPr><b/></rPr>{T(tail)}</r>",
                    _ => $"<r>{T(head)}</r><r>{T(tail)}</r><rPh sb=\"0\" eb=\"1\"><t>PINYIN</t></rPh>",
                });
                sheet.Put(row, column, " t=\"s\"", $"<v>{_shared.Count - 1}</v>");
                break;
        }
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            var sheets = Sheets.Select((s, i) => (Sheet: s, Part: $"{SheetsFolder}sheet{i + 1}.xml")).ToArray();
            Put(zip, "[Content_Types].xml", Types(sheets.Select(s => s.Part)));
            Put(zip, "_rels/.rels", Rels([("officeDocument", MainPart)]));
            Put(zip, MainPart, Main());
            Put(zip, RelsOf(MainPart), Rels([.. sheets.Select(s => ("worksheet", s.Part)), ("styles", "xl/styles.xml"),
                ("sharedStrings", StringsPart), .. Relations]));
            Put(zip, "xl/styles.xml", Styles());
            Put(zip, StringsPart, Root("sst", string.Concat(_shared.Select(s => $"<si>{s}</si>"))));
            foreach (var (sheet, part) in sheets)
            {
                Put(zip, part, Root("worksheet", Body(sheet)));
                if (sheet.Relations.Count > 0)
                    Put(zip, RelsOf(part), Rels(sheet.Relations));
            }
            foreach (var (name, text) in Parts)
                Put(zip, name, text);
        }
        return file.ToArray();
    }

    private void Put(ZipArchive zip, string name, string text)
    {
        using var entry = new StreamWriter(zip.CreateEntry(Entry(name), CompressionLevel.Fastest).Open());
        entry.Write(text);
    }

    private static string T(string? text) => $"<t xml:space=\"preserve\">{text}</t>";

    private static string RelsOf(string part) =>
        $"{part[..(part.LastIndexOf('/') + 1)]}_rels/{part[(part.LastIndexOf('/') + 1)..]}.rels";

    private string Types(IEnumerable<string> sheets) =>
        $"<Types xmlns=\"{Package}content-types\"><Default Extension=\"rels\" "
        + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        + $"<Override PartName=\"/{MainPart}\" ContentType=\"{MainType}\"/>" + string.Concat(sheets.Select(s =>
            $"<Override PartName=\"/{s}\" ContentType=\"application/vnd.openxmlformats-officedocument"
            + ".spreadsheetml.worksheet+xml\"/>")) + "</Types>";

    private string RelationSpace => IsStrict ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
        : "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private string Rels(IEnumerable<(string Type, string Part)> relations) =>
        $"<Relationships xmlns=\"{Package}relationships\">" + string.Concat(relations.Select((r, i) =>
            $"<Relationship Id=\"rId{i + 1}\" Type=\"{RelationSpace}/{r.Type}\" Target=\"{Target(r.Part)}\"/>"))
        + "</Relationships>";

    private string Main() => Root("workbook",
        (From1904 ? "<workbookPr date1904=\"1\"/>" : "<workbookPr/>") + "<sheets>"
        + string.Concat(Sheets.Select((s, i) => $"<sheet name=\"{SecurityElement.Escape(s.Name)}\" sheetId=\"{i + 1}\""
            + (s.State.Length > 0 ? $" state=\"{s.State}\"" : "") + $" r:id=\"rId{i + 1}\"/>"))
        + "</sheets>" + Calculation);

    private string Styles() => Root("styleSheet", "<numFmts>" + string.Concat(Formats.Select((f, i) =>
            $"<numFmt numFmtId=\"{200 + i}\" formatCode=\"{SecurityElement.Escape(f)}\"/>")) + "</numFmts>"
        + "<fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders>"
        + "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
        + string.Concat(Formats.Select((_, i) => $"<xf numFmtId=\"{200 + i}\" applyNumberFormat=\"1\"/>"))
        + "</cellXfs>");

    private string Body(GeneratedSheet sheet)
    {
        var body = new StringBuilder(sheet.Columns).Append("<sheetData>");
        foreach (var (row, cells) in sheet.Rows)
        {
            body.Append(OmitsPlaces ? "<row" : Invariant($"<row r=\"{row}\""))
                .Append(sheet.RowAttributes.GetValueOrDefault(row, "")).Append('>');
            var next = 0;
            foreach (var (column, (attributes, content)) in ReversesCells ? cells.Reverse() : cells)
            {
                for (; OmitsPlaces && next < column; next++)
                    body.Append("<c/>");
                next = column + 1;
                body.Append("<c").Append(OmitsPlaces ? "" : Invariant($" r=\"{Letters(column)}{row}\""))
                    .Append(attributes).Append('>').Append(content).Append("</c>");
            }
            body.Append("</row>");
        }
        return body.Append("</sheetData>").Append(sheet.Tail).ToString();
    }

    /// <summary>The element with its namespaces; a prefix goes before every name inside.</summary>
    private string Root(string name, string content)
    {
        var space = IsStrict ? Strict : Transitional;
        var xml = $"<{name} xmlns=\"{space}\" xmlns:r=\"{RelationSpace}\">{content}</{name}>";
        if (Prefix.Length > 0)
            xml = System.Text.RegularExpressions.Regex.Replace(xml, "<(/?)([A-Za-z])", $"<$1{Prefix}:$2")
                .Replace($" xmlns=\"{space}\"", $" xmlns:{Prefix}=\"{space}\"", StringComparison.Ordinal);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml;
    }

    public static string Letters(int column) => column < 26 ? $"{(char)('A' + column)}"
        : $"{(char)('A' + (column / 26) - 1)}{(char)('A' + (column % 26))}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
