using System.Text.Json.Nodes;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>Takes submissions back. Rows, errors and receipts stay on file; what was derived from the rows is worked
/// out again.</summary>
public sealed class WithdrawalStore(NpgsqlDataSource store, ReceiptLedger receipts, TimeProvider clock)
{
    /// <summary>
    /// One transaction under the resolution lock: the rows stop counting, rows they had replaced count again, mended
    /// rows are
    /// open again, and every party concerned is marked touched. Repeated it changes nothing.
    /// </summary>
    /// <returns>False when the submission is under way and has to come to rest first.</returns>
    public async Task<bool> WithdrawAsync(Submission submission, Template template, string reason, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ResolutionStore.LockAsync(connection, cancellation);
        // As it stands now: the caller may have waited for the lock while the submission went on.
        var (state, rowsStored) = await LockRowAsync(connection, submission.Id, cancellation);
        if (state == SubmissionState.Withdrawn)
            return true;
        if (state is not (SubmissionState.Opened or SubmissionState.Uploading) && !state.Rests())
            return false;
        if (state == SubmissionState.Used)
            await TakeRowsBackAsync(connection, template, submission, cancellation);
        await RegistryDoubtsChanged.TouchAsync(connection, [submission.Id], cancellation);
        await MarkAsync(connection, submission, (reason, state == SubmissionState.Used ? rowsStored : 0), cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task TakeRowsBackAsync(NpgsqlConnection connection, Template template, Submission submission, CancellationToken cancellation)
    {
        var succession = new Succession(connection, template);
        await succession.TouchRowsAsync(submission.Id, cancellation);
        await succession.UndoAsync(submission.Id, cancellation);
        await new MendedRows(connection).UndoAsync(submission.Id, cancellation);
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, "update hub.submission set resolved = false, resolved_number = null where id = $1", submission.Id);
        // What rested on "this period has been received and they are not in it" has lost its ground, and so has what is
        // being judged in this moment: marking it again waits for whoever judges it. Whom the item speaks of may have
        // been spared by it.
        ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand($"""
            (select party from (select party from hub.finding where state in (1, 2, 3, 6)
                union select party from hub.touched
                union select _party from {FactTable.NameOf(template)} where _party is not null) p
             where not exists (select 1 from hub.submission s where s.item = $1 and s.period = $2 and s.resolved)) t
            """, "0"), submission.Key.Item, submission.Key.Period.Code);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<(SubmissionState State, long RowsStored)> LockRowAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var locking = new NpgsqlCommand("select state, rows_stored from hub.submission where id = $1 for update", connection);
        SubmissionStore.Add(locking, id);
        await using var reader = await locking.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return ((SubmissionState)reader.GetInt16(0), reader.GetInt64(1));
    }

    private async Task MarkAsync(
        NpgsqlConnection connection, Submission submission, (string Reason, long RowsStored) what, CancellationToken cancellation)
    {
        var before = await ReceiptLedger.ReadAsync(connection, submission.Id, cancellation);
        var receipt = Receipt.Issue(ReceiptKind.Withdrawn, submission.Key.Ref, clock.GetUtcNow(), before.LastOrDefault(),
            new JsonObject { ["reason"] = what.Reason, ["rows_stored"] = what.RowsStored }, submission.Terms.IsTest);
        await receipts.InsertAsync(connection, submission.Id, receipt, cancellation);
        await using var mark = new NpgsqlCommand(
            "update hub.submission set state = 10, withdrawn_reason = $2, upload_epoch = upload_epoch + 1, changed_at = $3 where id = $1", connection);
        SubmissionStore.Add(mark, submission.Id, what.Reason, clock.GetUtcNow());
        await mark.ExecuteNonQueryAsync(cancellation);
    }
}
