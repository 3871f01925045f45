using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>Weights fitted to the rows of a department.</summary>
/// <param name="Lines">The weights as the engine writes them.</param>
/// <param name="Labelled">Rows they were fitted and measured with.</param>
/// <param name="Figures">JSON: what they and the shipped weights do on rows they were not fitted to.</param>
public sealed record FittedModel(
    string Department, string Version, string Lines, int Labelled, string Figures, bool IsActive,
        DateTimeOffset MadeAt);

/// <summary>Keeps fitted weights. None is ever overwritten: its version is made from its content.</summary>
public sealed class LinkModelStore(NpgsqlDataSource store, TimeProvider clock)
{
    /// <summary>Stores a model; with <paramref name="isActive"/> it takes the place of the one in force.</summary>
    public async Task SaveAsync(FittedModel model, bool isActive, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, "select pg_advisory_xact_lock(hashtext('infohub.link-model'))");
        if (isActive)
            ResolutionTransaction.Add(batch,
                "update hub.link_model set is_active = false where department = $1 and is_active", model.Department);
        ResolutionTransaction.Add(batch, """
            insert into hub.link_model (department, version, lines, labelled, figures, is_active, made_at)
            values ($1, $2, $3, $4, $5::jsonb, $6, $7)
            on conflict (department, version) do update set figures = $5::jsonb, labelled = $4, is_active =
                link_model.is_active or $6
            """, model.Department, model.Version, model.Lines, model.Labelled, model.Figures, isActive, clock.GetUtcNow());
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>From now on the shipped weights decide the rows of the department again.</summary>
    public async Task<bool> RevertAsync(string department, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "update hub.link_model set is_active = false where department = $1 and is_active");
        SubmissionStore.Add(command, department);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>All models, the newest first, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<FittedModel>> ListAsync(int most, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select department, version, lines, labelled, figures::text, is_active, made_at from hub.link_model
            order by made_at desc, department limit $1
            """);
        SubmissionStore.Add(command, most);
        var models = new List<FittedModel>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            models.Add(new FittedModel(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3),
                row.GetString(4),
                row.GetBoolean(5), row.GetFieldValue<DateTimeOffset>(6)));
        return models;
    }
}
