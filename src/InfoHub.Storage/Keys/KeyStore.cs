using InfoHub.Domain.Receipts;
using InfoHub.Storage.Submissions;
using Npgsql;

namespace InfoHub.Storage.Keys;

/// <summary>
/// What all hosts of a store have to have alike: secrets, each sealed before it comes here; the public keys of
/// receipts;
/// the clients that were made, by the hash of their secret. What is made for all is made under
/// <see cref="AloneAsync"/>.
/// </summary>
public sealed class KeyStore(NpgsqlDataSource store)
{
    /// <summary>Until the result is disposed of no other host makes anything here.</summary>
    public async Task<IAsyncDisposable> AloneAsync(CancellationToken cancellation)
    {
        var connection = await store.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var locking = new NpgsqlCommand(
                "select pg_advisory_xact_lock(hashtext('infohub.keys'))", connection, transaction);
            await locking.ExecuteNonQueryAsync(cancellation);
            // Rolls back, which lets go of the lock.
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The fingerprint of the key that the secrets are sealed with; null while there is none.</summary>
    public async Task<string?> FingerprintAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select fingerprint from hub.master_key");
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    public Task KeepFingerprintAsync(string fingerprint, CancellationToken cancellation) =>
        RunAsync("insert into hub.master_key (fingerprint) values ($1)", cancellation, fingerprint);

    public async Task<byte[]?> FindSealedAsync(string name, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select sealed from hub.sealed_secret where name = $1");
        SubmissionStore.Add(command, name);
        return await command.ExecuteScalarAsync(cancellation) as byte[];
    }

    public Task AddSealedAsync(string name, byte[] secret, CancellationToken cancellation) =>
        RunAsync("insert into hub.sealed_secret (name, sealed) values ($1, $2)", cancellation, name, secret);

    /// <summary>As <see cref="AddSealedAsync"/>, for who cannot wait otherwise.</summary>
    public void AddSealed(string name, byte[] secret)
    {
        using var command = store.CreateCommand("""
            insert into hub.sealed_secret (name, sealed) values ($1, $2)
            on conflict (name) do update set sealed = excluded.sealed
            """);
        SubmissionStore.Add(command, name, secret);
        command.ExecuteNonQuery();
    }

    /// <summary>Those whose name begins so, by name.</summary>
    public IReadOnlyList<(string Name, byte[] Sealed)> AllSealed(string prefix)
    {
        using var command = store.CreateCommand(
            "select name, sealed from hub.sealed_secret where starts_with(name, $1) order by name");
        SubmissionStore.Add(command, prefix);
        var found = new List<(string, byte[])>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            found.Add((reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return found;
    }

    /// <summary>The one that signs first, then those that are retired.</summary>
    public async Task<IReadOnlyList<ReceiptKey>> ReceiptKeysAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select key_id, public_key, is_retired from hub.receipt_key order by is_retired, key_id");
        var found = new List<ReceiptKey>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(new ReceiptKey(reader.GetString(0), [.. reader.GetFieldValue<byte[]>(1)], reader.GetBoolean(2)));
        return found;
    }

    /// <summary>Keeps a public key. Of one that retires the private half goes.</summary>
    public async Task KeepAsync(ReceiptKey key, CancellationToken cancellation)
    {
        await RunAsync("""
            insert into hub.receipt_key (key_id, public_key, is_retired) values ($1, $2, $3)
            on conflict (key_id) do update set is_retired = excluded.is_retired
            """, cancellation, key.KeyId, key.PublicKey.ToArray(), key.Retired);
        if (key.Retired)
            await RunAsync("delete from hub.sealed_secret where name = 'receipt-key:' || $1", cancellation, key.KeyId);
    }

    /// <summary>The hash of each made client's secret.</summary>
    public async Task<IReadOnlyDictionary<string, string>> MadeClientsAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("select client, secret_hash from hub.made_client");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0), reader.GetString(1));
        return found;
    }

    public async Task KeepClientsAsync(IReadOnlyDictionary<string, string> hashes, CancellationToken cancellation)
    {
        if (hashes.Count > 0)
            await RunAsync("insert into hub.made_client (client, secret_hash) select * from unnest($1, $2)", cancellation,
                hashes.Keys.ToArray(), hashes.Values.ToArray());
    }

    private async Task RunAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = store.CreateCommand(sql);
        SubmissionStore.Add(command, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
