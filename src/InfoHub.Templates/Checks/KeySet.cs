using System.Buffers.Binary;

namespace InfoHub.Templates.Checks;

/// <summary>
/// The primary keys seen in one file, as 96 bits of a keyed hash each: a false "duplicate" among five million rows has a
/// chance of 1 in 10^15, and nobody outside can aim for one, since the hash key is drawn per file.
/// </summary>
internal sealed class KeySet
{
    private readonly ulong _seedA;
    private readonly ulong _seedB;
    private ulong[] _high = new ulong[1024];
    private uint[] _low = new uint[1024];
    private int[] _rows = new int[1024];
    private int _count;

    public KeySet(UInt128 seed)
    {
        _seedA = (ulong)(seed >> 64) | 1;
        _seedB = unchecked((ulong)seed) | 1;
    }

    /// <summary>The row that has the key already, or 0 when it was new and is now held by <paramref name="row"/> (from 1).</summary>
    public int FindOrAdd(ReadOnlySpan<byte> key, int row)
    {
        if (_count * 4 >= _rows.Length * 3)
            Grow();
        var (high, low) = Hash(key);
        var slot = SlotOf(high, low);
        if (_rows[slot] != 0)
            return _rows[slot];
        (_high[slot], _low[slot], _rows[slot]) = (high, low, row);
        _count++;
        return 0;
    }

    private int SlotOf(ulong high, uint low)
    {
        var mask = _rows.Length - 1;
        var slot = unchecked((int)(high ^ low)) & mask;
        while (_rows[slot] != 0 && (_high[slot] != high || _low[slot] != low))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var (high, low, rows) = (_high, _low, _rows);
        (_high, _low, _rows) = (new ulong[rows.Length * 2], new uint[rows.Length * 2], new int[rows.Length * 2]);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] == 0)
                continue;
            var slot = SlotOf(high[i], low[i]);
            (_high[slot], _low[slot], _rows[slot]) = (high[i], low[i], rows[i]);
        }
    }

    private (ulong High, uint Low) Hash(ReadOnlySpan<byte> key)
    {
        unchecked
        {
            var (a, b) = (_seedA ^ (ulong)key.Length, _seedB);
            while (key.Length >= 8)
            {
                var word = BinaryPrimitives.ReadUInt64LittleEndian(key);
                a = Fold(a ^ word, _seedB);
                b = Fold(b ^ word, _seedA) + a;
                key = key[8..];
            }
            var tail = 0UL;
            for (var i = 0; i < key.Length; i++)
                tail |= (ulong)key[i] << (8 * i);
            a = Fold(a ^ tail, _seedB);
            b = Fold(b ^ tail, _seedA) + a;
            return (Fold(a, 0x9E3779B97F4A7C15), (uint)Fold(b, 0xD6E8FEB86659FD93));
        }
    }

    private static ulong Fold(ulong value, ulong factor)
    {
        var high = Math.BigMul(value, factor, out ulong low);
        return high ^ low;
    }
}
