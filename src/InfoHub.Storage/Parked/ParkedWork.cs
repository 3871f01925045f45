using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Parked;

/// <summary>Something that a fault of ours kept from being worked.</summary>
/// <param name="Kind">record, submission, row or party.</param>
/// <param name="What">The submission's number, the row's identity, or the party and the model that failed.</param>
public sealed record ParkedItem(string Kind, string What, string Reason, DateTimeOffset At, bool IsToBeTried);

/// <summary>How much is set aside.</summary>
public sealed record ParkedCounts(long Records, long Submissions, long Rows, long Parties)
{
    public static readonly ParkedCounts None = new(0, 0, 0, 0);

    public long All => Records + Submissions + Rows + Parties;

    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"records {Records}, submissions {Submissions}, rows {Rows}, parties {Parties}");
}

/// <summary>A stage that fails on something that could not be set aside.</summary>
public sealed record StageFault(string Stage, int Tries, string Reason, DateTimeOffset Since);

/// <summary>
/// What is set aside for a fault of ours, and which stages are stuck. The stages park in the transaction that lets them
/// go on; here it is looked at, and marked to be tried again. The mark is all: the hub that runs, or the next one,
/// does the work, and what fails again is parked again.
/// </summary>
public sealed class ParkedWork(NpgsqlDataSource store, TimeProvider clock)
{
    /// <summary>So many failures in a row, and a stage is called stuck.</summary>
    public const int TriesMax = 5;

    /// <summary>Records that keep a submission from being whole; one that became so by another way needs none of
    /// them.</summary>
    private const string OpenRecords = """
        hub.parked_record r left join hub.submission s on s.id = r.submission where s.id is null and (r.partitions is
            null or r.submission is not null or exists (select 1 from hub.submission u where u.state in (3, 4, 6)
            and u.id % r.partitions = r.partition)) or s.state in (3, 4, 6)
        """;

    private const string Counts = $"""
        select array[(select count(*) from {OpenRecords}), (select count(*) from hub.parked_submission),
            (select count(*) from hub.parked_row), (select count(*) from hub.parked_party)]
        """;

    public async Task<ParkedCounts> CountAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(Counts);
        return await command.ExecuteScalarAsync(cancellation) is long[] counts
            ? new ParkedCounts(counts[0], counts[1], counts[2], counts[3]) : ParkedCounts.None;
    }

    /// <summary>At most <paramref name="most"/>, the oldest first.</summary>
    public async Task<IReadOnlyList<ParkedItem>> ListAsync(int most, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            select kind, what, party, reason, parked_at, retry from (
                select 'record' as kind, coalesce(s.ref, r.submission::text, '?') || ' ' || r.log || ' ' || r.partition
                    || ':' || r.position as what, null::bigint as party, reason, parked_at, retry from {OpenRecords}
                union all select 'submission', s.ref, null, reason, parked_at, retry
                    from hub.parked_submission p join hub.submission s on s.id = p.submission
                union all select 'row', p.item || ' ' || p.identity, null, reason, parked_at, o.waiting
                    from hub.parked_row p join hub.open_row o using (identity, item)
                union all select 'party', p.model, p.party, reason, parked_at, t.party is not null
                    from hub.parked_party p left join hub.touched t using (party)) parked
            order by parked_at, kind, what, party limit {most}
            """);
        var parked = new List<ParkedItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var what = reader.GetString(1);
            if (!reader.IsDBNull(2))
                what = $"{new PartyId(reader.GetInt64(2))} {what}".TrimEnd();
            parked.Add(new ParkedItem(reader.GetString(0), what, reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4), reader.GetBoolean(5)));
        }
        return parked;
    }

    /// <summary>Marks everything to be tried again, and returns how much that is.</summary>
    public async Task<ParkedCounts> RetryAsync(CancellationToken cancellation)
    {
        var counts = await CountAsync(cancellation);
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, "update hub.parked_record set retry = true where not retry");
        ResolutionTransaction.Add(batch, "update hub.parked_submission set retry = true where not retry");
        ResolutionTransaction.Add(batch, """
            update hub.open_row o set waiting = true from hub.parked_row p
            where o.identity = p.identity and o.item = p.item and not o.waiting
            """);
        ResolutionTransaction.Add(batch,
            ResolutionTransaction.TouchCommand("(select distinct party from hub.parked_party) t", "0"));
        await batch.ExecuteNonQueryAsync(cancellation);
        return counts;
    }

    /// <summary>Sets a stored submission aside that cannot be resolved, unless another host has resolved it.</summary>
    public async Task ParkSubmissionAsync(long submission, string reason, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            insert into hub.parked_submission select id, $2, $3 from hub.submission where id = $1 and not resolved
            for update on conflict (submission) do update
            set reason = excluded.reason, parked_at = excluded.parked_at, retry = false
            """);
        SubmissionStore.Add(command, submission, reason, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Keeps that a stage failed again, for whoever looks.</summary>
    /// <returns>How often it did since it last worked.</returns>
    public async Task<int> FailedAsync(string stage, string reason, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            insert into hub.stage_fault values ($1, 1, $2, $3) on conflict (stage) do update
            set tries = stage_fault.tries + 1, reason = excluded.reason returning tries
            """);
        SubmissionStore.Add(command, stage, reason, clock.GetUtcNow());
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task WorkedAsync(string stage, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("delete from hub.stage_fault where stage = $1");
        SubmissionStore.Add(command, stage);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The stage that failed most often of those that failed <see cref="TriesMax"/> times in a row.</summary>
    public async Task<StageFault?> StuckAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            select stage, tries, reason, since from hub.stage_fault where tries >= {TriesMax} order by tries desc, stage
            limit 1
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new StageFault(reader.GetString(0), reader.GetInt32(1), reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3)) : null;
    }
}
