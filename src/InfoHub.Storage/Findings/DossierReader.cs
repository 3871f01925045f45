using System.Collections.Immutable;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>
/// Reads the current facts of some parties: of sealed submissions that were neither taken back nor replaced, for each primary
/// key the row of the latest (period, sequence), and none whose latest operation is D.
/// </summary>
internal static class DossierReader
{
    /// <summary>Facts by party and item, each in key order.</summary>
    public static async Task<Dictionary<long, Dictionary<string, ImmutableArray<Fact>>>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Template> templates, long[] parties, CancellationToken cancellation)
    {
        var facts = parties.ToDictionary(p => p, _ => new Dictionary<string, ImmutableArray<Fact>>(StringComparer.Ordinal));
        foreach (var versions in templates.GroupBy(t => t.Item))
            foreach (var (party, rows) in await ReadItemAsync(connection, versions.MaxBy(t => t.Version)!, parties, cancellation))
                facts[party][versions.Key] = rows;
        return facts;
    }

    private static async Task<IEnumerable<(long Party, ImmutableArray<Fact> Rows)>> ReadItemAsync(
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
        var current = new Dictionary<(long Party, string Key), Candidate>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var candidate = Read(reader, template);
            var key = (reader.GetInt64(0), KeyOf(template, candidate.Fact));
            if (!current.TryGetValue(key, out var other) || candidate.IsNewerThan(other))
                current[key] = candidate;
        }
        return current.Where(c => !c.Value.Deleted).GroupBy(c => c.Key.Party).Select(g =>
            (g.Key, g.OrderBy(c => c.Key.Key, StringComparer.Ordinal).Select(c => c.Value.Fact).ToImmutableArray()));
    }

    private readonly record struct Candidate(Fact Fact, int Sequence, bool Deleted)
    {
        public bool IsNewerThan(Candidate other) =>
            (Fact.Period.End, Sequence, Fact.SubmissionId, Fact.Row)
                .CompareTo((other.Fact.Period.End, other.Sequence, other.Fact.SubmissionId, other.Fact.Row)) > 0;
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

    /// <summary>Unmatched is a party of whose rows every one was compared with the registers and matches nobody.</summary>
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

    /// <summary>Names and codes of rejected rows of the tax register: whoever they may belong to cannot be called unregistered.</summary>
    public static async Task<RegistryDoubts> DoubtsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select distinct r.name_key, r.code_key from hub.rejected_row r join hub.submission s on s.id = r.submission and s.state <> 10 and s.superseded_by is null
            where r.item = 'SW-01' and (r.name_key is not null or r.code_key is not null) and (r.mended_by is null or r.dropped)
            """, connection);
        var (names, codes) = (new List<string>(), new List<string>());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!reader.IsDBNull(0))
                names.Add(reader.GetString(0));
            if (!reader.IsDBNull(1))
                codes.Add(reader.GetString(1));
        }
        return new RegistryDoubts(names, codes);
    }
}
