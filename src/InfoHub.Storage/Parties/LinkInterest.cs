using System.Globalization;
using InfoHub.Domain.Parameters;
using InfoHub.Storage.Landing;
using InfoHub.Templates.Model;

namespace InfoHub.Storage.Parties;

/// <summary>
/// How much depends on whose a row is, so that officers look first where it matters: the size of the business that
/// the department's figures tell of, in yuan a year, and the departments that have seen it. It orders work; nothing
/// is assessed by it.
/// </summary>
/// <param name="Electricity">Yuan per kWh.</param>
/// <param name="Insured">Yuan per insured person and year.</param>
/// <param name="Settlement">Yuan per yuan settled by the medical insurance.</param>
/// <param name="Sighting">Yuan per department.</param>
public sealed record LinkInterest(decimal Electricity, decimal Insured, decimal Settlement, decimal Sighting)
{
    public static LinkInterest Of(ParameterSet parameters, DateOnly day)
    {
        decimal At(string name) => parameters.At($"linkage.interest.{name}", day).Value;
        return new LinkInterest(At("electricity"), At("insured"), At("settlement"), At("sighting"));
    }

    /// <summary>$1: the item; $2: identities. What a month tells is taken for the year.</summary>
    internal string RankCommand(Template template) => string.Create(CultureInfo.InvariantCulture, $"""
        update hub.open_row o set interest = x.interest, resolves = x.resolves, priority = x.interest * x.resolves
        from (select r.identity, r.item, n.resolves,
                (coalesce((select {MeasureOf(template)} from {FactTable.NameOf(template)} f where f._party = r.party
                    and f._identity = r.identity and f._superseded is null and f._op <> 'D'), 0)
                    + {Sighting} * s.departments)::bigint as interest
            from hub.open_row r
            cross join lateral (select count(*)::int as resolves from hub.open_row o
                where o.own_party = r.own_party or o.party = r.party) n
            cross join lateral (select count(distinct split_part(o.item, '-', 1)) as departments from hub.open_row o
                where o.party = r.party or o.entry = r.entry) s
            where r.item = $1 and r.identity = any($2)) x
        where o.identity = x.identity and o.item = x.item
        """);

    private string MeasureOf(Template template) => string.Create(CultureInfo.InvariantCulture,
        $"{Measure(template.Item)}");

    private FormattableString Measure(string item) => item switch
    {
        "GD-01" => $"sum(f.kwh) * 12 / greatest(count(distinct f._period), 1) * {Electricity}",
        "RS-01" => $"max(f.insured_cnt) * {Insured}",
        "YB-01" => $"sum(f.total_fee) * 12 / greatest(count(distinct f._period), 1) * {Settlement}",
        _ => $"0",
    };
}
