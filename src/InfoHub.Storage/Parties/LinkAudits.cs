using InfoHub.Domain.Identity;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>A sampled row that waits for an officer's blind verdict.</summary>
public sealed record AuditItem(long Number, long Row, string Item, string Name, string Address);

/// <summary>
/// What the blind verdicts say of one band: of all rows, of those of one department, or of one branch.
/// </summary>
/// <param name="Department">"" unless it is told of one.</param>
/// <param name="Branch">"" unless it is told of one.</param>
/// <param name="Band">See <see cref="LinkAudits.Bands"/>.</param>
/// <param name="Drawn">Rows in the sample.</param>
/// <param name="Judged">Rows that somebody could tell.</param>
/// <param name="Errors">
/// Judged rows where the verdict is against the decision: a link to another than was found, an ambiguity or a link of
/// what the register does not have, a "none" that somebody found; of a review: where the most probable entry is not the
/// right one.
/// </param>
/// <param name="Unsure">Rows that nobody could tell.</param>
/// <param name="BothRight">Rows of two readers who both found the decision right; and so on.</param>
public sealed record AuditBand(
    string Department, string Branch, int Band, int Drawn, int Judged, int Errors, int Unsure, int BothRight,
    int FirstRight, int SecondRight, int BothWrong);

/// <summary>Open rows of a department and branch that were decided so: what a sample stands for.</summary>
public sealed record AuditStratum(string Department, string Branch, int Band, long Rows);

/// <summary>Blind verdicts by the probability that the entry shown is the right one.</summary>
public sealed record AuditBin(float From, float To, int Count, int Right);

/// <summary>
/// Draws samples of decisions, puts them before officers without the decision, and counts what they say. Whoever is
/// asked searches the register himself, so that what was never compared can be found to be wrong.
/// </summary>
public sealed class LinkAudits(NpgsqlDataSource store, TemplateRegistry templates, TimeProvider clock)
{
    public const int BandMax = 500;

    /// <summary>Of "none", rows that nothing was compared with; the others are numbered as outcomes are.</summary>
    public const int NothingCompared = 5;

    /// <summary>Strata of the sample, in order: link, ambiguous, review, none, none of what was not compared.</summary>
    public static readonly IReadOnlyList<int> Bands = [1, 2, 3, 4, NothingCompared];

    private static readonly float[] Bins = [0, 0.1f, 0.3f, 0.5f, 0.7f, 0.9f, 0.99f, 1.01f];

    /// <summary>
    /// Draws up to <paramref name="perBand"/> rows of each band in a branch. The same seed draws the same rows; a row
    /// is drawn once per model. Their numbers tell nothing of their bands.
    /// </summary>
    public async Task<int?> DrawAsync(string scope, int seed, int perBand, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // It ranks rows that linking may have in hand.
        if (!await ResolutionStore.TryLockAsync(connection, cancellation))
            return null;
        await using var command = new NpgsqlCommand("""
            with drawn as (select o.*, e.best, md5($2::text || o.identity::text || o.item) as lot, row_number() over (
                    partition by o.stratum order by md5($2::text || o.identity::text || o.item)) as n
                from hub.open_row o
                cross join lateral (select o.explanation->'candidates'->0 as best) e
                where o.stratum = any($4) and starts_with(o.branch, $1) and o.ruled_party is null
                and o.ruled_nobody is null and not exists (select 1 from hub.link_audit a
                    where a.identity = o.identity and a.item = o.item and a.model = o.model))
            select identity, item, stratum, entry, probability, model, branch, best->>'entry',
                (best->>'probability')::real from drawn where n <= $3 order by lot
            """, connection);
        SubmissionStore.Add(command, scope, seed, (long)Math.Clamp(perBand, 1, BandMax),
            Bands.Select(b => (short)b).ToArray());
        var sample = new List<Drawn>();
        await using (var row = await command.ExecuteReaderAsync(cancellation))
            while (await row.ReadAsync(cancellation))
                sample.Add(Read(row));
        await InsertAsync(connection, sample, seed, cancellation);
        // So that two officers are asked where much hangs on a decision that turns out disputed.
        await interest.RankAsync(connection, templates.All.Select(t => t.Template),
            sample.Select(s => (s.Item, s.Identity)), cancellation);
        await transaction.CommitAsync(cancellation);
        return sample.Count;
    }

