using Microsoft.Extensions.Logging;
using Npgsql;

namespace InfoHub.Storage;

/// <summary>
/// Changes of tables that others work with, by one host at a time. Each is a transaction of its own that waits for its
/// lock only briefly, because all who come behind it in the queue wait as well; then it lets go and tries again, ever
/// more seldom, and says so.
/// </summary>
internal sealed partial class SchemaChange : IAsyncDisposable
{
    private const long OneAtATime = 0x1F0_4B;
    private const string Concurrently = " concurrently ";
    private const string LockPatience = "300ms";

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(15);

    private readonly NpgsqlConnection _connection;
    private readonly ILogger _log;

    private SchemaChange(NpgsqlConnection connection, ILogger log) => (_connection, _log) = (connection, log);

    /// <summary>
    /// Waits until no other host changes the schema. The lock is asked for again and again, never waited for: a wait
    /// would be a snapshot that an index built meanwhile has to wait for in its turn.
    /// </summary>
    public static async Task<SchemaChange> AloneAsync(NpgsqlDataSource store, CancellationToken cancellation, ILogger log)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                await using var asking = new NpgsqlCommand($"select pg_try_advisory_lock({OneAtATime})", connection);
                if (await asking.ExecuteScalarAsync(cancellation) is true)
                    return new SchemaChange(connection, log);
                if (isFirst)
                    LogOther(log);
                await Task.Delay(PauseMin, cancellation);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes one change, however long others hold what it needs.</summary>
    public async Task RunAsync(string sql, CancellationToken cancellation)
    {
        for (var pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            try
            {
                await (sql.Contains(Concurrently, StringComparison.Ordinal)
                    ? ExecuteAsync($"set lock_timeout = 0", sql, cancellation)
                    : ExecuteInOneAsync(sql, cancellation));
                LogChanged(_log, FirstLine(sql));
                return;
            }
            catch (PostgresException busy) when (busy.SqlState
                is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                LogWaits(_log, FirstLine(sql), busy.MessageText, pause.TotalSeconds);
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private async Task ExecuteInOneAsync(string sql, CancellationToken cancellation)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync($"set local lock_timeout = '{LockPatience}'", sql, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task ExecuteAsync(string before, string sql, CancellationToken cancellation)
    {
        foreach (var statement in new[] { before, sql })
        {
            await using var command = new NpgsqlCommand(statement, _connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static string FirstLine(string sql) => sql.TrimStart().Split('\n')[0].Trim();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var unlock = new NpgsqlCommand($"select pg_advisory_unlock({OneAtATime})", _connection);
            await unlock.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The connection is broken, and the lock went with it.
        }
        await _connection.DisposeAsync();
    }

    [LoggerMessage(4001, LogLevel.Information, "Schema changed: {Change}")]
    private static partial void LogChanged(ILogger logger, string change);

    [LoggerMessage(4002, LogLevel.Warning,
        "The schema change \"{Change}\" waits for others ({Reason}) and is tried again in {Seconds} s")]
    private static partial void LogWaits(ILogger logger, string change, string reason, double seconds);

    [LoggerMessage(4003, LogLevel.Information, "Another host changes the schema and is waited for")]
    private static partial void LogOther(ILogger logger);
}
