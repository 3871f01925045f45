using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfoHub.Storage.Landing;
using InfoHub.Templates.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace InfoHub.Storage;

/// <summary>
/// Brings a database from empty or from any earlier release to this one, one numbered file after the other. What is up
/// to date is only looked at: no lock is taken that anybody who works could wait for.
/// </summary>
public static class Schema
{
    /// <summary>A store by its connection string, brought to this release.</summary>
    public static async Task<NpgsqlDataSource> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var store = NpgsqlDataSource.Create(connectionString);
        await MigrateAsync(store, cancellation);
        return store;
    }

    /// <summary>Applies what is missing, each file in a transaction of its own. Safe to call from several hosts at
    /// once.</summary>
    /// <param name="log">Told what is changed, and what that waits for.</param>
    public static async Task MigrateAsync(NpgsqlDataSource store, CancellationToken cancellation, ILogger? log = null)
    {
        if ((await MissingAsync(store, cancellation)).Count == 0)
            return;
        await using var alone = await SchemaChange.AloneAsync(store, cancellation, log ?? NullLogger.Instance);
        await alone.RunAsync(
            "create table if not exists public.infohub_migration (number int primary key, name text not null)",
            cancellation);
        foreach (var (number, name, sql) in await MissingAsync(store, cancellation))
            await alone.RunAsync(sql + string.Create(CultureInfo.InvariantCulture,
                $";\ninsert into public.infohub_migration values ({number}, '{name}')"), cancellation);
    }

    private static async Task<List<(int Number, string Name, string Sql)>> MissingAsync(
        NpgsqlDataSource store, CancellationToken cancellation)
    {
        await using var exists = store.CreateCommand("select to_regclass('public.infohub_migration') is not null");
        var done = new HashSet<int>();
        if (await exists.ExecuteScalarAsync(cancellation) is true)
        {
            await using var known = store.CreateCommand("select number from public.infohub_migration");
            await using var reader = await known.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                done.Add(reader.GetInt32(0));
        }
        return [.. Migrations().Where(m => !done.Contains(m.Number))];
    }

    /// <summary>Stores the templates and makes or widens their fact tables, as far as they differ.</summary>
    /// <param name="log">As in <see cref="MigrateAsync"/>.</param>
    public static async Task InstallTemplatesAsync(NpgsqlDataSource store,
        IEnumerable<(Template Template, string OdcsYaml)> templates, CancellationToken cancellation, ILogger? log = null)
    {
        var all = templates.ToArray();
        await KeepAsync(store, all, cancellation);
        // Later versions of an item widen what the ones before them made.
        foreach (var (template, _) in all.OrderBy(t => t.Template.Version))
        {
            if ((await FactTableShape.ReadAsync(store, template, cancellation)).Missing(template) is not [_, ..])
                continue;
            await using var alone = await SchemaChange.AloneAsync(store, cancellation, log ?? NullLogger.Instance);
            while ((await FactTableShape.ReadAsync(store, template, cancellation)).Missing(template) is [var next, ..])
                await alone.RunAsync(next, cancellation);
        }
    }

    private static async Task KeepAsync(NpgsqlDataSource store, (Template Template, string OdcsYaml)[] templates,
        CancellationToken cancellation)
    {
        await using var insert = store.CreateCommand("""
            insert into hub.template (item, version, odcs_yaml, sha256)
            select i, v, y, h from unnest($1, $2, $3, $4) as x(i, v, y, h)
            where not exists (select 1 from hub.template t where t.item = i and t.version = v and t.sha256 = h)
            order by i, v
            on conflict (item, version) do update set odcs_yaml = excluded.odcs_yaml, sha256 = excluded.sha256
            """);
        insert.Parameters.AddWithValue(templates.Select(t => t.Template.Item).ToArray());
        insert.Parameters.AddWithValue(templates.Select(t => t.Template.Version).ToArray());
        insert.Parameters.AddWithValue(templates.Select(t => t.OdcsYaml).ToArray());
        insert.Parameters.AddWithValue(templates.Select(t => SHA256.HashData(Encoding.UTF8.GetBytes(t.OdcsYaml))).ToArray());
        await insert.ExecuteNonQueryAsync(cancellation);
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
}
