using System.Runtime.InteropServices;

namespace InfoHub.Templates.Checks;

/// <summary>
/// Keys that no longer fit in memory: sorted runs in a stream that was handed in, a filter in memory that knows nearly
/// every key that is in none of them, and a sparse index per run, so that a key the filter lets through is looked up
/// exactly. Memory: about 2 bytes a key.
/// </summary>
internal sealed class KeyRuns(Stream store)
{
    /// <summary>One block of a run is read to look up one key: 4 KiB.</summary>
    private const int BlockEntries = 256;
    private const int EntryBytes = 16;

    private readonly List<Run> _runs = [];
    private readonly List<Layer> _layers = [];
    private readonly KeyEntry[] _block = new KeyEntry[BlockEntries];

    /// <param name="FirstHashes">The upper half of the first hash of each block.</param>
    private sealed record Run(long Position, int Entries, ulong[] FirstHashes);

    /// <summary>
    /// A filter over the runs from <see cref="FirstRun"/> on; each layer has room for twice as many as the one
    /// before.
    /// </summary>
    private sealed class Layer(int firstRun, int keysMax)
    {
        public int FirstRun { get; } = firstRun;

        public int RunsEnd { get; set; } = firstRun;

        public int Room { get; set; } = keysMax;

        public BlockFilter Filter { get; } = new(keysMax);
    }

    /// <param name="run">Sorted; every key new to this set.</param>
    public void Add(ReadOnlySpan<KeyEntry> run)
    {
        var hashes = new ulong[(run.Length + BlockEntries - 1) / BlockEntries];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = run[i * BlockEntries].High;
        _runs.Add(new Run(store.Length, run.Length, hashes));
        store.Position = store.Length;
        store.Write(MemoryMarshal.AsBytes(run));
        if (_layers.Count == 0 || _layers[^1].Room < run.Length)
            _layers.Add(new Layer(_runs.Count - 1, run.Length << Math.Min(_layers.Count + 1, 8)));
        var layer = _layers[^1];
        foreach (var entry in run)
            layer.Filter.Add(entry.High, entry.Low);
        (layer.Room, layer.RunsEnd) = (layer.Room - run.Length, _runs.Count);
    }

    /// <summary>The row of the key, or 0.</summary>
    public int Find(ulong high, uint low)
    {
        foreach (var layer in _layers)
            if (layer.Filter.MayHold(high, low))
                for (var i = layer.FirstRun; i < layer.RunsEnd; i++)
                    if (FindIn(_runs[i], high, low) is > 0 and var row)
                        return row;
        return 0;
    }

    private int FindIn(Run run, ulong high, uint low)
    {
        var index = Array.BinarySearch(run.FirstHashes, high);
        // Equal upper halves may begin in the block before; so rare that it is simply read too.
        var last = index >= 0 ? index : ~index - 1;
        for (var block = index >= 0 ? Math.Max(0, index - 1) : last; block >= 0 && block <= last; block++)
        {
            var entries = _block.AsSpan(0, Math.Min(BlockEntries, run.Entries - (block * BlockEntries)));
            store.Position = run.Position + ((long)block * BlockEntries * EntryBytes);
            store.ReadExactly(MemoryMarshal.AsBytes(entries));
            if (entries.BinarySearch(new KeyEntry(high, low, 0)) is >= 0 and var at)
                return entries[at].Row;
        }
        return 0;
    }
}

/// <summary>
/// A split-block Bloom filter: 16 bits a key, eight of them set within one 32-byte block, so that a question costs one
/// miss of the cache; about one key in a thousand is let through wrongly.
/// </summary>
internal sealed class BlockFilter(int keysMax)
{
    private const int WordsPerBlock = 8;
    private const int BitsPerKey = 16;

    private static readonly uint[] Salts =
        [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    private readonly uint[] _words = new uint[WordsPerBlock * Math.Max(1,
        (int)((long)keysMax * BitsPerKey / (32 * WordsPerBlock)))];

    public void Add(ulong high, uint low)
    {
        var block = BlockOf(high);
        for (var i = 0; i < WordsPerBlock; i++)
            _words[block + i] |= Bit(low, i);
    }

    public bool MayHold(ulong high, uint low)
    {
        var block = BlockOf(high);
        for (var i = 0; i < WordsPerBlock; i++)
            if ((_words[block + i] & Bit(low, i)) == 0)
                return false;
        return true;
    }

    private int BlockOf(ulong high) => (int)(Math.BigMul(high, (ulong)(_words.Length / WordsPerBlock),
        out _) * WordsPerBlock);

    private static uint Bit(uint low, int word) => 1u << (int)unchecked((low * Salts[word]) >> 27);
}
