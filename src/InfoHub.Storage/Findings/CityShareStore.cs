using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>
/// The city's median 医保占比 by type and year, made of what evaluation said of each provider. It is made when nobody waits
/// for evaluation; where it has changed, whoever it is used on is judged again, so that at rest every finding was made
/// with the same figure, whatever came first.
/// </summary>
internal static class CityShareStore
{
    /// <summary>Any fixed number: hosts make the figure one after the other.</summary>
    private const long Turn = 0x5348_4152;

    /// <summary>What is known of the parties now takes the place of what was.</summary>
    public static void Add(NpgsqlBatch batch, long[] parties, IReadOnlyCollection<(long Party,
        ProviderShare Share)> told)
    {
        ResolutionTransaction.Add(batch, """
            with gone as (delete from hub.provider_share where party = any($1) returning party)
            insert into hub.provider_share_due select party from gone limit 1
            """, parties);
        if (told.Count == 0)
            return;
        ResolutionTransaction.Add(batch, "insert into hub.provider_share select * from unnest($1, $2, $3, $4)",
            told.Select(t => t.Party).ToArray(), told.Select(t => t.Share.ProviderType).ToArray(),
            told.Select(t => t.Share.Year).ToArray(), told.Select(t => t.Share.Share).ToArray());
        ResolutionTransaction.Add(batch, "insert into hub.provider_share_due values ($1)", told.First().Party);
    }

    public static async Task<CityShares> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select provider_type, year, members, median from hub.city_share",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var shares = new List<CityShare>();
        while (await reader.ReadAsync(cancellation))
            shares.Add(new CityShare(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2),
                reader.GetDecimal(3)));
        return new CityShares(shares);
    }

    /// <summary>False when nothing has changed that it is made of.</summary>
    /// <param name="membersMin">With fewer members a median is used on nobody.</param>
    public static async Task<bool> RefreshAsync(NpgsqlDataSource store, int membersMin, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var turn = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection))
        {
            SubmissionStore.Add(turn, Turn);
            await turn.ExecuteNonQueryAsync(cancellation);
        }
        await using (var due = new NpgsqlCommand("delete from hub.provider_share_due", connection))
            if (await due.ExecuteNonQueryAsync(cancellation) == 0)
                return false;
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, """
            with changed as (
                select coalesce(n.provider_type, o.provider_type) as provider_type, coalesce(n.year, o.year) as year
                from hub.city_share_now n
                    full join hub.city_share o on o.provider_type = n.provider_type and o.year = n.year
                where (n.members, n.median) is distinct from (o.members, o.median)
                and greatest(n.members, o.members) >= $1)
            insert into hub.touched (party, version, submission, by_branch)
            select distinct s.party, 1::bigint, 0::bigint, true from changed join hub.provider_share s using (provider_type, year)
            order by s.party
            on conflict (party) do update set version = touched.version + 1, submission = 0
            """, membersMin);
        ResolutionTransaction.Add(batch, "delete from hub.city_share");
        ResolutionTransaction.Add(batch, "insert into hub.city_share select * from hub.city_share_now");
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
