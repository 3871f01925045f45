using System.Buffers;
using System.Globalization;
using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>
/// The text of a file, from raw bytes: UTF-8 where it lies, other encodings through a <see cref="Transcoder"/>.
/// Without a byte order mark or a declaration nothing is decided while everything is ASCII, which reads the same
/// either way; what the encoding is, is then judged by a window of fixed size, so that blocks of any size come to the
/// same.
/// </summary>
internal sealed class FileText(TextEncoding? declared)
{
    private const int TranscodedBytes = RowReader.RecordBytesMax + (256 * 1024);

    /// <summary>So many Chinese characters in well-formed UTF-8 are no coincidence.</summary>
    private const int Utf8CharactersMin = 4;

    private Transcoder? _transcoder;
    private bool _started;
    private bool _endReached;

    /// <summary>Null while it is not decided; the file has only ASCII so far.</summary>
    public TextEncoding? Encoding { get; private set; }

    /// <summary>
    /// The bytes are no text: what is wrong with them, once <see cref="Start"/> or <see cref="More"/> gave up.
    /// </summary>
    public Problem? Problem { get; private set; }

    public bool IsTranscoded => _transcoder is not null;

    /// <summary>Looks at the first bytes. False: more are needed, or there is a <see cref="Problem"/>.</summary>
    public bool Start(ReadOnlySpan<byte> data, bool isFinal, out int skipped)
    {
        skipped = 0;
        if (_started)
            return true;
        if (data.Length < FileKinds.MarkBytes && !isFinal)
            return false;
        Problem = RefuseByFirstBytes(data);
        if (Problem is not null)
            return false;
        var found = data switch
        {
            [0xEF, 0xBB, 0xBF, ..] => TextEncoding.Utf8,
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => TextEncoding.Utf16,
            _ => (TextEncoding?)null,
        };
        if (declared is { } wanted && (found is null ? wanted == TextEncoding.Utf16 : found != wanted))
            Problem = NotDeclared(1);
        if (Problem is not null)
            return false;
        Encoding = found ?? (declared == TextEncoding.Utf8 ? TextEncoding.Utf8 : null);
        skipped = found switch { TextEncoding.Utf8 => 3, TextEncoding.Utf16 => 2, _ => 0 };
        if (found == TextEncoding.Utf16)
            _transcoder = new Transcoder(TextEncoding.Utf16, data[0] == 0xFE, TranscodedBytes);
        _started = true;
        return true;
    }

    /// <summary>The text that can be read now.</summary>
    public ReadOnlySpan<byte> Look(ReadOnlySpan<byte> data, bool isFinal, out bool textIsFinal)
    {
        textIsFinal = _transcoder is null ? isFinal : _endReached;
        if (_transcoder is not null)
            return _transcoder.Text;
        if (Encoding is not null || data.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is not (>= 0 and var foreign))
            return data;
        textIsFinal = false;
        return data[..foreign];
    }

    /// <summary>So many bytes of the text are done with.</summary>
    /// <returns>How many bytes of the caller's that are.</returns>
    public int Take(int bytes)
    {
        if (_transcoder is null)
            return bytes;
        _transcoder.Take(bytes);
        return 0;
    }

    /// <summary>
    /// Called when the text does not hold a whole record. True: there is more to look at now. False: bytes are
    /// needed, or there is a <see cref="Problem"/>.
    /// </summary>
    /// <param name="line">The line the unread text begins on.</param>
    public bool More(ReadOnlySpan<byte> data, bool isFinal, long line, out int read)
    {
        read = 0;
        if (_transcoder is not null)
            return Fill(data, isFinal, line, out read);
        if (Encoding is not null || data.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is not (>= 0 and var foreign))
            return false;
        var isWhole = data.Length - foreign <= EncodingGuess.WindowBytes && isFinal;
        if (data.Length - foreign < EncodingGuess.WindowBytes && !isWhole)
            return false;
        Decide(data, foreign, isWhole, line);
        return Problem is null;
    }

    private void Decide(ReadOnlySpan<byte> data, int foreign, bool isWhole, long line)
    {
        var window = data[foreign..Math.Min(data.Length, foreign + EncodingGuess.WindowBytes)];
        var guess = EncodingGuess.Of(window, isWhole);
        if (declared == TextEncoding.Gb18030)
        {
            if (guess is { Encoding: TextEncoding.Utf8, ThreeByteCharacters: >= Utf8CharactersMin })
                Problem = NotDeclared(line);
            Encoding = TextEncoding.Gb18030;
        }
        else if (guess.Encoding is null)
            Problem = NotText(line + data[..(foreign + guess.ValidUntil)].Count((byte)'\n'), "既不是 UTF-8 也不是 GBK");
        else
            Encoding = guess.Encoding;
        if (Encoding == TextEncoding.Gb18030)
            _transcoder = new Transcoder(TextEncoding.Gb18030, false, TranscodedBytes);
    }

    private bool Fill(ReadOnlySpan<byte> data, bool isFinal, long line, out int read)
    {
        read = 0;
        if (!_transcoder!.IsBroken && _transcoder.Fill(data, isFinal, out read))
            return true;
        if (_transcoder.IsBroken)
        {
            var at = line + _transcoder.Text.Count((byte)'\n');
            Problem = declared is null ? NotText(at, $"前面的内容是 {NameOf(Encoding!.Value)}") : NotDeclared(at);
            return false;
        }
        _endReached |= isFinal && read == data.Length;
        return _endReached;
    }

    /// <summary>The record is not UTF-8, although the text before it was.</summary>
    public Problem NotUtf8(ReadOnlySpan<byte> record, long line)
    {
        var guess = EncodingGuess.Of(record, isWhole: true);
        var until = EncodingGuess.Utf8Until(record);
        var at = line + record[..until].Count((byte)'\n');
        return declared is not null ? NotDeclared(at)
            : Rune.DecodeFromUtf8(record[until..], out _, out _) == OperationStatus.NeedMoreData
                ? NotText(at, "文件在一个字的中间断开，多半没有导出或复制完整")
            : NotText(at, guess.Encoding == TextEncoding.Gb18030 ? "前面的内容是 UTF-8，从这里起看来是 GBK/GB18030" : "前面的内容是 UTF-8");
    }

    /// <summary>A file that cannot be delimited text at all, told by its first bytes; null when it may be.</summary>
    private static Problem? RefuseByFirstBytes(ReadOnlySpan<byte> data) => data switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => NotText(1, "看来是 UTF-32 编码"),
        [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => NotText(1, "看来是“Unicode 文本”，但文件开头缺少标记"),
        _ => FileKinds.OfHead(data[..Math.Min(data.Length, FileKinds.MarkBytes)]) is { } kind
            ? FileKinds.RefusalOf(kind, ProblemCatalogue.NotACsv) : null,
    };

    private static Problem NotText(long line, string guess) =>
        new(ProblemCatalogue.EncodingUnknown, ("line", line.ToString(CultureInfo.InvariantCulture)), ("guess", guess));

    private Problem NotDeclared(long line) => new(ProblemCatalogue.EncodingNotAsDeclared,
        ("declared", NameOf(declared!.Value)), ("line", line.ToString(CultureInfo.InvariantCulture)));

    private static string NameOf(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8 => "UTF-8",
        TextEncoding.Gb18030 => "GBK/GB18030",
        _ => "UTF-16",
    };
}
