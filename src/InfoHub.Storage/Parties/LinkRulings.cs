using InfoHub.Domain.Identity;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>A verdict as an officer gives it.</summary>
/// <param name="Row">Number of the open row.</param>
/// <param name="Scope">Division prefix of the officer's branch; "" is the whole city.</param>
/// <param name="Party"><c>default</c> for a verdict about the row alone: nobody, or not sure.</param>
/// <param name="Version">Of the row as the officer saw it; see <see cref="OpenRowView.Version"/>.</param>
/// <param name="TwoPersonFrom">From this tax interest on a second officer has to rule alike, yuan a year.</param>
/// <param name="Audit">The sample that is judged blind; null for a ruling that decides.</param>
public sealed record GivenVerdict(
    long Row, string Scope, string Officer, LinkVerdict Verdict, PartyId Party, string Reason, string Version,
    decimal TwoPersonFrom, long? Audit = null);

/// <summary>What became of a verdict.</summary>
public enum VerdictOutcome
{
    /// <summary>It holds.</summary>
    Taken,

    /// <summary>It waits for a second officer.</summary>
    AwaitsSecond,

    /// <summary>
    /// No such row in the officer's branch, or an entry that was neither compared with it nor is in his branch.
    /// </summary>
    NotFound,

    /// <summary>Somebody ruled, or it was decided anew, since the officer looked.</summary>
    Changed,

    /// <summary>Rows are being placed; nothing was stored.</summary>
    Busy,
}

