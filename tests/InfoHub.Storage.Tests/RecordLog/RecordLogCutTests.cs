using InfoHub.Storage.Claims;
using InfoHub.Storage.RecordLog;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.RecordLog;

/// <summary>
/// What has landed and is past its time goes, whatever is still to land stays, and the disk gets its room back.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class RecordLogCutTests(Cluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly HubDatabase _database = new(cluster);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Cut_BehindWhatHasLanded_ByTime_ALittleAtATime()
    {
        var table = new RecordLogTable(_database.Store);
        await table.EnsurePartitionsAsync(2, None);
        var record = new byte[200_000];
        Random.Shared.NextBytes(record);
        foreach (var partition in new[] { 0, 1 })
            await table.AppendAsync(partition, [.. Enumerable.Repeat(record, 30).Select(r =>
                (ReadOnlyMemory<byte>)r)], None);
        await ExecuteAsync("insert into hub.log_position values ('postgres', 0, 30), ('postgres', 1, 12), ('other', 1, 30)");
        await using var claim = (await new ClaimStore(_database.Store).TryTakeAsync("log-cut", None))!;
        Assert.Equal(0, await table.CutAsync(TimeSpan.FromHours(1), 10, claim, None));
        await ExecuteAsync("update hub.record_log set appended_at = now() - interval '2 hours' where position < 20");
        var size = await CountAsync("select pg_total_relation_size('hub.record_log')");
        Assert.True(size > 60 * record.Length, $"{size}");

        var cuts = new List<int>();
        while (await table.CutAsync(TimeSpan.FromHours(1), 10, claim, None) is > 0 and var gone)
            cuts.Add(gone);
        Assert.All(cuts, gone => Assert.InRange(gone, 1, 10));
        Assert.Equal(20 + 12, cuts.Sum());
        Assert.Equal(10 + 18, await CountAsync("select count(*) from hub.record_log"));
        Assert.Equal(12, await CountAsync("select min(position) from hub.record_log where partition = 1"));

        await ExecuteAsync("update hub.log_position set next = 30");
        while (await table.CutAsync(TimeSpan.Zero, 10, claim, None) > 0)
            await Task.Yield();
        // What the server does of itself, by the table's own settings, within minutes.
        await ExecuteAsync("vacuum hub.record_log");
        Assert.True(await CountAsync("select pg_total_relation_size('hub.record_log')") < size / 10);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = _database.Store.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
