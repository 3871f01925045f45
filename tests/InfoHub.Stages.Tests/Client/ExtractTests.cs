using System.Data;
using System.Globalization;
using System.Text.Json;
using InfoHub.Cli;
using InfoHub.Stages.Tests.Fakes;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>A query's rows become a file of the template, exactly; what does not fit is named.</summary>
public sealed class ExtractTests : CommandBench
{
    private const string Provider = "InfoHub.Stages.Tests";

    private string Database => Path.Combine(Folder, "database.xml");

    [Fact]
    public async Task Extract_ARowsTypes_AreWrittenExactly()
    {
        var ran = await ExtractAsync(Table(3), "GD-01_202503.csv");
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Contains("3 行", ran.Out, StringComparison.Ordinal);
        Assert.Contains("电费(元) 合计 900719925474.13 元", ran.Out, StringComparison.Ordinal);
        var lines = File.ReadAllLines(Path.Combine(Folder, "GD-01_202503.csv"));
        Assert.Equal("用户编号,用户名称,用电地址,区划,用电月份,用电类别,合同容量(kVA),抄表电量(kWh),电费(元),转供电标志,立户日期,用户状态", lines[0]);
        Assert.Equal("0001,\"禾木,五金\",禾木路1号,370983,202503,200,50,1.10,300239975158.04,N,2019-01-18,1", lines[1]);
        var check = await RunAsync([], "", ["check", Path.Combine(Folder, "GD-01_202503.csv"), "--template",
            TemplateOf("GD-01")]);
        Assert.True(check.Code is ExitCode.Ok or ExitCode.FileRefused or ExitCode.RowsRejected, check.ToString());
        Assert.DoesNotContain("IH-INT-2", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_ColumnsThatDoNotFit_AreNamed()
    {
        var table = Table(1);
        table.Columns.Remove("cust_name");
        table.Columns.Add("colour", typeof(string));
        table.Columns.Add("cust_no", typeof(string));
        var ran = await ExtractAsync(table, "out.csv");
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Contains("IH-INT-138", ran.Error, StringComparison.Ordinal);
        Assert.Contains("用户名称（cust_name）", ran.Error, StringComparison.Ordinal);
        Assert.Contains("多出列：colour", ran.Error, StringComparison.Ordinal);
        Assert.Contains("重复列：用户编号", ran.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder, "out.csv*"));
    }

    [Fact]
    public async Task Extract_BinaryFraction_NoRows_NoProvider_EachSaySo()
    {
        var table = Table(1);
        table.Columns.Remove("fee");
        table.Columns.Add("fee", typeof(double)).DefaultValue = 0.1;
        table.Rows[0]["fee"] = 0.1;
        var inexact = await ExtractAsync(table, "out.csv");
        Assert.Equal(ExitCode.SourceFailed, inexact.Code);
        Assert.Contains("列 fee 的类型 Double 不能精确写出", inexact.Error, StringComparison.Ordinal);
        var none = await ExtractAsync(Table(0), "out.csv");
        Assert.Equal(ExitCode.FileRefused, none.Code);
        Assert.Contains("IH-INT-207", none.Error, StringComparison.Ordinal);
        var missing = await ExtractAsync(Table(1), "out.csv", "Oracle.Nowhere");
        Assert.Equal(ExitCode.Usage, missing.Code);
        Assert.Contains("IH-CFG-013", missing.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder, "out.csv*"));
        var away = await ExtractAsync(Table(1), "out.csv", "postgresql",
            "Host=127.0.0.1;Port=1;Timeout=2;Username=a;Password=b");
        Assert.Equal(ExitCode.SourceFailed, away.Code);
    }

    /// <summary>A provider off the shelf, with assemblies of its own and a library of its database's maker.</summary>
    [Fact]
    public async Task Extract_SqliteByTheNameOfItsProvider_WritesTheRows()
    {
        const string name = "Microsoft.Data.Sqlite";
        var providers = Directory.CreateDirectory(Path.Combine(Home, "providers")).FullName;
        foreach (var file in new[] { name, "SQLitePCLRaw.core", "SQLitePCLRaw.batteries_v2",
            "SQLitePCLRaw.provider.e_sqlite3" }.Select(n => Path.Combine(AppContext.BaseDirectory, n + ".dll"))
            .Append(NativeSqlite()))
            File.Copy(file, Path.Combine(providers, Path.GetFileName(file)));
        var database = $"Data Source={Path.Combine(Folder, "bills.db")}";
        await using (var bills = new Microsoft.Data.Sqlite.SqliteConnection(database))
        {
            await bills.OpenAsync();
            await using var make = bills.CreateCommand();
            make.CommandText = """
                create table bill (cust_no text, cust_name text, address text, month text, kwh text, fee text);
                insert into bill values ('0001', '禾木,五金', '禾木路1号', '202503', '1.10', '300239975158.04'),
                    ('0002', '乙', '乙路', '202503', '2.20', '0.01'), ('0003', '丙', '丙路', '202502', '9', '9');
                """;
            await make.ExecuteNonQueryAsync();
        }
        var output = Path.Combine(Folder, "GD-01_202503.csv");
        var ran = await RunAsync(new Dictionary<string, string> { ["GD_DB"] = database }, "",
        [
            "extract", "--provider", name, "--connection-env", "GD_DB", "--query", FileOf("query.sql",
                "select cust_no, cust_name, address, '370983' as region_code, month as data_month, '200' as use_class,"
                + " kwh, fee, 1 as status from bill where month = @period"),
            "--item", "GD-01", "--period", "202503", "--out", output, "--template", TemplateOf("GD-01"), "--json",
        ]);
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        var said = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal(2, said.GetProperty("rows").GetInt64());
        Assert.Equal("300239975158.05", said.GetProperty("sums").GetProperty("fee").GetString());
        Assert.Contains("0001,\"禾木,五金\",禾木路1号", File.ReadAllText(output), StringComparison.Ordinal);
    }

