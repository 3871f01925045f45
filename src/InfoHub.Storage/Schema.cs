using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfoHub.Storage.Landing;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage;

/// <summary>Brings a database from empty or from any earlier release to this one, one numbered file after the other.</summary>
public static class Schema
{
    private const long MigrationLock = 0x1F0_4B;

    /// <summary>A store by its connection string, brought to this release.</summary>
    public static async Task<NpgsqlDataSource> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var store = NpgsqlDataSource.Create(connectionString);
        await MigrateAsync(store, cancellation);
        return store;
    }

    /// <summary>Applies what is missing. Safe to call from several hosts at once.</summary>
    public static async Task MigrateAsync(NpgsqlDataSource store, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, $"select pg_advisory_xact_lock({MigrationLock})", cancellation);
        await RunAsync(connection, "create table if not exists public.infohub_migration (number int primary key, name text not null)", cancellation);
        foreach (var (number, name, sql) in Migrations())
        {
            await using var known = new NpgsqlCommand("select 1 from public.infohub_migration where number = $1", connection);
            known.Parameters.AddWithValue(number);
            if (await known.ExecuteScalarAsync(cancellation) is not null)
                continue;
            await RunAsync(connection, sql, cancellation);
            await RunAsync(connection, string.Create(CultureInfo.InvariantCulture,
                $"insert into public.infohub_migration values ({number}, '{name}')"), cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Stores the templates and makes or widens their fact tables.</summary>
    public static async Task InstallTemplatesAsync(
        NpgsqlDataSource store, IEnumerable<(Template Template, string OdcsYaml)> templates, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, $"select pg_advisory_xact_lock({MigrationLock})", cancellation);
        foreach (var (template, yaml) in templates)
        {
            await using var insert = new NpgsqlCommand(
                """
                insert into hub.template (item, version, odcs_yaml, sha256) values ($1, $2, $3, $4)
                on conflict (item, version) do update set odcs_yaml = $3, sha256 = $4
                """, connection);
            insert.Parameters.AddWithValue(template.Item);
            insert.Parameters.AddWithValue(template.Version);
            insert.Parameters.AddWithValue(yaml);
            insert.Parameters.AddWithValue(SHA256.HashData(Encoding.UTF8.GetBytes(yaml)));
            await insert.ExecuteNonQueryAsync(cancellation);
            foreach (var statement in FactTable.Definition(template))
                await RunAsync(connection, statement, cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    private static IEnumerable<(int Number, string Name, string Sql)> Migrations()
    {
        var assembly = typeof(Schema).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = resource.Split('.')[^2];
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
