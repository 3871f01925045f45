using System.Collections.Immutable;
using System.Text.Json;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Claims;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;
using Npgsql;
using NpgsqlTypes;

namespace InfoHub.Storage.Submissions;

/// <summary>The register of submissions: what was opened, on which terms, how far each came, and its
/// receipts.</summary>
public sealed class SubmissionStore(NpgsqlDataSource store, ReceiptLedger receipts, TimeProvider clock)
{
    private const string Columns = """
        s.id, s.department, s.item, s.version, s.period, s.sequence, s.sha256, s.size_bytes, s.format, s.file_name, s.state,
        s.rows_received, s.rows_rejected, s.rows_accepted, s.rows_stored, s.problems::text, s.operation, s.is_test, s.base,
        coalesce(b.ref, ''), s.encoding, s.sheet, s.manifest::text, s.rows_mended, coalesce(x.ref, ''), s.withdrawn_reason,
        s.columns, s.delimiter, s.sums::text, s.header_row
        """;

    private const string Source =
        "hub.submission s left join hub.submission b on b.id = s.base left join hub.submission x on x.id = s.superseded_by";

    /// <summary>
    /// Registers a submission or returns the one on file under the same key. Whether its content is the same is the
    /// caller's to compare.
    /// </summary>
    public async Task<Submission> OpenAsync(SubmissionKey key, DeclaredFile file, SubmissionTerms terms, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var insert = new NpgsqlCommand("""
            insert into hub.submission (ref, department, item, version, period, sequence, sha256, size_bytes, format, file_name, state,
                opened_at, changed_at, operation, is_test, base, encoding, sheet)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11, $12, $13, $14::bigint, $15, $16) on conflict do nothing
            """, connection);
        Add(insert, key.Ref, key.Department, key.Item, key.Version, key.Period.Code, key.Sequence, file.Sha256.ToArray(), file.SizeBytes,
            (short)file.Format, file.Name, clock.GetUtcNow(), (short)terms.Operation, terms.IsTest, (object?)terms.BaseId ?? DBNull.Value,
            (short)(file.Encoding ?? 0), file.Sheet);
        await insert.ExecuteNonQueryAsync(cancellation);
        return await FindAsync(key.Ref, cancellation) ?? throw new InvalidOperationException($"{key.Ref} vanished");
    }

    /// <summary>Lets another file take the place of an upload that was never committed. False when it was committed
    /// meanwhile.</summary>
    public async Task<bool> ReplaceUnfinishedAsync(long id, DeclaredFile file, SubmissionTerms terms, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            update hub.submission set sha256 = $2, size_bytes = $3, format = $4, file_name = $5, operation = $6, base = $7::bigint, encoding = $8,
                sheet = $9, manifest = null, state = 1, upload_epoch = upload_epoch + 1, changed_at = $10 where id = $1 and state in (1, 2)
            """);
        Add(command, id, file.Sha256.ToArray(), file.SizeBytes, (short)file.Format, file.Name, (short)terms.Operation,
            (object?)terms.BaseId ?? DBNull.Value, (short)(file.Encoding ?? 0), file.Sheet, clock.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>
    /// Takes the upload of a submission: the new epoch is higher than any before, and whoever holds a lower one must
    /// write no
    /// more. Null when the upload is closed.
    /// </summary>
    public async Task<long?> TakeUploadAsync(long id, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            update hub.submission set state = 2, upload_epoch = upload_epoch + 1, changed_at = $2 where id = $1 and state in (1, 2)
            returning upload_epoch
            """);
        Add(command, id, clock.GetUtcNow());
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>True while nobody has taken the upload over and it is not closed.</summary>
    public async Task<bool> HoldsUploadAsync(long id, long epoch, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select upload_epoch = $2 and state = 2 from hub.submission where id = $1");
        Add(command, id, epoch);
        return (bool)(await command.ExecuteScalarAsync(cancellation) ?? false);
    }

