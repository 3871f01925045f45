using System.Collections.Concurrent;
using Confluent.Kafka;

namespace InfoHub.Streaming;

/// <summary>How to reach Kafka. Nothing here is needed for correctness except acks from all replicas.</summary>
public sealed record KafkaOptions
{
    public required string BootstrapServers { get; init; }

    public string Topic { get; init; } = "infohub-records";

    public int Partitions { get; init; } = 4;

    /// <summary>Off by default: old brokers lack it, and a repeated envelope is recognised by its number anyway.</summary>
    public bool EnableIdempotence { get; init; }

    /// <summary>Further librdkafka settings by their own names, e.g. security.protocol.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The record log on Kafka. Delivery reports are awaited, partitions are assigned by hand at the position that the store
/// names, and no offset is committed to the broker. librdkafka is Debian's.
/// </summary>
internal sealed class KafkaRecordLog : IRecordLog
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(250);

    private readonly KafkaOptions _options;
    private readonly IProducer<Null, byte[]> _producer;
    private readonly ConcurrentDictionary<int, PartitionReader> _readers = new();

    public KafkaRecordLog(KafkaOptions options)
    {
        _options = options;
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig(Base(options))
        {
            Acks = Acks.All,
            EnableIdempotence = options.EnableIdempotence,
            LingerMs = 2,
            MessageMaxBytes = 1_000_000,
            MaxInFlight = 1,
            CompressionType = CompressionType.None,
        }).Build();
    }

    public string Name => $"kafka:{_options.Topic}";

    public int Partitions => _options.Partitions;

    private static Dictionary<string, string> Base(KafkaOptions options) =>
        new(options.Settings) { ["bootstrap.servers"] = options.BootstrapServers, ["log_level"] = "3" };

    public async Task AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        var target = new TopicPartition(_options.Topic, new Partition(partition));
        var reports = new Task<DeliveryResult<Null, byte[]>>[records.Count];
        for (var i = 0; i < reports.Length; i++)
            reports[i] = _producer.ProduceAsync(target, new Message<Null, byte[]> { Value = records[i].ToArray() }, cancellation);
        foreach (var report in await Task.WhenAll(reports))
            if (report.Status != PersistenceStatus.Persisted)
                throw new KafkaException(new Error(ErrorCode.Local_Fail, $"record on partition {partition} was not persisted"));
    }

    public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long position, int recordsMax, CancellationToken cancellation) =>
        Task.Run(() => _readers.GetOrAdd(partition, p => new PartitionReader(_options, p)).Read(position, recordsMax, cancellation), cancellation);

    /// <summary>Kafka forgets by its own retention settings.</summary>
    public Task LandedAsync(int partition, long position, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        foreach (var reader in _readers.Values)
            reader.Dispose();
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A consumer assigned to one partition; it seeks only when asked for another position than its next.</summary>
    private sealed class PartitionReader : IDisposable
    {
        private readonly TopicPartition _partition;
        private readonly IConsumer<Ignore, byte[]> _consumer;
        private long _next = -1;

        public PartitionReader(KafkaOptions options, int partition)
        {
            _partition = new TopicPartition(options.Topic, new Partition(partition));
            _consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig(Base(options))
            {
                GroupId = $"infohub-{partition}",
                EnableAutoCommit = false,
                EnableAutoOffsetStore = false,
                AutoOffsetReset = AutoOffsetReset.Error,
                AllowAutoCreateTopics = true,
                FetchMaxBytes = 8 * 1024 * 1024,
                QueuedMaxMessagesKbytes = 16 * 1024,
            }).Build();
        }

        public IReadOnlyList<LogEntry> Read(long position, int recordsMax, CancellationToken cancellation)
        {
            if (position != _next)
                _consumer.Assign(new TopicPartitionOffset(_partition, new Offset(position)));
            _next = position;
            var entries = new List<LogEntry>();
            while (entries.Count < recordsMax && !cancellation.IsCancellationRequested)
            {
                var result = _consumer.Consume(entries.Count == 0 ? PollTimeout : TimeSpan.Zero);
                if (result is null)
                    break;
                if (result.Offset.Value < position)
                    continue;
                entries.Add(new LogEntry(result.Offset.Value, result.Message.Value));
                _next = result.Offset.Value + 1;
            }
            return entries;
        }

        public void Dispose()
        {
            _consumer.Close();
            _consumer.Dispose();
        }
    }
}
