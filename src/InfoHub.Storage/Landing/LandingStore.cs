using System.Buffers;
using System.Text.Json.Nodes;
using InfoHub.Domain.Receipts;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>How far a submission has landed, read under its row lock.</summary>
/// <param name="State">As <see cref="Domain.Submissions.SubmissionState"/>.</param>
public sealed record LandingProgress(string Ref, int Period, int EnvelopesLanded, int State, long RowsStored)
{
    public required string Item { get; init; }

    public required int Version { get; init; }

    public required bool IsTest { get; init; }

    internal byte[]? Landed { get; init; }
}

/// <summary>
/// Lands records: rows, the partition's next position and the submission's progress in one transaction. That, and not
/// the broker, is what makes the effect exactly once.
/// </summary>
public sealed class LandingStore(NpgsqlDataSource store, ReceiptLedger receipts, TimeProvider clock)
{
    /// <summary>Where landing goes on; 0 for a partition never read.</summary>
    public async Task<long> PositionAsync(string log, int partition, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "insert into hub.log_position values ($1, $2, 0) on conflict (log, partition) do update set next = log_position.next returning next");
        SubmissionStore.Add(command, log, (short)partition);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Envelopes of a submission that landing has done with, records it parked among them: intake holds back when it
    /// runs too far ahead, and would wait for ever for one that cannot land.
    /// </summary>
    public async Task<int> EnvelopesLandedAsync(long submission, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select envelopes_landed + (select count(*)::int from hub.parked_record where submission = $1)
            from hub.submission where id = $1
            """);
        SubmissionStore.Add(command, submission);
        return (int)(await command.ExecuteScalarAsync(cancellation) ?? 0);
    }

    /// <summary>The first parked record of a partition that is to be tried again; null when there is none.</summary>
    public async Task<(long Position, byte[] Content)?> ToRetryAsync(string log, int partition,
        CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select position, content from hub.parked_record where log = $1 and partition = $2 and retry
            order by position limit 1
            """);
        SubmissionStore.Add(command, log, (short)partition);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>
    /// Begins a landing at <paramref name="position"/>. Null when another consumer has moved the partition on: the
    /// caller
    /// is a zombie and must read its position anew.
    /// </summary>
    public async Task<LandingTransaction?> BeginAsync(string log, int partition, long position, CancellationToken cancellation)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var locking = new NpgsqlCommand("select next from hub.log_position where log = $1 and partition = $2 for update", connection);
        SubmissionStore.Add(locking, log, (short)partition);
        if (await locking.ExecuteScalarAsync(cancellation) is long next && next == position)
            return new LandingTransaction(connection, transaction, (log, partition), receipts, clock);
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        return null;
    }
}

