using System.Collections;
using System.Runtime.CompilerServices;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Claims;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using Npgsql;

namespace InfoHub.Storage.Submissions;

/// <summary>The same error with the same value in many rows.</summary>
public sealed record ErrorGroup(string Code, string Field, string Observed, long Count, int FirstRow, int LastRow,
    bool Rejects);

/// <summary>A rejected row as it came, with what is wrong with it.</summary>
public sealed record OpenRejection(int Row, string Raw, IReadOnlyList<RowError> Reasons);

/// <summary>Row errors and rejected rows of submissions. Nothing is capped; totals are exact.</summary>
public sealed class RowErrorStore(NpgsqlDataSource store)
{
    /// <summary>Takes away the errors of an earlier, interrupted check of the same file.</summary>
    public async Task ClearErrorsAsync(long id, CancellationToken cancellation, Claim? claim = null)
    {
        await using var writing = await BeginAsync(claim, cancellation);
        await using var batch = new NpgsqlBatch(writing.Connection);
        foreach (var table in new[] { "row_error", "rejected_row", "error_total", "mended_row" })
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from hub.{table} where submission = $1") { Parameters = { new() { Value = id } } });
        await batch.ExecuteNonQueryAsync(cancellation);
        await writing.CommitAsync(cancellation);
    }