    /// <summary>Uploads not closed that nobody has opened or taken since.</summary>
    public async Task<IReadOnlyList<long>> IdleUploadsAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select id from hub.submission where state in (1, 2) and changed_at < $1 order by id");
        Add(command, since);
        var found = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetInt64(0));
        return found;
    }

    /// <summary>Where those of the submissions that there are stand, and since when.</summary>
    public Task<IReadOnlyDictionary<long, (SubmissionState State, DateTimeOffset Since)>> StandingsAsync(
        IEnumerable<long> ids, CancellationToken cancellation) => StandingsAsync(store, ids, cancellation);

    /// <summary>As above, for whoever looks at a store from outside.</summary>
    public static async Task<IReadOnlyDictionary<long, (SubmissionState State, DateTimeOffset Since)>> StandingsAsync(
        NpgsqlDataSource store, IEnumerable<long> ids, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select id, state, changed_at from hub.submission where id = any($1)");
        Add(command, ids.ToArray());
        var found = new Dictionary<long, (SubmissionState, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetInt64(0), ((SubmissionState)reader.GetInt16(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return found;
    }

    /// <summary>Takes an upload back to what Open made of it, and from whoever holds it. False when it was closed or
    /// taken meanwhile.</summary>
    public async Task<bool> ExpireUploadAsync(long id, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            update hub.submission set state = 1, upload_epoch = upload_epoch + 1, changed_at = $3
            where id = $1 and state in (1, 2) and changed_at < $2
            """);
        Add(command, id, since, clock.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>Keeps what the sender counted; until the upload is closed the last word counts.</summary>
    public async Task SetManifestAsync(long id, Manifest manifest, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("update hub.submission set manifest = $2 where id = $1 and state in (1, 2)");
        Add(command, id);
        command.Parameters.Add(Json(JsonSerializer.Serialize(new StoredManifest(manifest.Rows, manifest.Sums.ToDictionary()))));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Keeps how the file is laid out: column titles as they came, the character between cells, where the
    /// header stood.</summary>
    public async Task SetLayoutAsync(long id, FileLayout layout, CancellationToken cancellation, Claim? claim = null)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (claim is not null)
            await claim.HoldAsync(connection, cancellation);
        await using var command = new NpgsqlCommand(
            "update hub.submission set columns = $2, delimiter = $3, header_row = $4 where id = $1", connection);
        Add(command, id, layout.Titles.Select(c => c.Replace("\0", "", StringComparison.Ordinal)).ToArray(),
            layout.Delimiter.ToString(), layout.HeaderRow);
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>True when the department has sent rows for the period that count.</summary>
    public async Task<bool> HasDataAsync(SubmissionKey key, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select exists (select 1 from hub.submission where item = $1 and period = $2 and state in (3, 4, 6, 8, 9) and operation <> 5
                and superseded_by is null)
            """);
        Add(command, key.Item, key.Period.Code);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Null when there is no such submission.</summary>
    public Task<Submission?> FindAsync(string reference, CancellationToken cancellation) =>
        FindWhereAsync("s.ref = $1", reference, cancellation);

    public async Task<Submission> GetAsync(long id, CancellationToken cancellation) =>
        await FindWhereAsync("s.id = $1", id, cancellation) ?? throw new InvalidOperationException($"submission {id} is not there");

    /// <summary>The references of a department's submissions, the one that moved last first.</summary>
    /// <param name="item">Of this item only; empty for all.</param>
    public async Task<IReadOnlyList<string>> RecentAsync(string department, string item, int limit,
        CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select ref from hub.submission where department = $1 and ($2 = '' or item = $2) order by changed_at desc, id desc limit $3");
        Add(command, department, item, limit);
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0));
        return found;
    }

    /// <summary>The states of those that are there, by id.</summary>
    public async Task<IReadOnlyDictionary<long, SubmissionState>> StatesAsync(long[] ids, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select id, state from hub.submission where id = any($1)");
        Add(command, ids);
        var states = new Dictionary<long, SubmissionState>(ids.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            states.Add(reader.GetInt64(0), (SubmissionState)reader.GetInt16(1));
        return states;
    }

    /// <summary>The highest sequence on file for the same item and period.</summary>
    public async Task<int> LastSequenceAsync(SubmissionKey key, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select coalesce(max(sequence), 0) from hub.submission where item = $1 and period = $2");
        Add(command, key.Item, key.Period.Code);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>A department's uploads that are not committed, and how many bytes they have declared.</summary>
    /// <param name="since">Those with nothing new since then are off the spool and do not count.</param>
    public async Task<(int Count, long Bytes)> UnfinishedAsync(
        string department, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select count(*)::int, coalesce(sum(size_bytes), 0)::bigint from hub.submission
            where department = $1 and state <= 2 and changed_at > $2
            """);
        command.Parameters.AddWithValue(department);
        command.Parameters.AddWithValue(since);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt32(0), reader.GetInt64(1));
    }

    /// <summary>
    /// What is due to be checked and in nobody's hands: received files, and whatever was begun and not ended, be it
    /// only the seal or the abandonment that follows the check.
    /// </summary>
    public async Task<IReadOnlyList<(long Id, string Department)>> UnfinishedChecksAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select s.id, s.department from hub.submission s where s.state in (3, 4)
                and not exists (select 1 from hub.claim c where c.work = 'check:' || s.id)
            union all select s.id, s.department from hub.claim c join hub.submission s on s.id = substr(c.work, 7)::bigint
                where c.work like 'check:%' and c.until < clock_timestamp()
            order by 1
            """);
        var found = new List<(long Id, string Department)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add((reader.GetInt64(0), reader.GetString(1)));
        return found;
    }

    /// <summary>
    /// Moves a submission on and issues the receipt of the new state, if any, in one transaction. Repeating it
    /// changes nothing.
    /// Where an <paramref name="epoch"/> is given the upload must still be held under it, where a claim is given that.
    /// </summary>
    /// <returns>False when nothing was changed.</returns>
    public async Task<bool> AdvanceAsync(Submission submission, SubmissionState to, Receipt? receipt,
        CancellationToken cancellation, long? epoch = null, Claim? claim = null)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (claim is not null)
            await claim.HoldAsync(connection, cancellation);
        await using var update = new NpgsqlCommand("""
            update hub.submission set state = $2, rows_received = $3, rows_rejected = $4, rows_accepted = $5, problems = $6, sums = $7, changed_at = $8
            where id = $1 and state < $2 and upload_epoch = coalesce($9::bigint, upload_epoch)
            """, connection);
        Add(update, submission.Id, (short)to, submission.RowsReceived, submission.RowsRejected, submission.RowsAccepted);
        update.Parameters.Add(Json(WriteProblems(submission.Problems)));
        update.Parameters.Add(Json(JsonSerializer.Serialize(submission.Sums)));
        Add(update, clock.GetUtcNow(), (object?)epoch ?? DBNull.Value);
        if (await update.ExecuteNonQueryAsync(cancellation) == 0)
            return false;
        if (receipt is not null)
            await receipts.InsertAsync(connection, submission.Id, receipt, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task<Submission?> FindWhereAsync(string where, object value, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand($"select {Columns} from {Source} where {where}", connection);
        Add(command, value);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var submission = Read(reader);
        await reader.CloseAsync();
        return submission with
        {
            Receipts = await ReceiptLedger.ReadAsync(connection, submission.Id, cancellation),
            ErrorTotals = await ReadTotalsAsync(connection, submission.Id, cancellation),
        };
    }

    private static Submission Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new SubmissionKey(row.GetString(1), row.GetString(2), row.GetInt32(3), Period.FromCode(row.GetInt32(4)), row.GetInt32(5)),
        new DeclaredFile([.. row.GetFieldValue<byte[]>(6)], row.GetInt64(7), (FileFormat)row.GetInt16(8), row.GetString(9))
        {
            Encoding = row.GetInt16(20) is not 0 and var encoding ? (TextEncoding)encoding : null, Sheet = row.GetString(21),
        },
        (SubmissionState)row.GetInt16(10))
    {
        Terms = new SubmissionTerms((Operation)row.GetInt16(16), row.GetBoolean(17))
        {
            BaseId = row.IsDBNull(18) ? null : row.GetInt64(18), BaseRef = row.GetString(19),
        },
        Manifest = row.IsDBNull(22) ? null : ReadManifest(row.GetString(22)),
        RowsMended = row.GetInt64(23),
        SupersededBy = row.GetString(24),
        WithdrawnReason = row.GetString(25),
        Columns = [.. row.GetFieldValue<string[]>(26)],
        Delimiter = row.GetString(27)[0],
        HeaderRow = row.GetInt64(29),
        Sums = [.. JsonSerializer.Deserialize<ControlSum[]>(row.GetString(28))!],
        RowsReceived = row.GetInt64(11),
        RowsRejected = row.GetInt64(12),
        RowsAccepted = row.GetInt64(13),
        RowsStored = row.GetInt64(14),
        Problems = ReadProblems(row.GetString(15)),
    };

    private static async Task<ImmutableArray<ErrorTotal>> ReadTotalsAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select code, field, count, rejects from hub.error_total where submission = $1 order by count desc, code, field", connection);
        Add(command, id);
        var totals = ImmutableArray.CreateBuilder<ErrorTotal>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            totals.Add(new ErrorTotal(reader.GetString(0), reader.GetString(1), reader.GetInt64(2),
                reader.GetBoolean(3)));
        return totals.ToImmutable();
    }

    private static string WriteProblems(ImmutableArray<Problem> problems) =>
        JsonSerializer.Serialize(problems.Select(p => new StoredProblem(p.Code, p.Values.ToArray())));

    private static ImmutableArray<Problem> ReadProblems(string json) =>
        [.. JsonSerializer.Deserialize<StoredProblem[]>(json)!
            .Select(p => new Problem(ProblemCatalogue.All[p.Code], (IReadOnlyList<KeyValuePair<string, string>>)p.Values))];

    private static Manifest ReadManifest(string json)
    {
        var stored = JsonSerializer.Deserialize<StoredManifest>(json)!;
        return new Manifest(stored.Rows, stored.Sums.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private static NpgsqlParameter Json(string json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private sealed record StoredManifest(long? Rows, Dictionary<string, decimal> Sums);

    private sealed record StoredProblem(string Code, KeyValuePair<string, string>[] Values);

    internal static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
    }
}
