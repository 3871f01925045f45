using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>A stored row's hash and the way from it to the root in R4.</summary>
public sealed record RowPath(byte[] RowHash, IReadOnlyList<TreeStep> Steps);

/// <summary>
/// Proofs of stored rows. Landing keeps the node of every <see cref="RowTree.SegmentRows"/> rows, so a proof reads the
/// rows of one segment and the nodes of the others: of five million rows four thousand, and forty kilobytes.
/// </summary>
public sealed class RowProofs(NpgsqlDataSource store)
{
    /// <summary>The row by its number in the file; null when the submission has stored no such row.</summary>
    public async Task<RowPath?> ProveAsync(
        Template template, Submission submission, long row, CancellationToken cancellation)
    {
        var kept = await KeptAsync(submission, cancellation);
        var own = kept.FindLastIndex(s => s.FirstRow <= row);
        (long From, long To) range = own < 0 ? (0, long.MaxValue)
            : (kept[own].FirstRow, own + 1 < kept.Count ? kept[own + 1].FirstRow : long.MaxValue);
        if (await FindAsync(template, submission.Id, row, range.From, cancellation) is not var (before, hash))
            return null;
        var index = (Math.Max(own, 0) * (long)RowTree.SegmentRows) + before;
        var (steps, _) = await Task.Run(
            () => RowTree.Prove([.. kept.Select(s => s.Node)], Hashes(template, submission.Id, range), index), cancellation);
        return new RowPath(hash, steps);
    }

    /// <summary>Every segment of the submission; none where it landed, in part or as a whole, before nodes were
    /// kept.</summary>
    private async Task<List<(long FirstRow, byte[] Node)>> KeptAsync(Submission submission, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select first_row, node from hub.row_segment where submission = $1 and node is not null order by number");
        SubmissionStore.Add(command, submission.Id);
        var kept = new List<(long, byte[])>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            kept.Add((reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)));
        return kept.Count * (long)RowTree.SegmentRows >= submission.RowsStored ? kept : [];
    }

    /// <summary>How many stored rows lie between <paramref name="from"/> and the row, and its hash; null when it is not
    /// stored.</summary>
    private async Task<(long Before, byte[] Hash)?> FindAsync(
        Template template, long submission, long row, long from, CancellationToken cancellation)
    {
        var table = FactTable.NameOf(template);
        await using var command = store.CreateCommand($"""
            select (select count(*) from {table} where _submission = $1 and _row >= $3 and _row < $2), _hash
            from {table} where _submission = $1 and _row = $2
            """);
        SubmissionStore.Add(command, submission, row, from);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    private IEnumerable<byte[]> Hashes(Template template, long submission, (long From, long To) range)
    {
        using var command = store.CreateCommand(
            $"""
            select _hash from {FactTable.NameOf(template)} where _submission = $1 and _row >= $2 and _row < $3
            order by _row
            """);
        SubmissionStore.Add(command, submission, range.From, range.To);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader.GetFieldValue<byte[]>(0);
    }
}
