using Npgsql;
using Xunit;

namespace InfoHub.Storage.Tests.Fixtures;

/// <summary>
/// One PostgreSQL for all tests, with a migrated database from which each class gets a copy of its own.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    private const string Blueprint = "blueprint";

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-storage-tests-").FullName;
    private EmbeddedPostgres? _postgres;
    private int _databases;

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        _postgres = await EmbeddedPostgres.StartAsync(_folder, limit.Token);
        await RunAsync("alter system set fsync = off");
        await RunAsync("alter system set synchronous_commit = off");
        await RunAsync("select pg_reload_conf()");
        await RunAsync($"create database {Blueprint} owner infohub_owner");
        await using (var store = NpgsqlDataSource.Create(ConnectionString(Blueprint, pooling: false)))
        {
            await Schema.MigrateAsync(store, limit.Token);
            await Schema.InstallTemplatesAsync(store, Partner.Registry.All.Select(t => (t.Template, t.OdcsYaml)),
                limit.Token);
        }
    }

    public async Task DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A database with the schema and all partner templates.</summary>
    public Task<NpgsqlDataSource> NewHubAsync() => NewAsync($" template {Blueprint}");

    public Task<NpgsqlDataSource> NewEmptyAsync() => NewAsync("");

    private async Task<NpgsqlDataSource> NewAsync(string options)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await RunAsync($"create database {name} owner infohub_owner{options}");
        return NpgsqlDataSource.Create(ConnectionString(name, pooling: true));
    }

    private string ConnectionString(string database, bool pooling) =>
        new NpgsqlConnectionStringBuilder(_postgres!.ConnectionString)
    {
        Database = database, Pooling = pooling, MaxPoolSize = 12, ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 2,
    }.ConnectionString;

    /// <summary>The superuser's connection string to the database of a store.</summary>
    public string AdminOf(NpgsqlDataSource store) => new NpgsqlConnectionStringBuilder(_postgres!.AdminConnectionString)
    {
        Database = new NpgsqlConnectionStringBuilder(store.ConnectionString).Database, Pooling = false,
    }.ConnectionString;

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_postgres!.AdminConnectionString) { Database = "postgres",
                Pooling = false }
                .ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<Cluster>
{
    public const string Name = "cluster";
}

/// <summary>The database of one test class.</summary>
public sealed class HubDatabase(Cluster cluster) : IAsyncLifetime
{
    private NpgsqlDataSource? _store;

    public Cluster Cluster => cluster;

    public NpgsqlDataSource Store => _store ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync() => _store = await cluster.NewHubAsync();

    public async Task DisposeAsync() => await Store.DisposeAsync();
}
