using System.Collections.Immutable;
using InfoHub.Domain.Receipts;
using Npgsql;

namespace InfoHub.Storage.Submissions;

/// <summary>
/// The receipts on file. Each is signed as it is written, in the transaction of what it vouches for; one of a kind per
/// submission, so a step that is repeated keeps the receipt it had.
/// </summary>
public sealed class ReceiptLedger(ReceiptSigner signer)
{
    internal async Task InsertAsync(NpgsqlConnection connection, long submission, Receipt receipt, CancellationToken cancellation)
    {
        var signed = signer.Sign(receipt);
        await using var insert = new NpgsqlCommand("""
            insert into hub.receipt (submission, kind, body, hash, previous_hash, signature, key_id)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
            """, connection);
        SubmissionStore.Add(insert, submission, (short)signed.Kind, signed.BodyJson, signed.Hash.ToArray(),
            signed.PreviousHash.ToArray(), signed.Signature.ToArray(), signed.KeyId);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>In order of issue.</summary>
    internal static async Task<ImmutableArray<Receipt>> ReadAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select kind, body, hash, previous_hash, signature, key_id from hub.receipt where submission = $1 order by kind", connection);
        SubmissionStore.Add(command, id);
        var receipts = ImmutableArray.CreateBuilder<Receipt>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            receipts.Add(new Receipt((ReceiptKind)reader.GetInt16(0), reader.GetString(1),
                [.. reader.GetFieldValue<byte[]>(2)], [.. reader.GetFieldValue<byte[]>(3)])
            {
                Signature = [.. reader.GetFieldValue<byte[]>(4)], KeyId = reader.GetString(5),
            });
        return receipts.ToImmutable();
    }
}
