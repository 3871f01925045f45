using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Model;
using Npgsql;
using Xunit;

namespace InfoHub.Storage.Tests;

/// <summary>
/// From nothing to the present schema, again, and from several hosts at once; fact tables follow the templates.
/// </summary>
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

        Assert.Equal("12.30|-", await ScalarAsync(store,
            "select kwh::text || '|' || coalesce(peak_kwh::text, '-') from facts.gd_01"));
        Assert.Contains("facts.gd_01.peak_kwh numeric(14,3)", await ShapeAsync(store));
        Assert.Equal("2", await ScalarAsync(store, "select count(*)::text from hub.template where item = 'GD-01'"));
    }

    /// <summary>A dump reads for an hour, and hosts start meanwhile: they look, and lock nothing.</summary>
    [Fact]
    public async Task Start_NothingToChange_IsDoneWhileTheTablesAreHeldByOthers()
    {
        await using var store = await cluster.NewHubAsync();
        await using var others = await store.OpenConnectionAsync();
        await using var holding = await others.BeginTransactionAsync();
        await using (var all = new NpgsqlCommand("""
            do $$ declare t record; begin for t in select schemaname, tablename from pg_tables
                where schemaname in ('facts', 'hub', 'public')
            loop execute format('lock table %I.%I in row exclusive mode', t.schemaname, t.tablename); end loop; end $$
            """, others))
            await all.ExecuteNonQueryAsync();
        await StartAsync(store, Partner.Registry.All.Select(t => t.Template)).WaitAsync(TimeSpan.FromSeconds(20));

        await using var locks = store.CreateCommand("select count(*) from pg_locks where not granted");
        Assert.Equal(0L, await locks.ExecuteScalarAsync());
    }

    /// <summary>A change has to wait for who reads the table. Those who come behind it do not wait for long.</summary>
    [Fact]
    public async Task Start_ColumnToAddWhileTheTableIsRead_LetsOthersBeforeItAndIsDoneInTheEnd()
    {
        await using var store = await cluster.NewHubAsync();
        var reading = await store.OpenConnectionAsync();
        var transaction = await reading.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand("select count(*) from facts.gd_01", reading))
            await read.ExecuteScalarAsync();
        var changed = StartAsync(store, [Widened(Partner.Template("GD-01"))]);
        for (var i = 0; i < 40; i++)
        {
            await using var query = store.CreateCommand("select count(*) from facts.gd_01");
            await query.ExecuteScalarAsync().WaitAsync(TimeSpan.FromSeconds(1.5));
            await Task.Delay(50);
        }
        Assert.False(changed.IsCompleted);
        await transaction.DisposeAsync();
        await reading.DisposeAsync();
        await changed.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("facts.gd_01.peak_kwh numeric(14,3)", await ShapeAsync(store));
    }

    [Fact]
    public async Task Start_SeveralHostsAtOnceOnAnEmptyStore_AllComeUp()
    {
        await using var store = await cluster.NewEmptyAsync();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(store, Partner.Registry.All.Select(t =>
            t.Template))));

        Assert.Equal("0", await ScalarAsync(store, "select count(*)::text from facts.gd_01"));
        Assert.Equal("0", await ScalarAsync(store, "select count(*)::text from pg_locks where locktype = 'advisory'"));
    }

    /// <summary>An index whose building was broken off is there, and cannot be used.</summary>
    [Fact]
    public async Task Start_IndexBrokenOff_IsBuiltAnewBesideTheOthers()
    {
        await using var store = await cluster.NewHubAsync();
        await using (var admin = NpgsqlDataSource.Create(cluster.AdminOf(store)))
            await ExecuteAsync(admin,
                "update pg_index set indisvalid = false where indexrelid = 'facts.gd_01_party'::regclass");
        await ExecuteAsync(store, "drop index facts.gd_01_place");
        await StartAsync(store, [Partner.Template("GD-01")]);

        Assert.Equal("2", await ScalarAsync(store, """
            select count(*)::text from pg_index where indrelid = 'facts.gd_01'::regclass and indisvalid
            """));
    }

    private static async Task StartAsync(NpgsqlDataSource store, IEnumerable<Template> templates)
    {
        await Schema.MigrateAsync(store, None);
        await Schema.InstallTemplatesAsync(store, templates.Select(t => (t, t.Item)), None);
    }

    internal static Template Widened(Template first) => first with
    {
        Version = first.Version + 1,
        Fields = first.Fields.Add(new Field { Name = "peak_kwh", Title = "峰时电量", Kind = FieldKind.Number,
            Precision = 14, Scale = 3 }),
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
