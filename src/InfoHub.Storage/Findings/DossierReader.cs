using System.Collections.Immutable;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>What the models ask of a dossier.</summary>
/// <param name="Templates">Of every item that a model reads.</param>
/// <param name="Dated">The items that a model asks what they said on an earlier day.</param>
public sealed record DossierScope(IReadOnlyList<Template> Templates, IReadOnlySet<string> Dated)
{
    public static DossierScope Of(IEnumerable<Template> templates, IReadOnlyCollection<ComparisonModel> models) => new(
        [.. templates.Where(t => models.Any(m => m.Inputs.Contains(t.Item)))], models.SelectMany(m => m.Dated).ToHashSet());

    internal IEnumerable<Template> Latest => Templates.GroupBy(t => t.Item).Select(v => v.MaxBy(t => t.Version)!);
}

/// <summary>
/// Facts of one party by item, each in key order; <paramref name="Former"/> holds rows that gave way, oldest first.
/// </summary>
internal sealed record PartyFacts(
    Dictionary<string, ImmutableArray<Fact>> Current, Dictionary<string, ImmutableArray<Fact>> Former)
{
    private readonly Dictionary<long, int> _sequences = [];

    public int SequenceOf(Fact current) => _sequences[current.SubmissionId];

    public void Told(long submission, int sequence) => _sequences[submission] = sequence;
}

/// <summary>
/// Reads the current facts of some parties: of sealed submissions that were neither taken back nor replaced, for each
/// primary
/// key the row of the latest (period, sequence), and none whose latest operation is D.
/// </summary>
internal static class DossierReader
{
    /// <summary>Facts by party.</summary>
    public static async Task<Dictionary<long, PartyFacts>> ReadAsync(
        NpgsqlConnection connection, DossierScope scope, long[] parties, CancellationToken cancellation)
    {
        var facts = parties.ToDictionary(p => p, _ => new PartyFacts(new(StringComparer.Ordinal), new(StringComparer.Ordinal)));
        foreach (var template in scope.Latest)
            foreach (var rows in await ReadItemAsync(connection, template, parties, cancellation))
            {
                foreach (var last in rows.Select(versions => versions[^1]))
                    facts[rows.Key].Told(last.Fact.SubmissionId, last.Sequence);
                facts[rows.Key].Current[template.Item] = [.. rows.Select(versions => versions[^1])
                    .Where(last => !last.Deleted).Select(last => last.Fact)];
                if (scope.Dated.Contains(template.Item))
                    facts[rows.Key].Former[template.Item] = [.. rows.SelectMany(FormerOf)];
            }
        return facts;
    }

    /// <summary>
    /// The rows that gave way to a later one. What was deleted should not have been sent, nor what stood before it: a
    /// registration that is taken back answers for no month.
    /// </summary>
    private static IEnumerable<Fact> FormerOf(Candidate[] versions) =>
        versions[(Array.FindLastIndex(versions, v => v.Deleted) + 1)..].SkipLast(1).Select(version => version.Fact);

