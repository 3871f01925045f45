using System.Buffers;
using System.Text;

namespace InfoHub.Templates.Reading;

/// <summary>
/// The bytes of a file as UTF-8, for files that are not: read from the caller's blocks into a buffer of its own, of
/// which whole records are taken. Half a character of GB 18030, as a column of fixed width leaves it, is read as U+FFFD
/// and is then its cell's problem; where such are many, or in UTF-16, they end it.
/// </summary>
internal sealed class Transcoder(TextEncoding encoding, bool bigEndian, int capacity)
{
    private const int StepBytes = 256 * 1024;

    /// <summary>Of fewer characters to one that is lost the text is not of the encoding.</summary>
    public const int CharactersPerLost = 20;

    /// <summary>So many may be lost at the beginning.</summary>
    private const int LostAtOnce = 10;

    private long _characters;
    private long _lost;
    private byte[] _text = [];
    private int _start;
    private int _end;

    /// <summary>The text that is not taken yet.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(_start, _end - _start);

    /// <summary>The bytes behind <see cref="Text"/> are not of the encoding.</summary>
    public bool IsBroken { get; private set; }

    public void Take(int bytes) => _start += bytes;

    /// <summary>
    /// Reads on into the buffer. False: nothing came of it, more bytes are needed or there is no more.
    /// </summary>
    /// <param name="read">Bytes of <paramref name="source"/> done with; a character cut off at its end is left.</param>
    public bool Fill(ReadOnlySpan<byte> source, bool isFinal, out int read)
    {
        var wanted = Math.Min(capacity, Text.Length + Math.Min(StepBytes, (source.Length * 2) + 16));
        var room = _text.Length >= wanted ? _text : new byte[Math.Min(capacity, Math.Max(wanted, _text.Length * 2))];
        Text.CopyTo(room);
        (_text, _start, _end) = (room, 0, _end - _start);
        var target = _text.AsSpan(_end);
        var status = encoding == TextEncoding.Gb18030
            ? GbToUtf8(source, target, out read, out var written)
            : Utf16ToUtf8(source, target, out read, out written);
        _end += written;
        IsBroken = status == OperationStatus.InvalidData || (status == OperationStatus.NeedMoreData && isFinal);
        return written > 0;
    }

    private OperationStatus GbToUtf8(ReadOnlySpan<byte> source, Span<byte> target, out int read, out int written)
    {
        (read, written) = (0, 0);
        while (true)
        {
            var status = Gb18030.ToUtf8(source[read..], target[written..], out var taken, out var put, ref _characters);
            (read, written) = (read + taken, written + put);
            if (status != OperationStatus.InvalidData)
                return status;
            if (target.Length - written < "\uFFFD"u8.Length)
                return OperationStatus.DestinationTooSmall;
            if (++_lost > LostAtOnce + (_characters / CharactersPerLost))
                return OperationStatus.InvalidData;
            "\uFFFD"u8.CopyTo(target[written..]);
            (read, written) = (read + 1, written + "\uFFFD"u8.Length);
        }
    }

    private OperationStatus Utf16ToUtf8(ReadOnlySpan<byte> source, Span<byte> target, out int read, out int written)
    {
        (read, written) = (0, 0);
        Span<char> pair = stackalloc char[2];
        while (read < source.Length)
        {
            if (source.Length - read < 2)
                return OperationStatus.NeedMoreData;
            if (target.Length - written < 4)
                return OperationStatus.DestinationTooSmall;
            pair[0] = UnitAt(source, read);
            if (pair[0] < 0x80)
            {
                target[written++] = (byte)pair[0];
                read += 2;
                continue;
            }
            var units = char.IsHighSurrogate(pair[0]) ? 2 : 1;
            if (source.Length - read < units * 2)
                return OperationStatus.NeedMoreData;
            if (units == 2)
                pair[1] = UnitAt(source, read + 2);
            if (Rune.DecodeFromUtf16(pair[..units], out var rune, out _) != OperationStatus.Done)
                return OperationStatus.InvalidData;
            written += rune.EncodeToUtf8(target[written..]);
            read += units * 2;
        }
        return OperationStatus.Done;
    }

    private char UnitAt(ReadOnlySpan<byte> source, int at) =>
        bigEndian ? (char)((source[at] << 8) | source[at + 1]) : (char)(source[at] | (source[at + 1] << 8));
}
