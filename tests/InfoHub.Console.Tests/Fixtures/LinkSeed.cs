using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using Npgsql;

namespace InfoHub.Console.Tests.Fixtures;

/// <summary>
/// A register of a few shops and meters whose owner nobody can tell for certain, decided by the real engine.
/// </summary>
public static class LinkSeed
{
    /// <summary>The meter of a tenant with the landlord's code; much hangs on it.</summary>
    public const long Contradicted = 1;

    /// <summary>Two outlets of one chain; the row does not say which.</summary>
    public const long Ambiguous = 2;

    /// <summary>For tests that rule.</summary>
    public const long Ruled = 3;

    /// <summary>A row of another branch.</summary>
    public const long Outside = 4;

    public const long Linked = 5;

    /// <summary>Matches nobody, though a little like some.</summary>
    public const long Nobody = 6;

    /// <summary>Nothing was compared with it; its operator is registered under another name.</summary>
    public const long Uncompared = 7;

    /// <summary>For tests that rule in <see cref="OtherBranch"/>: little hangs on it, or much.</summary>
    public const long Small = 8;

    public const long Large = 9;

    /// <summary>As <see cref="Uncompared"/>, in <see cref="OtherBranch"/>.</summary>
    public const long UncomparedElsewhere = 10;

    public const string OtherBranch = "339903";

    /// <summary>Name of a row that was linked and may be drawn for an audit.</summary>
    public const string Audited = "临江恒盛五金商行 夜市店";

    /// <summary>Whose the rows are that nothing was compared with.</summary>
    public const int GrillEntry = 5;

    public const int SnackEntry = 6;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly (string Uscc, string Name, string Person, string Address, string Region)[] Register =
    [
        ("91339901MA2LL00011", "临江泰和置业有限公司", "吴木文", "临江城关区向阳街2号", "339901"),
        ("91339901MA2LL00022", "临江云海餐饮有限公司", "郑森武", "临江城关区文化路18号", "339901"),
        ("91339901MA2LL00033", "临江瑞丰大药房连锁有限公司东门店", "王炎斌", "临江城关区东门大街5号", "339901"),
        ("91339901MA2LL00044", "临江瑞丰大药房连锁有限公司城关店", "王炎斌", "临江城关区城关大街9号", "339901"),
        ("91339901MA2LL00055", "临江恒盛五金商行", "陈淼", "临江城关区建设路77号", "339901"),
        ("92339901MA2LL00066", "临江刘建国烤串店", "刘建国", "临江城关区河沿巷3号", "339901"),
        ("92339903MA2LL00077", "临江王秀英小吃店", "王秀英", "临江望江区码头路6号", OtherBranch),
        ("92339903MA2LL00088", "临江望江云海酒楼", "郑森武", "临江望江区码头路8号", OtherBranch),
    ];

    private static readonly (string Item, string Name, string Person, string Address, string Codes, string Region,
        long Interest, LinkOutcome Outcome, LinkStep Step)[] Rows =
    [
        // The landlord's code contradicts; whatever likeness says of the others, an officer is asked.
        ("GD-01", "临江云海餐饮有限公司", "", "临江城关区文化路18号", "91339901MA2LL00011", "339901", 12_960_000,
            LinkOutcome.Review, LinkStep.CodeContradicted),
        ("YB-01", "临江瑞丰大药房", "王炎斌", "临江城关区", "", "339901", 3_200_000, LinkOutcome.Ambiguous,
            LinkStep.Likeness),
        ("GD-01", "恒盛五金", "", "建设路77号附近 联系 13800138000", "", "339901", 260_000, LinkOutcome.Review,
            LinkStep.Likeness),
        ("GD-01", "临江云海餐饮", "", "文化路", "", "339902", 90_000_000, LinkOutcome.Review, LinkStep.Likeness),
        ("GD-01", Audited, "陈淼", "临江城关区建设路77号", "", "339901", 0, LinkOutcome.Link, LinkStep.Likeness),
        ("GD-01", "恒盛五金批发部", "李大海", "城北新村", "", "339901", 0, LinkOutcome.None, LinkStep.Likeness),
        ("GD-01", "老八烧烤", "", "河沿巷口", "", "339901", 0, LinkOutcome.None, LinkStep.Likeness),
        ("GD-01", "望江云海", "", "码头路", "", OtherBranch, 260_000, LinkOutcome.Review, LinkStep.Likeness),
        ("GD-01", "云海酒楼望江店", "", "码头路8号", "", OtherBranch, 6_000_000, LinkOutcome.Review, LinkStep.Likeness),
        ("GD-01", "夜猫子烧烤", "", "码头口", "", OtherBranch, 0, LinkOutcome.None, LinkStep.Likeness),
    ];

    public static TemplateRegistry Templates { get; } = new(
        Directory.EnumerateFiles(Path.Combine(Root(), "partner-templates"), "template.odcs.yaml",
            SearchOption.AllDirectories)
            .Select(File.ReadAllText).Select(yaml => new RegisteredTemplate(OdcsReader.Read(yaml), yaml)));

    public static PartyId PartyOf(int entry) => PartyId.FoundedBy(new Alias(AliasKind.Uscc, Register[entry].Uscc));

