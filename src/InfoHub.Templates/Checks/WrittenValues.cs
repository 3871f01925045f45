using System.Text;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Checks;

/// <summary>Why a cell is no number, said as precisely as can be without guessing what was meant.</summary>
internal static class NumberText
{
    private static readonly byte[][] Units = [.. new[]
    {
        "亿元", "千万元", "百万元", "万元", "千元", "元整", "元", "圆", "角", "分", "亿", "万", "千", "人", "户", "个", "家", "笔", "度", "吨",
            "平方米", "㎡", "m2",
        "%", "‰", "kWh", "kwh", "KWH", "kVA", "RMB", "CNY", "千瓦时",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Signs = [.. new[] { "¥", "￥", "$", "RMB", "CNY",
        "人民币" }.Select(Encoding.UTF8.GetBytes)];

    public static ProblemKind WhyNot(ReadOnlySpan<byte> cell)
    {
        if (CellText.IsScientific(cell))
            return ProblemCatalogue.ScientificNotation;
        var bare = WithoutUnit(cell);
        if (bare.Length < cell.Length && IsNumber(bare))
            return ProblemCatalogue.NumberWithUnit;
        return bare.Length == cell.Length && IsNumber(cell) ? ProblemCatalogue.NumberGrouped
            : ProblemCatalogue.NotANumber;
    }

    private static ReadOnlySpan<byte> WithoutUnit(ReadOnlySpan<byte> cell)
    {
        foreach (var sign in Signs)
            if (cell.StartsWith(sign))
                return CellText.Trim(cell[sign.Length..]);
        foreach (var unit in Units)
            if (cell.EndsWith(unit))
                return CellText.Trim(cell[..^unit.Length]);
        return cell;
    }

    /// <summary>[+-]digits[.digits], thousands grouped or not.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] is (byte)'+' or (byte)'-')
            text = text[1..];
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        return whole.Length > 0 && (CellText.IsGrouped(whole) || !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            && (point < 0 || !text[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }
}
