using InfoHub.Templates.Vocabulary;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>
/// What one model has found within a search. A finding without a gap or an estimate counts and adds nothing, so the sum
/// of <paramref name="Count"/> over all models is the total of the same search.
/// </summary>
/// <param name="Gap">Null when no finding has one.</param>
/// <param name="EstimatedTax">Null when no finding has one.</param>
/// <param name="Estimated">Findings with an estimate.</param>
public sealed record ModelFigure(string Model, long Count, Money? Gap, Money? EstimatedTax, long Estimated);

/// <summary>Totals over findings, never outside the caller's scope.</summary>
public sealed class FindingFigures(NpgsqlDataSource store)
{
    /// <summary>A city has some hundred towns.</summary>
    public const int DivisionsMax = 1_000;

    /// <summary>One figure per model with at least one finding, largest gap first, then by model.</summary>
    public async Task<IReadOnlyList<ModelFigure>> PerModelAsync(FindingFilter filter, CancellationToken cancellation)
    {
        var (where, parameters) = FindingQuery.Where(filter);
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand($"""
            select f.model, count(*), sum(f.gap_fen)::bigint, sum(f.estimated_tax_fen)::bigint,
                count(f.estimated_tax_fen)
            from hub.finding f join hub.party p on p.id = f.party where {where}
            group by f.model order by 3 desc nulls last, 1
            """, connection);
        command.Parameters.AddRange(parameters.ToArray());
        var figures = new List<ModelFigure>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        Money? Sum(int column) => reader.IsDBNull(column) ? null : new Money(reader.GetInt64(column));
        while (await reader.ReadAsync(cancellation))
            figures.Add(new ModelFigure(reader.GetString(0), reader.GetInt64(1), Sum(2), Sum(3), reader.GetInt64(4)));
        return figures;
    }

    /// <summary>Counties and towns with a finding in the scope, whatever its state, in order of their codes.</summary>
    public async Task<IReadOnlyList<string>> DivisionsAsync(string scope, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"""
            select distinct code from hub.finding f, lateral (values (f.region_code), (f.town_code)) as x(code)
            where starts_with(f.region_code, $1) and code <> '' order by code limit {DivisionsMax}
            """);
        command.Parameters.AddWithValue(scope);
        var codes = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            codes.Add(reader.GetString(0));
        return codes;
    }
}
