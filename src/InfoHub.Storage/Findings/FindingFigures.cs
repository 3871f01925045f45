using InfoHub.Templates.Vocabulary;
using Npgsql;

namespace InfoHub.Storage.Findings;

/// <summary>
/// What one model has found within a search. A finding without a gap or an estimate counts and adds nothing, so the sum
/// of <paramref name="Count"/> over all models is the total of the same search.
/// </summary>
public sealed record ModelFigure(string Model, long Count, Money Gap, Money EstimatedTax);

/// <summary>Totals over findings, never outside the caller's scope.</summary>
public sealed class FindingFigures(NpgsqlDataSource store)
{
    /// <summary>One figure per model with at least one finding, largest gap first, then by model.</summary>
    public async Task<IReadOnlyList<ModelFigure>> PerModelAsync(FindingFilter filter, CancellationToken cancellation)
    {
        var (where, parameters) = FindingQuery.Where(filter);
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand($"""
            select f.model, count(*), coalesce(sum(f.gap_fen), 0)::bigint, coalesce(sum(f.estimated_tax_fen), 0)::bigint
            from hub.finding f join hub.party p on p.id = f.party where {where}
            group by f.model order by 3 desc, 1
            """, connection);
        command.Parameters.AddRange(parameters.ToArray());
        var figures = new List<ModelFigure>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            figures.Add(new ModelFigure(reader.GetString(0), reader.GetInt64(1), new Money(reader.GetInt64(2)), new Money(reader.GetInt64(3))));
        return figures;
    }
}
