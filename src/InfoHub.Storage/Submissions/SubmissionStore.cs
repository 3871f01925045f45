using System.Collections.Immutable;
using System.Text.Json;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Npgsql;
using NpgsqlTypes;

namespace InfoHub.Storage.Submissions;

/// <summary>The register of submissions: what was opened, how far each came, its receipts and its row errors.</summary>
public sealed class SubmissionStore(NpgsqlDataSource store, TimeProvider clock)
{
    private const string Columns =
        "id, department, item, version, period, sequence, sha256, size_bytes, format, file_name, state, "
        + "rows_received, rows_rejected, rows_accepted, rows_stored, problems::text";

    /// <summary>
    /// Registers a submission or returns the one on file under the same key. Whether its content is the same is the
    /// caller's to compare.
    /// </summary>
    public async Task<Submission> OpenAsync(SubmissionKey key, DeclaredFile file, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var insert = new NpgsqlCommand("""
            insert into hub.submission (ref, department, item, version, period, sequence, sha256, size_bytes, format, file_name, state, opened_at, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11) on conflict do nothing
            """, connection);
        Add(insert, key.Ref, key.Department, key.Item, key.Version, key.Period.Code, key.Sequence, file.Sha256.ToArray(), file.SizeBytes,
            (short)file.Format, file.Name, clock.GetUtcNow());
        await insert.ExecuteNonQueryAsync(cancellation);
        return await FindAsync(key.Ref, cancellation) ?? throw new InvalidOperationException($"{key.Ref} vanished");
    }

    /// <summary>Null when there is no such submission.</summary>
    public Task<Submission?> FindAsync(string reference, CancellationToken cancellation) =>
        FindWhereAsync("ref = $1", reference, cancellation);

    public async Task<Submission> GetAsync(long id, CancellationToken cancellation) =>
        await FindWhereAsync("id = $1", id, cancellation) ?? throw new InvalidOperationException($"submission {id} is not there");

