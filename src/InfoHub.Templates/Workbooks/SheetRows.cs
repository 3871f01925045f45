using System.Globalization;
using System.Text;
using System.Xml;

namespace InfoHub.Templates.Workbooks;

/// <summary>The texts that cells of a workbook refer to by number, kept as UTF-8 one behind the other.</summary>
internal sealed class SharedStrings
{
    private const string Part = "xl/sharedStrings.xml";
    private const int BytesMax = 64 << 20;
    private const int CountMax = 4 << 20;

    private byte[] _text = new byte[4096];
    private int[] _ends = new int[256];
    private int _count;

    public SharedStrings(WorkbookParts parts)
    {
        if (!parts.Has(Part))
            return;
        using var xml = parts.Open(Part);
        while (xml.Read())
        {
            XmlText.RequireShallow(xml);
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
                Add(XmlText.ReadTexts(xml));
        }
    }

    public string this[int index] => index >= 0 && index < _count
        ? Encoding.UTF8.GetString(_text, Start(index), _ends[index] - Start(index))
        : throw new InvalidDataException($"there is no shared string {index}");

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];

    private void Add(string text)
    {
        var start = Start(_count);
        var length = Encoding.UTF8.GetByteCount(text);
        if (_count == CountMax || start + length > BytesMax)
            throw WorkbookParts.TooLarge("共享字符串", $"{BytesMax >> 20} MB");
        if (_text.Length - start < length)
            Array.Resize(ref _text, Math.Min(BytesMax, Math.Max(start + length, _text.Length * 2)));
        if (_ends.Length == _count)
            Array.Resize(ref _ends, _ends.Length * 2);
        Encoding.UTF8.GetBytes(text, _text.AsSpan(start));
        _ends[_count++] = start + length;
    }
}

/// <summary>The rows of a sheet in order, each cell as text. A cell that is written without a place is the next
/// one.</summary>
internal sealed class SheetRows(XmlReader xml, SharedStrings strings, WorkbookStyles styles)
{
    private const int ColumnsMax = 16_384;
    private const int RowsMax = 1_048_576;

    /// <summary>A formula that was never calculated has no result; a spreadsheet calls that #CALC!.</summary>
    private const string NoResult = "#CALC!";

    private readonly string[] _cells = new string[ColumnsMax];
    private int _row;
    private int _width;

    /// <summary>The cells of the row up to the last that is not blank.</summary>
    public string[] Cells => _cells[.._width];

    /// <param name="row">1-based, as the spreadsheet counts; rows that are not written are blank.</param>
    public bool Read(out int row)
    {
        row = 0;
        while (xml.Read())
        {
            XmlText.RequireShallow(xml);
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "sheetData")
                return false;
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "row")
                continue;
            var number = xml.GetAttribute("r") is { } text ? int.Parse(text, NumberStyles.None,
                CultureInfo.InvariantCulture) : _row + 1;
            if (number <= _row || number > RowsMax)
                throw new InvalidDataException($"row {number} does not come behind row {_row}");
            row = _row = number;
            _width = 0;
            if (!xml.IsEmptyElement)
                ReadCells();
            return true;
        }
        return false;
    }

    private void ReadCells()
    {
        var next = 0;
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "row"))
        {
            XmlText.RequireShallow(xml);
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c")
                continue;
            var column = xml.GetAttribute("r") is { } place ? ColumnOf(place) : next;
            if (column < next || column >= ColumnsMax)
                throw new InvalidDataException($"row {_row} has its cells out of order");
            next = column + 1;
            var text = ReadCell();
            if (text.Length == 0)
                continue;
            _cells.AsSpan(_width, column - _width).Fill("");
            _cells[column] = text;
            _width = next;
        }
    }

    /// <summary>0 for A1, 27 for AB3.</summary>
    private static int ColumnOf(string place)
    {
        var column = 0;
        foreach (var letter in place)
        {
            if (letter is < 'A' or > 'Z')
                break;
            column = (column * 26) + letter - 'A' + 1;
            if (column > ColumnsMax)
                break;
        }
        return column - 1;
    }

    private string ReadCell()
    {
        var type = xml.GetAttribute("t") ?? "n";
        var style = xml.GetAttribute("s") is { } s ? int.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        if (xml.IsEmptyElement)
            return "";
        var (value, inline, hasFormula) = ("", "", false);
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            XmlText.RequireShallow(xml);
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "v")
                value = XmlText.ReadText(xml);
            else if (xml.LocalName == "is")
                inline = XmlText.ReadTexts(xml);
            else if (xml.LocalName == "f")
                hasFormula = true;
        }
        if (value.Length == 0)
            return inline.Length > 0 ? inline : hasFormula && type != "str" ? NoResult : "";
        return type switch
        {
            "s" => strings[int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)],
            "str" => XmlText.Unescape(value),
            "inlineStr" => inline,
            "b" => value.Trim() is "1" or "true" ? "Y" : "N",
            "e" => value,
            "d" => WorkbookNumbers.IsoDate(value),
            _ => styles.Write(value, style),
        };
    }
}

/// <summary>Text of XML elements, bounded as cells are.</summary>
internal static class XmlText
{
    /// <summary>A spreadsheet allows 32 767 characters in a cell.</summary>
    private const int CharactersMax = 100_000;
    private const int DepthMax = 64;

    public static void RequireShallow(XmlReader xml)
    {
        if (xml.Depth > DepthMax)
            throw new InvalidDataException("the elements are nested too deep");
    }

    /// <summary>The text directly inside the element the reader stands on; the reader ends on its end.</summary>
    public static string ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (depth, text) = (xml.Depth, new StringBuilder());
        while (xml.Read() && xml.Depth > depth)
        {
            RequireShallow(xml);
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                text.Append(xml.Value);
            if (text.Length > CharactersMax)
                throw WorkbookParts.TooLarge("单元格", $"{CharactersMax} 字");
        }
        return text.ToString();
    }

    /// <summary>The runs of an si or is element joined; readings above the characters (rPh) are no part of
    /// it.</summary>
    public static string ReadTexts(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (depth, text) = (xml.Depth, "");
        while (xml.Read() && xml.Depth > depth)
        {
            RequireShallow(xml);
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "rPh")
                ReadText(xml);
            else if (xml.LocalName == "t")
                text += ReadText(xml);
            if (text.Length > CharactersMax)
                throw WorkbookParts.TooLarge("单元格", $"{CharactersMax} 字");
        }
        return Unescape(text);
    }

    /// <summary>Characters XML cannot hold are written _xHHHH_.</summary>
    public static string Unescape(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0)
            return text;
        var plain = new StringBuilder();
        var from = 0;
        for (; at >= 0 && at + 7 <= text.Length; at = text.IndexOf("_x", at + 1, StringComparison.Ordinal))
        {
            if (text[at + 6] != '_' || at < from
                || !ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture, out var code))
                continue;
            plain.Append(text, from, at - from).Append((char)code);
            from = at + 7;
        }
        return plain.Append(text, from, text.Length - from).ToString();
    }
}
