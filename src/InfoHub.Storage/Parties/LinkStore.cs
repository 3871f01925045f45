using InfoHub.Domain.Identity;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>A distinct identity of a department's rows that has to be placed.</summary>
/// <param name="OwnParty">What it stands for while nobody else is named.</param>
/// <param name="CodedParty">Whom its codes name; null without a code that is known.</param>
/// <param name="Party">Whose it is now.</param>
public sealed record OpenRow(
    Guid Identity, string Item, PartyId OwnParty, PartyId? CodedParty, PartyId Party, string SourceAlias, string Name,
    string Person, string Address, string Region, string Codes, int FirstPeriod, long[] Keys)
{
    /// <summary>Whose officers found it to be; null while they have not.</summary>
    public PartyId? RuledParty { get; init; }

    /// <summary>Whose officers found it not to be.</summary>
    public long[] RuledOut { get; init; } = [];

    /// <summary>The register as it was when officers found it not to have the row; null while they have not.</summary>
    public long? RuledNobody { get; init; }

    public bool IsRuledOut(PartyId party) => RuledOut.AsSpan().Contains(party.Value);
}

/// <summary>What was decided about an open row. Numbers of outcome and step are those of the linkage engine.</summary>
/// <param name="Decision">What the link table says of it.</param>
public sealed record OpenRowDecision(
    OpenRow Row, PartyId Party, LinkDecision Decision, int Outcome, string Step, int StepNumber, PartyId? Entry,
        float Probability,
    PartyId? Second, float SecondProbability, float Nobody, string Model, string Explanation)
{
    /// <summary>Division whose officers see it; "" is seen by the whole city only.</summary>
    public string Branch { get; init; } = "";

    /// <summary>Id of the <see cref="LinkBasis"/>.</summary>
    public required string Basis { get; init; }

    /// <summary>
    /// How sure the link is, 0 to 1: a code that no register knows still names its party for certain.
    /// </summary>
    public float Score => Row.CodedParty == Party ? 1 : Probability;
}

/// <summary>What rows are decided with; kept so that a decision can be made again.</summary>
/// <param name="Id">Made from the rest.</param>
/// <param name="Engine">Release of the comparison.</param>
/// <param name="Model">Name of the weights.</param>
/// <param name="Lines">The weights as the engine writes them.</param>
/// <param name="Bands">Where decisions are cut, in the order of the engine's bands.</param>
public sealed record LinkBasis(string Id, int Engine, string Model, string Lines, float[] Bands);

/// <summary>A row that an officer judged blind.</summary>
/// <param name="Shown">The entry of the decision; <c>default</c> where nothing was compared.</param>
/// <param name="Truth">
/// The entry he found; <c>default</c> when the register has none; null when he said of the one shown only that it is
/// not the right one.
/// </param>
public sealed record BlindRow(OpenRow Row, PartyId Shown, PartyId? Truth);

/// <param name="Latest">The last change of the register.</param>
/// <param name="Done">The last change whose rows have been marked.</param>
/// <param name="Model">The model the rows were decided with.</param>
/// <param name="WeightsVersion">The register whose words were counted.</param>
/// <param name="ChangedSince">Parties that may have changed since then.</param>
/// <param name="Passes">Passes of linking by any host.</param>
/// <param name="Interest">The factors by which the queue was ranked.</param>
public sealed record LinkProgress(
    long Latest, long Done, string Model, long WeightsVersion, long ChangedSince, long Passes, string Interest)
{
    /// <summary>The version of words that have never been counted.</summary>
    public const long NeverWeighed = -1;
}

