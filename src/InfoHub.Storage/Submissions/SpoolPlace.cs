using Npgsql;

namespace InfoHub.Storage.Submissions;

/// <summary>The spool that holds what departments have uploaded to this hub.</summary>
/// <param name="Id">Lies in the spool itself.</param>
/// <param name="Place">Host and folder, for people.</param>
/// <param name="IsInUse">A host has used it within the last seconds.</param>
/// <param name="FilesDue">Received files that lie there and have not been checked.</param>
public sealed record SpoolPlace(Guid Id, string Place, bool IsInUse, long FilesDue);

/// <summary>
/// Which spool it is: hosts that take uploads share one, and none takes up files that it does not have.
/// </summary>
public sealed class SpoolPlaces(NpgsqlDataSource store)
{
    /// <summary>How often a host says that it uses the spool.</summary>
    public static readonly TimeSpan Sign = TimeSpan.FromSeconds(4);

    /// <summary>Null while no host has taken uploads.</summary>
    public async Task<SpoolPlace?> FindAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select id, place, used_at > clock_timestamp() - $1,
                (select count(*) from hub.submission where state in (3, 4) and format <> 3) from hub.spool
            """);
        command.Parameters.AddWithValue(3 * Sign);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new SpoolPlace(reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2), reader.GetInt64(3)) : null;
    }

    /// <summary>From now on the hub's spool is this one.</summary>
    public Task TakeAsync(Guid id, string place, CancellationToken cancellation) => RunAsync("""
        insert into hub.spool (id, place, used_at) values ($1, $2, clock_timestamp()) on conflict (only_one) do update
        set id = excluded.id, place = excluded.place, used_at = excluded.used_at
        """, [id, place], cancellation);

    public Task UsedAsync(Guid id, CancellationToken cancellation) =>
        RunAsync("update hub.spool set used_at = clock_timestamp() where id = $1", [id], cancellation);

    private async Task RunAsync(string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(sql);
        SubmissionStore.Add(command, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
