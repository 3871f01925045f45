using System.Runtime.CompilerServices;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Landing;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;
using Npgsql;

namespace InfoHub.Storage.Figures;

/// <summary>How far the submissions are: a batch run waits on these.</summary>
/// <param name="Checking">Received, not yet landed as a whole, and not set aside.</param>
/// <param name="Unresolved">
/// Stored, and their rows neither resolved nor set aside; one more while rows wait to be linked.
/// </param>
/// <param name="Unused">Resolved, and models still to run.</param>
/// <param name="Resting">Used or refused.</param>
public sealed record FlowFigures(long Checking, long Unresolved, long Unused, long Resting);

/// <summary>Control totals over everything in the store. Submitted = rejected + stored must hold.</summary>
public sealed record ControlTotals(
    long Submissions, long FilesRefused, long RowsReceived, long RowsRejected, long RowsStored, long Parties,
    long PartiesIdentified, long FindingsOpen)
{
    /// <summary>Parties without any code whose rows all match nobody in the registers.</summary>
    public long Strangers { get; init; }

    public long StrangersSeenBySeveral { get; init; }

    /// <summary>In how many ways the departments write those that several see.</summary>
    public long WordingsOfThose { get; init; }
}

/// <summary>
/// How linking placed the rows of departments; rows that one department writes alike count once.
/// </summary>
/// <param name="ByCode">By a code of a register's, or by a valid one that no register has.</param>
/// <param name="ByRepairedCode">By a code one character of which was wrong.</param>
/// <param name="ByLikeness">By name, person and address.</param>
/// <param name="Ambiguous">Registered, and waiting for an officer to say which of several it is.</param>
/// <param name="Review">Waiting for an officer to say whether it is anybody.</param>
/// <param name="Nobody">Without a code, and in no register.</param>
public sealed record PlacementFigures(
    long ByCode, long ByRepairedCode, long ByLikeness, long Ambiguous, long Review, long Nobody);

/// <summary>One row of links.csv.</summary>
public sealed record LinkLine(string Item, string Submission, int Row, string RowKey, string PartyId, string? Uscc, LinkDecision Decision, decimal Score);

/// <summary>One row of row-errors.csv.</summary>
public sealed record ErrorLine(string Submission, int Row, string RowKey, string Field, string Code, short Disposition, string Observed, string Expected);

/// <summary>One line of receipts.jsonl.</summary>
public sealed record ReceiptLine(string Submission, int Kind, string BodyJson, byte[] Hash);

/// <summary>A model that cannot judge a party, and what it needs for it.</summary>
public sealed record UnjudgedLine(string Model, string PartyId, string PartyName, string Needs);

/// <summary>
/// What a batch run writes out and waits for. Everything comes in an order that does not depend on timing.
/// </summary>
public sealed class RunFigures(NpgsqlDataSource store)
{
    private const string SubmissionOrder = "s.period, s.item, s.version, s.sequence";

