using System.Data;
using InfoHub.Storage.Claims;
using Npgsql;

namespace InfoHub.Storage.RecordLog;

/// <summary>
/// The record log as a table, for the embedded hub. Positions are given out under the lock of the partition's head row,
/// so they become visible in order and without gaps.
/// </summary>
public sealed class RecordLogTable(NpgsqlDataSource store)
{
    /// <summary>Of its position space.</summary>
    public const string Name = "postgres";

    public async Task EnsurePartitionsAsync(int partitions, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("insert into hub.record_log_head select p, 0 from generate_series(0, $1 - 1) p on conflict do nothing");
        command.Parameters.AddWithValue(partitions);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Appends in order and returns the position of the first. When it returns, the records are durable.
    /// </summary>
    public async Task<long> AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var head = new NpgsqlCommand("update hub.record_log_head set next = next + $2 where partition = $1 returning next - $2", connection);
        head.Parameters.AddWithValue((short)partition);
        head.Parameters.AddWithValue((long)records.Count);
        var first = (long)(await head.ExecuteScalarAsync(cancellation) ?? throw new InvalidOperationException($"partition {partition} does not exist"));
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy hub.record_log (partition, position, content) from stdin (format binary)", cancellation))
        {
            for (var i = 0; i < records.Count; i++)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync((short)partition, cancellation);
                await copy.WriteAsync(first + i, cancellation);
                await copy.WriteAsync(records[i], NpgsqlTypes.NpgsqlDbType.Bytea, cancellation);
            }
            await copy.CompleteAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return first;
    }

    /// <summary>
    /// Records from <paramref name="position"/> on, each read into the room that <paramref name="target"/> has for it
    /// and then handed to it. It ends with the record that reaches either bound.
    /// </summary>
    public async Task ReadAsync(int partition, long position, (int RecordsMax, long BytesMax) bounds,
        (Func<int, Memory<byte>> Room, Action<long, ReadOnlyMemory<byte>> Take) target, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select position, content
            from (select position, content,
                      sum(octet_length(content)) over (order by position) - octet_length(content) as before
                  from (select position, content from hub.record_log where partition = $1 and position >= $2
                        order by position limit $3) next) counted
            where before < $4 order by position
            """);
        command.Parameters.AddWithValue((short)partition);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(bounds.RecordsMax);
        command.Parameters.AddWithValue(bounds.BytesMax);
        // Read as it comes: a record is far larger than the driver's buffer, and need not be held there as a whole.
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var at = reader.GetInt64(0);
            var content = target.Room((int)reader.GetBytes(1, 0, null, 0, 0));
            await using var stream = await reader.GetStreamAsync(1, cancellation);
            await stream.ReadExactlyAsync(content, cancellation);
            target.Take(at, content);
        }
    }

    /// <summary>
    /// Forgets records that have landed and were appended longer ago than <paramref name="kept"/>, at most so many at a
    /// time; returns how many. What has landed lies in the fact tables, and what could not land is parked with its
    /// content: nothing reads a landed record again.
    /// </summary>
    public async Task<int> CutAsync(TimeSpan kept, int recordsMax, Claim claim, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await claim.HoldAsync(connection, cancellation);
        await using var cut = new NpgsqlCommand("""
            delete from hub.record_log l using (
                select r.partition, r.position from hub.log_position p
                cross join lateral (select partition, position, appended_at from hub.record_log
                    where partition = p.partition and position < p.next order by position limit $3) r
                where p.log = $1 and r.appended_at < now() - $2 limit $3) old
            where l.partition = old.partition and l.position = old.position
            """, connection);
        cut.Parameters.AddWithValue(Name);
        cut.Parameters.AddWithValue(kept);
        cut.Parameters.AddWithValue(recordsMax);
        var gone = await cut.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return gone;
    }
}
