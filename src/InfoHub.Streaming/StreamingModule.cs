using InfoHub.Storage.RecordLog;
using Npgsql;

namespace InfoHub.Streaming;

/// <summary>Opens the record log that the configuration names.</summary>
public static class StreamingModule
{
    public const int EmbeddedPartitions = 4;

    /// <summary>The embedded log, or Kafka when its options are given.</summary>
    public static async Task<IRecordLog> OpenLogAsync(NpgsqlDataSource store, KafkaOptions? kafka, CancellationToken cancellation) =>
        kafka is null
            ? await PostgresRecordLog.OpenAsync(new RecordLogTable(store), EmbeddedPartitions, cancellation)
            : new KafkaRecordLog(kafka);
}
