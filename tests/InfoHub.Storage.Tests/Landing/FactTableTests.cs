using System.Globalization;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Npgsql;
using Xunit;

namespace InfoHub.Storage.Tests.Landing;

/// <summary>
/// What is written in PostgreSQL's binary form is what PostgreSQL reads, and what it would have read as text.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class FactTableTests(Cluster cluster)
{
    private const int RandomRows = 4000;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Copy_RandomAmountsOfEveryScale_EqualTheTextCopy()
    {
        var seed = Random.Shared.Next();
        var template = Of([.. Enumerable.Range(0, 7).Select(s => Number($"s{s}", s))]);
        var random = new Random(seed);
        var rows = Enumerable.Range(0, RandomRows)
            .Select(r => template.Fields.Skip(1).Select(f => Text(r < Edges.Length ? Edges[r] : Scaled(random),
                f.Scale)).ToArray()).ToArray();
        await using var store = await HubAsync(template);
        await LandAsync(store, template, 1, rows);
        await CopyTextAsync(store, template, 2, rows);

        Assert.True(await CountAsync(store,
            "select _row, s0, s1, s2, s3, s4, s5, s6 from facts.zz_01 where _submission = 1 " +
            "except select _row, s0, s1, s2, s3, s4, s5, s6 from facts.zz_01 where _submission = 2") == 0, $"seed {seed}");
        // Not only the same numbers but the same bytes: scale and digits as PostgreSQL itself would have stored them.
        Assert.True(await CountAsync(store, """
            select a._row from facts.zz_01 a join facts.zz_01 b on a._submission = 1 and b._submission = 2 and a._row = b._row
            where (numeric_send(a.s0), numeric_send(a.s1), numeric_send(a.s2), numeric_send(a.s3), numeric_send(a.s4), numeric_send(a.s5), numeric_send(a.s6))
               <> (numeric_send(b.s0), numeric_send(b.s1), numeric_send(b.s2), numeric_send(b.s3), numeric_send(b.s4), numeric_send(b.s5), numeric_send(b.s6))
            """) == 0, $"seed {seed}");
        Assert.Equal(RandomRows, await CountAsync(store, "select 1 from facts.zz_01 where _submission = 1"));
    }

    private static readonly long[] Edges =
    [
        0, 1, -1, 9, -9, 10, 100, 1000, 9_999, 10_000, 10_001, -10_000, 100_000, 1_000_000, 99_999_999, 100_000_000,
            100_000_001,
        999_999_999_999_999_999, -999_999_999_999_999_999, 100_000_000_000_000_000, -100_000_000_000_000_000,
            123_456_789_012_345_678, 500_000_000_000_000_000,
    ];

    private static long Scaled(Random random)
    {
        var digits = random.Next(1, 19);
        var value = random.NextInt64((long)Math.Pow(10, digits - 1), (long)Math.Min(Math.Pow(10, digits), 1e18));
        for (var zeros = random.Next(0, 6); zeros > 0 && random.Next(2) == 0; zeros--)
            value = value / 10 * 10;
        return random.Next(2) == 0 ? value : -value;
    }

    private static string Text(long scaled, int scale)
    {
        var digits = Math.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (scaled < 0 ? "-" : "") + digits[..^scale] + (scale == 0 ? "" : "." + digits[^scale..]);
    }

    [Fact]
    public async Task Copy_EveryKind_ReadsBackAsItWasSentIncludingBlanks()
    {
        var template = Of([
            Number("amount", 2), new Field { Name = "words", Title = "words", Kind = FieldKind.Text, LengthMax = 200 },
            new Field { Name = "code", Title = "code", Kind = FieldKind.Code, LengthMax = 10, Codes = [new("01", "a"),
                new("02", "b")] },
            new Field { Name = "day", Title = "day", Kind = FieldKind.Date }, new Field { Name = "month",
                Title = "month", Kind = FieldKind.Month },
            new Field { Name = "year", Title = "year", Kind = FieldKind.Year }, new Field { Name = "quarter",
                Title = "quarter", Kind = FieldKind.Quarter },
        ]);
        string[][] rows =
        [
            ["12.30", "武汉（甲）商贸𠮷有限公司", "01", "2025-03-31", "202503", "2025", "2025Q1"],
            ["-0.01", "", "02", "1999-12-31", "", "1949", ""],
            ["", "a'b\\c", "", "", "199912", "", "2024Q4"],
            ["0.00", "x", "01", "2000-01-01", "202412", "2000", "2025Q4"],
        ];
        await using var store = await HubAsync(template);
        await LandAsync(store, template, 1, rows);

        Assert.Equal(rows.Select((r, i) => $"{i + 1}|{string.Join('|', r)}"), await LinesAsync(store,
            "select _row || '|' || concat_ws('|', coalesce(amount::text, ''), coalesce(words, ''), coalesce(code, ''), coalesce(day::text, ''), " +
            "coalesce(month::text, ''), coalesce(year::text, ''), coalesce(quarter, '')) from facts.zz_01 order by _row"));
    }

    [Fact]
    public async Task Copy_SystemColumns_TellWhereARowCameFrom()
    {
        var template = Partner.Template("GD-01");
        await using var store = await HubAsync(template);
        var payload = Partner.Envelopes(template, [Partner.Row("GD-01"), Partner.Row("GD-01", ("cust_no",
            "3709830000009"))])[0];
        await LandAsync(store, template, 7, payload);
        var view = new RowBatchView(template, payload);

        Assert.Equal([.. Enumerable.Range(0, 2).Select(r =>
            $"7|{r + 1}|202503|-|{Convert.ToHexStringLower(view.Identity(r))}|{(char)view.Operation(r)}|{Convert.ToHexStringLower(view.Hash(r))}")],
            await LinesAsync(store, """
            select concat_ws('|', _submission, _row, _period, coalesce(_party::text, '-'), replace(_identity::text, '-', ''), _op, encode(_hash, 'hex'))
            from facts.gd_01 order by _row
            """));
    }

    private static Field Number(string name, int scale) => new() { Name = name, Title = name, Kind = FieldKind.Number,
        Precision = 18, Scale = scale };

    private static Template Of(Field[] fields) => new()
    {
        Item = "ZZ-01", Version = 1, Title = "t", TitleEn = "t", Department = "ZZ", DepartmentTitle = "t",
            Frequency = PeriodKind.Month,
        DueDay = 10, LegalBasis = "t",
        Fields = [new Field { Name = "id", Title = "id", Kind = FieldKind.Text, LengthMax = 20, Required = true,
            KeyPosition = 1 }, .. fields],
    };

    private async Task<NpgsqlDataSource> HubAsync(Template template)
    {
        var store = await cluster.NewHubAsync();
        await Schema.InstallTemplatesAsync(store, [(template, "")], None);
        await using var command = store.CreateCommand("""
            insert into hub.submission (id, ref, department, item, version, period, sequence, sha256, size_bytes, format, file_name, state, opened_at, changed_at)
            overriding system value select s, s::text, 'ZZ', 'ZZ-01', 1, 202503, s, '', 0, 1, '', 6, now(), now() from generate_series(1, 9) s
            """);
        await command.ExecuteNonQueryAsync();
        return store;
    }

    private static async Task LandAsync(NpgsqlDataSource store, Template template, long submission, string[][] rows)
    {
        var cells = rows.Select((r, i) => template.Fields.Skip(1).Zip(r).ToDictionary(c => c.First.Name, c => c.Second)
            .Append(KeyValuePair.Create("id", $"k{i}")).ToDictionary());
        var payload = Partner.Envelopes(template, cells, rowsPerEnvelope: RowBatch.RowsMax)[0];
        await LandAsync(store, template, submission, payload);
    }

    private static async Task LandAsync(NpgsqlDataSource store, Template template, long submission, byte[] payload)
    {
        var landing = new LandingStore(store, Flow.Receipts, FixedClock.April2025);
        var position = await landing.PositionAsync("test", 0, None);
        await using var one = (await landing.BeginAsync("test", 0, position, None))!;
        var progress = new LandingProgress("ZZ-01.v1.202503.1", 202503, 0, 4, 0) { Item = "ZZ-01", Version = 1,
            IsTest = false };
        await one.LandAsync(template, submission, progress, [new RowBatchView(template, payload)], None);
        await one.CommitAsync(position + 1, None);
    }

    private static async Task CopyTextAsync(NpgsqlDataSource store, Template template, long submission, string[][] rows)
    {
        await using var connection = await store.OpenConnectionAsync();
        await using var writer = await connection.BeginTextImportAsync(
            $"copy facts.zz_01 (_submission, _row, {string.Join(", ", template.Fields.Skip(1).Select(f => f.Name))}) from stdin");
        for (var i = 0; i < rows.Length; i++)
            await writer.WriteAsync($"{submission}\t{i + 1}\t{string.Join('\t', rows[i])}\n");
    }

    private static async Task<long> CountAsync(NpgsqlDataSource store, string query)
    {
        await using var command = store.CreateCommand($"select count(*) from ({query}) x");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<string>> LinesAsync(NpgsqlDataSource store, string sql)
    {
        await using var command = store.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
