using InfoHub.Templates.Model;

namespace InfoHub.Templates.Rows;

/// <summary>
/// One typed column under construction. Text lives as UTF-8 with end offsets, numbers as integers scaled by the field's
/// scale, dates as days since 2000-01-01, months as YYYYMM, years as YYYY. Only the row at <c>row</c> is writable; the
/// row becomes permanent when the batch accepts it, and is overwritten when it does not.
/// </summary>
internal sealed class ColumnBuffer(Field field)
{
    private byte[] _text = [];
    private int[] _ends = [];
    private long[] _numbers = [];
    private int[] _integers = [];
    private byte[] _present = [];

    public static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;

    public bool IsText { get; } = field.Kind is FieldKind.Text or FieldKind.Code or FieldKind.Quarter;

    public bool IsNumber { get; } = field.Kind is FieldKind.Number;

    public void Reserve(int rows)
    {
        if (_present.Length >= rows)
            return;
        Array.Resize(ref _present, rows);
        if (IsText)
            Array.Resize(ref _ends, rows);
        else if (IsNumber)
            Array.Resize(ref _numbers, rows);
        else
            Array.Resize(ref _integers, rows);
    }

    public void SetNull(int row)
    {
        _present[row] = 0;
        if (IsText)
            _ends[row] = Start(row);
        else if (IsNumber)
            _numbers[row] = 0;
        else
            _integers[row] = 0;
    }

    public void SetText(int row, ReadOnlySpan<byte> value)
    {
        var start = Start(row);
        if (_text.Length - start < value.Length)
            Array.Resize(ref _text, Math.Max(start + value.Length, _text.Length * 2));
        value.CopyTo(_text.AsSpan(start));
        _ends[row] = start + value.Length;
        _present[row] = 1;
    }

    public void SetNumber(int row, long scaled)
    {
        _numbers[row] = scaled;
        _present[row] = 1;
    }

    public void SetInteger(int row, int value)
    {
        _integers[row] = value;
        _present[row] = 1;
    }

    public bool IsNull(int row) => _present[row] == 0;

    public ReadOnlySpan<byte> Text(int row) => _text.AsSpan(Start(row), _ends[row] - Start(row));

    public int Integer(int row) => _integers[row];

    /// <summary>Scaled; 0 for null.</summary>
    public long Number(int row) => _numbers[row];

    /// <summary>The value as it reads in a key: 2025-03-31, 202503, or the scaled number.</summary>
    public int FormatKey(int row, Span<byte> target)
    {
        var written = 0;
        var done = IsNumber
            ? System.Buffers.Text.Utf8Formatter.TryFormat(_numbers[row], target, out written)
            : field.Kind == FieldKind.Date
                ? DateOnly.FromDayNumber(_integers[row] + Epoch).TryFormat(target, out written, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
                : System.Buffers.Text.Utf8Formatter.TryFormat(_integers[row], target, out written);
        return done ? written : throw new InvalidOperationException("the key buffer is too small");
    }

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];

    /// <summary>
    /// The value in the form that is hashed: nothing for null, else a 1 and the value little-endian (text: length
    /// first).
    /// </summary>
    public int WriteCanonical(int row, Span<byte> target)
    {
        target[0] = _present[row];
        if (_present[row] == 0)
            return 1;
        if (IsText)
        {
            var text = Text(row);
            BitConverter.TryWriteBytes(target[1..], text.Length);
            text.CopyTo(target[5..]);
            return 5 + text.Length;
        }
        if (IsNumber)
            BitConverter.TryWriteBytes(target[1..], _numbers[row]);
        else
            BitConverter.TryWriteBytes(target[1..], _integers[row]);
        return IsNumber ? 9 : 5;
    }

    public int CanonicalLength(int row) => _present[row] == 0 ? 1 : IsText ? 5 + _ends[row] - Start(row) : IsNumber ? 9 : 5;

    /// <summary>Bytes one row adds to the payload, null or not.</summary>
    public int PayloadLengthOf(int row) => IsText ? 5 + _ends[row] - Start(row) : IsNumber ? 9 : 5;

    public int PayloadLength(int rows) => rows == 0 ? 0 : IsText ? rows + (rows * 4) + _ends[rows - 1] : IsNumber ? rows * 9 : rows * 5;

    public void WritePayload(int rows, ref PayloadWriter writer)
    {
        writer.Write(_present.AsSpan(0, rows));
        if (IsText)
        {
            writer.WriteAll<int>(_ends.AsSpan(0, rows));
            writer.Write(_text.AsSpan(0, rows == 0 ? 0 : _ends[rows - 1]));
        }
        else if (IsNumber)
            writer.WriteAll<long>(_numbers.AsSpan(0, rows));
        else
            writer.WriteAll<int>(_integers.AsSpan(0, rows));
    }
}