    public static async Task StoreAsync(NpgsqlDataSource store, CancellationToken cancellation)
    {
        await Schema.InstallTemplatesAsync(store, Templates.All.Select(t => (t.Template, t.OdcsYaml)), cancellation);
        await using var connection = await store.OpenConnectionAsync(cancellation);
        var texts = new List<PartyText>();
        for (var i = 0; i < Register.Length; i++)
        {
            texts.Add(new PartyText(PartyOf(i).ToString(), Register[i].Name, Register[i].Person, Register[i].Address,
                "339900", Register[i].Uscc));
            await EntryAsync(connection, i, cancellation);
        }
        var matcher = new PartyMatcher(PartyRegister.Build(texts, 1), LinkModel.Shipped(ParameterSet.Shipped,
            new DateOnly(2025, 6, 1)));
        await using (var work = await new LinkStore(store, TimeProvider.System).BeginAsync(cancellation))
        {
            await work.Register.RecordAsync(
                Templates.All.Select(t => t.Template).Where(t => PartyProfile.Registers.Contains(t.Item)), null, 1,
                cancellation);
            await work.ShowAsync(1, f => SearchGrams.OfEntry(
                new PartyText("", f.Name, f.Person, f.Address, "", f.Codes)), cancellation);
            await work.CommitAsync(cancellation);
        }
        for (var i = 0; i < Rows.Length; i++)
            await RowAsync(connection, i, matcher, cancellation);
        await using var model = new NpgsqlCommand("""
            insert into hub.link_model values ('GD', 'GD-0123456789', '', 8421,
                '{"shipped": {"rows": 1684, "linkPrecision": 0.9991, "noneF1": 0.961,
                "reviewShare": 0.071}, "fitted": {"rows": 1684, "linkPrecision": 0.9995, "noneF1": 0.9712,
                    "reviewShare": 0.058}}', true, now())
            """, connection);
        await model.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task EntryAsync(NpgsqlConnection connection, int entry, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            with p as (insert into hub.party (id, uscc, name, founded_by, region_code) values ($1, $2, $3, 1, $7)),
            s as (insert into hub.submission (ref, department, item, version, period, sequence, sha256, size_bytes,
                format, file_name, state,
                    resolved, opened_at, changed_at)
                values ('SCJG-01.link.' || $1, 'SCJG', 'SCJG-01', 1, 202503, 1000 + $6, '', 0, 1, 'f.csv', 9, true,
                    now(), now()) returning id)
            insert into facts.scjg_01 (_submission, _row, _period, _party, _identity, _op, _hash, uscc, ent_name,
                legal_rep_name, address, region_code)
                select id, 1, 202503, $1, gen_random_uuid(), 'I', '', $2, $3, $4, $5, $7 from s
            """, connection);
        var (uscc, name, person, address, region) = Register[entry];
        foreach (var value in new object[] { PartyOf(entry).Value, uscc, name, person, address, entry, region })
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task RowAsync(NpgsqlConnection connection, int number, PartyMatcher matcher,
        CancellationToken cancellation)
    {
        var (item, name, person, address, codes, region, interest, outcome, step) = Rows[number];
        var text = new PartyText($"r{number}", name, person, address, "339900", codes);
        var decided = matcher.Decide([text], 1)[0];
        PartyId.TryParse(decided.Entry, out var entry);
        entry = outcome == LinkOutcome.None ? default : number == 0 ? PartyOf(0)
            : entry.Value != 0 ? entry : PartyOf(4);
        await using var command = new NpgsqlCommand("""
            with r as (insert into hub.open_row (identity, item, own_party, party, source_alias, name, person, address,
                region, codes, first_period, keys,
                waiting, outcome, step, entry, probability, nobody, model, register_version, decided_at, explanation,
                    branch, interest, priority)
            values (gen_random_uuid(), $1, $2, $2, $3, $4, $5, $6, $7, $8, 202503, '{}', false, $9, $10,
                nullif($11, 0), $12, $13,
                $14, 7, now(),
                $15::jsonb, $7, $16, $16) returning identity, party),
            s as (insert into hub.submission (ref, department, item, version, period, sequence, sha256, size_bytes,
                format, file_name, state, resolved, opened_at, changed_at)
                values ('GD-01.link.' || $2, 'GD', 'GD-01', 1, 202503, 2000 + $2, '', 0, 1, 'f.csv', 9, true,
                    now(), now()) returning id)
            insert into facts.gd_01 (_submission, _row, _period, _party, _identity, _op, _hash, kwh)
                select s.id, 1, 202503, r.party, r.identity, 'I', '', ($16 - 20000) / 144.0 from r, s
                where $1 = 'GD-01' and $16 > 0
            """, connection);
        foreach (var value in new object[]
        {
            item, (long)(number + 1), string.Create(CultureInfo.InvariantCulture, $"{item}|{number}|{name}"), name,
                person, address, region, codes,
            (short)outcome, (short)step, entry.Value,
                decided.Outcome == LinkOutcome.None ? 0.4f : decided.Probability, decided.Nobody,
            matcher.Model.Version, JsonSerializer.Serialize(matcher.Explain(text), Json), interest,
        })
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                "InfoHub.sln is in no folder above the tests");
        return folder;
    }
}