/// <summary>One landing. Disposed without <see cref="CommitAsync"/> it leaves nothing behind.</summary>
public sealed class LandingTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    /// <summary>A pool of its own: the shared one keeps a buffer of each size for every thread that ever gave one
    /// back.</summary>
    private static readonly ArrayPool<byte> Tuples = ArrayPool<byte>.Create(TupleBufferBytesMax, TupleBuffersKept);

    private const int TupleBufferBytesMax = 32 << 20;
    private const int TupleBuffersKept = 2;

    private readonly NpgsqlTransaction _transaction;
    private readonly string _log;
    private readonly int _partition;
    private readonly ReceiptLedger _receipts;
    private readonly TimeProvider _clock;

    internal LandingTransaction(
        NpgsqlConnection connection, NpgsqlTransaction transaction, (string Log, int Partition) at, ReceiptLedger receipts, TimeProvider clock)
    {
        (_connection, _transaction, (_log, _partition), _receipts, _clock) = (connection, transaction, at, receipts, clock);
    }

    /// <summary>Locks the submission; null when it is not there.</summary>
    public async Task<LandingProgress?> LockSubmissionAsync(long submission, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select ref, period, envelopes_landed, state, rows_stored, item, version, is_test, landed_state from hub.submission where id = $1 for update",
            _connection);
        SubmissionStore.Add(command, submission);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new LandingProgress(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt16(3), reader.GetInt64(4))
            {
                Item = reader.GetString(5), Version = reader.GetInt32(6), IsTest = reader.GetBoolean(7),
                Landed = reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8),
            }
            : null;
    }

    /// <summary>Writes the rows of consecutive envelopes with one binary COPY and moves the submission's progress
    /// on.</summary>
    public async Task LandAsync(
        Template template, long submission, LandingProgress landed, IReadOnlyList<RowBatchView> envelopes, CancellationToken cancellation)
    {
        var (rows, period) = (0, landed.Period);
        var state = LandedState.Read(template, landed.Landed);
        await using (var copy = await _connection.BeginRawBinaryCopyAsync(FactTable.CopyCommand(template), cancellation))
        {
            await copy.WriteAsync(FactTable.CopyHeader.ToArray(), cancellation);
            foreach (var envelope in envelopes)
            {
                var buffer = Tuples.Rent(FactTable.TupleBytesMax(envelope, template));
                var used = 0;
                for (var row = 0; row < envelope.RowCount; row++)
                    used += FactTable.WriteRow(envelope, row, (submission, period, template.Fields.Length), buffer.AsSpan(used));
                await copy.WriteAsync(buffer.AsMemory(0, used), cancellation);
                Tuples.Return(buffer);
                rows += envelope.RowCount;
                state.Add(envelope);
            }
            await copy.WriteAsync(FactTable.CopyTrailer.ToArray(), cancellation);
        }
        await using var progress = new NpgsqlBatch(_connection);
        progress.BatchCommands.Add(Command(
            """
            update hub.submission set envelopes_landed = envelopes_landed + $2, rows_stored = rows_stored + $3,
                landed_state = $4 where id = $1
            """,
            submission, envelopes.Count, (long)rows, state.Save()));
        progress.BatchCommands.Add(Command(
            "insert into hub.row_segment (submission, number, first_row) select $1, * from unnest($2, $3)", submission,
            state.SegmentsBegun.Select(s => s.Number).ToArray(), state.SegmentsBegun.Select(s => s.FirstRow).ToArray()));
        progress.BatchCommands.Add(EndSegments(submission, state.SegmentsEnded));
        await progress.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand EndSegments(long submission, IReadOnlyCollection<(int Number, byte[] Node)> ended) => Command(
        """
        update hub.row_segment s set node = e.node from unnest($2, $3) e(number, node)
        where s.submission = $1 and s.number = e.number
        """,
        submission, ended.Select(e => e.Number).ToArray(), ended.Select(e => e.Node).ToArray());

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>The root over the rows that have landed.</summary>
    public static byte[] RootOf(Template template, LandingProgress landed) => LandedState.Read(template, landed.Landed).Tree.Root();

    /// <summary>The seal: from this commit on the submission is visible as a whole. Issues R4 over what is in the
    /// table.</summary>
    public async Task SealAsync(Template template, long submission, LandingProgress landed, CancellationToken cancellation)
    {
        var before = await ReceiptLedger.ReadAsync(_connection, submission, cancellation);
        var now = _clock.GetUtcNow();
        var state = LandedState.Read(template, landed.Landed);
        var sums = state.Sums().ToDictionary(s => s.Field, s => s.Sum.ToString());
        var receipt = Receipt.Issue(ReceiptKind.Stored, landed.Ref, now, before.LastOrDefault(), new JsonObject
        {
            ["rows_stored"] = landed.RowsStored,
            ["envelopes"] = landed.EnvelopesLanded,
            ["sums"] = new JsonObject(sums.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
            ["rows_root"] = Convert.ToHexStringLower(state.Tree.Root()),
        }, landed.IsTest);
        await _receipts.InsertAsync(_connection, submission, receipt, cancellation);
        await using var seal = new NpgsqlBatch(_connection);
        if (state.Tree.OpenSegment() is { } open)
            seal.BatchCommands.Add(EndSegments(submission, [((int)(state.Tree.Count / RowTree.SegmentRows), open)]));
        seal.BatchCommands.Add(Command("""
            update hub.submission set state = 8, changed_at = $2, landed_state = null, sums = coalesce((
                select jsonb_agg(s || jsonb_build_object('Stored', ($3::jsonb ->> (s ->> 'Field'))::numeric)) from jsonb_array_elements(sums) s), '[]')
            where id = $1
            """, submission, now, System.Text.Json.JsonSerializer.Serialize(sums)));
        await seal.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Takes away what landed of a file that was refused in the end.</summary>
    public async Task AbandonAsync(Template template, long submission, CancellationToken cancellation)
    {
        await using var remove = new NpgsqlCommand($"delete from {FactTable.NameOf(template)} where _submission = $1", _connection);
        SubmissionStore.Add(remove, submission);
        await remove.ExecuteNonQueryAsync(cancellation);
        await using var reset = new NpgsqlBatch(_connection);
        reset.BatchCommands.Add(Command("delete from hub.row_segment where submission = $1", submission));
        reset.BatchCommands.Add(Command(
            "update hub.submission set rows_stored = 0, landed_state = null where id = $1", submission));
        await reset.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Puts a record that cannot be landed aside with its reason; see
    /// <see cref="LandingStore.ToRetryAsync"/>.</summary>
    /// <param name="of">Its submission, null when the record cannot be read; partitions of the log.</param>
    public async Task ParkAsync(long position, string reason, ReadOnlyMemory<byte> content,
        (long? Submission, int Partitions) of, CancellationToken cancellation)
    {
        await using var park = new NpgsqlCommand("""
            insert into hub.parked_record (log, partition, position, reason, content, parked_at, submission, partitions)
            values ($1, $2, $3, $4, $5, $6, nullif($7, 0), $8) on conflict (log, partition, position) do update
            set reason = excluded.reason, parked_at = excluded.parked_at, retry = false
            """, _connection);
        SubmissionStore.Add(park, _log, (short)_partition, position, reason, content.ToArray(), _clock.GetUtcNow(),
            of.Submission ?? 0, of.Partitions);
        await park.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Whether the parked record is still to be tried again: another host may have done so meanwhile.
    /// </summary>
    public async Task<bool> IsToRetryAsync(long position, CancellationToken cancellation)
    {
        await using var locking = new NpgsqlCommand("""
            select 1 from hub.parked_record where log = $1 and partition = $2 and position = $3 and retry for update
            """, _connection);
        SubmissionStore.Add(locking, _log, (short)_partition, position);
        return await locking.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>
    /// The end of a second try: the record is no longer parked, unless it was parked again. The partition stays where
    /// it is.
    /// </summary>
    public async Task CommitRetryAsync(long position, CancellationToken cancellation)
    {
        await using var tried = new NpgsqlCommand(
            "delete from hub.parked_record where log = $1 and partition = $2 and position = $3 and retry", _connection);
        SubmissionStore.Add(tried, _log, (short)_partition, position);
        await tried.ExecuteNonQueryAsync(cancellation);
        await _transaction.CommitAsync(cancellation);
    }

    /// <summary>Everything above becomes durable together with the partition's next position.</summary>
    public async Task CommitAsync(long nextPosition, CancellationToken cancellation)
    {
        await using var move = new NpgsqlCommand("update hub.log_position set next = $3 where log = $1 and partition = $2", _connection);
        SubmissionStore.Add(move, _log, (short)_partition, nextPosition);
        await move.ExecuteNonQueryAsync(cancellation);
        await _transaction.CommitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
