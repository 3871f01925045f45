using System.Text;
using System.Text.Unicode;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>What a text column says, as far as its lost characters weigh.</summary>
internal enum ProseKind
{
    /// <summary>Remarks, scopes, titles.</summary>
    Other = 0,

    /// <summary>The name of a party or a person.</summary>
    Name,

    /// <summary>Where something is.</summary>
    Address,
}

/// <summary>
/// Text that an earlier conversion has destroyed. By certain signs only: every one is measured on the names and
/// addresses of a million registrations, and what is left of them there is really lost.
/// </summary>
internal static class LostText
{
    /// <summary>UTF-8 of U+FFFD twice, read as GBK.</summary>
    private static readonly byte[] Kuntingkao = [.. "锟斤拷"u8];

    private const int MisreadPercentMin = 80;
    private const byte Question = (byte)'?';

    private static readonly Encoding Gb = CodePagesEncodingProvider.Instance.GetEncoding(936,
        new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback)!;

    private static readonly Encoding Latin = CodePagesEncodingProvider.Instance.GetEncoding(1252,
        new EncoderReplacementFallback("\0"), DecoderFallback.ReplacementFallback)!;

    /// <summary>First characters of UTF-8 text that was read as GBK: lead byte E4 to E9, trail 80 to BF.</summary>
    private static readonly ulong[] MisreadFirst = BuildMisreadFirst();

    /// <summary>
    /// Whether a record holds a sign that <see cref="CanonicalText.MayChange"/> does not stop at; true costs time only.
    /// </summary>
    public static bool MayStand(ReadOnlySpan<byte> record) => record.IndexOf(Kuntingkao) >= 0;

    /// <summary>What was lost and how, zh-CN; "" when nothing was.</summary>
    /// <param name="cell">As it came, without blanks around it.</param>
    /// <param name="isUnusual">The record holds something that is not plain text: false looks at first characters
    /// only.</param>
    /// <param name="isDoubt">A single question mark in an address: some clerks write it for a number they do not
    /// know.</param>
    public static string Find(ReadOnlySpan<byte> cell, ProseKind kind, bool isUnusual, out bool isDoubt)
    {
        isDoubt = false;
        var foreign = cell[0] >= 0x80 ? 0 : cell.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        if (foreign >= 0 && IsMisreadFirst(cell[foreign..]) && IsMisread(cell, out var meant))
            return $"原文是 UTF-8，被当作 GBK 读取：按 UTF-8 为“{meant}”";
        if (!isUnusual)
            return "";
        if (cell.IndexOf(Kuntingkao) >= 0)
            return "“锟斤拷”是丢失的字";
        if (foreign >= 0 && ReadAsLatin(cell) is { Length: > 0 } latin)
            return latin;
        return cell.Contains(Question) ? Questions(cell, kind, out isDoubt) : "";
    }

    /// <summary>
    /// Two question marks in a row, or one beside a Chinese character, where nobody asks: in names and addresses. In
    /// other text, nothing but question marks.
    /// </summary>
    private static string Questions(ReadOnlySpan<byte> cell, ProseKind kind, out bool isDoubt)
    {
        isDoubt = false;
        if (!cell.ContainsAnyExcept("? "u8))
            return cell.Length > 1 || kind == ProseKind.Name ? "全部文字都变成了问号" : "";
        if (kind == ProseKind.Other)
            return "";
        if (cell.IndexOf("??"u8) >= 0)
            return "有文字变成了问号";
        for (var at = cell.IndexOf(Question); at >= 0; at = Next(cell, at))
            if (IsHanziBefore(cell[..at]) || IsHanzi(cell[(at + 1)..]))
            {
                isDoubt = kind == ProseKind.Address;
                return "有文字变成了问号";
            }
        return "";
    }

    private static int Next(ReadOnlySpan<byte> cell, int at) =>
        cell[(at + 1)..].IndexOf(Question) is >= 0 and var next ? at + 1 + next : -1;

