using System.Buffers;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// What is put around a cell so that a spreadsheet takes it for text: ="3709830000001", ='37…', a leading apostrophe,
/// straight or typographic. It is no part of the cell.
/// </summary>
internal static class SpreadsheetGuard
{
    private static readonly byte[][] Apostrophes =
        [[.. "'"u8], [.. "‘"u8], [.. "’"u8], [.. "‛"u8], [.. "＇"u8], [.. "`"u8], [.. "´"u8], [.. "ʼ"u8], [.. "′"u8]];

    private static readonly byte[][] Quotes =
        [[.. "\""u8], [.. "“"u8], [.. "”"u8], [.. "„"u8], [.. "＂"u8], [.. "″"u8]];

    private static readonly SearchValues<byte> Operators = SearchValues.Create("()+*/^&!,<>{}"u8);

    /// <summary>Before these an apostrophe keeps a formula from being one, whatever follows.</summary>
    private static readonly byte[][] FormulaSigns =
        [[.. "="u8], [.. "+"u8], [.. "-"u8], [.. "@"u8], [.. "＝"u8], [.. "＋"u8], [.. "－"u8], [.. "＠"u8]];

    /// <summary>One guard less, with the blanks beside it; the same length when there is none.</summary>
    /// <param name="isCode">Quotes around the whole, and an equals sign alone, are guards as well.</param>
    public static ReadOnlySpan<byte> TakeOff(ReadOnlySpan<byte> text, bool isCode)
    {
        if (text.IsEmpty || text[0] is not ((byte)'=' or (byte)'\'' or (byte)'"' or (byte)'`' or (> 0xC1 and < 0xE3) or 0xEF))
            return text;
        var behind = LengthOf(FormulaSigns.AsSpan(0, 1), text);
        if (behind > 0 && Unquoted(text[behind..]) is { IsEmpty: false } formula)
            return formula;
        // What computes is no guard: =A2*0.7 and =TEXT(1,"0") are told of as they stand.
        if (isCode && behind > 0 && text.Length > behind && !text[behind..].ContainsAny(Operators))
            return text[behind..];
        if (isCode && Unquoted(text) is { IsEmpty: false } quoted)
            return quoted;
        var apostrophe = LengthOf(Apostrophes, text);
        if (apostrophe == 0 || apostrophe == text.Length)
            return text;
        var rest = text[apostrophe..].TrimStart((byte)' ');
        return isCode || LengthOf(FormulaSigns, rest) > 0 || !HoldsAny(rest) ? rest : text;
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)' ');
        foreach (var marks in (ReadOnlySpan<byte[][]>)[Quotes, Apostrophes])
            if (LengthOf(marks, text) is > 0 and var open)
                foreach (var close in marks)
                    if (text.Length > open + close.Length && text.EndsWith(close))
                        return text[open..^close.Length].Trim((byte)' ');
        return [];
    }

    private static bool HoldsAny(ReadOnlySpan<byte> text)
    {
        foreach (var apostrophe in Apostrophes)
            if (text.IndexOf(apostrophe) >= 0)
                return true;
        return false;
    }

    private static int LengthOf(ReadOnlySpan<byte[]> signs, ReadOnlySpan<byte> text)
    {
        foreach (var sign in signs)
            if (text.StartsWith(sign))
                return sign.Length;
        return 0;
    }
}
