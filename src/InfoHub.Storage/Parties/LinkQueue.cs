using System.Globalization;
using InfoHub.Domain.Identity;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>Why a row waits for an officer.</summary>
public enum QueueKind
{
    /// <summary>Likeness did not decide it.</summary>
    Review,

    /// <summary>Its code names one entry, everything else another or none.</summary>
    CodeContradicted,

    /// <summary>It is registered, but more than one entry may be it.</summary>
    Ambiguous,

    /// <summary>One officer ruled, and a second has to.</summary>
    AwaitsSecond,

    /// <summary>Whoever looked at it blind found otherwise than what was decided.</summary>
    Disputed,
}

/// <summary>What an officer asks of the queue. <see cref="Scope"/> comes from the sign-in.</summary>
/// <param name="Viewer">Whoever asks: a first ruling is shown to those who have ruled themselves.</param>
public sealed record QueueFilter(string Scope, string Viewer, string Item = "", QueueKind? Kind = null);

/// <summary>Where the next page begins.</summary>
public sealed record QueueCursor(bool IsUnsure, long Priority, long Number);

/// <summary>A row that waits for an officer, with the decision as it stands.</summary>
/// <param name="Interest">Yuan of business a year.</param>
/// <param name="Resolves">Rows that one ruling places.</param>
public sealed record QueuedRow(
    long Number, string Item, string Name, string Address, string Branch, QueueKind Kind, PartyId? Entry,
        string EntryName,
    float Probability, long Interest, int Resolves, bool IsUnsure, LinkRuling? First)
{
    internal long Priority { get; init; }

    /// <summary>The viewer may know who ruled first and what.</summary>
    public bool ShowsFirst { get; init; }
}

/// <param name="Next">Null on the last page.</param>
public sealed record QueuePage(IReadOnlyList<QueuedRow> Rows, long Total, QueueCursor? Next);

/// <summary>A row that makes up a party without a code, and how probable it is that no register has it.</summary>
/// <param name="Compared">Entries it was compared with; of none the probability means nothing.</param>
public sealed record PartyRow(long Number, string Item, string Name, int Outcome, float Nobody, int Compared);

/// <summary>An open row with everything that led to its decision.</summary>
/// <param name="Version">Changes whenever it is decided otherwise or ruled on.</param>
/// <param name="Explanation">JSON as linking wrote it; "" before the first decision.</param>
/// <param name="IsWaiting">It is about to be decided anew.</param>
public sealed record OpenRowView(
    long Number, Guid Identity, string Item, string Name, string Person, string Address, string Region, string Codes,
        string Branch,
    int Outcome, int Step, PartyId Party, PartyId? Entry, float Probability, float Nobody, string Model,
        long RegisterVersion,
    DateTimeOffset? DecidedAt, string Explanation, string Version, long Interest, int Resolves, bool IsWaiting,
        bool IsDisputed)
{
    public IReadOnlyList<LinkRuling> Rulings { get; init; } = [];

    /// <summary>Entries that whoever looked at it blind found it to be, where that disputes the decision.</summary>
    public IReadOnlyList<PartyId> FoundBlind { get; init; } = [];

    /// <summary>What hangs on rows outside the queue is worked out when somebody rules on them.</summary>
    public bool IsQueued { get; init; }

    /// <summary>What was decided before, the latest first.</summary>
    public IReadOnlyList<PastDecision> Past { get; init; } = [];

    public RulingState State => RulingState.Of(Rulings);
}

/// <summary>Reads what officers have to look at, never outside their branch.</summary>
public sealed class LinkQueue(NpgsqlDataSource store)
{
    public const int PageSizeMax = 200;

    /// <summary>More wordings of one shop than anybody reads.</summary>
    public const int PartyRowsMax = 20;

    /// <summary>A count beyond this is told as "more than".</summary>
    public const int CountMax = 10_000;

    internal const string VersionColumn = "concat_ws('-', o.ruling, o.outcome, coalesce(o.entry, 0))";

