using InfoHub.Domain.Identity;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>
/// One way a register speaks of a party: a row of SW-01 or SCJG-01 in its latest wording, or in a former one.
/// </summary>
/// <param name="Region">Six-digit division; "" when the row has none.</param>
/// <param name="Codes">All codes of the row, blanks between them.</param>
public sealed record RegisterFace(PartyId Party, string Name, string Person, string Address, string Region,
    string Codes)
{
    /// <summary>The first version of the register that has it; 0 where that is not told.</summary>
    public long Since { get; init; }
}

/// <summary>
/// The registers as linking knows them, version by version. What is written here is what every host decides with, and
/// what a decision can be made again with.
/// </summary>
public sealed class RegisterHistory(NpgsqlConnection connection) : IAsyncDisposable
{
    /// <summary>The version after all others.</summary>
    internal const long Now = long.MaxValue;

    private const string Columns = "party, name, person, address, region, codes";

    /// <summary>Brings the kept register from its last version to another.</summary>
    /// <param name="parties">Those that may have changed; null for all.</param>
    public async Task RecordAsync(IEnumerable<Template> registers, long[]? parties, long version,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch,
            $"create temp table face_now on commit drop as select {Columns} from hub.register_face where false");
        foreach (var template in registers)
            ResolutionTransaction.Add(batch, $"insert into face_now {FacesCommand(template, parties is not null)}",
                parties is null ? [] : [parties]);
        ResolutionTransaction.Add(batch, "analyze face_now");
        var some = parties is null ? "" : "and f.party = any($2)";
        ResolutionTransaction.Add(batch, $"""
            update hub.register_face f set until = $1 where f.until is null {some}
            and not exists (select 1 from face_now n where {IsSame})
            """, parties is null ? [version] : [version, parties]);
        ResolutionTransaction.Add(batch, $"""
            insert into hub.register_face ({Columns}, since) select distinct {Columns}, $1 from face_now n
            where not exists (select 1 from hub.register_face f where f.until is null and {IsSame})
            """, version);
        ResolutionTransaction.Add(batch, "drop table face_now");
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static string IsSame => string.Join(" and ", Columns.Split(", ").Select(c => $"n.{c} = f.{c}"));

    /// <summary>
    /// What the registers said of some parties, or of all of them, at a version: each wording once, in order of party
    /// and wording. Parties without a current row in a register have none.
    /// </summary>
    public async Task<RegisterFace[]> FacesAsync(long version, long[]? parties, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select {Columns}, since from hub.register_face where since <= $1 and (until is null or until > $1)
            {(parties is null ? "" : "and party = any($2)")}
            """, connection);
        SubmissionStore.Add(command, parties is null ? [version] : [version, parties]);
        var faces = await LinkTransaction.ReadAllAsync(command, reader => new RegisterFace(
            new PartyId(reader.GetInt64(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3),
            reader.GetString(4), reader.GetString(5)) { Since = reader.GetInt64(6) }, cancellation);
        return [.. faces.OrderBy(f => f.Party).ThenBy(f => f.Name, StringComparer.Ordinal)
            .ThenBy(f => f.Person, StringComparer.Ordinal).ThenBy(f => f.Address, StringComparer.Ordinal)
            .ThenBy(f => f.Codes, StringComparer.Ordinal)];
    }

    /// <summary>Parties whose entry may have changed after one version of the register and up to another.</summary>
    public async Task<long[]> ChangedAsync(long after, long upTo, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select distinct party from hub.register_change where number > $1 and number <= $2 order by party",
                connection);
        SubmissionStore.Add(command, after, upTo);
        return await LinkTransaction.ReadAllAsync(command, reader => reader.GetInt64(0), cancellation);
    }

    /// <summary>
    /// What the words of the register of a version tell, as one host counted it for all, and the city of those that
    /// name none; null when they were not counted then.
    /// </summary>
    public async Task<(byte[] Weights, string HomeCity)?> WeightsAsync(long version, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select weights, home_city from hub.register_weighing where version = $1", connection);
        SubmissionStore.Add(command, version);
        var rows = await LinkTransaction.ReadAllAsync(command, reader =>
            (reader.GetFieldValue<byte[]>(0), reader.GetString(1)), cancellation);
        return rows.Length == 0 ? null : rows[0];
    }

    /// <summary>
    /// From now on words tell what was counted in the register of this version. What was counted before is kept as
    /// long as a decision was made with it, and a little longer for whoever is just reading such decisions.
    /// </summary>
    public async Task SaveWeightsAsync(long version, byte[] weights, string homeCity, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, """
            delete from hub.register_weighing w where not exists (select 1 from hub.open_row o where o.weights_version
                = w.version)
            and not exists (select 1 from hub.past_decision p where p.weights_version = w.version)
            and w.version not in (select version from hub.register_weighing order by version desc limit 8)
            """);
        ResolutionTransaction.Add(batch, """
            insert into hub.register_weighing (version, weights, home_city) values ($1, $2, $3)
            on conflict (version) do nothing
            """, version, weights, homeCity);
        ResolutionTransaction.Add(batch, "update hub.link_progress set weights_version = $1", version);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>A template with two addresses (注册地址, 生产经营地址) speaks of the party twice.</summary>
    internal static string FacesCommand(Template template, bool some)
    {
        string Text(string column) => $"coalesce(f.\"{column}\"::text, '')";
        string Column(IdentityRole role) => template.IndexOf(role) is >= 0 and var index ? Text(
            template.Fields[index].Name) : "''";
        var codes = template.Fields.Where(f => f.Identity is IdentityRole.Uscc or IdentityRole.TaxpayerNumber
            or IdentityRole.OrganisationCode or IdentityRole.RegistrationNumber).Select(f => $"f.\"{f.Name}\"::text");
        var addresses = template.Fields.Where(f => f.Identity == IdentityRole.Address).Select(f => Text(
            f.Name)).DefaultIfEmpty("''").ToArray();
        // As in DossierReader: taken once, whatever the store knows of its tables.
        return $"""
            with f as materialized (select * from {FactTable.NameOf(template)} where _superseded is null and _op <> 'D'
                and _party is not null {(some ? "and _party = any($1)" : "")})
            select distinct f._party, {Column(IdentityRole.Name)}, {Column(IdentityRole.Representative)}, a.address,
                left(coalesce(nullif({Column(IdentityRole.Town)}, ''), {Column(IdentityRole.Division)}), 6),
                    concat_ws(' ', {string.Join(", ", codes)})
            from f join hub.submission s on s.id = f._submission and s.resolved and s.superseded_by is null
            cross join lateral unnest(array[{string.Join(", ", addresses)}]) a(address)
            where a.address <> '' or {string.Join(" || ", addresses)} = ''
            """;
    }
}