/// <summary>Takes in what officers rule, and lets it bear on the rows it is about.</summary>
public sealed class LinkRulings(NpgsqlDataSource store, TemplateRegistry templates, TimeProvider clock)
{
    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    /// <param name="interest">What is at stake is worked out anew: rows outside the queue are not ranked.</param>
    public async Task<VerdictOutcome> RuleAsync(GivenVerdict given, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await ResolutionStore.TryLockAsync(connection, cancellation))
            return VerdictOutcome.Busy;
        if (given.Audit is null)
            await RankAsync(connection, given.Row, interest, cancellation);
        if (await RowAsync(connection, given, cancellation) is not { } row)
            return VerdictOutcome.NotFound;
        if (row.Version != given.Version && given.Audit is null)
            return VerdictOutcome.Changed;
        var needsSecond = given.Audit is null && row.Interest >= given.TwoPersonFrom;
        var number = await InsertAsync(connection, row, given, needsSecond, cancellation);
        var outcome = VerdictOutcome.Taken;
        if (given.Audit is { } audit)
            await DisputeAsync(connection, row, audit, given, cancellation);
        else
            outcome = await ApplyAsync(connection, row, given, number, cancellation);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }

    private async Task RankAsync(NpgsqlConnection connection, long number, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select item, identity from hub.open_row where number = $1",
            connection);
        SubmissionStore.Add(command, number);
        var row = await LinkTransaction.ReadAllAsync(command, r => (r.GetString(0), r.GetGuid(1)), cancellation);
        await interest.RankAsync(connection, templates.All.Select(t => t.Template), row, cancellation);
    }

    /// <summary>Rulings about a row, in their order; those given blind are told apart by their sample.</summary>
    internal static async Task<List<LinkRuling>> OfAsync(
        NpgsqlConnection connection, Guid identity, string item, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select number, officer, verdict, party, reason, at, needs_second from hub.link_ruling
            where identity = $1 and item = $2 and audit is null order by number
            """, connection);
        SubmissionStore.Add(command, identity, item);
        var rulings = new List<LinkRuling>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rulings.Add(new LinkRuling(reader.GetInt64(0), reader.GetString(1), (LinkVerdict)reader.GetInt16(2),
                new PartyId(reader.GetInt64(3)), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5),
                    reader.GetBoolean(6)));
        return rulings;
    }

    private static async Task<RuledRow?> RowAsync(NpgsqlConnection connection, GivenVerdict given,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select o.identity, o.item, o.source_alias, o.own_party, o.name, o.interest, {LinkQueue.VersionColumn},
                o.ruled_party
            from hub.open_row o where o.number = $1 and starts_with(o.branch, $2) and ($3 = 0 or (
                (o.entry = $3 or o.second = $3 or exists (select 1 from hub.link_audit a where a.identity = o.identity
                    and a.item = o.item and a.party = $3)
                or exists (select 1 from jsonb_array_elements(o.explanation->'candidates') c where c->>'entry' = $4)
                or exists (select 1 from hub.link_ruling r where r.identity = o.identity and r.item = o.item and
                    r.party = $3)
                or exists (select 1 from hub.register_face f where f.party = $3 and f.until is null
                    and starts_with(f.region, $2)))
                and exists (select 1 from hub.party p where p.id = $3 and p.founded_by < 7)))
            and ($5 = 0 or exists (select 1 from hub.link_audit a where a.number = $5 and a.identity = o.identity
                and a.item = o.item))
            """, connection);
        SubmissionStore.Add(command, given.Row, given.Scope, given.Party.Value, given.Party.ToString(),
            given.Audit ?? 0L);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new RuledRow(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3),
                reader.GetString(4),
                reader.GetInt64(5), reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetInt64(7))
            : null;
    }

    private async Task<long> InsertAsync(
        NpgsqlConnection connection, RuledRow row, GivenVerdict given, bool needsSecond, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            insert into hub.link_ruling (identity, item, party, officer, verdict, reason, at, needs_second, audit)
            values ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, 0)) returning number
            """, connection);
        SubmissionStore.Add(command, row.Identity, row.Item, given.Party.Value, given.Officer, (short)given.Verdict,
            given.Reason, clock.GetUtcNow(), needsSecond, given.Audit ?? 0L);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// A blind verdict against the decision decides nothing: the row comes before an officer who sees everything.
    /// </summary>
    private static async Task DisputeAsync(
        NpgsqlConnection connection, RuledRow row, long audit, GivenVerdict given, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            update hub.open_row o set is_disputed = true from hub.link_audit a
            where o.identity = $1 and o.item = $2 and a.number = $3
            and {LinkAudits.IsWrong("a.band", "a.party", "$4", LinkAudits.Merged("$5"))}
            and ((a.band = 1 and o.party = a.party) or (a.band in (4, 5) and o.outcome = 4))
            """, connection);
        SubmissionStore.Add(command, row.Identity, row.Item, audit, (short)given.Verdict, given.Party.Value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<VerdictOutcome> ApplyAsync(
        NpgsqlConnection connection, RuledRow row, GivenVerdict given, long number, CancellationToken cancellation)
    {
        var state = RulingState.Of(await OfAsync(connection, row.Identity, row.Item, cancellation));
        await using var batch = new NpgsqlBatch(connection);
        var (same, different) = (state.Same?.Value ?? 0, state.Different.Select(p => p.Value).ToArray());
        // Rows of the same key and name are the same thing in another wording: what was found holds for them too,
        // unless somebody looked at them.
        ResolutionTransaction.Add(batch, """
            update hub.open_row o set ruling = $3, ruled_party = nullif($4, 0), ruled_out = $5, waiting = true,
                is_disputed = false, ruled_nobody = case when $8 or ($7 and o.ruled_nobody is null) then
                    (select register_version from hub.link_progress) when $7 then o.ruled_nobody end
            where o.source_alias = $6 and o.item = $2
            and (o.ruled_party is distinct from nullif($4, 0) or o.ruled_out <> $5 or $7 <> (o.ruled_nobody is not null)
                or ($8 and o.identity = $1))
            and (o.identity = $1 or not exists (select 1 from hub.link_ruling r
                where r.identity = o.identity and r.item = o.item and r.audit is null))
            """, row.Identity, row.Item, number, same, different, row.SourceAlias,
            state.IsNobody, state.IsNobody && given.Verdict == LinkVerdict.Nobody);
        ResolutionTransaction.Add(batch, """
            update hub.open_row set ruling = $3, awaits_second = $4, is_unsure = $5, is_disputed = is_disputed and $4
            where identity = $1 and item = $2
            """, row.Identity, row.Item, number, state.Awaiting is not null, state.IsUnsure);
        if (state.Same?.Value != row.RuledParty)
            AddAlias(batch, row, state.Same?.Value ?? row.OwnParty, number);
        await batch.ExecuteNonQueryAsync(cancellation);
        return state.Awaiting is null ? VerdictOutcome.Taken : VerdictOutcome.AwaitsSecond;
    }

    /// <summary>The department's own key names the party from now on, or again the row itself.</summary>
    private void AddAlias(NpgsqlBatch batch, RuledRow row, long party, long number)
    {
        ResolutionTransaction.Add(batch, """
            insert into hub.party (id, uscc, name, founded_by) values ($1, null, $2, 7) on conflict (id) do nothing
            """, row.OwnParty, NameKey.Of(row.Name));
        ResolutionTransaction.Add(batch, """
            insert into hub.party_alias (kind, value, party, valid_from, source) values (7, $1, $2, $3, $4)
            on conflict (kind, value) do update set party = $2, valid_from = $3, source = $4
            """, row.SourceAlias, party, DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime), $"link-ruling:{number}");
    }

    private sealed record RuledRow(
        Guid Identity, string Item, string SourceAlias, long OwnParty, string Name, long Interest, string Version,
            long? RuledParty);
}
