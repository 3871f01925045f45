using InfoHub.Domain.Identity;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>A sampled row that waits for an officer's blind verdict.</summary>
public sealed record AuditItem(long Number, long Row, string Item, string Name, string Address);

/// <summary>What the blind verdicts say of one band.</summary>
/// <param name="Band">Outcome of the decision: 1 link, 3 review, 4 none.</param>
/// <param name="Drawn">Rows in the sample.</param>
/// <param name="Judged">Rows that somebody could tell.</param>
/// <param name="Errors">
/// Judged rows where the verdict is against the decision; of a review: where the entry that was shown is not the
/// right one.
/// </param>
/// <param name="Unsure">Rows that nobody could tell.</param>
/// <param name="BothSame">Rows of two readers who both said "same"; and so on.</param>
public sealed record AuditBand(
    int Band, int Drawn, int Judged, int Errors, int Unsure, int BothSame, int FirstSame, int SecondSame,
        int BothDifferent);

/// <summary>Blind verdicts by the probability that the entry shown is the right one.</summary>
public sealed record AuditBin(float From, float To, int Count, int Right);

/// <summary>
/// Draws samples of decisions, puts them before officers without the decision, and counts what they say.
/// </summary>
public sealed class LinkAudits(NpgsqlDataSource store, TemplateRegistry templates, TimeProvider clock)
{
    public const int BandMax = 500;

    private static readonly float[] Bins = [0, 0.1f, 0.3f, 0.5f, 0.7f, 0.9f, 0.99f, 1.01f];

    /// <summary>
    /// Draws up to <paramref name="perBand"/> rows of each band in a branch. The same seed draws the same rows; a row
    /// is drawn once per model. Rows that nothing was compared with cannot be shown and are not drawn.
    /// </summary>
    public async Task<int> DrawAsync(string scope, int seed, int perBand, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var drawn = new List<(string Item, Guid Identity)>();
        foreach (var band in new[] { 1, 3, 4 })
            drawn.AddRange(await DrawBandAsync(connection, scope, seed, band, Math.Clamp(perBand, 1, BandMax),
                cancellation));
        // So that two officers are asked where much hangs on a decision that turns out disputed.
        await interest.RankAsync(connection, templates.All.Select(t => t.Template), drawn, cancellation);
        await transaction.CommitAsync(cancellation);
        return drawn.Count;
    }