/// <summary>Reads and writes what linking needs. All of it happens under the resolution lock.</summary>
public sealed class LinkStore(NpgsqlDataSource store, TimeProvider clock)
{
    /// <summary>
    /// Whether anything waits to be linked under this model, ranked by these factors or searched: a new row, or a
    /// change of the register.
    /// </summary>
    public async Task<bool> HasWorkAsync(string model, string interest, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select exists (select 1 from hub.open_row where waiting) or exists (select 1 from hub.link_progress p
                where p.model <> $1 or p.interest <> $2
                or p.register_version < (select coalesce(max(number), 0) from hub.register_change)
                or p.searchable < (select coalesce(max(number), 0) from hub.register_face))
            """);
        SubmissionStore.Add(command, model, interest);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The fitted weights in force, by department.</summary>
    public async Task<IReadOnlyDictionary<string, string[]>> ActiveModelsAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select department, lines from hub.link_model where is_active order by department");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var active = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            active[reader.GetString(0)] = reader.GetString(1).Split('\n');
        return active;
    }

    /// <summary>
    /// Sets rows aside that linking cannot decide: they stay where they are, and the parties they are with are not
    /// judged anew. A change of the register that concerns one has it tried again. One that another host has decided
    /// meanwhile is not set aside.
    /// </summary>
    public async Task ParkAsync(IReadOnlyCollection<(OpenRow Row, string Reason)> rows, CancellationToken cancellation)
    {
        await using var work = await BeginAsync(cancellation);
        await work.ParkAsync(rows, cancellation);
        await work.CommitAsync(cancellation);
    }

    /// <summary>The kept registers, for reading.</summary>
    public async Task<RegisterHistory> ReadRegisterAsync(CancellationToken cancellation) =>
        new(await store.OpenConnectionAsync(cancellation));

    public async Task<LinkTransaction> BeginAsync(CancellationToken cancellation)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(cancellation);
        await ResolutionStore.LockAsync(connection, cancellation);
        return new LinkTransaction(connection, transaction, clock);
    }
}

/// <summary>One pass of linking. Disposed without <see cref="CommitAsync"/> it leaves nothing behind.</summary>
public sealed class LinkTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction,
    TimeProvider clock) : IAsyncDisposable
{
    private const string RowColumns =
        "identity, item, own_party, coded_party, party, source_alias, name, person, address, region, codes, first_period, keys, "
        + "ruled_party, ruled_out, ruled_nobody";

    /// <summary>How far linking is.</summary>
    public async Task<LinkProgress> ProgressAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select (select coalesce(max(number), 0) from hub.register_change), register_version, model, weights_version,
                (select count(distinct party) from hub.register_change c where c.number > weights_version), passes,
                interest from hub.link_progress
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new LinkProgress(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3),
            reader.GetInt64(4), reader.GetInt64(5), reader.GetString(6));
    }

    /// <summary>Lets officers find the register of this pass; see <see cref="RegisterEntries"/>.</summary>
    public Task ShowAsync(long version, Func<RegisterFace, int[]> gramsOf, CancellationToken cancellation) =>
        RegisterEntries.ShowAsync(connection, version, gramsOf, cancellation);

    /// <summary>The register this pass decides with.</summary>
    public RegisterHistory Register { get; } = new(connection);

    public async Task SaveBasesAsync(IEnumerable<LinkBasis> bases, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var basis in bases)
            ResolutionTransaction.Add(batch, """
                insert into hub.link_basis (id, engine, model, lines, bands) values ($1, $2, $3, $4, $5)
                on conflict (id) do nothing
                """, basis.Id, basis.Engine, basis.Model, basis.Lines, basis.Bands);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Marks the rows that a changed entry may concern: it has one of their keys, or they were decided by it.
    /// </summary>
    public async Task<int> WakeAsync(long[] keys, long[] parties, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            update hub.open_row set waiting = true where not waiting
            and (keys && $1 or entry = any($2) or second = any($2) or coded_party = any($2))
            """, connection);
        SubmissionStore.Add(command, keys, parties);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task WakeAllAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update hub.open_row set waiting = true where not waiting",
            connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Marks the rows that were decided on another basis than the one in force for their item.</summary>
    public async Task WakeModelsAsync(IReadOnlyDictionary<string, string> bases, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            update hub.open_row o set waiting = true from unnest($1, $2) as x(item, basis)
            where o.item = x.item and o.basis <> x.basis and not o.waiting
            """, connection);
        SubmissionStore.Add(command, bases.Keys.ToArray(), bases.Values.ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Ranks the rows of the queue again that stand beside the decided ones, and those themselves: each counts who
    /// else has seen the same party or entry. See <see cref="LinkInterest"/>.
    /// </summary>
    public async Task RankAsync(
        IReadOnlyList<OpenRowDecision> decisions, IReadOnlyList<Template> templates, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select item, identity from hub.open_row where in_queue
            and (party = any($1) or own_party = any($1) or entry = any($2))
            """, connection);
        SubmissionStore.Add(command,
            decisions.SelectMany(d => new[] { d.Party.Value, d.Row.Party.Value }).Distinct().ToArray(),
            decisions.Select(d => d.Entry?.Value ?? 0).Distinct().ToArray());
        var beside = await ReadAllAsync(command, r => (r.GetString(0), r.GetGuid(1)), cancellation);
        await interest.RankAsync(connection, templates, beside, cancellation);
    }

    /// <summary>Ranks the whole queue by other factors than before.</summary>
    public async Task RankAllAsync(IReadOnlyList<Template> templates, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using (var command = new NpgsqlCommand("select item, identity from hub.open_row where in_queue",
            connection))
            await interest.RankAsync(connection, templates,
                await ReadAllAsync(command, r => (r.GetString(0), r.GetGuid(1)), cancellation), cancellation);
        await using var done = new NpgsqlCommand("update hub.link_progress set interest = $1", connection);
        SubmissionStore.Add(done, interest.Label);
        await done.ExecuteNonQueryAsync(cancellation);
    }

    public async Task DoneAsync(long registerVersion, string model, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update hub.link_progress set register_version = $1, model = $2, passes = passes + 1", connection);
        SubmissionStore.Add(command, registerVersion, model);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>As <see cref="LinkStore.ParkAsync"/>.</summary>
    public async Task ParkAsync(IReadOnlyCollection<(OpenRow Row, string Reason)> rows, CancellationToken cancellation)
    {
        var (identities, items) = (rows.Select(r => r.Row.Identity).ToArray(), rows.Select(r => r.Row.Item).ToArray());
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, """
            insert into hub.parked_row select i, t, r, $4 from unnest($1, $2, $3) as x(i, t, r)
            join hub.open_row o on o.identity = x.i and o.item = x.t and o.waiting
            on conflict (identity, item) do update set reason = excluded.reason, parked_at = excluded.parked_at
            """, identities, items, rows.Select(r => r.Reason).ToArray(), clock.GetUtcNow());
        ResolutionTransaction.Add(batch, """
            update hub.open_row o set waiting = false from unnest($1, $2) as x(i, t)
            where o.identity = x.i and o.item = x.t
            """, identities, items);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Rows that wait, oldest first.</summary>
    public async Task<OpenRow[]> WaitingAsync(int rowsMax, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {RowColumns} from hub.open_row where waiting order by number limit $1", connection);
        SubmissionStore.Add(command, rowsMax);
        return await ReadAllAsync(command, Read, cancellation);
    }

    /// <summary>
    /// Rows of some items whose party is known from their own codes or from rulings, at most <paramref
    /// name="rowsMax"/>, the same ones every time. A code that everything else contradicts teaches nothing.
    /// </summary>
    public async Task<OpenRow[]> LabelledAsync(string[] items, int rowsMax, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select {RowColumns} from hub.open_row where item = any($1)
            and (ruled_party is not null or (coded_party is not null and codes <> '' and outcome <> 3
                and ruled_nobody is null and not coded_party = any(ruled_out)))
            order by md5(identity::text), item limit $2
            """, connection);
        SubmissionStore.Add(command, items, rowsMax);
        return await ReadAllAsync(command, Read, cancellation);
    }

    /// <summary>Rows that an officer judged blind; see <see cref="BlindRow"/>.</summary>
    public async Task<BlindRow[]> AuditedAsync(string[] items, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select {RowColumns}, shown, first, first_party from hub.open_row
            join ({LinkAudits.Judged}) judged using (identity, item)
            where item = any($1) and first in (1, 2, 4) order by md5(identity::text), item
            """, connection);
        SubmissionStore.Add(command, (object)items);
        return await ReadAllAsync(command, reader => new BlindRow(Read(reader), new PartyId(reader.GetInt64(16)),
            (LinkVerdict)reader.GetInt16(17) switch
            {
                LinkVerdict.Same => new PartyId(reader.GetInt64(18)),
                LinkVerdict.Nobody => default(PartyId),
                _ => null,
            }), cancellation);
    }

    /// <summary>Rows that match nobody and have no code of their own: the ones that may be the same operator.</summary>
    public async Task<OpenRow[]> NobodysAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {RowColumns} from hub.open_row o where outcome = 4 and exists (select 1 from hub.link l
                where l.identity = o.identity and l.item = o.item and l.decision = 5) order by number
            """, connection);
        return await ReadAllAsync(command, Read, cancellation);
    }

    /// <summary>
    /// Stores decisions: whose the rows are now, the facts of the departments under them, what changed for the
    /// parties, and the marks for evaluation. Facts are found by the party they had, which is indexed.
    /// </summary>
    public async Task SaveAsync(
        IReadOnlyList<OpenRowDecision> decisions, IReadOnlyList<Template> templates, long registerVersion,
        long weightsVersion, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddPast(batch, decisions);
        AddRows(batch, decisions, registerVersion, weightsVersion);
        foreach (var item in decisions.GroupBy(d => d.Row.Item))
            AddLinks(batch, item.Key, [.. item]);
        await batch.ExecuteNonQueryAsync(cancellation);
        await MoveAsync([.. decisions.Select(d => (d.Row, d.Party))], templates, cancellation);
    }

    /// <summary>Gives rows to other parties: the open row, the link, the facts, and an event for each.</summary>
    public async Task MoveAsync(
        IReadOnlyList<(OpenRow Row, PartyId Party)> moves, IReadOnlyList<Template> templates,
            CancellationToken cancellation)
    {
        var moved = moves.Where(m => m.Party != m.Row.Party).ToArray();
        if (moved.Length == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var item in moved.GroupBy(m => m.Row.Item))
        {
            var ids = item.Select(m => m.Row.Identity).ToArray();
            var (from, to) = (item.Select(m => m.Row.Party.Value).ToArray(), item.Select(m => m.Party.Value).ToArray());
            var own = item.Select(m => m.Row.OwnParty.Value).ToArray();
            ResolutionTransaction.Add(batch, """
                insert into hub.party (id, uscc, name, founded_by) select distinct on (o) o, null, n, 7 from unnest($1,
                    $2) as x(o, n) order by o, n
                on conflict (id) do update set merged_into = null where party.merged_into is not null
                """, own, item.Select(m => NameKey.Of(m.Row.Name)).ToArray());
            ResolutionTransaction.Add(batch, """
                update hub.open_row o set party = x.p from unnest($1, $3) as x(i, p) where o.identity = x.i and o.item
                    = $2
                """, ids, item.Key, to);
            ResolutionTransaction.Add(batch, """
                update hub.link l set party = x.p from unnest($1, $3) as x(i, p) where l.identity = x.i and l.item = $2
                """, ids, item.Key, to);
            ResolutionTransaction.Add(batch, """
                update hub.party_alias a set party = x.own from unnest($1, $2, $3, $4) as x(v, f, t, own)
                where a.kind = 7 and a.value = x.v and a.party = x.f and x.t = x.own
                """, item.Select(m => m.Row.SourceAlias).ToArray(), from, to, own);
            AddReturnToCoded(batch, item.Key, [.. item.Select(m => m.Row.SourceAlias).Distinct()]);
            ResolutionTransaction.Add(batch, $"""
                update {FactTable.NameOf(templates.First(t => t.Item == item.Key))} f set _party = x.t
                from unnest($1, $2, $3) as x(i, o, t) where f._party = x.o and f._identity = x.i
                """, ids, from, to);
            ResolutionTransaction.Add(batch, """
                insert into hub.party_event (at, kind, party, other, identity, item)
                select $5, case when p.founded_by < 7 then 'link' when q.founded_by < 7 then 'unlink' when x.t = x.own
                    then 'leave' else 'join' end,
                    x.t, x.o, x.i, $2 from unnest($1, $3, $4, $6) with ordinality as x(i, o, t, own, n)
                left join hub.party p on p.id = x.t left join hub.party q on q.id = x.o order by x.n
                """, ids, item.Key, from, to, clock.GetUtcNow(), own);
        }
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand("(select distinct unnest($1) as party) t",
            "0"),
            moved.SelectMany(m => new[] { m.Row.Party.Value, m.Party.Value }).Distinct().Order().ToArray());
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// A department's key whose rows have all left their own party, some for the one their codes name, is that party's
    /// again, as if they had never stood for themselves.
    /// </summary>
    private static void AddReturnToCoded(NpgsqlBatch batch, string item, string[] sources) =>
        ResolutionTransaction.Add(batch, """
            with returned as (select source_alias, own_party,
                    min(coded_party) filter (where party = coded_party) as coded from hub.open_row
                where item = $1 and source_alias = any($2) group by source_alias, own_party
                having not bool_or(party = own_party) and bool_or(party = coded_party)),
            aliases as (update hub.party_alias a set party = r.coded from returned r
                where a.kind = 7 and a.value = r.source_alias and a.party = r.own_party)
            update hub.party p set merged_into = r.coded from returned r
            where p.id = r.own_party and p.merged_into is null
            and not exists (select 1 from hub.open_row o where o.party = p.id)
            """, item, sources);

    /// <summary>A decision that gives way to another is kept; one that is only made again is not.</summary>
    private void AddPast(NpgsqlBatch batch, IReadOnlyList<OpenRowDecision> decisions) =>
        ResolutionTransaction.Add(batch, $"""
            insert into hub.past_decision ({StoredDecisions.Columns}, until)
            select {StoredDecisions.Columns}, $6 from hub.open_row o
            join unnest($1, $2, $3, $4, $5) as x(i, n, new_outcome, new_step, new_entry)
                on o.identity = x.i and o.item = x.n
            where o.basis <> ''
            and (o.outcome, o.step, coalesce(o.entry, 0)) <> (x.new_outcome, x.new_step, x.new_entry)
            """,
            decisions.Select(d => d.Row.Identity).ToArray(), decisions.Select(d => d.Row.Item).ToArray(),
            decisions.Select(d => (short)d.Outcome).ToArray(), decisions.Select(d => (short)d.StepNumber).ToArray(),
            decisions.Select(d => d.Entry?.Value ?? 0).ToArray(), clock.GetUtcNow());

    private void AddRows(NpgsqlBatch batch, IReadOnlyList<OpenRowDecision> decisions, long registerVersion,
        long weightsVersion)
    {
        ResolutionTransaction.Add(batch, """
            update hub.open_row o set waiting = false, outcome = x.outcome, step = x.step, entry = nullif(x.entry, 0),
                probability = x.p,
                second = nullif(x.second, 0), second_probability = x.p2, nobody = x.nobody, explanation = x.e::jsonb,
                    model = x.model,
                branch = x.branch, basis = x.basis, register_version = $14, weights_version = $15, decided_at = $16,
                as_coded = o.coded_party, as_ruled = o.ruled_party, as_ruled_out = o.ruled_out,
                as_ruled_nobody = o.ruled_nobody
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                as x(i, item, outcome, step, entry, p, second, p2, nobody, e, model, branch, basis)
            where o.identity = x.i and o.item = x.item
            """,
            decisions.Select(d => d.Row.Identity).ToArray(), decisions.Select(d => d.Row.Item).ToArray(),
            decisions.Select(d => (short)d.Outcome).ToArray(), decisions.Select(d => (short)d.StepNumber).ToArray(),
            decisions.Select(d => d.Entry?.Value ?? 0).ToArray(), decisions.Select(d => d.Probability).ToArray(),
            decisions.Select(d => d.Second?.Value ?? 0).ToArray(), decisions.Select(d => d.SecondProbability).ToArray(),
            decisions.Select(d => d.Nobody).ToArray(), decisions.Select(d => d.Explanation).ToArray(),
                decisions.Select(d => d.Model).ToArray(), decisions.Select(d => d.Branch).ToArray(),
            decisions.Select(d => d.Basis).ToArray(), registerVersion, weightsVersion, clock.GetUtcNow());
        ResolutionTransaction.Add(batch, """
            delete from hub.parked_row p using unnest($1, $2) as x(i, t) where p.identity = x.i and p.item = x.t
            """, decisions.Select(d => d.Row.Identity).ToArray(), decisions.Select(d => d.Row.Item).ToArray());
        // Whose answer to "matches nobody" changed is judged again even where no row moved.
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand("(select distinct unnest($1) as party) t",
            "0"),
            decisions.Select(d => d.Row.Party.Value).Distinct().Order().ToArray());
    }

    private static void AddLinks(NpgsqlBatch batch, string item,
        OpenRowDecision[] decisions) => ResolutionTransaction.Add(batch, """
        update hub.link l set decision = x.d, step = x.s, score = x.p::numeric(6,5), parts = x.e::jsonb
        from unnest($1, $3, $4, $5, $6) as x(i, d, s, p, e) where l.identity = x.i and l.item = $2
        """, decisions.Select(d => d.Row.Identity).ToArray(), item, decisions.Select(d => (short)d.Decision).ToArray(),
        decisions.Select(d => d.Step).ToArray(), decisions.Select(d => d.Score).ToArray(),
        decisions.Select(d => d.Explanation).ToArray());

    private static OpenRow Read(NpgsqlDataReader reader) => new(reader.GetGuid(0), reader.GetString(1),
        new PartyId(reader.GetInt64(2)),
        reader.IsDBNull(3) ? null : new PartyId(reader.GetInt64(3)), new PartyId(reader.GetInt64(4)),
            reader.GetString(5), reader.GetString(6),
        reader.GetString(7), reader.GetString(8), reader.GetString(9), reader.GetString(10), reader.GetInt32(11),
            reader.GetFieldValue<long[]>(12))
    {
        RuledParty = reader.IsDBNull(13) ? null : new PartyId(reader.GetInt64(13)),
        RuledOut = reader.GetFieldValue<long[]>(14),
        RuledNobody = reader.IsDBNull(15) ? null : reader.GetInt64(15),
    };

    internal static async Task<T[]> ReadAllAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation)
    {
        var all = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            all.Add(read(reader));
        return [.. all];
    }

    public Task CommitAsync(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
