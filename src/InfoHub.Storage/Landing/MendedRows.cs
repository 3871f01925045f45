using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>
/// Rejected rows that later submissions have mended. A row that was mended, rejected again and mended once more
/// settles its
/// way back to the file it first came in.
/// </summary>
internal sealed class MendedRows(NpgsqlConnection connection)
{
    /// <summary>Marks the rows of the base that the accepted rows of a mending submission stand for, back along the
    /// chain of bases.</summary>
    public async Task ApplyAsync(long submission, CancellationToken cancellation)
    {
        await ApplyAsync(submission, dropped: false, cancellation);
        await ApplyAsync(submission, dropped: true, cancellation);
    }

    /// <summary>A row that is not sent again is settled too; whom it names stays a doubt.</summary>
    private async Task ApplyAsync(long submission, bool dropped, CancellationToken cancellation)
    {
        var rows = await ListAsync("select origin from hub.mended_row where submission = $1 and dropped = $2",
            cancellation, submission, dropped);
        for (var at = await BaseOfAsync(submission, cancellation); at is { } mended && rows.Length > 0; at = await BaseOfAsync(mended, cancellation))
        {
            rows = await ListAsync("""
                with settled as (update hub.rejected_row set mended_by = $1, dropped = $4 where submission = $2 and row = any($3) and mended_by is null returning origin)
                select origin from settled
                """, cancellation, submission, mended, rows, dropped);
            await RecountAsync([mended], cancellation);
            await RegistryDoubtsChanged.TouchAsync(connection, [mended], cancellation);
            rows = [.. rows.Where(origin => origin > 0)];
        }
    }

    /// <summary>The rows that a submission had mended are open again.</summary>
    public async Task UndoAsync(long submission, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "with opened as (update hub.rejected_row set mended_by = null, dropped = false where mended_by = $1 returning submission) select distinct submission from opened",
            connection);
        SubmissionStore.Add(command, submission);
        var bases = new List<long>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                bases.Add(reader.GetInt64(0));
        await RecountAsync([.. bases], cancellation);
        await RegistryDoubtsChanged.TouchAsync(connection, [.. bases], cancellation);
    }

    private async Task RecountAsync(long[] submissions, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            update hub.submission s set rows_mended = (select count(*) from hub.rejected_row r where r.submission = s.id and r.mended_by is not null)
            where s.id = any($1)
            """, connection);
        SubmissionStore.Add(command, submissions);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What a mending submission mends; null for any other.</summary>
    private async Task<long?> BaseOfAsync(long submission, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select base from hub.submission where id = $1 and operation = 4", connection);
        SubmissionStore.Add(command, submission);
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    private async Task<int[]> ListAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        SubmissionStore.Add(command, values);
        var rows = new List<int>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(reader.GetInt32(0));
        return [.. rows];
    }
}