    /// <summary>Nobody can take the claim until what is written has been committed.</summary>
    private async Task<Writing> BeginAsync(Claim? claim, CancellationToken cancellation)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        var writing = new Writing(connection, await connection.BeginTransactionAsync(cancellation));
        try
        {
            if (claim is not null)
                await claim.HoldAsync(connection, cancellation);
            return writing;
        }
        catch
        {
            await writing.DisposeAsync();
            throw;
        }
    }

    private sealed record Writing(NpgsqlConnection Connection, NpgsqlTransaction Transaction) : IAsyncDisposable
    {
        public Task CommitAsync(CancellationToken cancellation) => Transaction.CommitAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }

    /// <summary>Appends errors and rejected rows, in row order; several errors of one row are numbered from
    /// 1.</summary>
    public async Task AddErrorsAsync(long id, string item, IReadOnlyList<RowError> errors,
        IReadOnlyList<RejectedRow> rejected, CancellationToken cancellation, Claim? claim = null)
    {
        await using var writing = await BeginAsync(claim, cancellation);
        var connection = writing.Connection;
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy hub.row_error (submission, row, number, field, code, disposition, row_key, observed, expected) from stdin (format binary)", cancellation))
        {
            var (row, number) = (0, (short)0);
            foreach (var error in errors)
            {
                number = error.Row == row ? (short)(number + 1) : (short)1;
                row = error.Row;
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(id, cancellation);
                await copy.WriteAsync(error.Row, cancellation);
                await copy.WriteAsync(number, cancellation);
                await copy.WriteAsync(error.Field, cancellation);
                await copy.WriteAsync(error.Kind.Code, cancellation);
                await copy.WriteAsync((short)error.Disposition, cancellation);
                await copy.WriteAsync(error.RowKey, cancellation);
                await copy.WriteAsync(error.Observed, cancellation);
                await copy.WriteAsync(error.Expected, cancellation);
            }
            await copy.CompleteAsync(cancellation);
        }
        await using (var rows = await connection.BeginBinaryImportAsync(
            "copy hub.rejected_row (submission, row, item, raw, name_key, code_key, registration_key, origin) from stdin (format binary)", cancellation))
        {
            foreach (var bad in rejected)
            {
                await rows.StartRowAsync(cancellation);
                await rows.WriteAsync(id, cancellation);
                await rows.WriteAsync(bad.Row, cancellation);
                await rows.WriteAsync(item, cancellation);
                await rows.WriteAsync(bad.Raw.Replace("\0", "", StringComparison.Ordinal), cancellation);
                await (bad.Name is null ? rows.WriteNullAsync(cancellation) : rows.WriteAsync(bad.Name, cancellation));
                await (bad.Code is null ? rows.WriteNullAsync(cancellation) : rows.WriteAsync(bad.Code, cancellation));
                await (bad.RegistrationKey is null ? rows.WriteNullAsync(cancellation)
                    : rows.WriteAsync(bad.RegistrationKey, cancellation));
                await rows.WriteAsync(bad.Origin, cancellation);
            }
            await rows.CompleteAsync(cancellation);
        }
        await writing.CommitAsync(cancellation);
    }

    public async Task SetErrorTotalsAsync(
        long id, IReadOnlyList<ErrorTotal> totals, CancellationToken cancellation, Claim? claim = null)
    {
        await using var writing = await BeginAsync(claim, cancellation);
        await using var command = new NpgsqlCommand("""
            insert into hub.error_total (submission, code, field, count, rejects) select $1, * from unnest($2, $3, $4, $5)
            on conflict (submission, code, field, rejects) do update set count = excluded.count
            """, writing.Connection);
        SubmissionStore.Add(command, id, totals.Select(t => t.Code).ToArray(), totals.Select(t => t.Field).ToArray(),
            totals.Select(t => t.Count).ToArray(),
            totals.Select(t => t.Rejects).ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
        await writing.CommitAsync(cancellation);
    }

    /// <summary>The errors of rows behind <paramref name="afterRow"/>, in row order; behind 0 those of the file as a
    /// whole, which are row 0, come first.</summary>
    public async IAsyncEnumerable<RowError> ReadErrorsAsync(
        long id, long afterRow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select row, field, code, disposition, row_key, observed, expected from hub.row_error where submission = $1 and (row > $2 or $2 = 0) order by row, number");
        SubmissionStore.Add(command, id, afterRow);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new RowError(reader.GetInt32(0), reader.GetString(1), ProblemCatalogue.All[reader.GetString(2)], (Disposition)reader.GetInt16(3),
                reader.GetString(4), reader.GetString(5), reader.GetString(6));
    }

    /// <summary>Errors that repeat with the same value, most frequent first, at most <paramref name="max"/>; and how
    /// many groups there are.</summary>
    public async Task<(IReadOnlyList<ErrorGroup> Groups, long Total)> GroupsAsync(long id, int max, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select code, field, observed, count(*), min(row), max(row), count(*) over (), disposition > 1
            from hub.row_error where submission = $1
            group by code, field, observed, disposition > 1 having count(*) > 1
            order by count(*) desc, code, field, observed, 8 limit $2
            """);
        SubmissionStore.Add(command, id, max);
        var (groups, total) = (new List<ErrorGroup>(), 0L);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            groups.Add(new ErrorGroup(reader.GetString(0), reader.GetString(1), reader.GetString(2),
                reader.GetInt64(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetBoolean(7)));
            total = reader.GetInt64(6);
        }
        return (groups, total);
    }

    /// <summary>Rejected rows behind <paramref name="afterRow"/> that nobody has mended, in row order, each with its
    /// reasons.</summary>
    public async IAsyncEnumerable<OpenRejection> OpenRejectionsAsync(
        long id, long afterRow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select r.row, r.raw, e.field, e.code, e.disposition, e.row_key, e.observed, e.expected
            from hub.rejected_row r join hub.row_error e on e.submission = r.submission and e.row = r.row
            where r.submission = $1 and r.row > $2 and r.mended_by is null order by r.row, e.number
            """);
        SubmissionStore.Add(command, id, (int)Math.Clamp(afterRow, 0, int.MaxValue));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (row, raw, reasons) = (0, "", new List<RowError>());
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetInt32(0) != row && reasons.Count > 0)
            {
                yield return new OpenRejection(row, raw, reasons);
                reasons = [];
            }
            (row, raw) = (reader.GetInt32(0), reader.GetString(1));
            reasons.Add(new RowError(row, reader.GetString(2), ProblemCatalogue.All[reader.GetString(3)], (Disposition)reader.GetInt16(4),
                reader.GetString(5), reader.GetString(6), reader.GetString(7)));
        }
        if (reasons.Count > 0)
            yield return new OpenRejection(row, raw, reasons);
    }

    /// <summary>A bit for each row, by its number: whether it was rejected, mended since or not.</summary>
    public async Task<BitArray> RejectedRowsAsync(long id, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select row from hub.rejected_row where submission = $1 order by row desc");
        SubmissionStore.Add(command, id);
        var rows = new BitArray(0);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = reader.GetInt32(0);
            if (rows.Length == 0)
                rows = new BitArray(row + 1);
            rows[row] = true;
        }
        return rows;
    }

    /// <summary>Notes which rows of the base the accepted rows of a mending submission stand for; repeated it changes
    /// nothing.</summary>
    /// <param name="dropped">They are not sent again, and that settles them.</param>
    public async Task AddMendedAsync(long id, IEnumerable<int> origins, CancellationToken cancellation,
        bool dropped = false, Claim? claim = null)
    {
        await using var writing = await BeginAsync(claim, cancellation);
        await using var command = new NpgsqlCommand(
            "insert into hub.mended_row (submission, origin, dropped) select $1, unnest($2), $3 on conflict do nothing",
            writing.Connection);
        SubmissionStore.Add(command, id, origins.ToArray(), dropped);
        await command.ExecuteNonQueryAsync(cancellation);
        await writing.CommitAsync(cancellation);
    }
}