    /// <summary>The highest sequence on file for the same item and period.</summary>
    public async Task<int> LastSequenceAsync(SubmissionKey key, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select coalesce(max(sequence), 0) from hub.submission where item = $1 and period = $2");
        Add(command, key.Item, key.Period.Code);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>What a stopped host left for the checks: received files, checks under way, seals and abandonments perhaps not sent.</summary>
    public async Task<IReadOnlyList<long>> UnfinishedChecksAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select id from hub.submission where state in (3, 4, 6) or (state = 5 and rows_stored > 0) order by id");
        var found = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetInt64(0));
        return found;
    }

    public async Task MarkUploadingAsync(long id, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("update hub.submission set state = 2, changed_at = $2 where id = $1 and state = 1");
        Add(command, id, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Moves a submission on and issues the receipt of the new state, if any, in one transaction. Repeating it changes nothing.</summary>
    public async Task AdvanceAsync(Submission submission, SubmissionState to, Receipt? receipt, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var update = new NpgsqlCommand("""
            update hub.submission set state = $2, rows_received = $3, rows_rejected = $4, rows_accepted = $5, problems = $6, changed_at = $7
            where id = $1 and state < $2
            """, connection);
        Add(update, submission.Id, (short)to, submission.RowsReceived, submission.RowsRejected, submission.RowsAccepted);
        update.Parameters.Add(new NpgsqlParameter { Value = WriteProblems(submission.Problems), NpgsqlDbType = NpgsqlDbType.Jsonb });
        Add(update, clock.GetUtcNow());
        if (await update.ExecuteNonQueryAsync(cancellation) == 0)
            return;
        if (receipt is not null)
            await InsertReceiptAsync(connection, submission.Id, receipt, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    internal static async Task InsertReceiptAsync(NpgsqlConnection connection, long submission, Receipt receipt, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(
            "insert into hub.receipt (submission, kind, body, hash, previous_hash) values ($1, $2, $3, $4, $5) on conflict do nothing", connection);
        Add(insert, submission, (short)receipt.Kind, receipt.BodyJson, receipt.Hash.ToArray(), receipt.PreviousHash.ToArray());
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Takes away the errors of an earlier, interrupted check of the same file.</summary>
    public async Task ClearErrorsAsync(long id, CancellationToken cancellation)
    {
        await using var batch = store.CreateBatch();
        foreach (var table in new[] { "row_error", "rejected_row", "error_total" })
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from hub.{table} where submission = $1") { Parameters = { new() { Value = id } } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Appends errors and rejected rows, in row order; several errors of one row are numbered from 1.</summary>
    public async Task AddErrorsAsync(long id, string item, IReadOnlyList<RowError> errors, IReadOnlyList<RejectedRow> rejected, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
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
        await using var rows = await connection.BeginBinaryImportAsync(
            "copy hub.rejected_row (submission, row, item, raw, name_key, code_key) from stdin (format binary)", cancellation);
        foreach (var bad in rejected)
        {
            await rows.StartRowAsync(cancellation);
            await rows.WriteAsync(id, cancellation);
            await rows.WriteAsync(bad.Row, cancellation);
            await rows.WriteAsync(item, cancellation);
            await rows.WriteAsync(bad.Raw.Replace("\0", "", StringComparison.Ordinal), cancellation);
            await (bad.Name is null ? rows.WriteNullAsync(cancellation) : rows.WriteAsync(bad.Name, cancellation));
            await (bad.Code is null ? rows.WriteNullAsync(cancellation) : rows.WriteAsync(bad.Code, cancellation));
        }
        await rows.CompleteAsync(cancellation);
    }

    public async Task SetErrorTotalsAsync(long id, IReadOnlyList<ErrorTotal> totals, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            insert into hub.error_total (submission, code, field, count) select $1, * from unnest($2, $3, $4)
            on conflict (submission, code, field) do update set count = excluded.count
            """);
        Add(command, id, totals.Select(t => t.Code).ToArray(), totals.Select(t => t.Field).ToArray(), totals.Select(t => t.Count).ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The errors of rows behind <paramref name="afterRow"/>, in row order.</summary>
    public async IAsyncEnumerable<RowError> ReadErrorsAsync(
        long id, long afterRow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select row, field, code, disposition, row_key, observed, expected from hub.row_error where submission = $1 and row > $2 order by row, number");
        Add(command, id, afterRow);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new RowError(reader.GetInt32(0), reader.GetString(1), ProblemCatalogue.All[reader.GetString(2)], (Disposition)reader.GetInt16(3),
                reader.GetString(4), reader.GetString(5), reader.GetString(6));
    }

    private async Task<Submission?> FindWhereAsync(string where, object value, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand($"select {Columns} from hub.submission where {where}", connection);
        Add(command, value);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var submission = Read(reader);
        await reader.CloseAsync();
        return submission with
        {
            Receipts = await ReadReceiptsAsync(connection, submission.Id, cancellation),
            ErrorTotals = await ReadTotalsAsync(connection, submission.Id, cancellation),
        };
    }

    private static Submission Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new SubmissionKey(row.GetString(1), row.GetString(2), row.GetInt32(3), Period.FromCode(row.GetInt32(4)), row.GetInt32(5)),
        new DeclaredFile([.. row.GetFieldValue<byte[]>(6)], row.GetInt64(7), (FileFormat)row.GetInt16(8), row.GetString(9)),
        (SubmissionState)row.GetInt16(10))
    {
        RowsReceived = row.GetInt64(11),
        RowsRejected = row.GetInt64(12),
        RowsAccepted = row.GetInt64(13),
        RowsStored = row.GetInt64(14),
        Problems = ReadProblems(row.GetString(15)),
    };

    internal static async Task<ImmutableArray<Receipt>> ReadReceiptsAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select kind, body, hash, previous_hash from hub.receipt where submission = $1 order by kind", connection);
        Add(command, id);
        var receipts = ImmutableArray.CreateBuilder<Receipt>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            receipts.Add(new Receipt((ReceiptKind)reader.GetInt16(0), reader.GetString(1),
                [.. reader.GetFieldValue<byte[]>(2)], [.. reader.GetFieldValue<byte[]>(3)]));
        return receipts.ToImmutable();
    }

    private static async Task<ImmutableArray<ErrorTotal>> ReadTotalsAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select code, field, count from hub.error_total where submission = $1 order by count desc, code, field", connection);
        Add(command, id);
        var totals = ImmutableArray.CreateBuilder<ErrorTotal>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            totals.Add(new ErrorTotal(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return totals.ToImmutable();
    }

    private static string WriteProblems(ImmutableArray<Problem> problems) =>
        JsonSerializer.Serialize(problems.Select(p => new StoredProblem(p.Code, p.Values.ToArray())));

    private static ImmutableArray<Problem> ReadProblems(string json) =>
        [.. JsonSerializer.Deserialize<StoredProblem[]>(json)!
            .Select(p => new Problem(ProblemCatalogue.All[p.Code], (IReadOnlyList<KeyValuePair<string, string>>)p.Values))];

    private sealed record StoredProblem(string Code, KeyValuePair<string, string>[] Values);

    internal static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
    }
}
