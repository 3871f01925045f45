using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace InfoHub.Templates.Checks;

/// <summary>One key seen: 96 bits of its hash, and the row it stands in. Ordered by the hash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct KeyEntry(ulong High, uint Low, int Row) : IComparable<KeyEntry>
{
    public bool HasHash(ulong high, uint low) => High == high && Low == low;

    public int CompareTo(KeyEntry other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);
}

/// <summary>
/// The primary keys seen in one file, as 96 bits of a keyed hash each: a false "duplicate" among five million rows
/// has a chance of 1 in 10^15, and nobody outside can aim for one, since the hash key is drawn per file. Beyond a
/// bound the keys move to <paramref name="overflow"/>; without one all stay here, at 16 to 43 bytes a key.
/// </summary>
internal sealed class KeySet(UInt128 seed, Stream? overflow)
{
    private const int SlotsMin = 1024;

    /// <summary>4 MiB of slots, three quarters of them used, before they are written off.</summary>
    public const int SlotsMax = 256 * 1024;

    private readonly ulong _seedA = (ulong)(seed >> 64) | 1;
    private readonly ulong _seedB = unchecked((ulong)seed) | 1;
    private readonly KeyRuns? _runs = overflow is null ? null : new KeyRuns(overflow);
    private KeyEntry[] _slots = new KeyEntry[SlotsMin];
    private int _count;

    /// <summary>
    /// The row that has the key already, or 0 when it was new and is now held by <paramref name="row"/> (from 1).
    /// </summary>
    public int FindOrAdd(ReadOnlySpan<byte> key, int row)
    {
        if (_count * 4 >= _slots.Length * 3)
            MakeRoom();
        var (high, low) = Hash(key);
        var slot = SlotOf(high, low);
        if (_slots[slot].Row != 0)
            return _slots[slot].Row;
        if (_runs is not null && _runs.Find(high, low) is > 0 and var first)
            return first;
        _slots[slot] = new KeyEntry(high, low, row);
        _count++;
        return 0;
    }

    private int SlotOf(ulong high, uint low)
    {
        var mask = _slots.Length - 1;
        var slot = unchecked((int)(high ^ low)) & mask;
        while (_slots[slot].Row != 0 && !_slots[slot].HasHash(high, low))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void MakeRoom()
    {
        if (_runs is not null && _slots.Length == SlotsMax)
        {
            WriteOff();
            return;
        }
        var slots = _slots;
        _slots = new KeyEntry[slots.Length * 2];
        foreach (var entry in slots)
            if (entry.Row != 0)
                _slots[SlotOf(entry.High, entry.Low)] = entry;
    }

    private void WriteOff()
    {
        var used = 0;
        foreach (var entry in _slots)
            if (entry.Row != 0)
                _slots[used++] = entry;
        var run = _slots.AsSpan(0, used);
        run.Sort();
        _runs!.Add(run);
        Array.Clear(_slots);
        _count = 0;
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