    /// <summary>The order of the index open_row_queue.</summary>
    private const string Order = "o.is_unsure, (-o.priority), o.number";

    private const string KindColumn = """
        case when o.is_disputed then 4 when o.awaits_second then 3 when o.step in (7, 8) then 1 when o.outcome = 2 then
            2 else 0 end
        """;

    /// <summary>How many rows wait in a branch, at most <see cref="CountMax"/>.</summary>
    public async Task<long> CountAsync(QueueFilter filter, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            string.Create(CultureInfo.InvariantCulture,
                $"select count(*) from (select 1 from hub.open_row o where {Where(filter)} limit {CountMax}) x"));
        AddFilter(command, filter);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<QueuePage> PageAsync(QueueFilter filter, int pageSize, QueueCursor? after,
        CancellationToken cancellation)
    {
        var total = await CountAsync(filter, cancellation);
        var size = Math.Clamp(pageSize, 1, PageSizeMax);
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var command = PageCommand(filter, size, after, connection);
        var rows = new List<QueuedRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(Read(reader));
        if (rows.Count <= size)
            return new QueuePage(rows, total, null);
        rows.RemoveAt(size);
        return new QueuePage(rows, total, new QueueCursor(rows[^1].IsUnsure, rows[^1].Priority, rows[^1].Number));
    }

