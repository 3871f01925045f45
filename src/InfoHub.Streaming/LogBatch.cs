using System.Buffers;

namespace InfoHub.Streaming;

/// <summary>
/// Records read together, in order. Their bytes lie in buffers that are used again: nothing of them may be looked at
/// once the batch is disposed of. A batch that is dropped without that only costs the next one new buffers.
/// </summary>
public sealed class LogBatch : IDisposable
{
    /// <summary>What landing has in hand and what is read ahead of it.</summary>
    private const int BuffersKept = 16;

    /// <summary>A pool of its own: the shared one keeps a buffer of each size for every thread that ever gave one
    /// back.</summary>
    private static readonly ArrayPool<byte> Buffers = ArrayPool<byte>.Create(IRecordLog.RecordBytesMax, BuffersKept);

    private readonly List<LogEntry> _entries = [];
    private readonly List<byte[]> _rented = [];

    public IReadOnlyList<LogEntry> Entries => _entries;

    /// <summary>Bytes of all entries.</summary>
    public long Bytes { get; private set; }

    /// <summary>Room for the bytes of one record, to be filled and then added.</summary>
    public Memory<byte> Rent(int bytes)
    {
        if (bytes == 0)
            return Memory<byte>.Empty;
        var buffer = Buffers.Rent(bytes);
        _rented.Add(buffer);
        return buffer.AsMemory(0, bytes);
    }

    /// <param name="position">Behind that of the entry before.</param>
    /// <param name="content">Rented from this batch.</param>
    public void Add(long position, ReadOnlyMemory<byte> content)
    {
        _entries.Add(new LogEntry(position, content));
        Bytes += content.Length;
    }

    public void Dispose()
    {
        _entries.Clear();
        foreach (var buffer in _rented)
            Buffers.Return(buffer);
        _rented.Clear();
    }
}
