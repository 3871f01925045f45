using System.Text.RegularExpressions;
using InfoHub.Processing;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>Weights fitted to a department take effect for its rows, and only when told to.</summary>
[Collection(ClusterTests.Name)]
public sealed class LinkFittingTests(Cluster cluster)
{
    private const string Characters = "禾木金源泰和顺达兴隆永安恒昌瑞丰云海山川江河湖泽林野田园春夏秋冬松涛飞鹏玉兔文武斌贝利宏图益民嘉鼎新";
    private static readonly string[] Trades = ["五金", "餐饮", "服装", "建材", "药房", "酒店", "印刷", "家具", "苗木", "物流", "茶叶", "机电",
        "渔具"];

    private static string NameOf(int n) =>
        $"肥城市{Characters[n % 41]}{Characters[n / 41 % 43]}{Characters[(n * 7) % 47]}{Trades[n % 13]}有限公司";

    private static string AddressOf(int n) => $"肥城市{Characters[n % 37]}{Characters[n % 31]}路{(n * 7) + 3}号";

    private static Dictionary<string, string> Licensed(int n) => Partner.Row("SCJG-01", ("uscc", Partner.Uscc(n)),
        ("ent_name", NameOf(n)),
        ("legal_rep_name", $"郑{Characters[n % 29]}{Characters[n % 23]}"), ("address", AddressOf(n)), ("est_date",
            "2025-01-06"),
        ("approve_date", "2025-01-06"));

    /// <summary>This department leaves out the city and the form of the company.</summary>
    private static Dictionary<string, string> Metered(int n) => Partner.Row("GD-01", ("cust_no", $"370983{n:0000000}"),
        ("cust_name", NameOf(n)[3..^4]), ("cust_id_no", Partner.Uscc(n)), ("address", AddressOf(n)[3..]),
            ("data_month", "202503"));

    private async Task<Flow> HubAsync(int rows)
    {
        var hub = await Flow.OpenAsync(await cluster.NewHubAsync());
        await hub.SendAsync("SCJG-01", "202503", 1, [.. Enumerable.Range(1, rows).Select(Licensed)]);
        await hub.SendAsync("GD-01", "202503", 1, [.. Enumerable.Range(1, rows).Select(Metered)]);
        await hub.ResolveAllAsync();
        return hub;
    }

    private static async Task<string> FitAsync(Flow hub, bool apply)
    {
        var told = new List<string>();
        await ProcessingModule.FitLinkModelsAsync(hub.Links, new LinkModelStore(hub.Store, hub.Clock), hub.Audits,
            hub.Templates,
            new ProcessingOptions { Clock = hub.Clock }, new LinkFitOrder("GD", apply, told.Add), Flow.None);
        return string.Join('\n', told);
    }

    [Fact]
    public async Task Fit_FewRowsWithCodes_KeepsTheShippedWeightsAndSaysSo()
    {
        await using var hub = await HubAsync(40);
        Assert.Contains("40 行，不足 2000 行", await FitAsync(hub, apply: true), StringComparison.Ordinal);
        Assert.Equal(0, await hub.CountAsync("hub.link_model"));
    }

    [Fact]
    public async Task Fit_EnoughRows_IsMeasuredStoredAndDecidesOnceApplied()
    {
        await using var hub = await HubAsync(2_600);
        var told = await FitAsync(hub, apply: false);
        var version = Regex.Match(told, "GD-[0-9a-f]{10}").Value;
        Assert.NotEqual("", version);
        Assert.Matches(@"归户 P 0\.9\d+|归户 P 1\.0000", told);
        Assert.Equal([$"{version}|False"], await hub.LinesAsync("select version, is_active from hub.link_model"));
        Assert.False(await hub.LinkStage.RunOnceAsync(Flow.None));

        // The same rows give the same weights, by name too.
        Assert.Contains($"已启用 {version}", await FitAsync(hub, apply: true), StringComparison.Ordinal);
        await hub.ResolveAllAsync();
        Assert.Equal([version], await hub.LinesAsync("select distinct model from hub.open_row where item = 'GD-01'"));

        Assert.True(await new LinkModelStore(hub.Store, hub.Clock).RevertAsync("GD", Flow.None));
        await hub.ResolveAllAsync();
        Assert.DoesNotContain(version, await hub.LinesAsync("select distinct model from hub.open_row"));
    }

    [Fact]
    public async Task Fit_RowsJudgedBlind_CalibrateWhatTheModelSays()
    {
        await using var hub = await HubAsync(2_600);
        Assert.Contains("盲核 0 行，对数几率乘以 1.000（不足 200 行，不校准）", await FitAsync(hub, apply: false),
            StringComparison.Ordinal);
        // A tenth of what the model is sure of turns out wrong: it has to be less sure.
        await hub.LinesAsync("""
            with drawn as (insert into hub.link_audit (identity, item, band, party, probability, model, seed, drawn_at)
                select identity, item, 1, coded_party, probability, model, 1,
                    now() from hub.open_row where item = 'GD-01'
                order by identity limit 300 returning number, identity, item, party)
            insert into hub.link_ruling (identity, item, party, officer, verdict, reason, at, needs_second, audit)
            select identity, item, party, 'tax-1', case when number % 10 = 0 then 2 else 1 end, '', now(), false,
                number from drawn
            """);
        var told = await FitAsync(hub, apply: false);
        var factor = Regex.Match(told, @"盲核 300 行，对数几率乘以 (0\.\d+)");
        Assert.True(factor.Success, told);
        Assert.InRange(double.Parse(factor.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 0.25,
            0.8);
        Assert.Equal(2, await hub.CountAsync("hub.link_model"));
    }
}
