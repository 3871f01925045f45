using InfoHub.Host.Batch;
using InfoHub.Storage;
using InfoHub.Storage.RecordLog;
using InfoHub.Streaming;
using Npgsql;
using Xunit;

namespace InfoHub.Stages.Tests.RecordLog;

/// <summary>What every record log promises, whatever it is made of. A partition of its own per test.</summary>
public abstract class RecordLogContract
{
    private const int ReadsMax = 400;
    private const int BytesMax = 1_000_000;

    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A log over the same records as every other one this gives.</summary>
    private protected abstract Task<IRecordLog> OpenAsync();

    private static ReadOnlyMemory<byte>[] Records(params string[] texts) => [.. texts.Select(t => new ReadOnlyMemory<byte>(System.Text.Encoding.UTF8.GetBytes(t)))];

    private static string Text(LogEntry entry) => System.Text.Encoding.UTF8.GetString(entry.Content.Span);

    private static async Task<List<LogEntry>> ReadAsync(IRecordLog log, int partition, long position, int count)
    {
        var read = new List<LogEntry>();
        for (var tries = 0; read.Count < count && tries < ReadsMax; tries++)
        {
            // Copied: the buffers are another batch's in a moment.
            using var batch = await log.ReadAsync(partition, position, new ReadBounds(5, BytesMax), None);
            read.AddRange(batch.Entries.Select(e => new LogEntry(e.Position, e.Content.ToArray())));
            position = read.Count > 0 ? read[^1].Position + 1 : position;
        }
        return read;
    }

    private static async Task<LogBatch> SomethingAsync(IRecordLog log, int partition, long position, ReadBounds bounds)
    {
        for (var tries = 1; ; tries++)
        {
            var batch = await log.ReadAsync(partition, position, bounds, None);
            if (batch.Entries.Count > 0 || tries == ReadsMax)
                return batch;
            batch.Dispose();
        }
    }

    [Fact]
    public virtual async Task Append_SeveralBatches_ReadBackInOrderAtRisingPositions()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(0, Records("a", "b", "c"), None);
        await log.AppendAsync(0, Records("d"), None);
        await log.AppendAsync(0, Records("e", "f", "g", "h"), None);
        var read = await ReadAsync(log, 0, 0, 8);

        Assert.Equal("abcdefgh", string.Concat(read.Select(Text)));
        Assert.Equal(read.Select(e => e.Position).Distinct().Order(), read.Select(e => e.Position));
        foreach (var from in read)
            Assert.Equal(Text(from), Text((await ReadAsync(log, 0, from.Position, 1))[0]));
        using (var two = await log.ReadAsync(0, read[0].Position, new ReadBounds(2, BytesMax), None))
            Assert.True(two.Entries.Count <= 2);
        Assert.Equal("efgh", string.Concat((await ReadAsync(log, 0, read[4].Position, 4)).Select(Text)));
    }

    [Fact]
    public virtual async Task Read_NothingThere_IsEmptyAndNeverAnotherPartitions()
    {
        await using var log = await OpenAsync();
        var first = (await AppendedAsync(log, 1, "x")).Position;
        using (var none = await log.ReadAsync(1, first + 1, new ReadBounds(5, BytesMax), None))
            Assert.Empty(none.Entries);
        await log.AppendAsync(1, Records("y"), None);
        Assert.Equal("y", Text(Assert.Single(await ReadAsync(log, 1, first + 1, 1))));
    }

    private static async Task<LogEntry> AppendedAsync(IRecordLog log, int partition, string text)
    {
        await log.AppendAsync(partition, Records(text), None);
        return (await ReadAsync(log, partition, 0, 1))[0];
    }

    [Fact]
    public virtual async Task Append_Returned_IsThereForAnotherHostAndAfterReopening()
    {
        await using (var writer = await OpenAsync())
            await writer.AppendAsync(2, Records("1", "2", "3"), None);
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        var read = await Task.WhenAll(ReadAsync(first, 2, 0, 3), ReadAsync(second, 2, 0, 3));

        Assert.All(read, entries => Assert.Equal("123", string.Concat(entries.Select(Text))));
        await first.AppendAsync(2, Records("4"), None);
        Assert.Equal("4", Text((await ReadAsync(second, 2, read[1][^1].Position + 1, 1))[0]));
    }

    [Fact]
    public virtual async Task Append_ConcurrentWritersAndLargeRecords_LoseNothingAndKeepEachOnesOrder()
    {
        await using var log = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 10; i += 2)
                await log.AppendAsync(3, Records($"{writer}:{i:00}", $"{writer}:{i + 1:00}"), None);
        }));
        var read = await ReadAsync(log, 3, 0, 40);
        Assert.Equal(40, read.Select(Text).Distinct().Count());
        foreach (var ofOne in read.Select(Text).GroupBy(t => t[0]))
            Assert.Equal(ofOne.Order(StringComparer.Ordinal), ofOne);

        var large = new byte[850_000];
        new Random(1).NextBytes(large);
        await log.AppendAsync(3, [large, large], None);
        var back = await ReadAsync(log, 3, read[^1].Position + 1, 2);
        Assert.All(back, entry => Assert.True(entry.Content.Span.SequenceEqual(large)));
        Assert.Equal(2, back.Count);
        foreach (var (bytesMax, recordsMax) in new[] { (1, 1), (large.Length, 1), (large.Length + 1, 2) })
        {
            using var bounded = await SomethingAsync(log, 3, back[0].Position, new ReadBounds(5, bytesMax));
            Assert.InRange(bounded.Entries.Count, 1, recordsMax);
            Assert.Equal(bounded.Entries.Count * large.Length, bounded.Bytes);
        }
    }
}

