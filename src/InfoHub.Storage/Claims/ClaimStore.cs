using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace InfoHub.Storage.Claims;

/// <summary>
/// Whoever began this work owns it no more: another host has taken it up, and all that it wrote stands.
/// </summary>
public sealed class ClaimLostException(string work) : Exception($"another host has taken up {work}");

/// <summary>
/// Work that several hosts can begin has one owner at a time: a row that says who, until when, and under which fence.
/// The owner moves the time on while it lives; when it does not, the claim is free within <see cref="Lease"/>. Every
/// taking has a higher fence, and a write is made only under the fence in force, so an owner that was stopped and wakes
/// writes nothing. The store's clock counts, no host's.
/// </summary>
public sealed class ClaimStore(NpgsqlDataSource store)
{
    /// <summary>How long a claim outlives the last sign of its owner.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    /// <summary>Machine, process and a few dice: for whoever looks at the table.</summary>
    private static readonly string Owner = string.Create(CultureInfo.InvariantCulture,
        $"{Environment.MachineName}/{Environment.ProcessId}/{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    /// <summary>Null while somebody else has the work, or while a write of the owner before is under way.</summary>
    public async Task<Claim?> TryTakeAsync(string work, CancellationToken cancellation)
    {
        await using var fresh = store.CreateCommand("""
            insert into hub.claim (work, fence, owner, until)
            values ($1, nextval('hub.claim_fence'), $2, clock_timestamp() + $3) on conflict (work) do nothing
            returning fence
            """);
        Add(fresh, work);
        if (await fresh.ExecuteScalarAsync(cancellation) is long first)
            return Begin(new Claim(store, work, first, isTakenOver: false));
        // Writers hold the row shared until they commit: who takes over comes after all that was written before.
        await using var over = store.CreateCommand("""
            with free as (select work from hub.claim where work = $1 and until < clock_timestamp()
                for update skip locked)
            update hub.claim c set fence = nextval('hub.claim_fence'), owner = $2, until = clock_timestamp() + $3
            from free where c.work = free.work returning fence
            """);
        Add(over, work);
        return await over.ExecuteScalarAsync(cancellation) is long fence
            ? Begin(new Claim(store, work, fence, isTakenOver: true)) : null;
    }

    private static void Add(NpgsqlCommand command, string work)
    {
        command.Parameters.AddWithValue(work);
        command.Parameters.AddWithValue(Owner);
        command.Parameters.AddWithValue(Lease);
    }

    private static Claim Begin(Claim claim)
    {
        claim.Keep(Lease, Renewal);
        return claim;
    }
}

/// <summary>
/// Work in hand. Disposed of before <see cref="DoneAsync"/> it is left begun, for whoever looks next.
/// </summary>
public sealed class Claim : IAsyncDisposable
{
    private readonly NpgsqlDataSource _store;
    private readonly long _fence;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _end = new();
    private Task _kept = Task.CompletedTask;
    private bool _isDone;

    internal Claim(NpgsqlDataSource store, string work, long fence, bool isTakenOver) =>
        (_store, Work, _fence, IsTakenOver) = (store, work, fence, isTakenOver);

    public string Work { get; }

    /// <summary>Somebody had begun it and did not end it.</summary>
    public bool IsTakenOver { get; }

    /// <summary>Cancelled when another host has the work.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>
    /// To be called first in a transaction that writes under the claim: from here to its end nobody can take it.
    /// </summary>
    /// <exception cref="ClaimLostException">Somebody has.</exception>
    public async Task HoldAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select 1 from hub.claim where work = $1 and fence = $2 for key share", connection);
        command.Parameters.AddWithValue(Work);
        command.Parameters.AddWithValue(_fence);
        if (await command.ExecuteScalarAsync(cancellation) is not null)
            return;
        await _lost.CancelAsync();
        throw new ClaimLostException(Work);
    }

    /// <summary>The work is done: nothing is left to take up.</summary>
    public async Task DoneAsync(CancellationToken cancellation)
    {
        await EndAsync("delete from hub.claim where work = $1 and fence = $2", cancellation);
        _isDone = true;
    }

    internal void Keep(TimeSpan lease, TimeSpan renewal) => _kept = Task.Run(() => KeepAsync(lease, renewal));

    private async Task KeepAsync(TimeSpan lease, TimeSpan renewal)
    {
        using var timer = new PeriodicTimer(renewal);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
                if (await RenewAsync(lease) == 0)
                {
                    await _lost.CancelAsync();
                    return;
                }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
    }

    /// <summary>A store that is away hears nobody: whoever comes back first goes on.</summary>
    private async Task<int> RenewAsync(TimeSpan lease)
    {
        try
        {
            await using var renew = _store.CreateCommand(
                "update hub.claim set until = clock_timestamp() + $3 where work = $1 and fence = $2");
            renew.Parameters.AddWithValue(Work);
            renew.Parameters.AddWithValue(_fence);
            renew.Parameters.AddWithValue(lease);
            return await renew.ExecuteNonQueryAsync(_end.Token);
        }
        catch (NpgsqlException)
        {
            return 1;
        }
    }

    private async Task EndAsync(string sql, CancellationToken cancellation)
    {
        await _end.CancelAsync();
        await _kept;
        await using var command = _store.CreateCommand(sql);
        command.Parameters.AddWithValue(Work);
        command.Parameters.AddWithValue(_fence);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [SuppressMessage("Design", "CA1031", Justification = "What cannot be let go of now is free when its time is up.")]
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isDone)
                await EndAsync("update hub.claim set until = '-infinity' where work = $1 and fence = $2",
                    CancellationToken.None);
        }
        catch (Exception)
        {
            await _end.CancelAsync();
            await _kept;
        }
        _end.Dispose();
        _lost.Dispose();
    }
}
