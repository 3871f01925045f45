using InfoHub.Domain.Identity;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>How many parties of a branch a model cannot judge for want of the same.</summary>
/// <param name="Needs">zh-CN: what would let it judge.</param>
public sealed record UnjudgedNeed(string Model, string Needs, long Parties);

/// <summary>A party that a model cannot judge.</summary>
public sealed record UnjudgedParty(
    PartyId Party, string Name, string? Uscc, string RegionCode, string TownCode, string Model, string Needs);

/// <summary>Position behind the last line of a page, in the order of the list.</summary>
public sealed record UnjudgedCursor(string Model, long Party, string Needs);

/// <param name="Next">Null on the last page.</param>
public sealed record UnjudgedPage(IReadOnlyList<UnjudgedParty> Parties, UnjudgedCursor? Next);

/// <summary>What models cannot judge, never outside the caller's branch.</summary>
public sealed class UnjudgedQuery(NpgsqlDataSource store)
{
    public const int PageSizeMax = 200;

    /// <summary>Needs are few: they name feeds and registers, not parties.</summary>
    public const int NeedsMax = 100;

    private const string Within = """
        from hub.unjudged u join hub.party p on p.id = u.party where starts_with(p.region_code, $1)
        """;

    /// <summary>The most frequent first, at most <see cref="NeedsMax"/>.</summary>
    /// <param name="scope">Division prefix of the caller; "" is the whole city.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<UnjudgedNeed>> NeedsAsync(string scope, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            $"select u.model, u.needs, count(*) {Within} group by 1, 2 order by 3 desc, 1, 2 limit {NeedsMax}");
        command.Parameters.AddWithValue(scope);
        var needs = new List<UnjudgedNeed>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            needs.Add(new UnjudgedNeed(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return needs;
    }

    /// <summary>By model, party and need; of one model only when <paramref name="model"/> is not "".</summary>
    public async Task<UnjudgedPage> PageAsync(
        string scope, string model, int pageSize, UnjudgedCursor? after, CancellationToken cancellation)
    {
        var size = Math.Clamp(pageSize, 1, PageSizeMax);
        var behind = after is null ? "" : " and (u.model, u.party, u.needs) > ($3, $4, $5)";
        await using var command = store.CreateCommand($"""
            select u.party, p.name, p.uscc, p.region_code, p.town_code, u.model, u.needs
            {Within} and ($2 = '' or u.model = $2){behind} order by u.model, u.party, u.needs limit {size + 1}
            """);
        command.Parameters.AddWithValue(scope);
        command.Parameters.AddWithValue(model);
        if (after is not null)
        {
            command.Parameters.AddWithValue(after.Model);
            command.Parameters.AddWithValue(after.Party);
            command.Parameters.AddWithValue(after.Needs);
        }
        var parties = new List<UnjudgedParty>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            parties.Add(new UnjudgedParty(new PartyId(reader.GetInt64(0)), reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6)));
        if (parties.Count <= size)
            return new UnjudgedPage(parties, null);
        parties.RemoveAt(size);
        var last = parties[^1];
        return new UnjudgedPage(parties, new UnjudgedCursor(last.Model, last.Party.Value, last.Needs));
    }
}
