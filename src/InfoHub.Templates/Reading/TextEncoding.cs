using System.Buffers;
using System.Text;

namespace InfoHub.Templates.Reading;

/// <summary>How the characters of a file are written as bytes. FROZEN numbers: they are on the wire.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8 with or without a byte order mark.</summary>
    Utf8 = 1,

    /// <summary>GB 18030, which GBK and GB 2312 are parts of, with the euro sign of code page 936 at 0x80.</summary>
    Gb18030 = 2,

    /// <summary>UTF-16, little or big endian, with a byte order mark: "Unicode text" of spreadsheet programs.</summary>
    Utf16 = 3,
}

/// <summary>
/// Tells UTF-8 from GB 18030 by the bytes from the first one that is not ASCII. Most Chinese text in UTF-8 would also
/// pass for GB 18030 in form, so UTF-8 is asked first, and text that is nearly all UTF-8 is broken UTF-8, not GB
/// 18030.
/// </summary>
/// <param name="Encoding">Null when the bytes are neither. Single characters of it may be broken.</param>
/// <param name="ValidUntil">Where reading breaks off, in the encoding that gets farther; the length when it does
/// not.</param>
/// <param name="ThreeByteCharacters">Characters above U+07FF that the bytes hold when read as UTF-8.</param>
internal readonly record struct EncodingGuess(TextEncoding? Encoding, int ValidUntil, int ThreeByteCharacters)
{
    /// <summary>Bytes looked at, from the first that is not ASCII; fewer only at the end of the file.</summary>
    public const int WindowBytes = 64 * 1024;

    /// <summary>A share of non-ASCII bytes in well-formed UTF-8 that no Chinese text in GB 18030 reaches.</summary>
    private const int Utf8PercentMax = 75;

    /// <summary>So many characters show what the encoding is although others of it are broken.</summary>
    private const int CharactersMin = 20;

    /// <param name="isWhole">The bytes reach to the end of the file: a character cut off there is an error.</param>
    public static EncodingGuess Of(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        var (validUtf8, inForm, foreign, longer) = ScanUtf8(bytes, isWhole);
        var (validGb, characters, lost) = Gb18030.Scan(bytes, isWhole);
        if (validUtf8 == bytes.Length)
            return new(longer == 0 && validGb == bytes.Length && HasHanziRun(bytes) ? TextEncoding.Gb18030
                : TextEncoding.Utf8, bytes.Length, longer);
        if (inForm * 100 <= foreign * Utf8PercentMax && (lost == 0
            || (lost * Transcoder.CharactersPerLost <= characters && characters >= CharactersMin)))
            return new(TextEncoding.Gb18030, validGb, longer);
        if (inForm * 100 > foreign * Utf8PercentMax && longer >= CharactersMin)
            return new(TextEncoding.Utf8, validUtf8, longer);
        return new(null, inForm * 100 > foreign * Utf8PercentMax ? validUtf8 : Math.Max(validUtf8, validGb), longer);
    }

    /// <summary>Where the bytes stop being UTF-8, or the length.</summary>
    public static int Utf8Until(ReadOnlySpan<byte> bytes) => ScanUtf8(bytes, isWhole: true).ValidUntil;

    /// <summary>
    /// A record of UTF-8 with single characters or one cell broken: not one of another encoding, and not the end of a
    /// file that was cut off.
    /// </summary>
    public static bool IsBrokenUtf8(ReadOnlySpan<byte> record)
    {
        const int bytesOfFewCharacters = 4;
        var (_, inForm, foreign, _) = ScanUtf8(record, isWhole: true);
        return (inForm * 2 >= foreign || (foreign - inForm <= bytesOfFewCharacters
                && Gb18030.Scan(record, isWhole: true).Lost > 0))
            && Rune.DecodeLastFromUtf8(record, out _, out _) == OperationStatus.Done;
    }

    private static (int ValidUntil, long InForm, long Foreign, int Longer) ScanUtf8(ReadOnlySpan<byte> bytes,
        bool isWhole)
    {
        var (validUntil, inForm, foreign, longer) = (-1, 0L, 0L, 0);
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] < 0x80)
            {
                i++;
                continue;
            }
            var status = Rune.DecodeFromUtf8(bytes[i..], out _, out var length);
            if (status == OperationStatus.NeedMoreData && !isWhole)
                break;
            foreign += length;
            if (status == OperationStatus.Done)
            {
                inForm += length;
                longer += length > 2 ? 1 : 0;
            }
            else if (validUntil < 0)
                validUntil = i;
            i += length;
        }
        return (validUntil < 0 ? bytes.Length : validUntil, inForm, foreign, longer);
    }

    /// <summary>
    /// Two Chinese characters of GB 2312 side by side, in bytes that as UTF-8 would hold nothing but characters below
    /// U+0800: Greek or Cyrillic words, which no department sends.
    /// </summary>
    private static bool HasHanziRun(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + 3 < bytes.Length;)
        {
            if (bytes[i] < 0x80)
            {
                i++;
                continue;
            }
            if (IsHanzi(bytes[i..]) && IsHanzi(bytes[(i + 2)..]))
                return true;
            i += 2;
        }
        return false;
    }

    private static bool IsHanzi(ReadOnlySpan<byte> pair) => pair[0] is >= 0xB0 and <= 0xF7 && pair[1]
        is >= 0xA1 and <= 0xFE;
}
