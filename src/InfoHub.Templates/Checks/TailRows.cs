using System.Text;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Checks;

/// <summary>What a row says it is that is no data row, by its first cells.</summary>
internal enum TailLabel
{
    None = 0,

    /// <summary>合计, 总计, Total: of the whole file when it stands at its end.</summary>
    Total,

    /// <summary>小计, 东湖区合计: of a part of the file; as OtherTotal.</summary>
    Subtotal,

    /// <summary>
    /// 累计, 本页合计: of more than the file or of a page of it. At the end it is left out like a note; with data behind
    /// it, it is a bad row like a subtotal.
    /// </summary>
    OtherTotal,

    /// <summary>制表人：, 备注：, 打印日期：: about the sheet.</summary>
    Note,

    /// <summary>Numbers alone: of the whole file when it stands at its end and agrees, else a bad row.</summary>
    Unlabelled,

    /// <summary>The header over again, where a page begins or at the end.</summary>
    Header,
}

/// <summary>
/// Rows that may be the end of the file: a row of totals and lines of notes. They are held back until the file ends, or
/// until a data row comes behind them and shows that they are not.
/// </summary>
internal sealed class TailRows
{
    public const int RowsMax = 10;
    public const int BytesMax = 64 * 1024;

    /// <summary>A label stands among the first cells of its row.</summary>
    public const int LabelCellsMax = 4;

    /// <summary>What a label's first bytes can be: most rows are told by these alone.</summary>
    private static readonly HashSet<int> Beginnings =
        [.. FileWords.Totals.Concat(FileWords.Subtotals).Concat(FileWords.OtherTotals).Concat(FileWords.Notes)
            .Where(w => Encoding.UTF8.GetByteCount(w) >= 3).SelectMany(w => new[] { w, w.ToUpperInvariant() })
            .Select(w => Beginning(Encoding.UTF8.GetBytes(w)))];

    private readonly List<(int Row, byte[] Record, TailLabel Label)> _rows = [];
    private int _bytes;

    public int Count => _rows.Count;

    public IReadOnlyList<(int Row, byte[] Record, TailLabel Label)> Rows => _rows;

    public bool HasTotal => _rows.Exists(r => r.Label == TailLabel.Total);

    /// <summary>False when the row does not fit any more: so many lines are no tail.</summary>
    public bool TryHold(int row, ReadOnlySpan<byte> record, TailLabel label)
    {
        if (_rows.Count == RowsMax || _bytes + record.Length > BytesMax)
            return false;
        _rows.Add((row, record.ToArray(), label));
        _bytes += record.Length;
        return true;
    }

    public void Clear()
    {
        _rows.Clear();
        _bytes = 0;
    }

    /// <summary>
    /// What the cell labels its row as. A company may be called 合计贸易: behind the word of a total stands nothing, a
    /// bracket, a colon or a count.
    /// </summary>
    public static TailLabel LabelOf(ReadOnlySpan<byte> cell, bool isFirst)
    {
        cell = CellText.Trim(cell);
        if (cell.Length is < 3 or > LabelBytesMax || !Beginnings.Contains(Beginning(cell)))
            return TailLabel.None;
        var text = Bare(cell);
        if (FootLines.Counted(text) is not null && isFirst && !FileWords.Totals.Any(word => IsTotal(text, word)))
            return TailLabel.Note;
        if (FileWords.Subtotals.Any(word => IsTotal(text, word)))
            return TailLabel.Subtotal;
        if (FileWords.Totals.Any(word => IsTotal(text, word)))
            return TailLabel.Total;
        if (FileWords.OtherTotals.Any(word => IsTotal(text, word)))
            return TailLabel.OtherTotal;
        return isFirst && FileWords.Notes.Any(word => IsNote(text, word)) ? TailLabel.Note : TailLabel.None;
    }

    private const int LabelBytesMax = 600;

    private static int Beginning(ReadOnlySpan<byte> text) => text[0] < 0x80 ? text[0] : (text[0] << 16)
        | (text[1] << 8) | text[2];

    private static string Bare(ReadOnlySpan<byte> cell) => new string([.. Encoding.UTF8.GetString(cell)
        .Where(c => !char.IsWhiteSpace(c)).Select(char.ToLowerInvariant)]);

    private static bool IsTotal(string text, string word)
    {
        if (!text.StartsWith(word, StringComparison.Ordinal))
            return false;
        var rest = text.AsSpan(word.Length);
        return rest.Length == 0 || rest[0] is ':' or '：' or '(' or '（' || (char.IsAsciiDigit(rest[0])
            && rest.TrimStart("0123456789").Length <= 1);
    }

    /// <summary>制表人：张三, or the word alone with the name in the next cell.</summary>
    private static bool IsNote(string text, string word) =>
        text.StartsWith(word, StringComparison.Ordinal) && (text.Length == word.Length || text[word.Length]
            is ':' or '：');
}
