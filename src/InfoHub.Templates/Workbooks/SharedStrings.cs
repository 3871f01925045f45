using System.Text;
using System.Xml;

namespace InfoHub.Templates.Workbooks;

/// <summary>The texts that cells of a workbook refer to by number, kept as UTF-8 one behind the other.</summary>
internal sealed class SharedStrings
{
    private const int BytesMax = 64 << 20;
    private const int CountMax = 4 << 20;

    private byte[] _text = new byte[4096];
    private int[] _ends = new int[256];
    private int _count;

    /// <param name="part">Null when the workbook has none.</param>
    public SharedStrings(WorkbookParts parts, string? part)
    {
        if (part is null)
            return;
        using var xml = parts.Open(part);
        var text = new StringBuilder();
        while (XmlText.ReadNode(xml))
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "si" })
                continue;
            text.Clear();
            XmlText.AppendRuns(xml, text);
            Add(XmlText.Unescape(text.ToString()));
        }
    }

    public string this[int index] => index >= 0 && index < _count
        ? Encoding.UTF8.GetString(_text, Start(index), _ends[index] - Start(index))
        : throw new WorkbookDamageException($"单元格引用第 {index} 个共享字符串，而共享字符串只有 {_count} 个");

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
