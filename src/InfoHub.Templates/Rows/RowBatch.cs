using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Rows;

/// <summary>
/// Accepted rows of one template, typed and columnar, growing row by row. Layout 1 of <see cref="ToPayload"/>
/// (little-endian, FROZEN, HashTests): row count int32; then for all rows: row number int32, operation byte,
/// identity 16 bytes, row hash 32 bytes; then each column of the template: presence bytes, and either text ends int32
/// with the UTF-8 bytes, scaled int64, or int32.
/// </summary>
public sealed class RowBatch
{
    public const int Format = 1;

    /// <summary>An envelope is cut when either bound is reached: a log record stays under 900 kB.</summary>
    public const int RowsMax = 4096;
    public const int PayloadBytesMax = 640 * 1024;

    internal const int IdentityBytes = 16;

    /// <summary>A small file costs little; a large one grows to <see cref="RowsMax"/> in a few steps.</summary>
    private const int RowsReserved = 32;

    private const int RowOverheadBytes = 4 + 1 + IdentityBytes + SHA256.HashSizeInBytes;

    private readonly Template _template;
    private readonly ColumnBuffer[] _columns;
    private readonly byte[] _prefix;
    private readonly int[] _identityColumns;
    private int[] _rowNumbers = [];
    private int[] _origins = [];
    private byte[] _operations = [];
    private byte[] _identities = [];
    private byte[] _hashes = [];
    // One context for all rows: a new one per hash costs more than the hash. Rows of one party often follow each other.
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _lastIdentityHash = new byte[SHA256.HashSizeInBytes];
    private byte[] _lastIdentity = [];
    private int _lastIdentityLength;
    private byte[] _canonical = new byte[4096];
    private int _bytes;

    public RowBatch(Template template)
    {
        _template = template;
        _columns = [.. template.Fields.Select(f => new ColumnBuffer(f))];
        Reserve(RowsReserved);
        _prefix = System.Text.Encoding.UTF8.GetBytes(template.Id);
        _identityColumns = [.. Enumerable.Range(0, template.Fields.Length).Where(i => template.Fields[i].Identity
            is not (IdentityRole.None or IdentityRole.Division or IdentityRole.Town))];
    }

    public int RowCount { get; private set; }

    public bool IsFull => RowCount == RowsMax || _bytes >= PayloadBytesMax;

    /// <summary>
    /// For each row the number it had in the submission it mends, 0 where the file names none. Not in the payload.
    /// </summary>
    public ReadOnlySpan<int> OriginRows => _origins.AsSpan(0, RowCount);

    internal ColumnBuffer Column(int index) => _columns[index];