    public async Task<FlowFigures> FlowAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select count(*) filter (where state in (3, 4) or state = 6 and not exists (select 1 from hub.parked_record r
                       where not r.retry and (r.submission = s.id
                           or r.submission is null and s.id % r.partitions = r.partition))),
                   count(*) filter (where state = 8 and not resolved and not exists (select 1 from hub.parked_submission p
                       where p.submission = s.id and not p.retry)) + (select count(*) from (select 1 from hub.open_row where waiting limit 1) w),
                   count(*) filter (where state = 8 and resolved), count(*) filter (where state in (5, 7, 9)) from hub.submission s
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new FlowFigures(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    public async Task<ControlTotals> TotalsAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select count(*), count(*) filter (where state = 5),
                   coalesce(sum(rows_received) filter (where state <> 5), 0)::bigint, coalesce(sum(rows_rejected) filter (where state <> 5), 0)::bigint,
                   coalesce(sum(rows_stored), 0)::bigint,
                   (select count(*) from hub.party where merged_into is null), (select count(*) from hub.party where merged_into is null and founded_by < 7),
                   (select count(*) from hub.finding where state in (1, 2, 3, 6)),
                   coalesce(max(x.strangers), 0), coalesce(max(x.several), 0), coalesce(max(x.wordings), 0)
            from hub.submission cross join (
                select count(*) as strangers, count(*) filter (where departments > 1) as several,
                    coalesce(sum(wordings) filter (where departments > 1), 0)::bigint as wordings
                from (select count(distinct split_part(o.item, '-', 1)) as departments,
                        count(distinct o.name) as wordings
                    from hub.open_row o join hub.party p on p.id = o.party and p.founded_by = 7
                    group by o.party having bool_and(o.outcome = 4)) s) x
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new ControlTotals(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4),
            reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7))
        {
            Strangers = reader.GetInt64(8), StrangersSeenBySeveral = reader.GetInt64(9),
            WordingsOfThose = reader.GetInt64(10),
        };
    }

    public async Task<PlacementFigures> PlacementsAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select count(*) filter (where outcome = 1 and step <= 5 or outcome = 4 and party = coded_party),
                count(*) filter (where outcome = 1 and step = 6), count(*) filter (where outcome = 1 and step = 9),
                count(*) filter (where outcome = 2 and in_queue), count(*) filter (where outcome = 3 and in_queue),
                count(*) filter (where outcome = 4 and party is distinct from coded_party)
            from hub.open_row
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new PlacementFigures(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3),
            reader.GetInt64(4), reader.GetInt64(5));
    }

    /// <summary>Ids of all findings that stand, by model, party and business key.</summary>
    public async IAsyncEnumerable<string> FindingIdsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select id from hub.finding where state <> 5 order by model, party, business_key");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return reader.GetString(0);
    }

    public async IAsyncEnumerable<LinkLine> LinksAsync(Template template, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            select s.ref, f._row, {RowKey(template)}, f._party, p.uscc, l.decision, l.score
            from {FactTable.NameOf(template)} f join hub.submission s on s.id = f._submission and s.state in (8, 9)
            join hub.link l on l.identity = f._identity and l.item = s.item join hub.party p on p.id = f._party
            order by {SubmissionOrder}, f._row
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new LinkLine(template.Item, reader.GetString(0), reader.GetInt32(1), reader.GetString(2), new PartyId(reader.GetInt64(3)).ToString(),
                reader.IsDBNull(4) ? null : reader.GetString(4), (LinkDecision)reader.GetInt16(5), reader.GetDecimal(6));
    }

    /// <summary>
    /// The key's cells joined by "|"; a column that stands in for a blank key cell is personal, and is covered.
    /// </summary>
    private static string RowKey(Template template)
    {
        string Cell(int index) => $"f.\"{template.Fields[index].Name}\"::text";
        var parts = template.KeyCells.Select(cells => $"coalesce({string.Join(", ", cells.Select((index, i) => i == 0
            ? Cell(index) : $"left({Cell(index)}, 2) || '****' || right({Cell(index)}, 2)"))}, '')");
        return $"concat_ws('|', {string.Join(", ", parts)})";
    }

    public async IAsyncEnumerable<ErrorLine> ErrorsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            select s.ref, e.row, e.row_key, e.field, e.code, e.disposition, e.observed, e.expected
            from hub.row_error e join hub.submission s on s.id = e.submission order by {SubmissionOrder}, e.row, e.number
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new ErrorLine(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetInt16(5), reader.GetString(6), reader.GetString(7));
    }

    public async IAsyncEnumerable<ReceiptLine> ReceiptsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            $"select s.ref, r.kind, r.body, r.hash from hub.receipt r join hub.submission s on s.id = r.submission order by {SubmissionOrder}, r.kind");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new ReceiptLine(reader.GetString(0), reader.GetInt16(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3));
    }

    /// <summary>Open findings per model, and open amounts in fen.</summary>
    public async Task<IReadOnlyList<(string Model, long Findings, Money Gap)>> FindingsPerModelAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select model, count(*), coalesce(sum(gap_fen), 0)::bigint from hub.finding where state in (1, 2, 3, 6) group by model order by model");
        var figures = new List<(string, long, Money)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            figures.Add((reader.GetString(0), reader.GetInt64(1), new Money(reader.GetInt64(2))));
        return figures;
    }

    /// <summary>What models cannot judge and what they need, by model, party and need.</summary>
    public async IAsyncEnumerable<UnjudgedLine> UnjudgedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select u.model, u.party, p.name, u.needs from hub.unjudged u join hub.party p on p.id = u.party
            order by u.model, u.party, u.needs
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new UnjudgedLine(reader.GetString(0), new PartyId(reader.GetInt64(1)).ToString(), reader.GetString(2),
                reader.GetString(3));
    }

    /// <summary>Rows and their amounts per item, as the store has them.</summary>
    public async Task<IReadOnlyList<(string Item, long Received, long Rejected, long Stored)>> RowsPerItemAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select item, sum(rows_received) filter (where state <> 5), sum(rows_rejected) filter (where state <> 5), sum(rows_stored)
            from hub.submission group by item order by item
            """);
        var figures = new List<(string, long, long, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            figures.Add((reader.GetString(0), Sum(reader, 1), Sum(reader, 2), Sum(reader, 3)));
        return figures;
    }

    private static long Sum(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? 0 : (long)row.GetDecimal(column);
}
