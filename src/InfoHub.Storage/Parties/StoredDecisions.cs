using InfoHub.Domain.Identity;
using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>A decision as it was made.</summary>
/// <param name="Number">Of the row, as in the queue.</param>
/// <param name="Row">With what was known of its code and of rulings when it was decided.</param>
/// <param name="Until">When another decision took its place; null for the one in force.</param>
public sealed record StoredDecision(
    long Number, OpenRow Row, int Outcome, int Step, PartyId? Entry, float Probability, PartyId? Second,
    float SecondProbability, float Nobody, string Model, string Basis, long RegisterVersion, long WeightsVersion,
    DateTimeOffset DecidedAt, DateTimeOffset? Until);

/// <summary>A decision that gave way to another, as an officer is told of it.</summary>
/// <param name="EntryName">"" without an entry.</param>
public sealed record PastDecision(int Outcome, int Step, PartyId? Entry, string EntryName, float Probability,
    long RegisterVersion, DateTimeOffset DecidedAt, DateTimeOffset Until);

/// <summary>Reads decisions and what they were made with.</summary>
public sealed class StoredDecisions(NpgsqlDataSource store)
{
    /// <summary>What is kept of a decision, in <c>hub.open_row</c> and in <c>hub.past_decision</c>.</summary>
    internal const string Columns =
        "identity, item, outcome, step, entry, probability, second, second_probability, nobody, model, basis, "
        + "register_version, weights_version, as_coded, as_ruled, as_ruled_out, as_ruled_nobody, decided_at";

    private const string All = $"""
        (select {Columns}, null::timestamptz as until, 0::bigint as past from hub.open_row where basis <> ''
        union all select {Columns}, until, number from hub.past_decision) d
        join (select number as row_number, identity, item, own_party, party, source_alias, name, person, address,
            region, codes, first_period, keys from hub.open_row) o using (identity, item)
        """;

    private const int PastMax = 20;

    /// <summary>Decisions about a row that gave way to another, the latest first, at most 20.</summary>
    internal static async Task<PastDecision[]> PastAsync(NpgsqlConnection connection, Guid identity, string item,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select d.outcome, d.step, d.entry, coalesce(p.name, ''), d.probability, d.register_version, d.decided_at,
                d.until
            from hub.past_decision d left join hub.party p on p.id = d.entry
            where d.identity = $1 and d.item = $2 order by d.number desc limit $3
            """, connection);
        SubmissionStore.Add(command, identity, item, PastMax);
        return await LinkTransaction.ReadAllAsync(command, reader => new PastDecision(reader.GetInt16(0), reader.GetInt16(1),
            reader.IsDBNull(2) ? null : new PartyId(reader.GetInt64(2)), reader.GetString(3), reader.GetFloat(4),
            reader.GetInt64(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7)),
            cancellation);
    }

    /// <summary>Decisions in force, and those that gave way to another.</summary>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select (select count(*) from hub.open_row where basis <> '') + (select count(*) from hub.past_decision)");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// At most so many decisions, the same ones every time, in order of the register they were made with.
    /// </summary>
    public Task<StoredDecision[]> SampleAsync(int most, CancellationToken cancellation) => ReadAsync($"""
        select * from (select * from {All} order by md5(identity::text || item || past) limit $1) s
        order by weights_version, register_version, row_number, past
        """, most, cancellation);

    /// <summary>Every decision about one row, the one in force last.</summary>
    public Task<StoredDecision[]> OfRowAsync(long number, CancellationToken cancellation) =>
        ReadAsync($"select * from {All} where row_number = $1 order by until nulls last", number, cancellation);

    public async Task<IReadOnlyDictionary<string, LinkBasis>> BasesAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select id, engine, model, lines, bands from hub.link_basis");
        var bases = await LinkTransaction.ReadAllAsync(command, reader => new LinkBasis(reader.GetString(0),
            reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<float[]>(4)),
            cancellation);
        return bases.ToDictionary(b => b.Id);
    }

    private async Task<StoredDecision[]> ReadAsync(string sql, object value, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(sql);
        SubmissionStore.Add(command, value);
        return await LinkTransaction.ReadAllAsync(command, Read, cancellation);
    }

    private static StoredDecision Read(NpgsqlDataReader reader)
    {
        T Of<T>(string column) => reader.GetFieldValue<T>(reader.GetOrdinal(column));
        PartyId? Party(string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null
            : new PartyId(Of<long>(column));
        var row = new OpenRow(Of<Guid>("identity"), Of<string>("item"), new PartyId(Of<long>("own_party")),
            Party("as_coded"), new PartyId(Of<long>("party")), Of<string>("source_alias"), Of<string>("name"),
            Of<string>("person"), Of<string>("address"), Of<string>("region"), Of<string>("codes"),
            Of<int>("first_period"), Of<long[]>("keys"))
        {
            RuledParty = Party("as_ruled"), RuledOut = Of<long[]>("as_ruled_out"),
            RuledNobody = Party("as_ruled_nobody")?.Value,
        };
        return new StoredDecision(Of<long>("row_number"), row, Of<short>("outcome"), Of<short>("step"), Party("entry"),
            Of<float>("probability"), Party("second"), Of<float>("second_probability"), Of<float>("nobody"),
            Of<string>("model"), Of<string>("basis"), Of<long>("register_version"), Of<long>("weights_version"),
            Of<DateTimeOffset>("decided_at"),
            reader.IsDBNull(reader.GetOrdinal("until")) ? null : Of<DateTimeOffset>("until"));
    }
}
