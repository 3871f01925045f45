using InfoHub.Storage.Parties;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>
/// Rejected rows of the tax register keep whoever may be on them from being called unregistered. When such rows are
/// mended,
/// replaced or taken back the doubt is over, and it was about names: every party is judged again. It happens rarely.
/// </summary>
internal static class RegistryDoubtsChanged
{
    public static async Task TouchAsync(NpgsqlConnection connection, long[] submissions, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand("""
            (select p.id as party from hub.party p where p.merged_into is null and exists
             (select 1 from hub.rejected_row r where r.submission = any($1) and r.item = 'SW-01')) t
            """, "0"), submissions);
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