public sealed class PostgresLogFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-log-tests-").FullName;
    private EmbeddedPostgres? _postgres;

    public NpgsqlDataSource Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _postgres = await EmbeddedPostgres.StartAsync(_folder, CancellationToken.None);
        Store = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await Schema.MigrateAsync(Store, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await _postgres!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class PostgresRecordLogTests(PostgresLogFixture fixture) : RecordLogContract, IClassFixture<PostgresLogFixture>
{
    private protected override async Task<IRecordLog> OpenAsync() => await PostgresRecordLog.OpenAsync(new RecordLogTable(fixture.Store), 4, CancellationToken.None);
}

/// <summary>Without kcat there is no Kafka here: the tests show as skipped, on a build server they fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithKafkaAttribute : FactAttribute
{
    public FactWithKafkaAttribute() => Skip = IsThere ? null! : "kcat is not installed";

    public static bool IsThere => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "kcat")));
}

public sealed class KafkaLogFixture : IAsyncLifetime
{
    public KafkaMock? Mock { get; private set; }

    public async Task InitializeAsync()
    {
        if (FactWithKafkaAttribute.IsThere)
            Mock = await KafkaMock.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (Mock is not null)
            await Mock.DisposeAsync();
    }
}

public sealed class KafkaRecordLogTests(KafkaLogFixture fixture) : RecordLogContract, IClassFixture<KafkaLogFixture>
{
    private protected override Task<IRecordLog> OpenAsync() => Task.FromResult<IRecordLog>(new KafkaRecordLog(fixture.Mock!.Options));

    [FactWithKafka]
    public override Task Append_SeveralBatches_ReadBackInOrderAtRisingPositions() =>
        base.Append_SeveralBatches_ReadBackInOrderAtRisingPositions();

    [FactWithKafka]
    public override Task Read_NothingThere_IsEmptyAndNeverAnotherPartitions() =>
        base.Read_NothingThere_IsEmptyAndNeverAnotherPartitions();

    [FactWithKafka]
    public override Task Append_Returned_IsThereForAnotherHostAndAfterReopening() =>
        base.Append_Returned_IsThereForAnotherHostAndAfterReopening();

    [FactWithKafka]
    public override Task Append_ConcurrentWritersAndLargeRecords_LoseNothingAndKeepEachOnesOrder() =>
        base.Append_ConcurrentWritersAndLargeRecords_LoseNothingAndKeepEachOnesOrder();
}
