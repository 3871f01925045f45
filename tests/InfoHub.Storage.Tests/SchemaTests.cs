using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Model;
using Npgsql;
using Xunit;

namespace InfoHub.Storage.Tests;

/// <summary>From nothing to the present schema, again, and from several hosts at once; fact tables follow the templates.</summary>
[Collection(ClusterTests.Name)]
public sealed class SchemaTests(Cluster cluster)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Migrate_EmptyDatabaseTwice_ChangesNothingTheSecondTime()
    {
        await using var store = await cluster.NewEmptyAsync();
        await Schema.MigrateAsync(store, None);
        var first = await ShapeAsync(store);
        await Schema.MigrateAsync(store, None);

        Assert.Equal(first, await ShapeAsync(store));
        Assert.Contains("hub.finding.gap_fen bigint", first);
    }

    [Fact]
    public async Task Migrate_FourHostsAtOnce_OneDoesTheWork()
    {
        await using var store = await cluster.NewEmptyAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Schema.MigrateAsync(store, None)));

        Assert.NotEmpty(await ShapeAsync(store));
    }

    [Fact]
    public async Task InstallTemplates_Again_KeepsTablesAndRows()
    {
        await using var store = await cluster.NewHubAsync();
        await ExecuteAsync(store, "insert into facts.gd_01 (_submission, _row, kwh) values (1, 1, 12.30)");
        var before = await ShapeAsync(store);
        await Schema.InstallTemplatesAsync(store, Partner.Registry.All.Select(t => (t.Template, t.OdcsYaml)), None);

        Assert.Equal(before, await ShapeAsync(store));
        Assert.Equal("12.30", await ScalarAsync(store, "select kwh::text from facts.gd_01"));
    }

    [Fact]
    public async Task InstallTemplates_LaterVersionWithOneMoreColumn_WidensAndKeepsOldRows()
    {
        await using var store = await cluster.NewHubAsync();
        await ExecuteAsync(store, "insert into facts.gd_01 (_submission, _row, kwh) values (1, 1, 12.30)");
        var second = Widened(Partner.Template("GD-01"));
        await Schema.InstallTemplatesAsync(store, [(second, "second")], None);

        Assert.Equal("12.30|-", await ScalarAsync(store, "select kwh::text || '|' || coalesce(peak_kwh::text, '-') from facts.gd_01"));
        Assert.Contains("facts.gd_01.peak_kwh numeric(14,3)", await ShapeAsync(store));
        Assert.Equal("2", await ScalarAsync(store, "select count(*)::text from hub.template where item = 'GD-01'"));
    }

    internal static Template Widened(Template first) => first with
    {
        Version = first.Version + 1,
        Fields = first.Fields.Add(new Field { Name = "peak_kwh", Title = "峰时电量", Kind = FieldKind.Number, Precision = 14, Scale = 3 }),
    };

    private static async Task<List<string>> ShapeAsync(NpgsqlDataSource store)
    {
        await using var command = store.CreateCommand("""
            select n.nspname || '.' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('hub', 'facts') and a.attnum > 0 order by 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var shape = new List<string>();
        while (await reader.ReadAsync())
            shape.Add(reader.GetString(0));
        return shape;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource store, string sql)
    {
        await using var command = store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ScalarAsync(NpgsqlDataSource store, string sql)
    {
        await using var command = store.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
