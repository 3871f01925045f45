using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>What evaluation decided for one party.</summary>
public sealed record Evaluation(
    Dossier Dossier, PartyProfile Profile, ImmutableArray<FindingDraft> Findings,
    ImmutableArray<(string Item, DateOnly PeriodEnd)> Awaits, DateOnly? RevisitOn)
{
    /// <summary>
    /// Models that failed on this dossier, "" for all of them: they are parked with the party, and their findings stay
    /// as they are.
    /// </summary>
    public ImmutableArray<(string Model, string Reason)> Faults { get; init; } = [];

    /// <summary>What models cannot judge of the party, and what they need for it.</summary>
    public ImmutableArray<(string Model, string Needs)> Unjudged { get; init; } = [];

    /// <summary>What the party adds to the city's medians.</summary>
    public ImmutableArray<ProviderShare> Shares { get; init; } = [];
}

/// <summary>Hands out touched parties with their dossiers and takes back what the models found.</summary>
public sealed class EvaluationStore(NpgsqlDataSource store, ReceiptLedger receipts, TimeProvider clock)
{
    /// <summary>Pins the rule set, so that any finding can be run again under the parameters of its day.</summary>
    public async Task PinRuleSetAsync(string version, string content, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("insert into hub.rule_set values ($1, $2, $3) on conflict do nothing");
        SubmissionStore.Add(command, version, content, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Marks the parties whose answer may have changed without a row of theirs: by the passing of time, or because what
    /// they
    /// waited for has been resolved since they were judged. Returns the number of the last resolution looked at.
    /// </summary>
    public async Task<long> WakeAsync(DateOnly asOf, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select coalesce(max(resolved_number), 0) from hub.submission");
        var looked = (long)(await command.ExecuteScalarAsync(cancellation))!;
        await using var batch = store.CreateBatch();
        // What is taken off the list is what is marked, whoever else looks at the same time.
        ResolutionTransaction.Add(batch, "with due as (delete from hub.revisit where due <= $1 returning party) "
            + ResolutionTransaction.TouchCommand("(select party from due) t", "0"), asOf);
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand("""
            (select distinct a.party from hub.awaiting a join hub.submission s
             on s.item = a.item and s.resolved_number > a.seen and s.period_end >= a.period_end) t
            """, "0"));
        // New rejected rows of the tax bureau's own put whoever may be on them in doubt; it is about names, so
        // everybody
        // is asked.
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand("""
            (select p.id as party from hub.party p where p.merged_into is null and exists (select 1 from hub.submission s
                where not s.doubts_told and s.item = any($1) and s.state in (7, 8, 9) and s.rows_rejected > 0)) t
            """, "0"), (object)RegistryDoubts.Items.ToArray());
        ResolutionTransaction.Add(batch, """
            update hub.submission set doubts_told = true
            where not doubts_told and item = any($1) and state in (7, 8, 9)
            """, (object)RegistryDoubts.Items.ToArray());
        await batch.ExecuteNonQueryAsync(cancellation);
        return looked;
    }

