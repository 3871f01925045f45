using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace InfoHub.Storage.Access;

/// <summary>A console session that is in force.</summary>
public sealed record ConsoleSession(string Consumer, string Region, DateTimeOffset Started, DateTimeOffset Expires);

/// <summary>
/// The sessions of the console, on whichever host they were begun: signing out ends one everywhere. Only the hash of a
/// key is stored, so whoever reads the table cannot take a session over.
/// </summary>
public sealed class ConsoleSessions(NpgsqlDataSource store, TimeProvider clock)
{
    private const int KeyBytes = 32;

    /// <summary>Begins a session and returns its key. Sessions that have ended are forgotten on the way.</summary>
    public async Task<string> BeginAsync(string consumer, string region, DateTimeOffset expires, CancellationToken cancellation)
    {
        var (key, now) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)), clock.GetUtcNow());
        await using var batch = store.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from hub.console_session where expires <= $1")
        {
            Parameters = { new() { Value = now } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            insert into hub.console_session (key_hash, consumer, region, started, expires) values ($1, $2, $3, $4, $5)
            """)
        {
            Parameters =
            {
                new() { Value = HashOf(key) }, new() { Value = consumer }, new() { Value = region },
                new() { Value = now }, new() { Value = expires },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
        return key;
    }

    /// <summary>Null when the session has ended, has expired, or never was.</summary>
    public async Task<ConsoleSession?> FindAsync(string key, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select consumer, region, started, expires from hub.console_session where key_hash = $1 and expires > $2
            """);
        command.Parameters.AddWithValue(HashOf(key));
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new ConsoleSession(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetFieldValue<DateTimeOffset>(3))
            : null;
    }

    /// <summary>Moves the end of a session, never past <paramref name="lifeMax"/> from its beginning.</summary>
    public async Task ExtendAsync(string key, DateTimeOffset expires, TimeSpan lifeMax, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            update hub.console_session set expires = least($2, started + $3) where key_hash = $1
            """);
        command.Parameters.AddWithValue(HashOf(key));
        command.Parameters.AddWithValue(expires);
        command.Parameters.AddWithValue(lifeMax);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task EndAsync(string key, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("delete from hub.console_session where key_hash = $1");
        command.Parameters.AddWithValue(HashOf(key));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