    /// <summary>Makes the row written at <see cref="RowCount"/> permanent.</summary>
    internal void Accept(int rowNumber, byte operation, int origin)
    {
        var row = RowCount;
        (_rowNumbers[row], _origins[row]) = (rowNumber, origin);
        _operations[row] = operation;
        var length = WriteCanonical(row, operation);
        _sha.AppendData(_canonical.AsSpan(0, length));
        _sha.GetHashAndReset(_hashes.AsSpan(row * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
        HashIdentity(row);
        _bytes += RowOverheadBytes;
        foreach (var column in _columns)
            _bytes += column.PayloadLengthOf(row);
        RowCount++;
        if (RowCount == _rowNumbers.Length && RowCount < RowsMax)
            Reserve(Math.Min(RowsMax, RowCount * 2));
    }

    /// <summary>Room for so many rows, the one being written included.</summary>
    private void Reserve(int rows)
    {
        foreach (var column in _columns)
            column.Reserve(rows);
        Array.Resize(ref _rowNumbers, rows);
        Array.Resize(ref _origins, rows);
        Array.Resize(ref _operations, rows);
        Array.Resize(ref _identities, rows * IdentityBytes);
        Array.Resize(ref _hashes, rows * SHA256.HashSizeInBytes);
    }

    public void Clear()
    {
        RowCount = 0;
        _bytes = 0;
    }

    /// <summary>Adds the hashes of the rows to a tree, in row order.</summary>
    public void AppendTo(RowTree tree)
    {
        for (var row = 0; row < RowCount; row++)
            tree.Append(_hashes.AsSpan(row * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
    }

    /// <summary>What the row hash covers: template id, a zero byte, the operation, and every column in order.</summary>
    private int WriteCanonical(int row, byte operation)
    {
        var needed = _prefix.Length + 2 + _columns.Length;
        foreach (var column in _columns)
            needed += column.CanonicalLength(row);
        if (_canonical.Length < needed)
            _canonical = new byte[needed * 2];
        var length = _prefix.Length;
        _prefix.CopyTo(_canonical, 0);
        _canonical[length++] = 0;
        _canonical[length++] = operation;
        foreach (var column in _columns)
            length += column.WriteCanonical(row, _canonical.AsSpan(length));
        return length;
    }

    /// <summary>
    /// The identifying cells with their roles: rows that say the same of whose they are share the identity.
    /// </summary>
    private void HashIdentity(int row)
    {
        var target = _identities.AsSpan(row * IdentityBytes, IdentityBytes);
        target.Clear();
        if (_identityColumns.Length == 0)
            return;
        var length = 0;
        foreach (var index in _identityColumns)
        {
            _canonical[length++] = (byte)_template.Fields[index].Identity;
            length += _columns[index].WriteCanonical(row, _canonical.AsSpan(length));
        }
        var identity = _canonical.AsSpan(0, length);
        if (!identity.SequenceEqual(_lastIdentity.AsSpan(0, _lastIdentityLength)))
        {
            if (_lastIdentity.Length < length)
                _lastIdentity = new byte[length * 2];
            identity.CopyTo(_lastIdentity);
            _lastIdentityLength = length;
            _sha.AppendData(identity);
            _sha.GetHashAndReset(_lastIdentityHash);
        }
        _lastIdentityHash.AsSpan(0, IdentityBytes).CopyTo(target);
    }

    public byte[] ToPayload()
    {
        var payload = GC.AllocateUninitializedArray<byte>(PayloadLength);
        WritePayload(payload);
        return payload;
    }

    /// <summary>Bytes of the payload as it stands.</summary>
    public int PayloadLength
    {
        get
        {
            var length = 4 + (RowCount * (4 + 1 + IdentityBytes + SHA256.HashSizeInBytes));
            foreach (var column in _columns)
                length += column.PayloadLength(RowCount);
            return length;
        }
    }

    /// <summary>Writes the payload; <paramref name="payload"/> has <see cref="PayloadLength"/> bytes at
    /// least.</summary>
    public void WritePayload(Span<byte> payload)
    {
        var rows = RowCount;
        var writer = new PayloadWriter(payload);
        writer.WriteAll(new ReadOnlySpan<int>(in rows));
        writer.WriteAll<int>(_rowNumbers.AsSpan(0, rows));
        writer.Write(_operations.AsSpan(0, rows));
        writer.Write(_identities.AsSpan(0, rows * IdentityBytes));
        writer.Write(_hashes.AsSpan(0, rows * SHA256.HashSizeInBytes));
        foreach (var column in _columns)
            column.WritePayload(rows, ref writer);
    }
}

internal ref struct PayloadWriter(Span<byte> target)
{
    private Span<byte> _rest = target;

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }

    public void WriteAll<T>(scoped ReadOnlySpan<T> values) where T : unmanaged => Write(MemoryMarshal.AsBytes(values));
}

/// <summary>Reads a <see cref="RowBatch"/> payload in place. A payload that does not fit its template throws.</summary>
public sealed class RowBatchView
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly Template _template;
    private readonly int _fixed;
    private readonly int[] _starts;

    /// <exception cref="InvalidDataException">The payload is not of this template: a poison record.</exception>
    public RowBatchView(Template template, ReadOnlyMemory<byte> payload)
    {
        (_template, _payload) = (template, payload);
        var bytes = payload.Span;
        RowCount = bytes.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : -1;
        if (RowCount is < 0 or > RowBatch.RowsMax)
            throw new InvalidDataException($"row count {RowCount} is out of bounds");
        _fixed = 4;
        _starts = new int[template.Fields.Length];
        var position = 4 + (RowCount * (4 + 1 + RowBatch.IdentityBytes + SHA256.HashSizeInBytes));
        for (var i = 0; i < _starts.Length; i++)
        {
            _starts[i] = position;
            position += RowCount * (IsText(i) || !IsNumber(i) ? 5 : 9);
            if (IsText(i) && RowCount > 0)
                position += position <= bytes.Length ? BinaryPrimitives.ReadInt32LittleEndian(bytes[(position - 4)..]) : 0;
            if (position > bytes.Length || position < _starts[i])
                throw new InvalidDataException($"column {template.Fields[i].Name} runs past the end");
        }
        if (position != bytes.Length)
            throw new InvalidDataException("bytes are left behind the last column");
    }

    public int RowCount { get; }

    public int PayloadBytes => _payload.Length;

    public int RowNumber(int row) => BinaryPrimitives.ReadInt32LittleEndian(_payload.Span[(_fixed + (row * 4))..]);

    public byte Operation(int row) => _payload.Span[_fixed + (RowCount * 4) + row];

    public ReadOnlySpan<byte> Identity(int row) =>
        _payload.Span.Slice(_fixed + (RowCount * 5) + (row * RowBatch.IdentityBytes), RowBatch.IdentityBytes);

    public ReadOnlySpan<byte> Hash(int row) => _payload.Span.Slice(
        _fixed + (RowCount * (5 + RowBatch.IdentityBytes)) + (row * SHA256.HashSizeInBytes), SHA256.HashSizeInBytes);

    public bool IsNull(int column, int row) => _payload.Span[_starts[column] + row] == 0;

    public ReadOnlySpan<byte> Text(int column, int row)
    {
        var bytes = _payload.Span;
        var ends = _starts[column] + RowCount;
        var start = row == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes[(ends + ((row - 1) * 4))..]);
        var end = BinaryPrimitives.ReadInt32LittleEndian(bytes[(ends + (row * 4))..]);
        return bytes.Slice(ends + (RowCount * 4) + start, end - start);
    }

    public long Number(int column, int row) => BinaryPrimitives.ReadInt64LittleEndian(_payload.Span[(_starts[column] + RowCount + (row * 8))..]);

    /// <summary>The sum of a number column over all rows, scaled as its values are; blank cells count as
    /// nothing.</summary>
    public Int128 SumOf(int column)
    {
        // A blank cell holds a zero; 4096 values of 18 digits fit a long only when they are far smaller, so halves are
        // kept apart.
        var (high, low) = (0L, 0L);
        foreach (var value in MemoryMarshal.Cast<byte, long>(_payload.Span.Slice(_starts[column] + RowCount, RowCount * sizeof(long))))
        {
            high += value >> 32;
            low += value & 0xFFFF_FFFF;
        }
        return ((Int128)high << 32) + low;
    }

    public int Integer(int column, int row) => BinaryPrimitives.ReadInt32LittleEndian(_payload.Span[(_starts[column] + RowCount + (row * 4))..]);

    public bool IsText(int column) => _template.Fields[column].Kind is FieldKind.Text or FieldKind.Code or FieldKind.Quarter;

    /// <summary>Digits after the point of a number column.</summary>
    public int Scale(int column) => _template.Fields[column].Scale;

    public bool IsNumber(int column) => _template.Fields[column].Kind is FieldKind.Number;
}
