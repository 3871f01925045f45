using System.Xml;

namespace InfoHub.Templates.Workbooks;

/// <summary>The number formats of a workbook's cells, by the style they name.</summary>
internal sealed class WorkbookStyles
{
    private const int FormatsMax = 65_536;

    private readonly List<NumberFormat> _formats = [];

    /// <param name="part">Null when the workbook has none.</param>
    public WorkbookStyles(WorkbookParts parts, string? part)
    {
        if (part is null)
            return;
        var known = new Dictionary<int, NumberFormat>();
        var inCells = false;
        using var xml = parts.Open(part);
        while (XmlText.ReadNode(xml))
        {
            if (xml.LocalName == "cellXfs")
                inCells = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "numFmt" && known.Count < FormatsMax)
                known[XmlText.Number(xml, "numFmtId", 0)] = NumberFormat.Of(xml.GetAttribute("formatCode") ?? "");
            else if (xml.LocalName == "xf" && inCells && _formats.Count < FormatsMax)
                _formats.Add(FormatOf(XmlText.Number(xml, "numFmtId", 0), known));
        }
    }

    public NumberFormat this[int style] => style < _formats.Count ? _formats[style] : NumberFormat.General;

    private static NumberFormat FormatOf(int id, Dictionary<int, NumberFormat> known)
    {
        if (!known.TryGetValue(id, out var format))
            known[id] = format = NumberFormat.BuiltIn(id);
        return format;
    }
}
