using System.Globalization;
using System.Text;
using System.Xml;

namespace InfoHub.Templates.Workbooks;

/// <summary>The workbook is damaged: what is wrong with it, in Chinese and without any of its cells.</summary>
internal sealed class WorkbookDamageException(string reason) : Exception(reason);

/// <summary>Text and numbers of XML elements, bounded as cells are. Every method is linear in what it reads.</summary>
internal static class XmlText
{
    /// <summary>A spreadsheet allows 32 767 characters in a cell.</summary>
    private const int CharactersMax = 100_000;
    private const int DepthMax = 64;

    /// <summary>Reads on one node; elements nested too deep are damage.</summary>
    public static bool ReadNode(XmlReader xml)
    {
        if (!xml.Read())
            return false;
        if (xml.Depth > DepthMax)
            throw new WorkbookDamageException("XML 元素嵌套过深");
        return true;
    }

    /// <summary>The attribute as a whole number, or <paramref name="absent"/> when there is none.</summary>
    public static int Number(XmlReader xml, string attribute, int absent)
    {
        if (xml.GetAttribute(attribute) is not { } text)
            return absent;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new WorkbookDamageException($"元素 {xml.LocalName} 的属性 {attribute} 不是数字");
    }

    /// <summary>xsd:boolean: 1 and true.</summary>
    public static bool Flag(XmlReader xml, string attribute) => xml.GetAttribute(attribute)?.Trim() is "1" or "true";

    /// <summary>Appends the text directly inside the element the reader stands on; the reader ends on its
    /// end.</summary>
    public static void Append(XmlReader xml, StringBuilder text)
    {
        if (xml.IsEmptyElement)
            return;
        var depth = xml.Depth;
        while (ReadNode(xml) && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace
                or XmlNodeType.Whitespace)
                text.Append(xml.Value);
            if (text.Length > CharactersMax)
                throw WorkbookParts.TooLarge("单元格", $"{CharactersMax} 字");
        }
    }

    /// <summary>Appends the runs of an si or is element joined; readings above the characters (rPh) are no part of
    /// it.</summary>
    public static void AppendRuns(XmlReader xml, StringBuilder text)
    {
        if (xml.IsEmptyElement)
            return;
        var depth = xml.Depth;
        while (ReadNode(xml) && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "rPh")
                Skip(xml);
            else if (xml.LocalName == "t")
                Append(xml, text);
        }
    }

    private static void Skip(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return;
        var depth = xml.Depth;
        while (ReadNode(xml) && xml.Depth > depth)
        {
        }
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
