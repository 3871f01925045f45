using InfoHub.Host.Commands;
using InfoHub.Storage;
using InfoHub.System.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>From a department's own PostgreSQL to a file that the template takes, exactly.</summary>
[Collection(HubCollection.Name)]
public sealed class ExtractTests(RunningHub hub)
{
    [Fact]
    public async Task Extract_FromPostgres_IsExactAndReadOnly()
    {
        // The role that may make a table; the hub's own may not.
        var department = EmbeddedPostgres.ConnectionStringOfRunning(Path.Combine(hub.Hub.Options.DataFolder,
            "postgres"))!;
        await using var store = NpgsqlDataSource.Create(department);
        await using (var setUp = store.CreateCommand("""
            create schema if not exists department;
            create table if not exists department.bills (cust text, at timestamptz, fee numeric(20,2), opened date);
            truncate department.bills;
            insert into department.bills
            select '000' || i, timestamptz '2025-03-01 00:30:00+08', 0.07 * i, date '2019-01-18'
            from generate_series(1, 20000) i;
            """))
            await setUp.ExecuteNonQueryAsync();
        var folder = Directory.CreateTempSubdirectory("infohub-extract-").FullName;
        try
        {
            var (query, connection) = (Path.Combine(folder, "q.sql"), Path.Combine(folder, "c.txt"));
            await File.WriteAllTextAsync(connection, department);
            const string Select = """
                select cust as cust_no, '禾木,五金' as "用户名称", '禾木路' as address,
                       370983 as region_code,
                       at as data_month, '200' as use_class, 50 as capacity_kva,
                       1.10::numeric as kwh, fee, 'N' as resale,
                       opened as open_date, '1' as status
                from department.bills where at >= @period_start order by cust
                """;
            await File.WriteAllTextAsync(query, Select);
            var output = Path.Combine(folder, $"GD-01_202503_{hub.NextSequence()}.csv");
            string[] extract =
            [
                "extract", "--connection-file", connection, "--query", query, "--item", "GD-01", "--period", "202503",
                "--out", output, "--template", Path.Combine(CommonOptions.RepositoryRoot,
                    "partner-templates/GD/GD-01/v1/template.odcs.yaml"),
            ];
            var made = await hub.RunAsync("gd", extract);
            Assert.True(made.Code == 0, made.ToString());
            Assert.Contains("20000 行", made.Out, StringComparison.Ordinal);
            Assert.Contains("电费(元) 合计 14000700.00", made.Out, StringComparison.Ordinal);
            Assert.Equal("0001,\"禾木,五金\",禾木路,370983,202503,200,50,1.10,0.07,N,2019-01-18,1",
                File.ReadLines(output).Skip(1).First());
            var check = await hub.RunAsync("gd", "check", output, "--template", extract[^1]);
            Assert.True(check.Code == 0, check.ToString());

            await File.WriteAllTextAsync(query, "delete from department.bills returning cust as cust_no");
            var writing = await hub.RunAsync("gd", [.. extract, "--force"]);
            Assert.Equal(7, writing.Code);
            Assert.Contains("read-only transaction", writing.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
