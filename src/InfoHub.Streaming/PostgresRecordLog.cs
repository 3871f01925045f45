using InfoHub.Storage.RecordLog;

namespace InfoHub.Streaming;

/// <summary>The embedded record log: a table of the hub's own store.</summary>
internal sealed class PostgresRecordLog(RecordLogTable table, int partitions) : IRecordLog
{
    private static readonly TimeSpan PollDelay = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim[] _appended = [.. Enumerable.Range(0, partitions).Select(_ => new SemaphoreSlim(0))];

    public string Name => RecordLogTable.Name;

    public int Partitions => partitions;

    public static async Task<PostgresRecordLog> OpenAsync(RecordLogTable table, int partitions, CancellationToken cancellation)
    {
        await table.EnsurePartitionsAsync(partitions, cancellation);
        return new PostgresRecordLog(table, partitions);
    }

    public async Task AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        await table.AppendAsync(partition, records, cancellation);
        _appended[partition].Release();
    }

    public async Task<LogBatch> ReadAsync(int partition, long position, ReadBounds bounds, CancellationToken cancellation)
    {
        var batch = new LogBatch();
        await FillAsync(batch);
        if (batch.Entries.Count == 0 && await _appended[partition].WaitAsync(PollDelay, cancellation))
            await FillAsync(batch);
        return batch;

        Task FillAsync(LogBatch into) => table.ReadAsync(
            partition, position, (bounds.RecordsMax, bounds.BytesMax), (into.Rent, into.Add), cancellation);
    }

    /// <summary>It is there when the store is.</summary>
    public Task<string?> FaultAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    public ValueTask DisposeAsync()
    {
        foreach (var signal in _appended)
            signal.Dispose();
        return ValueTask.CompletedTask;
    }
}
