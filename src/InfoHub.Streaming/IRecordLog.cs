namespace InfoHub.Streaming;

/// <summary>One record as read back. Positions rise by partition; they need not be without gaps.</summary>
public readonly record struct LogEntry(long Position, ReadOnlyMemory<byte> Content);

/// <summary>How much is read at once: until either bound is reached. The first record is given whatever its
/// size.</summary>
public readonly record struct ReadBounds(int RecordsMax, int BytesMax);

/// <summary>
/// The road between intake and landing: an append-only log in partitions. Delivery is at least once and in order per
/// partition; where a reader stands is kept in the store, never here. Implementations: a PostgreSQL table (embedded) and
/// Kafka; both pass the same contract tests.
/// </summary>
public interface IRecordLog : IAsyncDisposable
{
    /// <summary>Names the position space, so that positions of one log are never taken for another's.</summary>
    string Name { get; }

    int Partitions { get; }

    /// <summary>Most bytes of one record.</summary>
    public const int RecordBytesMax = 900_000;

    /// <summary>Appends in order. When it returns, every record is durable (Kafka: its delivery report has come).</summary>
    Task AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation);

    /// <summary>
    /// Records from <paramref name="position"/> on, in order. Waits a while for the first one; an empty batch means
    /// none has come. The caller disposes of the batch when it has done with the records.
    /// </summary>
    Task<LogBatch> ReadAsync(int partition, long position, ReadBounds bounds, CancellationToken cancellation);

    /// <summary>Why the log cannot be reached, in a few seconds; null when it can.</summary>
    Task<string?> FaultAsync(CancellationToken cancellation);
}

/// <summary>Which partition a submission travels on: all its records stay in order on one.</summary>
public static class RecordPartition
{
    public static int Of(long submissionId, int partitions) => (int)(submissionId % partitions);
}
