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
    /// <summary>What librdkafka may hold of one partition before it is asked for.</summary>
    private const int ReadAheadBytesMax = 4 << 20;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);
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
        }).SetLogHandler(Quiet).SetErrorHandler(Quiet).Build();
    }

    /// <summary>
    /// A broker that is away is said once, by who asks for <see cref="FaultAsync"/>; the library writes it each second.
    /// </summary>
    private static void Quiet<T>(IClient client, T said)
    {
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

    public Task<LogBatch> ReadAsync(int partition, long position, ReadBounds bounds, CancellationToken cancellation) =>
        Task.Run(() => _readers.GetOrAdd(partition, p => new PartitionReader(_options, p))
            .Read(position, bounds, cancellation), cancellation);

    public async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Run(() =>
            {
                using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
                admin.GetMetadata(_options.Topic, AnswerTimeout);
            }, cancellation);
            return null;
        }
        catch (KafkaException fault)
        {
            return $"Kafka {_options.BootstrapServers}: {fault.Error.Reason}";
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var reader in _readers.Values)
            reader.Dispose();
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A consumer assigned to one partition; it seeks only when asked for another position than its next.</summary>
    private sealed class PartitionReader : IDeserializer<ReadOnlyMemory<byte>>, IDisposable
    {
        private readonly TopicPartition _partition;
        private readonly IConsumer<Ignore, ReadOnlyMemory<byte>> _consumer;
        private LogBatch _batch = new();
        private long _next = -1;

        public PartitionReader(KafkaOptions options, int partition)
        {
            _partition = new TopicPartition(options.Topic, new Partition(partition));
            _consumer = new ConsumerBuilder<Ignore, ReadOnlyMemory<byte>>(new ConsumerConfig(Base(options))
            {
                GroupId = $"infohub-{partition}",
                EnableAutoCommit = false,
                EnableAutoOffsetStore = false,
                AutoOffsetReset = AutoOffsetReset.Error,
                AllowAutoCreateTopics = true,
                FetchMaxBytes = ReadAheadBytesMax,
                QueuedMaxMessagesKbytes = ReadAheadBytesMax >> 10,
            }).SetValueDeserializer(this).SetLogHandler(Quiet).SetErrorHandler(Quiet).Build();
        }

        /// <summary>The library's bytes are its own again after this: they move into the batch being read.</summary>
        public ReadOnlyMemory<byte> Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
        {
            var content = _batch.Rent(data.Length);
            data.CopyTo(content.Span);
            return content;
        }

        public LogBatch Read(long position, ReadBounds bounds, CancellationToken cancellation)
        {
            var batch = _batch = new LogBatch();
            if (position != _next)
                _consumer.Assign(new TopicPartitionOffset(_partition, new Offset(position)));
            _next = position;
            while (batch.Entries.Count < bounds.RecordsMax && batch.Bytes < bounds.BytesMax
                && !cancellation.IsCancellationRequested)
            {
                var result = _consumer.Consume(batch.Entries.Count == 0 ? PollTimeout : TimeSpan.Zero);
                if (result is null)
                    break;
                if (result.Offset.Value < position)
                    continue;
                batch.Add(result.Offset.Value, result.Message.Value);
                _next = result.Offset.Value + 1;
            }
            return batch;
        }

        public void Dispose()
        {
            _consumer.Close();
            _consumer.Dispose();
        }
    }
}
