using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Where a cell lies in its record. <paramref name="Escaped"/>: doubled quotes inside have to be undone.
/// </summary>
internal readonly record struct CellSpan(int Start, int Length, bool Escaped);

internal enum RecordOutcome
{
    Complete,

    /// <summary>The data ends inside the record: more is needed, or the file ends here.</summary>
    Incomplete,

    /// <summary>The data ends inside a quoted cell.</summary>
    InsideQuotes,
}

/// <summary>
/// Cuts delimited text into records and cells (RFC 4180 with LF, CRLF or CR line ends). Structural bytes are found 32
/// at
/// a time. A quote inside an unquoted cell is text; text behind a closing quote is remembered as stray.
/// </summary>
internal sealed class CsvRecords(byte delimiter, int cellsMax)
{
    public const byte Quote = (byte)'"';
    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    private readonly CellSpan[] _cells = new CellSpan[cellsMax + 1];

    /// <summary>Cells of the record; more than the maximum are counted, not kept.</summary>
    public int CellCount { get; private set; }

    /// <summary>Index of the first cell with text behind its closing quote, or -1.</summary>
    public int StrayQuoteCell { get; private set; }

    /// <summary>Where the last quoted cell began: after InsideQuotes, the quote that was never closed.</summary>
    public int QuoteOpenedAt { get; private set; }

    public CellSpan Cell(int index) => _cells[index];

    /// <summary>Reads the record at the beginning of <paramref name="data"/>.</summary>
    /// <param name="length">Bytes of the record with its line end.</param>
    public RecordOutcome Read(ReadOnlySpan<byte> data, bool isFinal, out int length)
    {
        CellCount = 0;
        StrayQuoteCell = -1;
        length = 0;
        var scan = new StructuralScan(data, delimiter);
        var start = 0;
        while (true)
        {
            var position = scan.Next();
            if (position < data.Length && data[position] == Quote)
            {
                if (position != start)
                    continue;
                var outcome = ReadQuoted(data, isFinal, ref scan, start, out position);
                if (outcome != RecordOutcome.Complete)
                    return outcome;
            }
            else
                AddCell(new CellSpan(start, position - start, false));
            if (position >= data.Length)
                return isFinal ? End(data.Length, out length) : RecordOutcome.Incomplete;
            if (data[position] == delimiter)
                start = position + 1;
            else if (data[position] == Cr && position + 1 == data.Length && !isFinal)
                return RecordOutcome.Incomplete;
            else
                return End(position + (data[position] == Cr && position + 1 < data.Length && data[position + 1] == Lf ? 2 : 1), out length);
        }
    }

    private static RecordOutcome End(int at, out int length)
    {
        length = at;
        return RecordOutcome.Complete;
    }

    /// <summary>
    /// From the opening quote at <paramref name="start"/> to the delimiter or line end behind the cell.
    /// </summary>
    private RecordOutcome ReadQuoted(ReadOnlySpan<byte> data, bool isFinal, ref StructuralScan scan, int start, out int position)
    {
        var escaped = false;
        QuoteOpenedAt = start;
        while (true)
        {
            position = scan.Next();
            if (position >= data.Length)
                return isFinal ? RecordOutcome.InsideQuotes : RecordOutcome.Incomplete;
            if (data[position] != Quote)
                continue;
            if (position + 1 >= data.Length)
            {
                if (!isFinal)
                    return RecordOutcome.Incomplete;
                break;
            }
            if (data[position + 1] != Quote)
                break;
            scan.Next();
            escaped = true;
        }
        var close = position;
        do
            position = scan.Next();
        while (position < data.Length && data[position] == Quote);
        if (position != close + 1 && StrayQuoteCell < 0)
            StrayQuoteCell = CellCount;
        AddCell(new CellSpan(start + 1, close - start - 1, escaped));
        return RecordOutcome.Complete;
    }

    private void AddCell(CellSpan cell)
    {
        if (CellCount < _cells.Length)
            _cells[CellCount] = cell;
        CellCount++;
    }

    /// <summary>Undoes doubled quotes into <paramref name="target"/>.</summary>
    public static int Unescape(ReadOnlySpan<byte> cell, Span<byte> target)
    {
        var length = 0;
        for (var i = 0; i < cell.Length; i++)
        {
            target[length++] = cell[i];
            if (cell[i] == Quote)
                i++;
        }
        return length;
    }

    /// <summary>Steps through delimiter, quote, LF and CR bytes.</summary>
    private ref struct StructuralScan(ReadOnlySpan<byte> data, byte delimiter)
    {
        private readonly ReadOnlySpan<byte> _data = data;
        private readonly Vector256<byte> _delimiter = Vector256.Create(delimiter);
        private readonly byte _delimiterByte = delimiter;
        private int _block = -Vector256<byte>.Count;
        private uint _mask;

        /// <summary>The next position, or the length of the data.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Next()
        {
            while (_mask == 0)
            {
                _block += Vector256<byte>.Count;
                if (_block + Vector256<byte>.Count > _data.Length)
                    return Tail();
                var bytes = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(_data), (nuint)_block);
                _mask = (Vector256.Equals(bytes, _delimiter) | Vector256.Equals(bytes, Vector256.Create(Quote))
                    | Vector256.Equals(bytes, Vector256.Create(Lf)) | Vector256.Equals(bytes, Vector256.Create(Cr))).ExtractMostSignificantBits();
            }
            var position = _block + BitOperations.TrailingZeroCount(_mask);
            _mask &= _mask - 1;
            return position;
        }

        /// <summary>
        /// The last bytes one by one; <c>_block</c> walks on so that the next call goes on behind the hit.
        /// </summary>
        private int Tail()
        {
            for (var i = Math.Max(_block, 0); i < _data.Length; i++)
            {
                if (_data[i] != _delimiterByte && _data[i] is not (Quote or Lf or Cr))
                    continue;
                _block = i + 1 - Vector256<byte>.Count;
                return i;
            }
            _block = _data.Length - Vector256<byte>.Count + 1;
            return _data.Length;
        }
    }
}
