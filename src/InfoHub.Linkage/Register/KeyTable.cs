namespace InfoHub.Linkage.Register;

/// <summary>Which records have a key: 64-bit hashes in order, with the records of each. Read by many threads.</summary>
internal sealed class KeyTable
{
    private readonly ulong[] _keys;
    private readonly int[] _records;

    /// <summary>Pairs of a key and a record, in any order.</summary>
    public KeyTable(List<ulong> keys, List<int> records)
    {
        (_keys, _records) = (keys.ToArray(), records.ToArray());
        Array.Sort(_keys, _records);
    }

    /// <summary>The records with this key; empty when there is none.</summary>
    public ReadOnlySpan<int> Find(ulong key)
    {
        var (low, high) = (0, _keys.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_keys[middle] < key)
                low = middle + 1;
            else
                high = middle;
        }
        var end = low;
        while (end < _keys.Length && _keys[end] == key)
            end++;
        return _records.AsSpan(low..end);
    }

    /// <summary>FNV-1a over the characters, well mixed; <paramref name="seed"/> keeps kinds and cities apart.</summary>
    public static ulong Hash(ReadOnlySpan<char> text, int seed)
    {
        unchecked
        {
            var hash = 14_695_981_039_346_656_037UL ^ ((ulong)(uint)seed * 0x9E3779B97F4A7C15UL);
            foreach (var character in text)
                hash = (hash ^ character) * 1_099_511_628_211UL;
            hash ^= hash >> 29;
            hash *= 0xBF58476D1CE4E5B9UL;
            return hash ^ (hash >> 32);
        }
    }
}
