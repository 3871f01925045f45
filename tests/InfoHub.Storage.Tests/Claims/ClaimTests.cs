using InfoHub.Storage.Claims;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Claims;

/// <summary>One owner at a time, and none that was taken over writes any more.</summary>
[Collection(ClusterTests.Name)]
public sealed class ClaimTests(Cluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly HubDatabase _database = new(cluster);

    private ClaimStore Claims => new(_database.Store);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Take_ManyHostsAtOnce_OneHasIt()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Claims.TryTakeAsync("work", None)));
        var claim = Assert.Single(taken, c => c is not null)!;
        Assert.False(claim.IsTakenOver);
        await claim.DoneAsync(None);
        await using var next = await Claims.TryTakeAsync("work", None);
        Assert.False(next!.IsTakenOver);
    }

    [Fact]
    public async Task Take_LeftBegun_IsFreeAtOnceAndKnownToBeBegun()
    {
        await (await Claims.TryTakeAsync("work", None))!.DisposeAsync();
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Claims.TryTakeAsync("work", None)));
        await using var claim = Assert.Single(taken, c => c is not null)!;
        Assert.True(claim.IsTakenOver);
    }

    /// <summary>
    /// A living owner keeps it for longer than a lease; one that gives no sign is followed within one.
    /// </summary>
    [Fact]
    public async Task Lease_OfALivingOwner_GoesOn_OfADeadOne_Ends()
    {
        await using var claim = (await Claims.TryTakeAsync("work", None))!;
        await Task.Delay(ClaimStore.Lease + TimeSpan.FromSeconds(1));
        Assert.Null(await Claims.TryTakeAsync("work", None));
        Assert.False(claim.Lost.IsCancellationRequested);
        await using (var dead = _database.Store.CreateCommand("""
            insert into hub.claim values ('other', nextval('hub.claim_fence'), 'dead', clock_timestamp() + interval '1 s')
            """))
            await dead.ExecuteNonQueryAsync();
        Assert.Null(await Claims.TryTakeAsync("other", None));
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await using var followed = await Claims.TryTakeAsync("other", None);
        Assert.NotNull(followed);
    }

    [Fact]
    public async Task Hold_WhileAWriteIsUnderWay_NobodyTakesOver_AndAfterwardsTheOldOwnerIsRefused()
    {
        await using var first = (await Claims.TryTakeAsync("work", None))!;
        await using (var connection = await _database.Store.OpenConnectionAsync())
        {
            await using var writing = await connection.BeginTransactionAsync();
            await first.HoldAsync(connection, None);
            await using var expire = _database.Store.CreateCommand("update hub.claim set until = '-infinity'");
            await expire.ExecuteNonQueryAsync();
            Assert.Null(await Claims.TryTakeAsync("work", None));
            await writing.CommitAsync();
        }
        // The owner's own renewal may have come in between; it is only as late as that.
        await using (var expire = _database.Store.CreateCommand("update hub.claim set until = '-infinity'"))
            await expire.ExecuteNonQueryAsync();
        await using var second = await Claims.TryTakeAsync("work", None);
        Assert.NotNull(second);
        await using var late = await _database.Store.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await Assert.ThrowsAsync<ClaimLostException>(() => first.HoldAsync(late, None));
        // Ending late changes nothing of what the other has.
        await first.DoneAsync(None);
        await second.HoldAsync(late, None);
    }
}
