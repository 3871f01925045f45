using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;
using Npgsql;
using NpgsqlTypes;

namespace InfoHub.Storage.Findings;

/// <summary>
/// What a consumer asks for. <see cref="Scope"/> comes from its token, everything else from the caller.
/// </summary>
public sealed record FindingFilter
{
    /// <summary>Division prefix of the consumer's own branch; "" is the whole city. Always applied.</summary>
    public required string Scope { get; init; }

    public ImmutableArray<string> Models { get; init; } = [];

    public string RegionPrefix { get; init; } = "";

    /// <summary>What is about this period or a later one; a finding that lasts from its period is.</summary>
    public Period? From { get; init; }

    public Period? To { get; init; }

    /// <summary>Empty: the open ones.</summary>
    public ImmutableArray<FindingState> States { get; init; } = [];

    /// <summary>Party id, USCC, or part of a name; "" is any.</summary>
    public string Party { get; init; } = "";

    public Money? GapMin { get; init; }
}

/// <summary>A finding as it stands in the store. Arithmetic and evidence are empty in a search result.</summary>
public sealed record StoredFinding(
    string Id, FindingDraft Draft, string RuleSet, string PartyId, string? Uscc, string PartyName,
    FindingState State, string RegionCode, string TownCode, ImmutableArray<StoredEvidence> Evidence);

/// <summary>Evidence with the submission's public number in place of its row id.</summary>
public sealed record StoredEvidence(string Item, string Submission, int Row, ImmutableArray<byte> RowHash, string Summary);

/// <summary>
/// One page. <paramref name="Next"/> is null on the last page; <paramref name="Total"/> counts the whole search.
/// </summary>
public sealed record FindingPage(IReadOnlyList<StoredFinding> Findings, long Total, FindingCursor? Next);

/// <summary>Where the next page begins: findings are ordered by gap, largest first, then by id.</summary>
public sealed record FindingCursor(long? GapFen, string Id);

/// <summary>Reads findings for Delivery and Console, never outside the caller's scope.</summary>
public sealed class FindingQuery(NpgsqlDataSource store)
{
    public const int PageSizeMax = 200;

    private const string Columns = """
        f.id, f.model, f.model_version, f.rule_set, f.party, p.uscc, p.name, f.period, f.business_key, f.state,
        f.expected_fen, f.actual_fen, f.gap_fen, f.estimated_tax_fen, f.late_fee_fen, f.confidence, f.single_source,
        f.region_code, f.town_code, f.title, f.dissolves_if
        """;

    private const string NoGap = "'-9223372036854775808'::bigint";

    /// <summary>
    /// The order of a page: no gap comes last. The index finding_order is made of the same expression.
    /// </summary>
    private const string Gap = $"coalesce(f.gap_fen, {NoGap})";

    private static readonly string[] Lasting =
        [.. ModelCatalogue.All.Where(m => m.LastsFromItsPeriod).Select(m => m.Id)];

    private static readonly FindingState[] Open = [FindingState.Found, FindingState.Pushed, FindingState.Answered, FindingState.Returned];

    /// <summary>
    /// A page of at most <see cref="PageSizeMax"/> findings behind <paramref name="after"/> (null: the first).
    /// </summary>
    public async Task<FindingPage> SearchAsync(FindingFilter filter, int pageSize, FindingCursor? after, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var count = CountCommand(filter, connection);
        var total = (long)(await count.ExecuteScalarAsync(cancellation))!;

        var size = Math.Clamp(pageSize, 1, PageSizeMax);
        await using var command = PageCommand(filter, size, after, connection);
        var found = new List<StoredFinding>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(Read(reader, [], []));
        if (found.Count <= size)
            return new FindingPage(found, total, null);
        found.RemoveAt(size);
        return new FindingPage(found, total, new FindingCursor(found[^1].Draft.Gap?.Fen, found[^1].Id));
    }

    internal static NpgsqlCommand CountCommand(FindingFilter filter, NpgsqlConnection connection)
    {
        var (where, parameters) = Where(filter);
        var party = filter.Party.Length > 0 ? " join hub.party p on p.id = f.party" : "";
        var command = new NpgsqlCommand($"select count(*) from hub.finding f{party} where {where}", connection);
        command.Parameters.AddRange(parameters.ToArray());
        return command;
    }