    /// <summary>Per party, in key order, the rows of each primary key from the oldest to the one in force.</summary>
    private static async Task<IEnumerable<IGrouping<long, Candidate[]>>> ReadItemAsync(
        NpgsqlConnection connection, Template template, long[] parties, CancellationToken cancellation)
    {
        var columns = string.Concat(template.Fields.Select(f => $", f.\"{f.Name}\""));
        // The facts are taken once: a store that has no statistics yet would take them anew for every submission.
        await using var command = new NpgsqlCommand($"""
            with f as materialized (
                select * from {FactTable.NameOf(template)} where _party = any($1) and _superseded is null)
            select f._party, f._submission, f._row, f._period, f._op::text, f._hash, s.sequence{columns}
            from f join hub.submission s on s.id = f._submission and s.state in (8, 9) and s.superseded_by is null
            """, connection);
        SubmissionStore.Add(command, parties);
        var rows = new List<((long Party, string Key) Whose, Candidate Row)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var candidate = Read(reader, template);
            rows.Add(((reader.GetInt64(0), KeyOf(template, candidate.Fact)), candidate));
        }
        return rows.GroupBy(r => r.Whose, r => r.Row).OrderBy(g => g.Key.Key, StringComparer.Ordinal)
            .Select(g => (g.Key.Party, Versions: g.Order().ToArray())).GroupBy(v => v.Party, v => v.Versions);
    }

    /// <summary>The parties whose current or former rows name one of the codes as their head office.</summary>
    public static async Task<IReadOnlyList<(string Parent, long Branch)>> BranchesAsync(
        NpgsqlConnection connection, DossierScope scope, string[] codes, CancellationToken cancellation)
    {
        var found = new List<(string, long)>();
        foreach (var (table, column) in ParentColumns(scope))
        {
            await using var command = new NpgsqlCommand(
                $"select distinct {column}, _party from {table} where {column} = any($1) and _party is not null", connection);
            command.Parameters.AddWithValue(codes);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                found.Add((reader.GetString(0), reader.GetInt64(1)));
        }
        return [.. found.Distinct().Order()];
    }

    /// <summary>The head offices that rows of the parties name or have named.</summary>
    public static async Task<long[]> ParentsAsync(
        NpgsqlConnection connection, DossierScope scope, long[] branches, CancellationToken cancellation)
    {
        var found = new HashSet<long>();
        foreach (var (table, column) in ParentColumns(scope))
        {
            await using var command = new NpgsqlCommand($"""
                select p.id from hub.party p where p.merged_into is null and p.uscc in (
                    select {column} from {table} where _party = any($1) and {column} is not null)
                """, connection);
            SubmissionStore.Add(command, branches);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                found.Add(reader.GetInt64(0));
        }
        return [.. found.Except(branches).Order()];
    }

    private static IEnumerable<(string Table, string Column)> ParentColumns(DossierScope scope) =>
        from template in scope.Latest
        from field in template.Fields
        where FactTable.ParentColumns.Contains(field.Name)
        select (FactTable.NameOf(template), $"\"{field.Name}\"");

    /// <summary>A row; the later one is that of the later period, then of the higher sequence.</summary>
    private readonly record struct Candidate(Fact Fact, int Sequence, bool Deleted) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other) =>
            (Fact.Period.End, Sequence, Fact.SubmissionId, Fact.Row)
                .CompareTo((other.Fact.Period.End, other.Sequence, other.Fact.SubmissionId, other.Fact.Row));
    }

    private static Candidate Read(NpgsqlDataReader row, Template template)
    {
        const int FirstColumn = 7;
        var values = new object?[template.Fields.Length];
        for (var i = 0; i < values.Length; i++)
            if (!row.IsDBNull(FirstColumn + i))
                values[i] = template.Fields[i].Kind switch
                {
                    FieldKind.Number => row.GetDecimal(FirstColumn + i),
                    FieldKind.Date => row.GetFieldValue<DateOnly>(FirstColumn + i),
                    FieldKind.Month => Period.FromCode(row.GetInt32(FirstColumn + i)),
                    FieldKind.Year => Period.FromCode(row.GetInt32(FirstColumn + i) * 100),
                    FieldKind.Quarter => Period.Parse(row.GetString(FirstColumn + i)),
                    _ => row.GetString(FirstColumn + i),
                };
        var fact = new Fact(template, row.GetInt64(1), row.GetInt32(2), Period.FromCode(row.GetInt32(3)), [.. row.GetFieldValue<byte[]>(5)], values);
        return new Candidate(fact, row.GetInt32(6), row.GetString(4) == "D");
    }

    /// <summary>The primary key's cells.</summary>
    internal static string KeyOf(Template template, Fact fact) => string.Join('|', template.KeyCells
        .Select(cells => cells.Select(i => fact.Values[i]).FirstOrDefault(value => value is not null))
        .Select(cell => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cell:yyyy-MM-dd}")));

    /// <summary>
    /// Which (item, period) the hub has resolved as a whole, and the number of the last resolution among them. None of
    /// which a submission is set aside: whom the others do not have may be in that one, unless a later snapshot stands
    /// in its place.
    /// </summary>
    public static async Task<(Coverage Coverage, long Seen)> CoverageAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            with aside as materialized (select a.item, a.period from hub.submission a
                where a.id in (select submission from hub.parked_submission
                    union all select submission from hub.parked_record where submission is not null)
                and a.state in (6, 8) and not a.resolved
                and not exists (select 1 from hub.submission s where s.item = a.item and s.period = a.period
                    and s.resolved and s.state in (8, 9) and s.operation = 2 and s.sequence > a.sequence))
            select item, period, max(resolved_number) from hub.submission where resolved
            and (item, period) not in (select item, period from aside) group by item, period
            """, connection);
        var periods = new Dictionary<string, ImmutableSortedSet<Period>.Builder>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var seen = 0L;
        while (await reader.ReadAsync(cancellation))
        {
            if (!periods.TryGetValue(reader.GetString(0), out var received))
                periods[reader.GetString(0)] = received = ImmutableSortedSet.CreateBuilder<Period>();
            received.Add(Period.FromCode(reader.GetInt32(1)));
            seen = Math.Max(seen, reader.GetInt64(2));
        }
        return (new Coverage(periods.ToDictionary(p => p.Key, p => p.Value.ToImmutable())), seen);
    }

    /// <summary>
    /// Unmatched is a party of whose rows every one was compared with the registers and matches nobody.
    /// </summary>
    public static async Task<Dictionary<long, (string? Uscc, string Name, AliasKind FoundedBy, bool Unmatched)>> PartiesAsync(
        NpgsqlConnection connection, long[] parties, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select p.id, p.uscc, p.name, p.founded_by, coalesce(bool_and(o.outcome = 4), false) from hub.party p
            left join hub.open_row o on o.party = p.id where p.id = any($1) group by p.id
            """, connection);
        SubmissionStore.Add(command, parties);
        var found = new Dictionary<long, (string?, string, AliasKind, bool)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found[reader.GetInt64(0)] = (reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2),
                (AliasKind)reader.GetInt16(3), reader.GetBoolean(4));
        return found;
    }

    /// <summary>
    /// How departments write the parties without USCC that match nobody, and how far from the registers each wording
    /// is: of rows with the same words the one that is nearest. Whom the name can mean is not told here.
    /// </summary>
    public static async Task<ILookup<long, Sighting>> SightingsAsync(
        NpgsqlConnection connection, long[] parties, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select distinct on (o.party, o.item, o.name) o.party, o.item, o.name, trunc(o.nobody::numeric, 4),
                coalesce((o.explanation->>'compared')::int, 0), coalesce(o.explanation->'candidates'->0->>'name', ''),
                coalesce(o.explanation->'candidates'->0->>'broken_by', '')
            from hub.open_row o join hub.party p on p.id = o.party and p.uscc is null
            where o.party = any($1) and o.outcome = 4 order by o.party, o.item, o.name, o.nobody, o.number
            """, connection);
        SubmissionStore.Add(command, parties);
        var sightings = new List<(long Party, Sighting Sighting)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            sightings.Add((reader.GetInt64(0), new Sighting(reader.GetString(1), reader.GetString(2), NameKind.Unclear,
                reader.GetDecimal(3), reader.GetInt32(4), reader.GetString(5), reader.GetString(6))));
        return sightings.ToLookup(s => s.Party, s => s.Sighting);
    }

    /// <summary>
    /// Whether "no register has it" may be out of date: of a party without USCC, while a register has changed that
    /// linking has not followed, or a row of it waits.
    /// </summary>
    internal static string AwaitsLinking(string party) => $"""
        exists (select 1 from hub.party p where p.id = {party} and p.uscc is null
            and exists (select 1 from hub.open_row o where o.party = p.id)) and (
            (select register_version from hub.link_progress)
                < (select coalesce(max(number), 0) from hub.register_change)
            or exists (select 1 from hub.open_row o where o.party = {party} and o.waiting))
        """;

    public static async Task<List<long>> AwaitingLinkingAsync(NpgsqlConnection connection, long[] parties,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select x.party from unnest($1) as x(party) where {AwaitsLinking("x.party")}", connection);
        SubmissionStore.Add(command, parties);
        return await PartiesOfAsync(command, cancellation);
    }

    /// <summary>Those of the parties with a row that linking had to set aside.</summary>
    public static async Task<List<long>> WithRowAsideAsync(NpgsqlConnection connection, long[] parties,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select distinct o.party from hub.parked_row p join hub.open_row o using (identity, item)
            where o.party = any($1)
            """, connection);
        SubmissionStore.Add(command, parties);
        return await PartiesOfAsync(command, cancellation);
    }

    private static async Task<List<long>> PartiesOfAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var found = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetInt64(0));
        return found;
    }

    /// <summary>What rejected rows of the tax bureau's own items tell of whose they are.</summary>
    public static async Task<RegistryDoubts> DoubtsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select distinct r.item, r.name_key, r.code_key, r.registration_key,
                (select e.row_key from hub.row_error e where e.submission = r.submission and e.row = r.row limit 1),
                    s.period, s.sequence
            from hub.rejected_row r join hub.submission s on s.id = r.submission and s.state in (7, 8, 9) and s.superseded_by is null
            where r.item = any($1) and coalesce(r.name_key, r.code_key, r.registration_key) is not null and (r.mended_by is null or r.dropped)
            """, connection);
        command.Parameters.AddWithValue(RegistryDoubts.Items.ToArray());
        var rows = new List<DoubtfulRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(new DoubtfulRow(reader.GetString(0), Text(reader, 1), Text(reader, 2), Text(reader, 3))
            {
                RowKey = Text(reader, 4), Sent = (Period.FromCode(reader.GetInt32(5)).End, reader.GetInt32(6)),
            });
        return new RegistryDoubts(rows);
    }

    /// <summary>
    /// Whether the party has the rejected row by now as it should be: one with its primary key, for a later period
    /// or in a
    /// later file of the same. A row sent before it is what it should have changed.
    /// </summary>
    public static Func<DoubtfulRow, bool> SettledBy(PartyFacts facts)
    {
        var have = RegistryDoubts.Items.SelectMany(item => facts.Current.GetValueOrDefault(item, []))
            .GroupBy(f => (f.Template.Item, KeyOf(f.Template, f))).ToDictionary(g => g.Key, g => g.Max(f =>
                (f.Period.End, facts.SequenceOf(f))));
        return row => row.RowKey is { } key && have.TryGetValue((row.Item, key), out var sent)
            && sent.CompareTo(row.Sent) > 0;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
