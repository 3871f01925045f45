using System.Buffers;
using System.Globalization;
using System.Text;

namespace InfoHub.Host.Demo;

/// <summary>How a department's export program writes its files.</summary>
internal sealed record SheetStyle(bool ChineseHeader, byte Delimiter, bool ByteOrderMark, bool CarriageReturn);

/// <summary>
/// Writes one delimited UTF-8 file row by row: cells are collected, then quoted where needed and put out as a line.
/// Memory is one row and one output buffer.
/// </summary>
internal sealed class CsvSheet : IDisposable
{
    private const int BufferSize = 1 << 18;
    private const int CellsMax = 64;

    private readonly FileStream _file;
    private readonly SheetStyle _style;
    private readonly SearchValues<byte> _special;
    private readonly byte[] _out = new byte[BufferSize];
    private readonly int[] _ends = new int[CellsMax];
    private byte[] _row = new byte[4096];
    private int _used;
    private int _cells;

    public CsvSheet(string path, SheetStyle style)
    {
        _style = style;
        _special = SearchValues.Create([style.Delimiter, (byte)'"', (byte)'\r', (byte)'\n']);
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (style.ByteOrderMark)
        {
            "\uFEFF"u8.CopyTo(_out);
            _used = 3;
        }
    }

    /// <summary>Rows ended so far, the header included.</summary>
    public int Records { get; private set; }

    /// <summary>The line the next row begins on, 1-based.</summary>
    public int Line { get; private set; } = 1;

    public void Text(string? value)
    {
        var start = _cells == 0 ? 0 : _ends[_cells - 1];
        if (string.IsNullOrEmpty(value))
        {
            _ends[_cells++] = start;
            return;
        }
        Reserve(start + (value.Length * 3));
        _ends[_cells++] = start + Encoding.UTF8.GetBytes(value, _row.AsSpan(start));
    }

    public void Blank() => Text(null);

    public void Ascii(ReadOnlySpan<byte> value)
    {
        var start = _cells == 0 ? 0 : _ends[_cells - 1];
        Reserve(start + value.Length);
        value.CopyTo(_row.AsSpan(start));
        _ends[_cells++] = start + value.Length;
    }

    public void Number(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Ascii(digits[..length]);
    }

    /// <summary>An amount in fen or a hundredth of a unit, written with two decimals.</summary>
    public void Hundredths(long value)
    {
        Span<byte> digits = stackalloc byte[24];
        var sign = value < 0 ? 1 : 0;
        digits[0] = (byte)'-';
        Math.Abs(value / 100).TryFormat(digits[sign..], out var length, default, CultureInfo.InvariantCulture);
        length += sign;
        var rest = (int)Math.Abs(value % 100);
        digits[length] = (byte)'.';
        digits[length + 1] = (byte)('0' + (rest / 10));
        digits[length + 2] = (byte)('0' + (rest % 10));
        Ascii(digits[..(length + 3)]);
    }

    public void Date(DateOnly day)
    {
        Span<byte> text = stackalloc byte[10];
        var (year, month, date) = day;
        Put(text[..4], year);
        Put(text.Slice(5, 2), month);
        Put(text.Slice(8, 2), date);
        text[4] = text[7] = (byte)'-';
        Ascii(text);
    }

    public void Date(DateOnly? day)
    {
        if (day is { } value)
            Date(value);
        else
            Blank();
    }

    /// <summary>A row of plain cells.</summary>
    public void Row(params ReadOnlySpan<string?> cells)
    {
        foreach (var cell in cells)
            Text(cell);
        End();
    }

    /// <summary>Puts the collected cells out as one line.</summary>
    public void End() => End(-1, default, drop: false);

    /// <summary>As <see cref="End()"/>, with one cell replaced, or left out altogether.</summary>
    public void End(int replace, string? with, bool drop)
    {
        var other = with is null ? [] : Encoding.UTF8.GetBytes(with);
        var bytes = (_cells == 0 ? 0 : _ends[_cells - 1]) + other.Length;
        if (_used + (2 * bytes) + (3 * _cells) + 2 > _out.Length)
            Flush();
        for (int i = 0, start = 0, put = 0; i < _cells; start = _ends[i++])
        {
            if (drop && i == replace)
                continue;
            if (put++ > 0)
                _out[_used++] = _style.Delimiter;
            Put(i == replace ? other : _row.AsSpan(start, _ends[i] - start));
        }
        if (_style.CarriageReturn)
            _out[_used++] = (byte)'\r';
        _out[_used++] = (byte)'\n';
        (_cells, Records, Line) = (0, Records + 1, Line + 1);
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private void Put(ReadOnlySpan<byte> cell)
    {
        if (cell.IndexOfAny(_special) < 0)
        {
            cell.CopyTo(_out.AsSpan(_used));
            _used += cell.Length;
            return;
        }
        _out[_used++] = (byte)'"';
        foreach (var value in cell)
        {
            if (value == '"')
                _out[_used++] = value;
            if (value == '\n')
                Line++;
            _out[_used++] = value;
        }
        _out[_used++] = (byte)'"';
    }

    private static void Put(Span<byte> digits, int value)
    {
        for (var i = digits.Length - 1; i >= 0; i--, value /= 10)
            digits[i] = (byte)('0' + (value % 10));
    }

    private void Reserve(int size)
    {
        if (size > _row.Length)
            Array.Resize(ref _row, size * 2);
    }

    private void Flush()
    {
        _file.Write(_out, 0, _used);
        _used = 0;
    }
}