    /// <summary>One row more than the page holds, so that the caller sees whether there is a next one.</summary>
    internal static NpgsqlCommand PageCommand(QueueFilter filter, int size, QueueCursor? after,
        NpgsqlConnection connection)
    {
        var cursor = after is null ? "" : " and (o.is_unsure, (-o.priority), o.number) > (@unsure, @priority, @number)";
        var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"""
            select o.number, o.item, o.name, o.address, o.branch, {KindColumn}, o.entry, coalesce(p.name, ''),
                o.probability, o.interest,
                o.resolves, o.is_unsure, o.priority, r.number, r.officer, r.verdict, r.party, r.reason, r.at,
                exists (select 1 from hub.link_ruling m where m.identity = o.identity and m.item = o.item and m.officer
                    = @viewer and m.audit is null)
            from hub.open_row o left join hub.party p on p.id = o.entry
            left join hub.link_ruling r on o.awaits_second and r.number = o.ruling
            where {Where(filter)}{cursor} order by {Order} limit {size + 1}
            """), connection);
        AddFilter(command, filter);
        command.Parameters.AddWithValue("viewer", filter.Viewer);
        if (after is not null)
        {
            command.Parameters.AddWithValue("unsure", after.IsUnsure);
            command.Parameters.AddWithValue("priority", -after.Priority);
            command.Parameters.AddWithValue("number", after.Number);
        }
        return command;
    }

    /// <summary>One row with its rulings; null when there is none with this number inside the branch.</summary>
    public async Task<OpenRowView?> GetAsync(long number, string scope, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        if (await RowAsync(connection, number, scope, cancellation) is not { } row)
            return null;
        return row with
        {
            Rulings = await LinkRulings.OfAsync(connection, row.Identity, row.Item, cancellation),
            FoundBlind = row.IsDisputed ? await FoundBlindAsync(connection, row, cancellation) : [],
            Past = await StoredDecisions.PastAsync(connection, row.Identity, row.Item, cancellation),
        };
    }

    private static async Task<List<PartyId>> FoundBlindAsync(NpgsqlConnection connection, OpenRowView row,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select distinct party from hub.link_ruling where identity = $1 and item = $2 and audit is not null
            and verdict = 1 order by party
            """, connection);
        command.Parameters.AddWithValue(row.Identity);
        command.Parameters.AddWithValue(row.Item);
        var found = new List<PartyId>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(new PartyId(reader.GetInt64(0)));
        return found;
    }

    /// <summary>The first <see cref="PartyRowsMax"/> rows of a party in a branch, by item and name.</summary>
    public async Task<PartyRow[]> OfPartyAsync(PartyId party, string scope, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"""
            select number, item, name, outcome, nobody, coalesce((explanation->>'compared')::int, 0) from hub.open_row
            where party = $1 and starts_with(branch, $2) order by item, name, number limit {PartyRowsMax}
            """));
        command.Parameters.AddWithValue(party.Value);
        command.Parameters.AddWithValue(scope);
        var rows = new List<PartyRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(new PartyRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt16(3),
                reader.GetFloat(4), reader.GetInt32(5)));
        return [.. rows];
    }

    /// <summary>What the registers say of some parties, as linking knows them now, by party.</summary>
    public async Task<ILookup<PartyId, RegisterFace>> FacesAsync(IReadOnlyCollection<PartyId> parties,
        CancellationToken cancellation)
    {
        await using var register = new RegisterHistory(await store.OpenConnectionAsync(cancellation));
        return (await register.FacesAsync(RegisterHistory.Now, [.. parties.Select(p => p.Value)], cancellation))
            .ToLookup(f => f.Party);
    }

    private static async Task<OpenRowView?> RowAsync(
        NpgsqlConnection connection, long number, string scope, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select o.number, o.identity, o.item, o.name, o.person, o.address, o.region, o.codes, o.branch, o.outcome,
                o.step, o.party,
                o.entry, o.probability, o.nobody, o.model, o.register_version, o.decided_at,
                    coalesce(o.explanation::text, ''),
                {VersionColumn}, o.interest, o.resolves, o.waiting, o.is_disputed, o.in_queue
            from hub.open_row o where o.number = $1 and starts_with(o.branch, $2)
            """, connection);
        command.Parameters.AddWithValue(number);
        command.Parameters.AddWithValue(scope);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
            return null;
        return new OpenRowView(row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetString(5),
            row.GetString(6), row.GetString(7), row.GetString(8), row.GetInt16(9), row.GetInt16(10),
                new PartyId(row.GetInt64(11)),
            row.IsDBNull(12) ? null : new PartyId(row.GetInt64(12)), row.GetFloat(13), row.GetFloat(14),
                row.GetString(15),
            row.GetInt64(16), row.IsDBNull(17) ? null : row.GetFieldValue<DateTimeOffset>(17), row.GetString(18),
                row.GetString(19),
            row.GetInt64(20), row.GetInt32(21), row.GetBoolean(22), row.GetBoolean(23))
        {
            IsQueued = row.GetBoolean(24),
        };
    }

    private static string Where(QueueFilter filter)
    {
        var where = "o.in_queue and starts_with(o.branch, @scope)";
        if (filter.Item.Length > 0)
            where += " and o.item = @item";
        return filter.Kind is null ? where : $"{where} and {KindColumn} = @kind";
    }

    private static void AddFilter(NpgsqlCommand command, QueueFilter filter)
    {
        command.Parameters.AddWithValue("scope", filter.Scope);
        if (filter.Item.Length > 0)
            command.Parameters.AddWithValue("item", filter.Item);
        if (filter.Kind is { } kind)
            command.Parameters.AddWithValue("kind", (int)kind);
    }

    private static QueuedRow Read(NpgsqlDataReader row)
    {
        var first = row.IsDBNull(13) ? null : new LinkRuling(row.GetInt64(13), row.GetString(14),
            (LinkVerdict)row.GetInt16(15),
            new PartyId(row.GetInt64(16)), row.GetString(17), row.GetFieldValue<DateTimeOffset>(18), NeedsSecond: true);
        return new QueuedRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            (QueueKind)row.GetInt32(5), row.IsDBNull(6) ? null : new PartyId(row.GetInt64(6)), row.GetString(7),
                row.GetFloat(8),
            row.GetInt64(9), row.GetInt32(10), row.GetBoolean(11), first)
        {
            Priority = row.GetInt64(12), ShowsFirst = row.GetBoolean(19),
        };
    }
}
