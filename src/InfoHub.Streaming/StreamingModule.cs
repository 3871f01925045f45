using InfoHub.Storage.RecordLog;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InfoHub.Streaming;

/// <summary>Opens the record log that the configuration names.</summary>
public static class StreamingModule
{
    public const int EmbeddedPartitions = 4;
    public const int LogKeptHoursDefault = 1;

    /// <summary>Cuts the embedded log behind what landed longer ago than <paramref name="kept"/>. Needs ClaimStore.</summary>
    public static IServiceCollection AddLogCut(this IServiceCollection services, TimeSpan kept) => services
        .AddSingleton<RecordLogTable>()
        .AddHostedService(provider => ActivatorUtilities.CreateInstance<RecordLogCut>(provider, (object)kept));

    /// <summary>The embedded log, or Kafka when its options are given.</summary>
    public static async Task<IRecordLog> OpenLogAsync(NpgsqlDataSource store, KafkaOptions? kafka, CancellationToken cancellation) =>
        kafka is null
            ? await PostgresRecordLog.OpenAsync(new RecordLogTable(store), EmbeddedPartitions, cancellation)
            : new KafkaRecordLog(kafka);
}
