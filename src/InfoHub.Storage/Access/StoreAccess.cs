using System.Diagnostics;
using InfoHub.Storage.Parked;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InfoHub.Storage.Access;

/// <summary>
/// A store as its two kinds of callers reach it: who changes tables, and who works with rows. With one connection
/// string they are the same.
/// </summary>
public sealed partial class StoreAccess : IAsyncDisposable
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);

    private StoreAccess(NpgsqlDataSource worker, NpgsqlDataSource owner) => (Worker, Owner) = (worker, owner);

    public NpgsqlDataSource Worker { get; }

    public NpgsqlDataSource Owner { get; }

    /// <param name="worker">Connection string.</param>
    /// <param name="owner">Connection string; null: the worker owns the tables.</param>
    /// <exception cref="ArgumentException">One cannot be read.</exception>
    public static StoreAccess Of(string worker, string? owner)
    {
        var working = NpgsqlDataSource.Create(worker);
        return new StoreAccess(working, owner is null || owner == worker ? working : NpgsqlDataSource.Create(owner));
    }

    /// <summary>
    /// A connection string that names no secret is completed with those of the cluster in <paramref name="folder"/>
    /// (<c>DATA/postgres</c>) when it leads there: a second host of one machine needs no copy of them.
    /// </summary>
    /// <returns>The worker's, and the owner's where it is known.</returns>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static (string Worker, string? Owner) Complete(string connection, string folder)
    {
        var told = new NpgsqlConnectionStringBuilder(connection);
        var secrets = ClusterSecrets.In(folder);
        if (told.Password is not null || told.Passfile is not null || told.Host is not ("127.0.0.1" or "localhost")
            || told.Username != ClusterSecrets.Worker || !secrets.AreKept
            || EmbeddedPostgres.PortOf(Path.Combine(folder, "cluster")) != told.Port)
            return (connection, null);
        return (secrets.ConnectionString(ClusterSecrets.Worker, told.Port),
            secrets.ConnectionString(ClusterSecrets.Owner, told.Port));
    }

    /// <summary>Returns when both answer; a store that is on its way up is waited for.</summary>
    /// <param name="keys">The settings that the two connection strings come from.</param>
    /// <exception cref="ProblemException">IH-CFG-030: one does not answer in time, or lets nobody in.</exception>
    public async Task AnsweringAsync(
        (string Worker, string Owner) keys, TimeSpan most, ILogger log, CancellationToken cancellation)
    {
        await AnsweringAsync(Worker, keys.Worker, most, log, cancellation);
        if (!ReferenceEquals(Worker, Owner))
            await AnsweringAsync(Owner, keys.Owner, most, log, cancellation);
    }

    private static async Task AnsweringAsync(
        NpgsqlDataSource store, string key, TimeSpan most, ILogger log, CancellationToken cancellation)
    {
        for (var (began, isFirst) = (Stopwatch.GetTimestamp(), true); ; isFirst = false)
            try
            {
                await using var connection = await store.OpenConnectionAsync(cancellation);
                return;
            }
            catch (NpgsqlException away)
            {
                // Whoever answers and refuses will not think better of it.
                var isFinal = away is PostgresException && !Outage.IsOfStore(away);
                if (isFinal || Stopwatch.GetElapsedTime(began) >= most)
                    throw new ProblemException(new Problem(ProblemCatalogue.StoreAway, ("key", key),
                        ("what", AddressOf(store)), ("reason", Outage.ReasonOf(away))));
                if (isFirst)
                    LogWaits(log, AddressOf(store), Outage.ReasonOf(away), most.TotalSeconds);
                await Task.Delay(TryEvery, cancellation);
            }
    }

    private static string AddressOf(NpgsqlDataSource store)
    {
        var told = new NpgsqlConnectionStringBuilder(store.ConnectionString);
        return $"{told.Host}:{told.Port}/{told.Database}";
    }

    [LoggerMessage(4201, LogLevel.Warning,
        "The store {Address} does not answer and is waited for, up to {Seconds} s: {Reason}")]
    private static partial void LogWaits(ILogger log, string address, string reason, double seconds);

    /// <summary>
    /// Lets the worker at what the owner has made since. What it may use already is not touched.
    /// </summary>
    public async Task LetWorkerInAsync(CancellationToken cancellation)
    {
        if (ReferenceEquals(Worker, Owner))
            return;
        await using var asking = Worker.CreateCommand("select current_user::text");
        var worker = (string)(await asking.ExecuteScalarAsync(cancellation))!;
        await using var granting = Owner.CreateCommand(Grants);
        granting.Parameters.AddWithValue(worker);
        var grants = new List<string>();
        await using (var reader = await granting.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                grants.Add(reader.GetString(0));
        foreach (var grant in grants)
        {
            await using var command = Owner.CreateCommand(grant);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>One statement for each thing of the owner's that the worker ($1) may not use yet.</summary>
    private const string Grants = """
        select format('grant usage on schema %I to %I', n.nspname, $1) from pg_namespace n
        where n.nspname in ('hub', 'facts') and not has_schema_privilege($1, n.oid, 'usage')
        union all
        select format(case when c.relkind = 'S' then 'grant usage, select, update on sequence %I.%I to %I'
                else 'grant select, insert, update, delete on %I.%I to %I' end, n.nspname, c.relname, $1)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('hub', 'facts') and c.relkind in ('r', 'p', 'v', 'm', 'S')
            and not case when c.relkind = 'S' then has_sequence_privilege($1, c.oid, 'usage')
                else has_table_privilege($1, c.oid, 'delete') end
        union all
        select format('grant select on public.infohub_migration to %I', $1)
        where not has_table_privilege($1, 'public.infohub_migration', 'select')
        """;

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        if (!ReferenceEquals(Worker, Owner))
            await Owner.DisposeAsync();
    }
}
