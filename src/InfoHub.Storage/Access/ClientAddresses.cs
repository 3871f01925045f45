using System.Net;
using Npgsql;

namespace InfoHub.Storage.Access;

/// <summary>
/// From which addresses each client has signed in with its right secret, on any host and over restarts.
/// </summary>
public sealed class ClientAddresses(NpgsqlDataSource store, TimeProvider clock)
{
    /// <summary>
    /// Of one client the addresses used last are kept; a client behind changing addresses forgets old ones.
    /// </summary>
    private const int AddressesMax = 200;

    public async Task<bool> IsKnownAsync(string client, IPAddress address, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand(
            "select 1 from hub.client_address where client = $1 and address = $2");
        command.Parameters.AddWithValue(client);
        command.Parameters.AddWithValue(address);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    public async Task RememberAsync(string client, IPAddress address, CancellationToken cancellation)
    {
        await using var batch = store.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            insert into hub.client_address (client, address, last_used) values ($1, $2, $3)
            on conflict (client, address) do update set last_used = excluded.last_used
            """) { Parameters = { new() { Value = client }, new() { Value = address }, new() { Value = clock.GetUtcNow() } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            delete from hub.client_address where client = $1 and address in (
                select address from hub.client_address where client = $1 order by last_used desc offset $2)
            """) { Parameters = { new() { Value = client }, new() { Value = AddressesMax } } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
