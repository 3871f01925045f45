using System.Globalization;
using InfoHub.Domain.Parameters;
using InfoHub.Storage.Landing;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>
/// How much depends on whose a row is, so that officers look first where it matters: the size of the business that
/// the department's figures tell of, in yuan a year, and the departments that have seen it. It orders work; nothing
/// is assessed by it. A row of the queue is ranked again when facts of its party come or go, when somebody beside it
/// is placed, and when the factors change.
/// </summary>
/// <param name="Electricity">Yuan per kWh.</param>
/// <param name="Insured">Yuan per insured person and year.</param>
/// <param name="Settlement">Yuan per yuan settled by the medical insurance.</param>
/// <param name="Sighting">Yuan per department.</param>
public sealed record LinkInterest(decimal Electricity, decimal Insured, decimal Settlement, decimal Sighting)
{
    /// <summary>Tells these factors from others.</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture,
        $"{Electricity}|{Insured}|{Settlement}|{Sighting}");

    public static LinkInterest Of(ParameterSet parameters, DateOnly day)
    {
        decimal At(string name) => parameters.At($"linkage.interest.{name}", day).Value;
        return new LinkInterest(At("electricity"), At("insured"), At("settlement"), At("sighting"));
    }

    internal async Task RankAsync(
        NpgsqlConnection connection, IEnumerable<Template> templates, IEnumerable<(string Item, Guid Identity)> rows,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var item in rows.GroupBy(r => r.Item, r => r.Identity))
            if (templates.Where(t => t.Item == item.Key).MaxBy(t => t.Version) is { } template)
                ResolutionTransaction.Add(batch, RankCommand(template), item.Key, item.ToArray());
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// $1: the item; $2: identities. What a month tells is taken for the year. Rows beside a row are counted once per
    /// party, not once per row: a chain may have ten thousand of them in the queue.
    /// </summary>
    private string RankCommand(Template template) => string.Create(CultureInfo.InvariantCulture, $"""
        with r as materialized (select identity, item, own_party, party, entry from hub.open_row
            where item = $1 and identity = any($2)),
        beside as materialized (select own_party, party, count(*) as n from (
            select number, own_party, party from hub.open_row where own_party in (select own_party from r)
            union select number, own_party, party from hub.open_row where party in (select party from r)) x
            group by own_party, party),
        own as (select own_party, sum(n) as n from beside group by own_party),
        placed as (select party, sum(n) as n from beside group by party),
        seen as (select party, array_agg(distinct split_part(item, '-', 1)) as by from hub.open_row
            where party in (select party from r) group by party),
        near as (select entry, array_agg(distinct split_part(item, '-', 1)) as by from hub.open_row
            where entry in (select entry from r) group by entry),
        ranked as (select r.identity, r.item, (own.n + placed.n - pair.n)::int as resolves,
                (coalesce((select {MeasureOf(template)} from {FactTable.NameOf(template)} f
                    join hub.submission s on s.id = f._submission and s.state in (8, 9) and s.superseded_by is null
                    where f._party = r.party and f._identity = r.identity and f._superseded is null
                    and f._op <> 'D'), 0)
                + {Sighting} * (select count(distinct d) from unnest(seen.by || coalesce(near.by, array[]::text[])) d)
                )::bigint as interest
            from r join own using (own_party) join placed using (party)
            join beside pair on pair.own_party = r.own_party and pair.party = r.party
            join seen on seen.party = r.party left join near on near.entry = r.entry)
        update hub.open_row o set interest = x.interest, resolves = x.resolves, priority = x.interest * x.resolves
        from ranked x where o.identity = x.identity and o.item = x.item
        and (o.interest, o.resolves) is distinct from (x.interest, x.resolves)
        """);

    private string MeasureOf(Template template) => string.Create(CultureInfo.InvariantCulture,
        $"{Measure(template.Item)}");

    private FormattableString Measure(string item) => item switch
    {
        "GD-01" => $"sum(f.kwh) * 12 / greatest(count(distinct f._period), 1) * {Electricity}",
        "RS-01" => $"max(f.insured_cnt) * {Insured}",
        "YB-01" => $"sum(f.total_fee) * 12 / greatest(count(distinct f._period), 1) * {Settlement}",
        // A row stands for all its months here too.
        _ => $"sum(0)",
    };
}