    /// <summary>Samples that the officer has not judged, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<AuditItem>> PendingAsync(string scope, string officer, int most,
        CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select a.number, o.number, o.item, o.name, o.address from hub.link_audit a
            join hub.open_row o on o.identity = a.identity and o.item = a.item and starts_with(o.branch, $1)
            where not exists (select 1 from hub.link_ruling r where r.audit = a.number and r.officer = $2)
            and (select count(*) from hub.link_ruling r where r.audit = a.number) < 2
            order by a.number limit $3
            """);
        SubmissionStore.Add(command, scope, officer, most);
        var items = new List<AuditItem>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            items.Add(new AuditItem(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3),
                row.GetString(4)));
        return items;
    }

    /// <summary>The entry a sample shows; null when the sample is not of that row.</summary>
    public async Task<PartyId?> ShownAsync(long audit, long row, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select a.party from hub.link_audit a join hub.open_row o on o.identity = a.identity and o.item = a.item
            where a.number = $1 and o.number = $2
            """);
        SubmissionStore.Add(command, audit, row);
        return await command.ExecuteScalarAsync(cancellation) is long party ? new PartyId(party) : null;
    }

    public async Task<IReadOnlyList<AuditBand>> BandsAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            with judged as ({Judged})
            select band, count(*)::int, count(*) filter (where first in (1, 2))::int,
                count(*) filter (where (band in (1, 3) and first = 2) or (band = 4 and first = 1))::int,
                count(*) filter (where first = 3)::int, count(*) filter (where first = 1 and second = 1)::int,
                count(*) filter (where first = 1 and second = 2)::int, count(*) filter (where first = 2 and second =
                    1)::int,
                count(*) filter (where first = 2 and second = 2)::int
            from judged group by band order by band
            """);
        var bands = new List<AuditBand>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            bands.Add(new AuditBand(row.GetInt16(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3),
                row.GetInt32(4), row.GetInt32(5),
                row.GetInt32(6), row.GetInt32(7), row.GetInt32(8)));
        return bands;
    }

    /// <summary>How often the entry shown was the right one, by what the model said of it.</summary>
    /// <param name="department">Of the rows; "" is any.</param>
    public async Task<IReadOnlyList<AuditBin>> CalibrationAsync(string department, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            with judged as ({Judged})
            select width_bucket(probability, $1) as bin, count(*)::int, count(*) filter (where first = 1)::int
            from judged where first in (1, 2) and starts_with(item, $2) group by bin order by bin
            """);
        SubmissionStore.Add(command, Bins, department.Length == 0 ? "" : $"{department}-");
        var bins = new List<AuditBin>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            bins.Add(new AuditBin(Bins[row.GetInt32(0) - 1], Math.Min(1, Bins[row.GetInt32(0)]), row.GetInt32(1),
                row.GetInt32(2)));
        return bins;
    }

    /// <summary>Open rows by outcome, in a branch: where the work of deciding stands.</summary>
    public async Task<IReadOnlyDictionary<int, long>> OutcomesAsync(string scope, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select outcome, count(*) from hub.open_row where outcome > 0 and starts_with(branch, $1) group by outcome
                order by outcome
            """);
        SubmissionStore.Add(command, scope);
        var outcomes = new SortedDictionary<int, long>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            outcomes[row.GetInt16(0)] = row.GetInt64(1);
        return outcomes;
    }

    /// <summary>Every sample with the first verdicts of the first two officers.</summary>
    internal const string Judged = """
        select a.number, a.identity, a.item, a.party as shown, a.band, a.probability, v.verdicts[1] as first,
            v.verdicts[2] as second
        from hub.link_audit a left join lateral (
            select array_agg(x.verdict order by x.number) as verdicts from (select distinct on (r.officer) r.officer,
                r.verdict, r.number
                from hub.link_ruling r where r.audit = a.number order by r.officer, r.number) x) v on true
        """;

    private async Task<List<(string Item, Guid Identity)>> DrawBandAsync(
        NpgsqlConnection connection, string scope, int seed, int band, int most, CancellationToken cancellation)
    {
        var sample = new List<(Guid Identity, string Item, long Party, float Probability, string Model)>();
        await using (var command = new NpgsqlCommand("""
            select o.identity, o.item, o.entry, o.probability, o.model, o.explanation->'candidates'->0->>'entry',
                (o.explanation->'candidates'->0->>'probability')::real
            from hub.open_row o where o.outcome = $1 and starts_with(o.branch, $2) and o.ruled_party is null
            and (o.entry is not null or jsonb_array_length(o.explanation->'candidates') > 0)
            and not exists (select 1 from hub.link_audit a where a.identity = o.identity and a.item = o.item and
                a.model = o.model)
            order by md5($3::text || o.identity::text || o.item) limit $4
            """, connection))
        {
            SubmissionStore.Add(command, (short)band, scope, seed, most);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                var party = row.IsDBNull(2) ? PartyId.TryParse(row.GetString(5),
                    out var best) ? best.Value : 0 : row.GetInt64(2);
                sample.Add((row.GetGuid(0), row.GetString(1), party,
                    row.IsDBNull(2) ? row.GetFloat(6) : row.GetFloat(3), row.GetString(4)));
            }
        }
        await using var insert = new NpgsqlCommand("""
            insert into hub.link_audit (identity, item, band, party, probability, model, seed, drawn_at)
            select i, t, $6, p, q, m, $7, $8 from unnest($1, $2, $3, $4, $5) as x(i, t, p, q, m)
            """, connection);
        SubmissionStore.Add(insert, sample.Select(s => s.Identity).ToArray(), sample.Select(s => s.Item).ToArray(),
            sample.Select(s => s.Party).ToArray(), sample.Select(s => s.Probability).ToArray(),
                sample.Select(s => s.Model).ToArray(),
            (short)band, seed, clock.GetUtcNow());
        await insert.ExecuteNonQueryAsync(cancellation);
        return sample.ConvertAll(s => (s.Item, s.Identity));
    }
}