    /// <summary>Marks every party: a full run is the same code with everything touched.</summary>
    public async Task TouchAllAsync(CancellationToken cancellation)
    {
        await using var batch = store.CreateBatch();
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand("(select id as party from hub.party where merged_into is null) t", "0"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Parties still to be evaluated.</summary>
    public async Task<long> WaitingAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            """
            select count(*) from (select party from hub.touched union select party from hub.branch_change
                union select party from hub.provider_share_due) t
            """);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Marks the head offices of branches that were judged. One that is being judged now is waited for: whoever has it has
    /// read its branches as they were, and takes the mark it knows of away.
    /// </summary>
    private async Task WakeHeadOfficesAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            with gone as (delete from hub.branch_change
                where party = (select min(party) from hub.branch_change) returning party)
            insert into hub.touched (party, version, submission, by_branch)
            select distinct party, 1::bigint, 0::bigint, true from gone
            on conflict (party) do update set version = touched.version + 1, submission = 0
            """);
        // One at a time: whoever resolves marks many, and must not wait for one that is held while another is waited for.
        while (await command.ExecuteNonQueryAsync(cancellation) > 0)
            await Task.Yield();
    }

    /// <summary>
    /// Locks up to <paramref name="partiesMax"/> touched parties nobody else has, of some or of all; null when there
    /// is none. Whoever linking may find in a register yet is left until it has.
    /// </summary>
    public async Task<EvaluationTransaction?> ClaimAsync(int partiesMax, CancellationToken cancellation,
        long[]? some = null)
    {
        await WakeHeadOfficesAsync(cancellation);
        var connection = await store.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var claim = new NpgsqlCommand($"""
            select t.party, t.by_branch from hub.touched t where not ({DossierReader.AwaitsLinking("t.party")})
            {(some is null ? "" : "and t.party = any($2)")}
            order by t.submission, t.party limit $1 for update of t skip locked
            """, connection);
        SubmissionStore.Add(claim, partiesMax);
        if (some is not null)
            SubmissionStore.Add(claim, some);
        var (parties, changed) = (new List<long>(), new List<long>());
        await using (var reader = await claim.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
            {
                parties.Add(reader.GetInt64(0));
                if (!reader.GetBoolean(1))
                    changed.Add(reader.GetInt64(0));
            }
        if (parties.Count > 0)
            return new EvaluationTransaction(connection, transaction, [.. parties], clock) { Changed = [.. changed] };
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Makes the city's medians anew from what was said of its providers, and marks whoever a changed one is used on.
    /// To be called when nobody is left to claim; false when there was nothing to do.
    /// </summary>
    public Task<bool> RefreshCitySharesAsync(int membersMin, CancellationToken cancellation) =>
        CityShareStore.RefreshAsync(store, membersMin, cancellation);

    /// <summary>An evaluation of nobody: whether it works tells a fault of one party from a fault of all.</summary>
    public async Task<EvaluationTransaction> ClaimNobodyAsync(CancellationToken cancellation)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        return new EvaluationTransaction(connection, await connection.BeginTransactionAsync(cancellation), [], clock);
    }

    /// <summary>
    /// Sets a party aside that cannot be evaluated, unless another host has evaluated it or is at it; its findings stay
    /// as they are.
    /// </summary>
    public async Task ParkAsync(long party, string reason, CancellationToken cancellation)
    {
        await using var batch = store.CreateBatch();
        ResolutionTransaction.Add(batch, """
            with taken as (select party from hub.touched where party = $1 for update skip locked),
                gone as (delete from hub.touched t using taken where t.party = taken.party)
            insert into hub.parked_party select party, '', $2, $3 from taken on conflict (party, model) do update
            set reason = excluded.reason, parked_at = excluded.parked_at
            """, party, reason, clock.GetUtcNow());
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Issues R5 for submissions resolved up to <paramref name="looked"/> (see <see cref="WakeAsync"/>) of which no
    /// touched
    /// party is left, and returns how many.
    /// </summary>
    public async Task<int> MarkUsedAsync(int modelsRun, long looked, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var due = new NpgsqlCommand("""
            select id, ref, rows_stored, is_test from hub.submission s where state = 8 and resolved_number <= $1
            and not exists (select 1 from hub.touched t where t.submission <= s.id) and not exists (select 1 from hub.open_row where waiting)
            and not exists (select 1 from hub.branch_change) and not exists (select 1 from hub.provider_share_due) order by id for update skip locked
            """, connection);
        SubmissionStore.Add(due, looked);
        var used = new List<(long Id, string Ref, long Rows, bool IsTest)>();
        await using (var reader = await due.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                used.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3)));
        foreach (var (id, reference, rows, isTest) in used)
        {
            var before = await ReceiptLedger.ReadAsync(connection, id, cancellation);
            var receipt = Receipt.Issue(ReceiptKind.Used, reference, clock.GetUtcNow(), before.LastOrDefault(),
                new JsonObject { ["rows_resolved"] = rows, ["models_run"] = modelsRun }, isTest);
            await receipts.InsertAsync(connection, id, receipt, cancellation);
            await using var move = new NpgsqlCommand("update hub.submission set state = 9, changed_at = $2 where id = $1", connection);
            SubmissionStore.Add(move, id, clock.GetUtcNow());
            await move.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return used.Count;
    }
}

/// <summary>The evaluation of a batch of parties: their marks go away in the commit that stores the findings.</summary>
public sealed class EvaluationTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] parties, TimeProvider clock) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long _seen;

    private readonly HashSet<long> _rowsAside = [];

    /// <summary>Those of the parties of which something has changed, not of a branch of theirs only.</summary>
    internal long[] Changed { get; init; } = [];

    public int Count => parties.Length;

    public IReadOnlyList<long> Parties => parties;

    /// <summary>Whether a row of the party is set aside: what it is about is not known then.</summary>
    public bool HasRowAside(Dossier dossier) => PartyId.TryParse(dossier.Party.Id, out var id)
        && _rowsAside.Contains(id.Value);

    /// <summary>The dossiers of the claimed parties, in party order. Parties merged into others have none.</summary>
    public async Task<IReadOnlyList<(Dossier Dossier, PartyProfile Profile)>> DossiersAsync(
        DossierScope scope, DateOnly asOf, CancellationToken cancellation)
    {
        (var coverage, _seen) = await DossierReader.CoverageAsync(connection, cancellation);
        // A register that was resolved since the claim covers its month before linking has looked at it.
        parties = [.. parties.Except(await DossierReader.AwaitingLinkingAsync(connection, parties, cancellation))];
        var known = await DossierReader.PartiesAsync(connection, parties, cancellation);
        var branches = (await DossierReader.BranchesAsync(connection, scope,
                [.. known.Values.Select(k => k.Uscc).OfType<string>()], cancellation))
            .ToLookup(b => b.Parent, b => b.Branch);
        var members = branches.SelectMany(b => b).Distinct().Except(parties).Order().ToArray();
        foreach (var (id, member) in await DossierReader.PartiesAsync(connection, members, cancellation))
            known.Add(id, member);
        var reading = new Reading(known, await DossierReader.DoubtsAsync(connection, cancellation),
            await DossierReader.ReadAsync(connection, scope, [.. parties, .. members], cancellation),
            await DossierReader.SightingsAsync(connection, parties, cancellation), coverage,
            await CityShareStore.ReadAsync(connection, cancellation), asOf);
        _rowsAside.UnionWith(await DossierReader.WithRowAsideAsync(connection, parties, cancellation));
        await TouchParentsAsync(scope, cancellation);
        return [.. parties.Order().Where(known.ContainsKey).Select(id => reading.DossierOf(id,
            known[id].Uscc is { } uscc ? [.. branches[uscc].Where(b => b != id && known.ContainsKey(b)).Order()] : []))];
    }

    /// <summary>
    /// A head office answers for its branches: what has changed of them is judged there too, a step and no more.
    /// </summary>
    private async Task TouchParentsAsync(DossierScope scope, CancellationToken cancellation)
    {
        var parents = await DossierReader.ParentsAsync(connection, scope, Changed, cancellation);
        await using var command = new NpgsqlCommand(
            "insert into hub.branch_change (party) select p from unnest($1) as x(p) where not p = any($2)", connection);
        SubmissionStore.Add(command, parents, parties);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What was read for a batch of parties.</summary>
    private sealed record Reading(
        Dictionary<long, (string? Uscc, string Name, AliasKind FoundedBy, bool Unmatched)> Known, RegistryDoubts Doubts,
        Dictionary<long, PartyFacts> Facts, ILookup<long, Sighting> Sightings, Coverage Coverage, CityShares City,
        DateOnly AsOf)
    {
        public (Dossier Dossier, PartyProfile Profile) DossierOf(long id, long[] branches)
        {
            var (uscc, name, founder, unmatched) = Known[id];
            var facts = Facts[id];
            var profile = PartyProfile.Of(facts.Current) is { Name.Length: > 0 } told ? told : new PartyProfile(name, "", "");
            // Whoever goes by several names may be on a rejected row under any of them.
            var names = Sightings[id].Select(s => s.Name).Append(profile.Name).Select(NameKey.Of);
            var view = new PartyView(new PartyId(id).ToString(), uscc, profile.Name, founder != AliasKind.SourceKey, unmatched)
            {
                Doubts = [.. Doubts.About(names, CodesOf(uscc, facts.Current), DossierReader.SettledBy(facts))],
                Sightings = unmatched ? [.. Sightings[id]] : [],
            };
            return (new Dossier(view, facts.Current, Coverage, AsOf)
            {
                Former = facts.Former, City = City,
                Branches = [.. branches.Select(b => DossierOf(b, []).Dossier).Where(b => NamesParent(b, uscc))],
            }, profile);
        }

        /// <summary>
        /// A row says so that is in force or was, for an item that is asked what it said then: which months it is about is
        /// the model's to say.
        /// </summary>
        private static bool NamesParent(Dossier branch, string? uscc) => ParentRows.Any(item =>
            branch.Versions(item.Item)
            .Any(r => r.Template.IndexOf(item.Column) >= 0 && r.Text(item.Column) == uscc));

        private static readonly (string Item, string Column)[] ParentRows =
            [("YB-01", "parent_uscc"), ("SCJG-01", "parent_uscc"), ("SW-01", "parent_nsrsbh")];

        /// <summary>By what a row of the tax bureau's may name the party: USCC, taxpayer numbers, 登记序号.</summary>
        private static IEnumerable<string> CodesOf(string? uscc, Dictionary<string, ImmutableArray<Fact>> facts) => facts
            .Where(f => RegistryDoubts.Items.Contains(f.Key)).SelectMany(f => f.Value).SelectMany(row =>
                new[] { IdentityRole.TaxRegistrationKey, IdentityRole.TaxpayerNumber, IdentityRole.Uscc }
                    .Select(row.Template.IndexOf).Where(i => i >= 0).Select(i => row.Values[i] as string))
            .Append(uscc).OfType<string>().Distinct();
    }

    /// <summary>
    /// Stores the answers: new findings open, known ones are updated, those no longer found clear by themselves.
    /// </summary>
    public async Task SaveAsync(IReadOnlyList<Evaluation> evaluations, string ruleSet, CancellationToken cancellation)
    {
        var faults = evaluations.SelectMany(e => e.Faults.Select(f => (Party: Id(e).Value, f.Model, f.Reason))).ToArray();
        var failed = evaluations.Where(e => !e.Faults.IsEmpty).Select(e => Id(e).Value).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        var ids = evaluations.Select(e => Id(e).Value).ToArray();
        ResolutionTransaction.Add(batch, """
            update hub.party p set name = x.name, region_code = x.region, town_code = x.town
            from unnest($1, $2, $3, $4) as x(id, name, region, town) where p.id = x.id and (p.name, p.region_code, p.town_code) is distinct from (x.name, x.region, x.town)
            """, ids, evaluations.Select(e => e.Profile.Name).ToArray(), evaluations.Select(e => e.Profile.Region).ToArray(), evaluations.Select(e => e.Profile.Town).ToArray());
        foreach (var evaluation in evaluations)
            foreach (var draft in evaluation.Findings)
                AddFinding(batch, evaluation, draft, ruleSet);
        var found = evaluations.SelectMany(e => e.Findings.Select(f => FindingId(Id(e), f))).ToArray();
        var unjudged = evaluations.SelectMany(e => e.Unjudged.Select(u => (Party: Id(e).Value, u.Model, u.Needs))).ToArray();
        ResolutionTransaction.Add(batch, "delete from hub.unjudged where party = any($1)", parties);
        ResolutionTransaction.Add(batch, "insert into hub.unjudged select * from unnest($1, $2, $3) on conflict do nothing",
            unjudged.Select(u => u.Party).ToArray(), unjudged.Select(u => u.Model).ToArray(), unjudged.Select(u => u.Needs).ToArray());
        ResolutionTransaction.Add(batch, "delete from hub.parked_party where party = any($1)", parties);
        ResolutionTransaction.Add(batch, "insert into hub.parked_party select p, m, r, $4 from unnest($1, $2, $3) as x(p, m, r)",
            faults.Select(f => f.Party).ToArray(), faults.Select(f => f.Model).ToArray(),
            faults.Select(f => f.Reason).ToArray(), clock.GetUtcNow());
        ResolutionTransaction.Add(batch, """
            update hub.finding f set state = 5, changed_at = $3 where party = any($1) and state in (1, 2, 3, 6)
            and not id = any($2) and not exists (select 1 from hub.parked_party p
                where p.party = f.party and p.model in (f.model, ''))
            """, parties, found, clock.GetUtcNow());
        AddWaits(batch, evaluations, failed);
        CityShareStore.Add(batch, [.. parties.Except(failed)],
            [.. evaluations.Where(e => e.Faults.IsEmpty).SelectMany(e => e.Shares.Select(s => (Id(e).Value, s)))]);
        ResolutionTransaction.Add(batch, "delete from hub.touched where party = any($1)", parties);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// When the parties are to be judged again. Those a model failed on go on waiting for what it waited for when it
    /// last answered.
    /// </summary>
    private void AddWaits(NpgsqlBatch batch, IReadOnlyList<Evaluation> evaluations, long[] failed)
    {
        var answered = parties.Except(failed).ToArray();
        ResolutionTransaction.Add(batch, "delete from hub.awaiting where party = any($1)", answered);
        ResolutionTransaction.Add(batch, "update hub.awaiting set seen = $2 where party = any($1)", failed, _seen);
        var awaits = evaluations.SelectMany(e => e.Awaits.Select(a => (a.Item, a.PeriodEnd, Party: Id(e).Value))).Distinct().ToArray();
        ResolutionTransaction.Add(batch, "insert into hub.awaiting (item, period_end, party, seen) select i, e, p, $4 from unnest($1, $2, $3) as x(i, e, p) on conflict do nothing",
            awaits.Select(a => a.Item).ToArray(), awaits.Select(a => a.PeriodEnd).ToArray(), awaits.Select(a => a.Party).ToArray(), _seen);
        ResolutionTransaction.Add(batch, "delete from hub.revisit where party = any($1)", answered);
        var revisits = evaluations.Where(e => e.RevisitOn is not null).ToArray();
        ResolutionTransaction.Add(batch, """
            insert into hub.revisit select * from unnest($1, $2)
            on conflict (party) do update set due = least(revisit.due, excluded.due)
            """,
            revisits.Select(e => Id(e).Value).ToArray(), revisits.Select(e => e.RevisitOn!.Value).ToArray());
    }

    /// <summary>
    /// Ranks the rows of the queue whose party has other facts now, without deciding them again. The last thing before
    /// the commit: a row that linking holds is skipped, because whoever holds it ranks it or touches its party.
    /// </summary>
    public async Task RankAsync(IReadOnlyList<Template> templates, LinkInterest interest,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select item, identity from hub.open_row where party = any($1) and in_queue order by number
            for update skip locked
            """, connection);
        SubmissionStore.Add(command, parties);
        var queued = new List<(string, Guid)>();
        await using (var row = await command.ExecuteReaderAsync(cancellation))
            while (await row.ReadAsync(cancellation))
                queued.Add((row.GetString(0), row.GetGuid(1)));
        await interest.RankAsync(connection, templates, queued, cancellation);
    }

    public Task CommitAsync(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

    private static PartyId Id(Evaluation evaluation) =>
        PartyId.TryParse(evaluation.Dossier.Party.Id, out var id) ? id : throw new InvalidOperationException($"{evaluation.Dossier.Party.Id} is no party id");

    /// <summary>Source-blind and stable: made from model, party and business key. FROZEN (HashTests).</summary>
    internal static string FindingId(PartyId party, FindingDraft draft) =>
        "F" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{draft.Model}\n{party}\n{draft.BusinessKey}")).AsSpan(0, 8));

    private void AddFinding(NpgsqlBatch batch, Evaluation evaluation, FindingDraft draft, string ruleSet)
    {
        static object Fen(Templates.Vocabulary.Money? amount) => amount is { } a ? a.Fen : DBNull.Value;
        var evidence = draft.Evidence.Select(e => new { e.Item, e.SubmissionId, e.Row, RowHash = Convert.ToHexStringLower(e.RowHash.AsSpan()), e.Summary });
        ResolutionTransaction.Add(batch, """
            insert into hub.finding (id, model, model_version, rule_set, party, period, period_end, business_key, state, expected_fen, actual_fen, gap_fen,
                estimated_tax_fen, late_fee_fen, confidence, single_source, region_code, town_code, title, dissolves_if, arithmetic, evidence, found_at, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13::bigint, $14, $15, $16, $17, $18, $19, $20::jsonb, $21::jsonb, $22, $22)
            on conflict (id) do update set model_version = excluded.model_version, rule_set = excluded.rule_set, period = excluded.period, period_end = excluded.period_end,
                state = case when finding.state = 5 then 1 else finding.state end,
                expected_fen = excluded.expected_fen, actual_fen = excluded.actual_fen, gap_fen = excluded.gap_fen, estimated_tax_fen = excluded.estimated_tax_fen,
                late_fee_fen = excluded.late_fee_fen, confidence = excluded.confidence, single_source = excluded.single_source, region_code = excluded.region_code,
                town_code = excluded.town_code, title = excluded.title, dissolves_if = excluded.dissolves_if, arithmetic = excluded.arithmetic,
                evidence = excluded.evidence, changed_at = excluded.changed_at
            """,
            FindingId(Id(evaluation), draft), draft.Model, draft.ModelVersion, ruleSet, Id(evaluation).Value, draft.Period.Code, draft.Period.End, draft.BusinessKey,
            Fen(draft.Expected), Fen(draft.Actual), Fen(draft.Gap), Fen(draft.EstimatedTax), Fen(draft.LateFee), draft.Confidence, draft.SingleSource,
            evaluation.Profile.Region, evaluation.Profile.Town, draft.Title, draft.DissolvesIf, JsonSerializer.Serialize(draft.Arithmetic, Json), JsonSerializer.Serialize(evidence, Json), clock.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
