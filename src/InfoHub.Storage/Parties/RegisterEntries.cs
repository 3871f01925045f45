using InfoHub.Domain.Identity;
using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>What a search of the registers found.</summary>
/// <param name="IsCut">There may be more than could be looked at.</param>
public sealed record FoundEntries(IReadOnlyList<RegisterFace> Faces, bool IsCut);

/// <summary>
/// The registers as people search them, inside their branch. An entry is found by numbers that stand for pairs of its
/// characters, which an index holds; whoever asks looks at the texts himself.
/// </summary>
public sealed class RegisterEntries(NpgsqlDataSource store)
{
    /// <summary>Wordings that one search reads.</summary>
    public const int FacesMax = 200;

    /// <summary>Wordings that are looked through for the ones that are like a row.</summary>
    private const int LikeMax = 2_000;

    private const int FacesPerStep = 20_000;
    private const string TimeMax = "3s";
    private const string Cancelled = "57014";
    private const string Face = "f.party, f.name, f.person, f.address, f.region, f.codes";

    private const string Searched = """
        hub.register_search s join hub.register_face f on f.number = s.face and f.until is null
        """;

    /// <summary>Entries of a branch ("": the whole city) that have every one of the pairs.</summary>
    public async Task<FoundEntries> SearchAsync(string scope, int[] grams, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var limit = new NpgsqlCommand($"set local statement_timeout = '{TimeMax}'", connection);
        await limit.ExecuteNonQueryAsync(cancellation);
        await using var command = SearchCommand(scope, grams, connection);
        var faces = new List<RegisterFace>();
        try
        {
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
                faces.Add(Read(row));
        }
        catch (PostgresException slow) when (slow.SqlState == Cancelled && !cancellation.IsCancellationRequested)
        {
            // Asked for what nearly every entry has: nothing was found in time, but there is more.
            return new FoundEntries([], IsCut: true);
        }
        var isCut = faces.Count > FacesMax;
        return new FoundEntries(isCut ? faces[..FacesMax] : faces, isCut);
    }

    /// <summary>
    /// Entries of a branch that have most of the pairs; when there are not enough, those that stand next to a place
    /// in the register that tells nothing.
    /// </summary>
    public async Task<IReadOnlyList<PartyId>> NearAsync(
        string scope, int[] grams, IReadOnlyList<PartyId> except, int count, long place, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            with near as (select party, max(cardinality(array(select unnest(grams) intersect select unnest($2)))) as n
                from (select f.party, s.grams from {Searched} where s.grams && $2 and starts_with(f.region, $1)
                    limit {LikeMax}) x where not party = any($3) group by party order by n desc, party limit $4),
            after as (select distinct party from hub.register_face where until is null and starts_with(region, $1)
                and party >= $5 and not party = any($3) order by party limit $4 * 2),
            before as (select distinct party from hub.register_face where until is null and starts_with(region, $1)
                and party < $5 and not party = any($3) order by party limit $4 * 2)
            select party from (select party, min(o) as o from (select party, -n as o from near
                union all select party, 1 from after union all select party, 2 from before) x group by party) y
            order by o, party limit $4
            """);
        SubmissionStore.Add(command, scope, grams, except.Select(e => e.Value).ToArray(), count, place);
        var near = new List<PartyId>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            near.Add(new PartyId(row.GetInt64(0)));
        return near;
    }

    internal static NpgsqlCommand SearchCommand(string scope, int[] grams, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand($"""
            select {Face} from {Searched} where s.grams @> $1 and starts_with(f.region, $2) limit {FacesMax + 1}
            """, connection);
        SubmissionStore.Add(command, grams, scope);
        return command;
    }

    /// <summary>
    /// Lets the wordings of a version be found that the last one did not have, and no longer those that it had. The
    /// resolution lock is held.
    /// </summary>
    internal static async Task ShowAsync(NpgsqlConnection connection, long version, Func<RegisterFace, int[]> gramsOf,
        CancellationToken cancellation)
    {
        await using var gone = new NpgsqlCommand("""
            delete from hub.register_search s using hub.register_face f where f.number = s.face and f.until = $1
            """, connection);
        SubmissionStore.Add(gone, version);
        await gone.ExecuteNonQueryAsync(cancellation);
        while (await UnseenAsync(connection, cancellation) is { Length: > 0 } faces)
        {
            await using (var copy = await connection.BeginBinaryImportAsync(
                "copy hub.register_search (face, grams) from stdin (format binary)", cancellation))
            {
                foreach (var (number, face, isGone) in faces)
                {
                    if (isGone)
                        continue;
                    await copy.StartRowAsync(cancellation);
                    await copy.WriteAsync(number, cancellation);
                    await copy.WriteAsync(gramsOf(face), cancellation);
                }
                await copy.CompleteAsync(cancellation);
            }
            await using var done = new NpgsqlCommand("update hub.link_progress set searchable = $1", connection);
            SubmissionStore.Add(done, faces[^1].Number);
            await done.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static async Task<(long Number, RegisterFace Face, bool IsGone)[]> UnseenAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select {Face}, f.number, f.until is not null from hub.register_face f
            where f.number > (select searchable from hub.link_progress) order by f.number limit {FacesPerStep}
            """, connection);
        return await LinkTransaction.ReadAllAsync(command, row => (row.GetInt64(6), Read(row), row.GetBoolean(7)),
            cancellation);
    }

    private static RegisterFace Read(NpgsqlDataReader row) => new(new PartyId(row.GetInt64(0)), row.GetString(1),
        row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5));
}