    private static bool IsHanziBefore(ReadOnlySpan<byte> text) => text.Length >= 3 && IsHanzi(text[^3..]);

    private static bool IsHanzi(ReadOnlySpan<byte> text) => text.Length >= 3 && text[0] is >= 0xE3 and <= 0xE9
        && !(text[0] == 0xE3 && text[1] < 0x90);

    private static bool IsMisreadFirst(ReadOnlySpan<byte> text)
    {
        _ = Rune.DecodeFromUtf8(text, out var rune, out _);
        return rune.IsBmp && (MisreadFirst[rune.Value >> 6] >> (rune.Value & 63) & 1) != 0;
    }

    /// <summary>
    /// The bytes of the text in GBK are UTF-8 of Chinese, two characters at least, but for a character that was cut and
    /// its neighbour.
    /// </summary>
    private static bool IsMisread(ReadOnlySpan<byte> cell, out string meant)
    {
        meant = "";
        if (cell.Length > 4096)
            return false;
        var bytes = Gb.GetBytes(Encoding.UTF8.GetString(cell));
        var (inForm, foreign) = (0, 0);
        var read = new StringBuilder();
        for (var i = 0; i < bytes.Length;)
        {
            var status = Rune.DecodeFromUtf8(bytes.AsSpan(i), out var rune, out var length);
            var done = status == System.Buffers.OperationStatus.Done;
            foreign += bytes[i] < 0x80 ? 0 : length;
            // A character of three bytes whose last one was cut off at the end of the cell is in form too.
            inForm += (done && IsHanzi(bytes.AsSpan(i))) || (length == 2 && bytes[i] is >= 0xE4 and <= 0xE9
                && status == System.Buffers.OperationStatus.NeedMoreData) ? length : 0;
            read.Append(done ? rune.ToString() : "□");
            i += length;
        }
        meant = read.Length > 12 ? $"{read.ToString(0, 12)}…" : read.ToString();
        return inForm >= 6 && inForm * 100 >= foreign * MisreadPercentMin;
    }

    /// <summary>UTF-8 or GBK that was read as Latin-1 or its Windows form: äº‘å±±å¸‚, ÔÆÉ½ÊÐ.</summary>
    private static string ReadAsLatin(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 4096)
            return "";
        var text = Encoding.UTF8.GetString(cell);
        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            bytes[i] = text[i] <= '\xFF' ? (byte)text[i] : Latin.GetBytes(text, i, 1)[0];
            if (bytes[i] == 0)
                return "";
        }
        var foreign = bytes.Count(b => b >= 0x80);
        if (foreign < 3)
            return "";
        if (Utf8.IsValid(bytes) && HasHanzi(Encoding.UTF8.GetString(bytes)))
            return "原文是 UTF-8，被当作西文编码读取";
        return foreign >= 4 && foreign % 2 == 0 && IsHanziPairs(bytes) ? "原文是 GBK，被当作西文编码读取" : "";
    }

    private static bool HasHanzi(string text) => text.Any(c => c is >= '\u3400' and <= '\u9FFF');

    /// <summary>Every foreign byte stands in a pair of GB 2312's ideographs, level 1 for the most part.</summary>
    private static bool IsHanziPairs(ReadOnlySpan<byte> bytes)
    {
        var common = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            if (i + 1 == bytes.Length || bytes[i] is < 0xA1 or > 0xF7 || bytes[i + 1] < 0xA1)
                return false;
            common += bytes[i] is >= 0xB0 and <= 0xD7 ? 1 : 0;
            i++;
        }
        return common >= 2;
    }

    private static ulong[] BuildMisreadFirst()
    {
        var first = new ulong[(char.MaxValue + 1) / 64];
        for (var lead = 0xE4; lead <= 0xE9; lead++)
            for (var trail = 0x80; trail <= 0xBF; trail++)
                if (trail != 0x7F && Gb.GetString([(byte)lead, (byte)trail]) is [not '\uFFFD' and var character])
                    first[character >> 6] |= 1UL << (character & 63);
        return first;
    }
}
