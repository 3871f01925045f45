using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;
using NpgsqlTypes;

namespace InfoHub.Storage.Parties;

/// <summary>A distinct identity of a submission: the identifying cells of its first row, by field index.</summary>
public sealed record RowIdentity(Guid Identity, IReadOnlyList<string?> Cells);

/// <summary>Reads the identities of a sealed submission and writes whose they are.</summary>
public sealed class ResolutionStore(NpgsqlDataSource store)
{
    /// <summary>Sealed submissions that are not resolved yet and not set aside, oldest first.</summary>
    public async Task<IReadOnlyList<long>> UnresolvedAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select id from hub.submission s where state = 8 and not resolved
            and not exists (select 1 from hub.parked_submission p where p.submission = s.id and not p.retry) order by id
            """);
        var found = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetInt64(0));
        return found;
    }

    /// <summary>One resolution at a time per store: aliases taught by one submission decide the rows of the
    /// next.</summary>
    public async Task<ResolutionTransaction> BeginAsync(CancellationToken cancellation)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(connection, cancellation);
        return new ResolutionTransaction(connection, transaction);
    }

    private const string LockTimeout = "55P03";

    /// <summary>As <see cref="LockAsync"/>; false when rows are being placed for longer than a person waits.</summary>
    internal static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var patience = new NpgsqlCommand("set local lock_timeout = '20s'", connection);
            await patience.ExecuteNonQueryAsync(cancellation);
            await LockAsync(connection, cancellation);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == LockTimeout)
        {
            return false;
        }
    }

    /// <summary>Held to the end of the transaction by whoever changes whose rows count.</summary>
    internal static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var locking = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('infohub.resolve'))",
            connection);
        await locking.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>The resolution of one submission. Disposed without <see cref="CommitAsync"/> it leaves nothing
/// behind.</summary>
public sealed class ResolutionTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>
    /// Whether the submission is still to be resolved: another host may have done so before the lock was ours.
    /// </summary>
    public async Task<bool> IsDueAsync(long submission, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select state = 8 and not resolved from hub.submission where id = $1", connection);
        SubmissionStore.Add(command, submission);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>
    /// The distinct identities of a submission in order of their hash, at most <paramref name="pageMax"/> at a time:
    /// a file may have millions. The transaction can be used for other statements between two pages.
    /// </summary>
    public async IAsyncEnumerable<RowIdentity[]> IdentitiesAsync(
        Template template, long submission, int pageMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var fields = Enumerable.Range(0, template.Fields.Length).Where(i =>
            template.Fields[i].Identity != IdentityRole.None).ToArray();
        var columns = string.Concat(fields.Select(i => $", \"{template.Fields[i].Name}\"::text"));
        // A cursor takes no parameters; the number is ours.
        await using var declare = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"""
            declare identities no scroll cursor for select distinct on (_identity) _identity{columns}
            from {FactTable.NameOf(template)} where _submission = {submission} order by _identity, _row
            """), connection);
        await declare.ExecuteNonQueryAsync(cancellation);
        while (await FetchAsync(template, fields, pageMax, cancellation) is { Length: > 0 } page)
            yield return page;
        await using var close = new NpgsqlCommand("close identities", connection);
        await close.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<RowIdentity[]> FetchAsync(Template template, int[] fields, int pageMax,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture,
            $"fetch forward {pageMax} from identities"), connection);
        var identities = new List<RowIdentity>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var cells = new string?[template.Fields.Length];
            for (var i = 0; i < fields.Length; i++)
                cells[fields[i]] = reader.IsDBNull(i + 1) ? null : reader.GetString(i + 1);
            identities.Add(new RowIdentity(reader.GetGuid(0), cells));
        }
        return [.. identities];
    }

    /// <summary>The parties that these aliases name now.</summary>
    public async Task<Dictionary<Alias, KnownParty>> FindAsync(IReadOnlyCollection<Alias> aliases,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select a.kind, a.value, a.party, p.founded_by from unnest($1, $2) as wanted(kind, value)
            join hub.party_alias a on a.kind = wanted.kind and a.value = wanted.value join hub.party p on p.id = a.party
            """, connection);
        SubmissionStore.Add(command, aliases.Select(a => (short)a.Kind).ToArray(),
            aliases.Select(a => a.Value).ToArray());
        var known = new Dictionary<Alias, KnownParty>(aliases.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            known[new Alias((AliasKind)reader.GetInt16(0),
                reader.GetString(1))] = new KnownParty(new PartyId(reader.GetInt64(2)), (AliasKind)reader.GetInt16(3));
        return known;
    }

    /// <summary>Stores decisions: parties, aliases, links. <paramref name="source"/> is the submission's public
    /// number.</summary>
    public async Task SaveAsync(
        string item, string source, DateOnly from, IReadOnlyList<(RowIdentity Row, string Name,
            LadderDecision Decision)> decisions, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var parties = decisions.DistinctBy(d => d.Decision.Party).ToArray();
        Add(batch, "insert into hub.party (id, uscc, name, founded_by) select * from unnest($1, $2, $3, $4) on conflict (id) do nothing",
            parties.Select(d => d.Decision.Party.Value).ToArray(),
            parties.Select(d => d.Row.Cells.FirstOrDefault(c => d.Decision.FoundedBy == AliasKind.Uscc && c
                is not null && PartyId.FoundedBy(new Alias(AliasKind.Uscc, c)) == d.Decision.Party)).ToArray(),
            parties.Select(d => d.Name).ToArray(), parties.Select(d => (short)d.Decision.FoundedBy).ToArray());
        var aliases = decisions.SelectMany(d => d.Decision.NewAliases.Select(a => (Alias: a,
            d.Decision.Party))).DistinctBy(a => a.Alias).ToArray();
        Add(batch, """
            insert into hub.party_alias (kind, value, party, valid_from, source) select k, v, p, $4, $5 from unnest($1,
                $2, $3) as x(k, v, p)
            on conflict (kind, value) do update set party = excluded.party
            """, aliases.Select(a => (short)a.Alias.Kind).ToArray(), aliases.Select(a => a.Alias.Value).ToArray(),
            aliases.Select(a => a.Party.Value).ToArray(), from, source);
        Add(batch, """
            insert into hub.link (identity, item, party, decision, step, score, parts) select i, $2, p, d, s, c,
                j::jsonb from unnest($1, $3, $4, $5, $6, $7) as x(i, p, d, s, c, j)
            on conflict (identity, item) do update set party = excluded.party, decision = excluded.decision, step =
                excluded.step, score = excluded.score, parts = excluded.parts
            where not exists (select 1 from hub.open_row o where o.identity = excluded.identity and o.item =
                excluded.item and o.outcome <> 0)
            """, decisions.Select(d => d.Row.Identity).ToArray(), item, decisions.Select(d => d.Decision.Party.Value).ToArray(),
            decisions.Select(d => (short)d.Decision.Decision).ToArray(),
                decisions.Select(d => d.Decision.Step).ToArray(),
            decisions.Select(d => d.Decision.Decision == LinkDecision.Linked ? 1m : 0m).ToArray(),
                decisions.Select(d => Parts(d.Decision)).ToArray());
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Those of the identities that linking has not placed yet. The others were seen in this period as well: when it
    /// is the first, who goes by whom is asked again, so that files may come in any order.
    /// </summary>
    public async Task<RowIdentity[]> NotPlacedAsync(
        string item, int period, RowIdentity[] rows, CancellationToken cancellation)
    {
        await using var seen = new NpgsqlCommand("""
            update hub.open_row set first_period = $3, waiting = waiting or outcome = 4
            where item = $1 and identity = any($2) and first_period > $3
            """, connection);
        SubmissionStore.Add(seen, item, rows.Select(r => r.Identity).ToArray(), period);
        await seen.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand(
            "select identity from hub.open_row where item = $1 and identity = any($2)", connection);
        SubmissionStore.Add(command, item, rows.Select(r => r.Identity).ToArray());
        var placed = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            placed.Add(reader.GetGuid(0));
        return [.. rows.Where(r => !placed.Contains(r.Identity))];
    }

    /// <summary>Leaves the rows for linking to place.</summary>
    public async Task SaveOpenRowsAsync(IReadOnlyList<OpenRow> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0)
            return;
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy hub.open_row (identity, item, own_party, coded_party, party, source_alias, name, person, address,
                region, codes,
                first_period, keys) from stdin (format binary)
            """, cancellation);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(row.Identity, cancellation);
            await copy.WriteAsync(row.Item, cancellation);
            await copy.WriteAsync(row.OwnParty.Value, cancellation);
            if (row.CodedParty is { } coded)
                await copy.WriteAsync(coded.Value, cancellation);
            else
                await copy.WriteNullAsync(cancellation);
            await copy.WriteAsync(row.Party.Value, cancellation);
            foreach (var text in new[] { row.SourceAlias, row.Name, row.Person, row.Address, row.Region, row.Codes })
                await copy.WriteAsync(text, cancellation);
            await copy.WriteAsync(row.FirstPeriod, cancellation);
            await copy.WriteAsync(row.Keys, cancellation);
        }
        await copy.CompleteAsync(cancellation);
        await copy.DisposeAsync();
        await InheritRulingsAsync(rows, cancellation);
    }

    /// <summary>What officers found about a department's own key and name holds for its next wording.</summary>
    private async Task InheritRulingsAsync(IReadOnlyList<OpenRow> rows, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            update hub.open_row o set ruling = r.ruling, ruled_party = r.ruled_party, ruled_out = r.ruled_out,
                ruled_nobody = r.ruled_nobody
            from (select distinct on (source_alias) source_alias, item, ruling, ruled_party, ruled_out, ruled_nobody
                from hub.open_row where source_alias = any($3) and ruling > 0 order by source_alias, ruling desc) r
            where o.item = $1 and o.identity = any($2) and o.source_alias = r.source_alias and r.item = o.item
            """, connection);
        SubmissionStore.Add(command, rows[0].Item, rows.Select(r => r.Identity).ToArray(),
            rows.Select(r => r.SourceAlias).Distinct().ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Parts(LadderDecision decision) => JsonSerializer.Serialize(new
    {
        decided_by = decision.Step,
        contradicted = decision.Contradicted.Select(a => a.Kind.ToString()).ToArray(),
    });

    /// <summary>Makes <paramref name="merged"/> the same party as <paramref name="into"/>: aliases, links and rows
    /// follow; both are evaluated again.</summary>
    public async Task MergeAsync(PartyId merged, PartyId into, IEnumerable<Template> templates, long submission,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, "update hub.party_alias set party = $2 where party = $1", merged.Value, into.Value);
        // A party merges only into one with a real key: rows that nothing but a source key spoke for (2) are linked
        // (1) now.
        Add(batch, """
            update hub.link set party = $2, decision = case when decision = 2 then 1 else decision end, score = case
                when decision = 2 then 1 else score end
            where party = $1
            """, merged.Value, into.Value);
        Add(batch, "update hub.party set merged_into = $2 where id = $1", merged.Value, into.Value);
        Add(batch, "update hub.open_row set coded_party = $2, waiting = true where coded_party = $1", merged.Value,
            into.Value);
        Add(batch, "update hub.open_row set ruled_party = $2, waiting = true where ruled_party = $1", merged.Value,
            into.Value);
        Add(batch, "update hub.open_row set ruled_out = array_replace(ruled_out, $1, $2) where $1 = any(ruled_out)",
            merged.Value, into.Value);
        // Rows that stand for the merged party, or did before they were linked by likeness, are named by a code now.
        Add(batch, """
            update hub.open_row set coded_party = coalesce(coded_party, $2), party = case when party = $1 then $2 else
                party end, waiting = true
            where party = $1 or own_party = $1
            """, merged.Value, into.Value);
        Add(batch, "insert into hub.register_change (party) select unnest($1)", new[] { merged.Value, into.Value });
        foreach (var template in templates)
            Add(batch, $"update {FactTable.NameOf(template)} set _party = $2 where _party = $1", merged.Value,
                into.Value);
        Add(batch, TouchCommand("unnest($1) as t(party)", "$2"), new[] { merged.Value, into.Value }.Order().ToArray(),
            submission);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Gives every row of the submission its party, marks the touched parties, settles which rows of the period count
    /// now, and marks the submission resolved: from this commit on it counts as coverage.
    /// </summary>
    public async Task FinishAsync(Template template, long submission, DateOnly periodEnd,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var table = FactTable.NameOf(template);
        Add(batch, $"""
            update {table} f set _party = l.party from hub.link l
            where f._submission = $1 and l.identity = f._identity and l.item = $2 and f._party is distinct from l.party
            """, submission, template.Item);
        Add(batch, TouchCommand($"(select distinct _party as party from {table} where _submission = $1) t", "$1"),
            submission);
        if (PartyProfile.Registers.Contains(template.Item))
            Add(batch, $"insert into hub.register_change (party) select distinct _party from {table} where _submission = $1", submission);
        Add(batch, "update hub.submission set resolved = true, resolved_number = nextval('hub.resolved_sequence'), period_end = $2 where id = $1", submission, periodEnd);
        Add(batch, "delete from hub.parked_submission where submission = $1", submission);
        await batch.ExecuteNonQueryAsync(cancellation);
        await new Succession(connection, template).SettleAsync(submission, cancellation);
        await new MendedRows(connection).ApplyAsync(submission, cancellation);
    }

    /// <summary>Marks of one statement are set in party order, so that two hosts that do the same never wait for each
    /// other.</summary>
    internal static string TouchCommand(string source, string submission) => $"""
        insert into hub.touched (party, version, submission) select t.party, 1, {submission} from {source} where
            t.party is not null order by t.party
        on conflict (party) do update set version = touched.version + 1, submission = least(touched.submission,
            excluded.submission), by_branch = false
        """;

    public Task CommitAsync(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    internal static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is string?[] texts ? new NpgsqlParameter { Value = texts,
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } : new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }
}