    /// <summary>The one for this machine, out of those the package brings.</summary>
    private static string NativeSqlite() => new[] { "", Path.Combine("runtimes",
        System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "native") }
        .SelectMany(folder => new[] { "libe_sqlite3.so", "e_sqlite3.dll" }
            .Select(file => Path.Combine(AppContext.BaseDirectory, folder, file))).First(File.Exists);

    [Fact]
    public async Task Extract_ProviderThatIsNotThere_SaysWhereToPutIt()
    {
        var ran = await ExtractAsync(Table(1), "out.csv", "Oracle.Nowhere");
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Contains("IH-CFG-013", ran.Error, StringComparison.Ordinal);
        Assert.Contains("找不到 Oracle.Nowhere.dll", ran.Error, StringComparison.Ordinal);
        Assert.Contains($"连同它依赖的文件放到 {Path.Combine(Home, "providers")}", ran.Error, StringComparison.Ordinal);
        var none = FileOf("home/providers/None.dll",
            File.ReadAllBytes(typeof(Xunit.Abstractions.ITest).Assembly.Location));
        Assert.Contains("程序集里没有 DbProviderFactory", (await ExtractAsync(Table(1), "out.csv", "None")).Error,
            StringComparison.Ordinal);
        File.WriteAllText(none, "not an assembly");
        Assert.Contains("IH-CFG-013", (await ExtractAsync(Table(1), "out.csv", "None")).Error,
            StringComparison.Ordinal);
        Assert.Contains("名称不得含路径", (await ExtractAsync(Table(1), "out.csv", "../None")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_JobIsDue_ExtractsOnceAndSends()
    {
        await RunAsync("templates");
        Prepare(Table(2));
        var watched = Path.Combine(Folder, "watch");
        FileOf("watch/gd.sql", "select * from bills where month = @period");
        FileOf("watch/extract.json", $$"""
            { "jobs": [ { "item": "GD-01", "query": "gd.sql", "connection_env": "GD_DB", "provider": "{{Provider}}",
                          "period": "previous-month", "schedule": "0 0 1 * *" } ] }
            """);
        var environment = Hub.Settings("scjg");
        environment["GD_DB"] = Database;
        var month = DateTime.Today.AddMonths(-1).ToString("yyyyMM", CultureInfo.InvariantCulture);
        for (var i = 0; i < 2; i++)
            await RunAsync(environment, "", ["watch", watched, "--once", "--settle", "0"]);
        var kept = Directory.GetFiles(watched, "GD-01*.csv", SearchOption.AllDirectories);
        Assert.Contains(kept, path => Path.GetFileName(path) == $"GD-01_{month}.csv");
        Assert.Single(File.ReadLines(Path.Combine(watched, "infohub.log")),
            line => line.Contains($"取数 GD-01_{month}.csv：2 行", StringComparison.Ordinal));
        // Filed away by somebody, it is still made once.
        foreach (var path in kept)
            File.Delete(path);
        await RunAsync(environment, "", ["watch", watched, "--once", "--settle", "0"]);
        Assert.Empty(Directory.GetFiles(watched, "GD-01*.csv", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("""{ "jobs": [ { "item": "GD-01", "colour": "red" } ] }""", "IH-CFG-017")]
    [InlineData("""
        { "jobs": [ { "item": "GD-01", "query": "gd.sql", "connection_env": "NONE" },
                    { "item": "GD-01", "query": "gd.sql", "connection_env": "GD_DB", "schedule": "x" } ] }
        """, "IH-CFG-015")]
    public async Task Watch_JobsAreUnsound_TheFilesGoAllTheSame(string jobs, string code)
    {
        await RunAsync("templates");
        Counts(2, 0);
        FileOf("watch/gd.sql", "select 1");
        FileOf("watch/extract.json", jobs);
        FileOf("watch/in/GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        var ran = await RunAsync("watch", Path.Combine(Folder, "watch"), "--once", "--settle", "0");
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Contains(code, ran.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "watch", "sent", "GD-01_202503.csv")), ran.ToString());
    }

    [Fact]
    public async Task Watch_OneJobFails_TheNextOneRuns_AndNoRowsNamesNil()
    {
        await RunAsync("templates");
        Prepare(Table(0));
        FileOf("watch/gd.sql", "select * from bills where month = @period");
        FileOf("watch/extract.json", $$"""
            { "jobs": [
                { "item": "SCJG-01", "query": "none.sql", "connection_env": "GD_DB", "provider": "{{Provider}}" },
                { "item": "GD-01", "query": "gd.sql", "connection_env": "GD_DB", "provider": "{{Provider}}" } ] }
            """);
        var environment = Hub.Settings("scjg");
        environment["GD_DB"] = Database;
        var ran = await RunAsync(environment, "", ["watch", Path.Combine(Folder, "watch"), "--once", "--settle", "0"]);
        Assert.Contains("取数 SCJG-01 失败：IH-INT-117", ran.Out, StringComparison.Ordinal);
        Assert.Contains("infohub nil GD-01", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_AFileOfThatNameIsThere_ItStays()
    {
        var kept = FileOf("out.csv", "somebody's");
        var ran = await ExtractAsync(Table(1), "out.csv");
        Assert.Equal(ExitCode.Usage, ran.Code);
        Assert.Contains("同名文件已存在", ran.Error, StringComparison.Ordinal);
        Assert.Equal("somebody's", File.ReadAllText(kept));
        Assert.Equal(ExitCode.Ok, (await ExtractAsync(Table(1), "out.csv", more: ["--force"])).Code);
        Assert.Equal(2, File.ReadAllLines(kept).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(kept) | File.GetUnixFileMode(await FreshAsync("new.csv")));
    }

    [Fact]
    public async Task Extract_TimeOfDayInText_IsKept_AndPeriodNextIsTheDayBehind()
    {
        var table = Table(1);
        table.Columns.Remove("cust_name");
        table.Columns.Add("cust_name", typeof(DateTime));
        table.Rows[0]["cust_name"] = new DateTime(2025, 3, 1, 8, 30, 5, 250);
        table.Rows[0]["open_date"] = new DateTime(2019, 1, 18, 23, 59, 0);
        var ran = await ExtractAsync(table, "out.csv");
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        var row = File.ReadAllLines(Path.Combine(Folder, "out.csv"))[1].Split(',');
        Assert.Equal("2025-03-01 08:30:05.25", row[1]);
        Assert.Contains("2019-01-18", row);
    }

    private async Task<string> FreshAsync(string name)
    {
        await ExtractAsync(Table(1), name);
        return Path.Combine(Folder, name);
    }

    private async Task<Ran> ExtractAsync(DataTable table, string output, string provider = Provider,
        string? connection = null, params string[] more)
    {
        Prepare(table);
        var query = FileOf("query.sql", "select * from bills where month = @period and day >= :period_start"
            + " and day < @period_next");
        return await RunAsync(new Dictionary<string, string> { ["GD_DB"] = connection ?? Database }, "",
        [
            "extract", "--provider", provider, "--connection-env", "GD_DB", "--query", query, "--item", "GD-01",
            "--period", "202503", "--out", Path.Combine(Folder, output), "--template", TemplateOf("GD-01"), .. more,
        ]);
    }

    private void Prepare(DataTable table)
    {
        table.WriteXml(Database, XmlWriteMode.WriteSchema);
        var providers = Directory.CreateDirectory(Path.Combine(Home, "providers")).FullName;
        File.Copy(typeof(TableProviderFactory).Assembly.Location, Path.Combine(providers, Provider + ".dll"),
            overwrite: true);
    }

    /// <summary>By English and Chinese names, in another order than the template's.</summary>
    private static DataTable Table(int rows)
    {
        var table = new DataTable("bills") { Locale = CultureInfo.InvariantCulture };
        foreach (var (name, type) in new (string, Type)[]
        {
            ("fee", typeof(decimal)), ("用户编号", typeof(string)), ("cust_name", typeof(string)),
                ("ADDRESS", typeof(string)),
            ("region_code", typeof(int)), ("data_month", typeof(DateTime)), ("use_class", typeof(string)),
            ("capacity_kva", typeof(long)), ("kwh", typeof(decimal)), ("resale", typeof(string)),
            ("open_date", typeof(DateTime)), ("status", typeof(short)),
        })
            table.Columns.Add(name, type);
        for (var i = 1; i <= rows; i++)
            table.Rows.Add(i == 3 ? 300239975158.05m : 300239975158.04m, $"000{i}", "禾木,五金", $"禾木路{i}号", 370983,
                new DateTime(2025, 3, 1), "200", 50L, 1.10m, "N", new DateTime(2019, 1, 18), (short)1);
        return table;
    }
}