    /// <summary>One row more than the page holds, so that the caller sees whether there is a next one.</summary>
    internal static NpgsqlCommand PageCommand(FindingFilter filter, int size, FindingCursor? after, NpgsqlConnection connection)
    {
        var (where, parameters) = Where(filter);
        var cursor = after is null ? "" : $" and ({Gap}, f.id) < (coalesce(@after_gap, {NoGap}), @after_id)";
        var command = new NpgsqlCommand(
            $"select {Columns} from hub.finding f join hub.party p on p.id = f.party where {where}{cursor} order by {Gap} desc, f.id desc limit {size + 1}", connection);
        command.Parameters.AddRange(parameters.ToArray());
        if (after is not null)
        {
            command.Parameters.Add(new NpgsqlParameter("after_gap", NpgsqlDbType.Bigint) { Value = (object?)after.GapFen ?? DBNull.Value });
            command.Parameters.AddWithValue("after_id", after.Id);
        }
        return command;
    }

    /// <summary>
    /// One finding with arithmetic and evidence; null when there is none with this id inside the scope.
    /// </summary>
    public async Task<StoredFinding?> GetAsync(string id, string scope, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand($"""
            select {Columns}, f.arithmetic::text,
                   (select coalesce(jsonb_agg(e || jsonb_build_object('Ref', s.ref) order by n), '[]')::text
                    from jsonb_array_elements(f.evidence) with ordinality as x(e, n) join hub.submission s on s.id = (e->>'SubmissionId')::bigint)
            from hub.finding f join hub.party p on p.id = f.party where f.id = @id and starts_with(f.region_code, @scope)
            """, connection);
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("scope", scope);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var arithmetic = JsonSerializer.Deserialize<ImmutableArray<ArithmeticLine>>(reader.GetString(21));
        var evidence = JsonSerializer.Deserialize<List<EvidenceJson>>(reader.GetString(22))!
            .Select(e => new StoredEvidence(e.Item, e.Ref, e.Row, [.. Convert.FromHexString(e.RowHash)], e.Summary)).ToImmutableArray();
        return Read(reader, arithmetic, evidence);
    }

    internal static (string Where, List<NpgsqlParameter> Parameters) Where(FindingFilter filter)
    {
        var states = filter.States.IsDefaultOrEmpty ? Open : [.. filter.States];
        var where = new StringBuilder("starts_with(f.region_code, @scope) and f.state = any(@states)");
        var parameters = new List<NpgsqlParameter>
        {
            new("scope", filter.Scope), new("states", states.Select(s => (short)s).ToArray()),
        };
        void And(string condition, string name, object value)
        {
            where.Append(" and ").Append(condition);
            parameters.Add(new NpgsqlParameter(name, value));
        }
        if (!filter.Models.IsDefaultOrEmpty)
            And("f.model = any(@models)", "models", filter.Models.ToArray());
        if (filter.RegionPrefix.Length > 0)
            And("(starts_with(f.region_code, @region) or starts_with(f.town_code, @region))", "region", filter.RegionPrefix);
        if (filter.From is { } from)
        {
            And("(f.period_end >= @from or f.model = any(@lasting))", "from", from.Start);
            parameters.Add(new NpgsqlParameter("lasting", Lasting));
        }
        if (filter.To is { } to)
            And("f.period_end <= @to", "to", to.End);
        if (filter.GapMin is { } gap)
            And("f.gap_fen >= @gap", "gap", gap.Fen);
        if (filter.Party.Length > 0)
            AndParty(filter.Party);
        return (where.ToString(), parameters);

        void AndParty(string party)
        {
            if (Domain.Identity.PartyId.TryParse(party, out var id))
                And("f.party = @party", "party", id.Value);
            else
                And("(p.uscc = upper(@party) or p.name like '%' || @pattern || '%')", "party", party);
            parameters.Add(new NpgsqlParameter("pattern", party.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)));
        }
    }

    private static StoredFinding Read(NpgsqlDataReader row, ImmutableArray<ArithmeticLine> arithmetic, ImmutableArray<StoredEvidence> evidence)
    {
        Money? Amount(int column) => row.IsDBNull(column) ? null : new Money(row.GetInt64(column));
        var draft = new FindingDraft
        {
            Model = row.GetString(1), ModelVersion = row.GetInt32(2), Period = Period.FromCode(row.GetInt32(7)), BusinessKey = row.GetString(8),
            Expected = Amount(10), Actual = Amount(11), Gap = Amount(12), EstimatedTax = Amount(13), LateFee = Amount(14),
            Confidence = row.GetDecimal(15), SingleSource = row.GetBoolean(16), Title = row.GetString(19), DissolvesIf = row.GetString(20),
            Arithmetic = arithmetic, Evidence = [],
        };
        return new StoredFinding(row.GetString(0), draft, row.GetString(3), new Domain.Identity.PartyId(row.GetInt64(4)).ToString(),
            row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6), (FindingState)row.GetInt16(9), row.GetString(17), row.GetString(18), evidence);
    }

    private sealed record EvidenceJson(string Item, string Ref, int Row, string RowHash, string Summary);
}