    /// <summary>
    /// Samples that the officer has not judged, nor seen and ruled on, at most <paramref name="most"/>, in an order
    /// that tells nothing.
    /// </summary>
    public async Task<IReadOnlyList<AuditItem>> PendingAsync(string scope, string officer, int most,
        CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select a.number, o.number, o.item, o.name, o.address from hub.link_audit a
            join hub.open_row o on o.identity = a.identity and o.item = a.item and starts_with(o.branch, $1)
            where not exists (select 1 from hub.link_ruling r where r.audit = a.number and r.officer = $2)
            and not exists (select 1 from hub.link_ruling r where r.identity = a.identity and r.item = a.item
                and r.audit is null and r.officer = $2)
            and (select count(distinct r.officer) from hub.link_ruling r where r.audit = a.number) < 2
            order by md5(a.number::text || $2) limit $3
            """);
        SubmissionStore.Add(command, scope, officer, most);
        var items = new List<AuditItem>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            items.Add(new AuditItem(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3),
                row.GetString(4)));
        return items;
    }

    /// <summary>
    /// The entry a sample is about; <c>default</c> when nothing was compared, null when the sample is not of that row.
    /// </summary>
    public async Task<PartyId?> ShownAsync(long audit, long row, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select a.party from hub.link_audit a join hub.open_row o on o.identity = a.identity and o.item = a.item
            where a.number = $1 and o.number = $2
            """);
        SubmissionStore.Add(command, audit, row);
        return await command.ExecuteScalarAsync(cancellation) is long party ? new PartyId(party) : null;
    }

    /// <summary>Of the whole city, of each of its departments, and of each branch inside the scope.</summary>
    public async Task<IReadOnlyList<AuditBand>> BandsAsync(string scope, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            with judged as ({Judged})
            select coalesce(split_part(item, '-', 1), ''), coalesce(branch, ''), band, count(*)::int,
                count(first_wrong)::int, count(*) filter (where first_wrong)::int,
                count(*) filter (where first = 3)::int,
                count(*) filter (where not first_wrong and not second_wrong)::int,
                count(*) filter (where not first_wrong and second_wrong)::int,
                count(*) filter (where first_wrong and not second_wrong)::int,
                count(*) filter (where first_wrong and second_wrong)::int
            from judged group by grouping sets ((band), (split_part(item, '-', 1), band), (branch, band))
            having grouping(branch) = 1 or (branch <> '' and starts_with(branch, $1)) order by 1, 2, 3
            """);
        SubmissionStore.Add(command, scope);
        var bands = new List<AuditBand>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            bands.Add(new AuditBand(row.GetString(0), row.GetString(1), row.GetInt16(2), row.GetInt32(3),
                row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8), row.GetInt32(9),
                row.GetInt32(10)));
        return bands;
    }

    /// <summary>How often the most probable entry was the right one, by what the model said of it.</summary>
    /// <param name="department">Of the rows; "" is any.</param>
    public async Task<IReadOnlyList<AuditBin>> CalibrationAsync(string department, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            with judged as ({Judged})
            select width_bucket(probability, $1) as bin, count(*)::int,
                count(*) filter (where first = 1 and first_party = shown)::int
            from judged where first in (1, 2, 4) and shown <> 0 and starts_with(item, $2) group by bin order by bin
            """);
        SubmissionStore.Add(command, Bins, department.Length == 0 ? "" : $"{department}-");
        var bins = new List<AuditBin>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            bins.Add(new AuditBin(Bins[row.GetInt32(0) - 1], Math.Min(1, Bins[row.GetInt32(0)]), row.GetInt32(1),
                row.GetInt32(2)));
        return bins;
    }

    /// <summary>How many open rows there are of each band: where the work of deciding stands.</summary>
    public async Task<IReadOnlyList<AuditStratum>> StrataAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select split_part(item, '-', 1), branch, stratum, count(*) from hub.open_row where outcome > 0
            group by 1, 2, 3 order by 1, 2, 3
            """);
        var strata = new List<AuditStratum>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            strata.Add(new AuditStratum(row.GetString(0), row.GetString(1), row.GetInt16(2), row.GetInt64(3)));
        return strata;
    }

    /// <summary>
    /// Every sample with the first verdicts of the first two officers, and whether these are against the decision;
    /// null of who could not tell.
    /// </summary>
    internal static readonly string Judged = $"""
        select j.*, {IsWrong("band", "shown", "first", "first_party")} as first_wrong,
            {IsWrong("band", "shown", "second", "second_party")} as second_wrong
        from (select a.number, a.identity, a.item, {Merged("a.party")} as shown, a.band, a.branch, a.probability,
                v.verdicts[1] as first, v.parties[1] as first_party, v.verdicts[2] as second,
                v.parties[2] as second_party
            from hub.link_audit a left join lateral (select array_agg(x.verdict order by x.number) as verdicts,
                    array_agg(x.party order by x.number) as parties
                from (select distinct on (r.officer) r.officer, r.verdict, {Merged("r.party")} as party, r.number
                    from hub.link_ruling r where r.audit = a.number order by r.officer, r.number) x) v on true) j
        """;

    /// <summary>Who was put together with another since is that other.</summary>
    internal static string Merged(string party) =>
        $"coalesce((select m.merged_into from hub.party m where m.id = {party}), {party})";

    /// <summary>
    /// Whether a verdict is against a decision. "Different" is of samples that showed one entry and no register.
    /// </summary>
    internal static string IsWrong(string band, string shown, string verdict, string found) => $"""
        case {verdict} when 1 then {band} in (4, 5) or ({band} in (1, 3) and {shown} <> {found})
            when 2 then {band} in (1, 3) when 4 then {band} in (1, 2, 3) end
        """;

    private static Drawn Read(NpgsqlDataReader row)
    {
        var best = !row.IsDBNull(7) && PartyId.TryParse(row.GetString(7), out var candidate) ? candidate.Value : 0;
        return new Drawn(row.GetGuid(0), row.GetString(1), row.GetInt16(2), row.IsDBNull(3) ? best : row.GetInt64(3),
            !row.IsDBNull(3) ? row.GetFloat(4) : best != 0 ? row.GetFloat(8) : 0, row.GetString(5), row.GetString(6));
    }

    private async Task InsertAsync(NpgsqlConnection connection, List<Drawn> sample, int seed,
        CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand("""
            insert into hub.link_audit (identity, item, band, party, probability, model, branch, seed, drawn_at)
            select i, t, b, p, q, m, r, $8, $9 from unnest($1, $2, $3, $4, $5, $6, $7)
                with ordinality as x(i, t, b, p, q, m, r, n) order by n
            """, connection);
        SubmissionStore.Add(insert, sample.Select(s => s.Identity).ToArray(), sample.Select(s => s.Item).ToArray(),
            sample.Select(s => s.Band).ToArray(), sample.Select(s => s.Party).ToArray(),
            sample.Select(s => s.Probability).ToArray(), sample.Select(s => s.Model).ToArray(),
            sample.Select(s => s.Branch).ToArray(), seed, clock.GetUtcNow());
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Drawn(
        Guid Identity, string Item, short Band, long Party, float Probability, string Model, string Branch);
}
