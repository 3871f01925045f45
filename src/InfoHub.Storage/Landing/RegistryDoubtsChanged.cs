using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>
/// Rejected rows of the tax bureau's own items keep whoever may be on them from being judged by their absence. When
/// such rows are
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
             (select 1 from hub.rejected_row r where r.submission = any($1) and r.item = any($2))) t
            """, "0"), submissions, RegistryDoubts.Items.ToArray());
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
