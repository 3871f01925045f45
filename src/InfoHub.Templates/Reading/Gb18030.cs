using System.Buffers;
using System.Numerics;
using System.Text;

namespace InfoHub.Templates.Reading;

/// <summary>
/// GB 18030 to UTF-8, strict: what is not a character of the standard stops the reading; who reads
/// decides what then. The two-byte plane comes
/// from the platform's table with the 18 characters GB 18030-2022 moved out of the private use area; 0x80 is the euro
/// sign, as code page 936 of Windows writes it.
/// </summary>
internal static class Gb18030
{
    private const int CodePage = 54936;
    private const int FirstLead = 0x81;
    private const byte Euro = 0x80;

    private static readonly Encoding Platform = CodePagesEncodingProvider.Instance
        .GetEncoding(CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private static readonly (ushort Code, char Character)[] Of2022 =
    [
        (0xA6D9, '\uFE10'), (0xA6DA, '\uFE12'), (0xA6DB, '\uFE11'), (0xA6DC, '\uFE13'), (0xA6DD, '\uFE14'),
            (0xA6DE, '\uFE15'),
        (0xA6DF, '\uFE16'), (0xA6EC, '\uFE17'), (0xA6ED, '\uFE18'), (0xA6F3, '\uFE19'), (0xFE59, '\u9FB4'),
            (0xFE61, '\u9FB5'),
        (0xFE66, '\u9FB6'), (0xFE67, '\u9FB7'), (0xFE6D, '\u9FB8'), (0xFE7E, '\u9FB9'), (0xFE90, '\u9FBA'),
            (0xFEA0, '\u9FBB'),
    ];

    /// <summary>
    /// UTF-8 of each two-byte code, first byte lowest, by (lead - 0x81) * 256 + trail; 0 where there is none.
    /// </summary>
    private static readonly uint[] Pairs = BuildPairs();

    private static uint[] BuildPairs()
    {
        var pairs = new uint[(0xFF - FirstLead) * 256];
        Span<byte> code = stackalloc byte[2];
        for (var lead = FirstLead; lead < 0xFF; lead++)
            for (var trail = 0x40; trail < 0xFF; trail++)
            {
                if (trail == 0x7F)
                    continue;
                (code[0], code[1]) = ((byte)lead, (byte)trail);
                pairs[((lead - FirstLead) << 8) + trail] = Pack(Platform.GetString(code)[0]);
            }
        foreach (var (moved, character) in Of2022)
            pairs[(((moved >> 8) - FirstLead) << 8) + (moved & 0xFF)] = Pack(character);
        return pairs;
    }

    private static uint Pack(char character)
    {
        Span<byte> utf8 = stackalloc byte[4];
        utf8.Clear();
        _ = new Rune(character).EncodeToUtf8(utf8);
        return BitConverter.ToUInt32(utf8);
    }

    /// <summary>Where the first byte stands that is not GB 18030, or the length; how much there is of both.</summary>
    /// <param name="isWhole">A character cut off at the end is an error.</param>
    public static (int ValidUntil, int Characters, int Lost) Scan(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        var (validUntil, characters, lost) = (-1, 0, 0);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] < 0x80)
            {
                i++;
                continue;
            }
            var status = ReadCharacter(bytes[i..], utf8, out var length, out _);
            if (status == OperationStatus.NeedMoreData && !isWhole)
                break;
            if (status == OperationStatus.Done)
                (characters, i) = (characters + 1, i + length);
            else
                (validUntil, lost, i) = (validUntil < 0 ? i : validUntil, lost + 1, i + 1);
        }
        return (validUntil < 0 ? bytes.Length : validUntil, characters, lost);
    }

    /// <summary>
    /// Writes as much of <paramref name="source"/> as fits; stops before what is cut off or no character.
    /// </summary>
    /// <param name="characters">Goes up by those that are not ASCII.</param>
    public static OperationStatus ToUtf8(
        ReadOnlySpan<byte> source, Span<byte> target, out int read, out int written, ref long characters)
    {
        (read, written) = (0, 0);
        Span<byte> utf8 = stackalloc byte[4];
        while (read < source.Length)
        {
            var rest = source[read..];
            var ascii = rest.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            ascii = Math.Min(ascii < 0 ? rest.Length : ascii, target.Length - written);
            rest[..ascii].CopyTo(target[written..]);
            (read, written) = (read + ascii, written + ascii);
            rest = rest[ascii..];
            while (rest.Length > 0 && rest[0] >= 0x80)
            {
                if (target.Length - written < 4)
                    return OperationStatus.DestinationTooSmall;
                var status = ReadCharacter(rest, utf8, out var length, out var bytes);
                if (status != OperationStatus.Done)
                    return status;
                utf8.CopyTo(target[written..]);
                (read, written, characters) = (read + length, written + bytes, characters + 1);
                rest = rest[length..];
            }
            if (written == target.Length && rest.Length > 0)
                return OperationStatus.DestinationTooSmall;
        }
        return OperationStatus.Done;
    }

    /// <summary>The character at the beginning of <paramref name="source"/>, which is not ASCII.</summary>
    private static OperationStatus ReadCharacter(ReadOnlySpan<byte> source, Span<byte> utf8, out int length,
        out int written)
    {
        (length, written) = (1, 0);
        if (source[0] == Euro)
            return Put(Pack('€'), utf8, out written);
        if (source[0] == 0xFF)
            return OperationStatus.InvalidData;
        if (source.Length < 2)
            return OperationStatus.NeedMoreData;
        length = 2;
        if (source[1] is < (byte)'0' or > (byte)'9')
            return Put(Pairs[((source[0] - FirstLead) << 8) + source[1]], utf8, out written);
        length = 4;
        if (source.Length >= 3 && source[2] is < 0x81 or 0xFF)
            return OperationStatus.InvalidData;
        if (source.Length < 4)
            return OperationStatus.NeedMoreData;
        return source[3] is < (byte)'0' or > (byte)'9' ? OperationStatus.InvalidData : ReadFour(source[..4], utf8,
            out written);
    }

    private static OperationStatus Put(uint packed, Span<byte> utf8, out int written)
    {
        written = (39 - BitOperations.LeadingZeroCount(packed)) / 8;
        BitConverter.TryWriteBytes(utf8, packed);
        return packed == 0 ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    private static OperationStatus ReadFour(ReadOnlySpan<byte> four, Span<byte> utf8, out int written)
    {
        written = 0;
        Span<char> characters = stackalloc char[4];
        try
        {
            var count = Platform.GetChars(four, characters);
            if (Rune.DecodeFromUtf16(characters[..count], out var rune, out var used) != OperationStatus.Done
                || used != count)
                return OperationStatus.InvalidData;
            written = rune.EncodeToUtf8(utf8);
            return OperationStatus.Done;
        }
        catch (DecoderFallbackException)
        {
            return OperationStatus.InvalidData;
        }
    }
}
