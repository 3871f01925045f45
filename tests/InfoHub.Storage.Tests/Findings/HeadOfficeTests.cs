using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Findings;

/// <summary>A head office is judged again when a shop of its is, also while somebody else is judging it.</summary>
[Collection(ClusterTests.Name)]
public sealed class HeadOfficeTests(Cluster cluster)
{
    private const int Head = 1, Shop = 2;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Evaluate_ShopsSettlementCorrected_ChangesTheHeadOfficesFinding()
    {
        await using var store = await cluster.NewHubAsync();
        await using var hub = await ChainAsync(store);
        Assert.Equal(["5000000"], await GapsAsync(hub));
        await SettleAsync(hub, 2, "300000.00");
        await hub.EvaluateAllAsync();

        Assert.Equal(["25000000"], await GapsAsync(hub));
    }

    /// <summary>
    /// Goal: who judges the head office has read its shops as they were; the change must not be lost.
    /// </summary>
    [Fact]
    public async Task Evaluate_ShopChangedWhileTheHeadOfficeIsJudged_JudgesItOnceMore()
    {
        await using var store = await cluster.NewHubAsync();
        await using var hub = await ChainAsync(store);
        await hub.Evaluations.TouchAllAsync(None);
        await using var open = (await hub.Evaluations.ClaimAsync(1, None,
            [Partner.PartyOf(Partner.Uscc(Head)).Value]))!;
        var scope = Storage.Findings.DossierScope.Of(Partner.Registry.All.Select(t => t.Template),
            Domain.Reconciliation.ModelCatalogue.All);
        var dossiers = await open.DossiersAsync(scope, ModelCity.AsOf, None);
        await SettleAsync(hub, 2, "300000.00");
        Assert.True(await hub.EvaluateStage.RunOnceAsync(None));
        await open.SaveAsync([.. dossiers.Select(d => new Storage.Findings.Evaluation(d.Dossier, d.Profile, [], [],
            null))], "rs", None);
        await open.CommitAsync(None);
        await hub.EvaluateAllAsync();

        Assert.Equal(["25000000"], await GapsAsync(hub));
        Assert.Equal((0, 0), (await hub.CountAsync("hub.touched"), await hub.CountAsync("hub.branch_change")));
    }

    /// <summary>Goal: two that name each other as head office do not wake each other for ever.</summary>
    [Fact]
    public async Task Evaluate_TwoThatNameEachOther_ComesToAnEnd()
    {
        await using var store = await cluster.NewHubAsync();
        await using var hub = await Flow.OpenAsync(store, new SteppedClock(ModelCity.AsOf));
        await hub.SendAsync("YB-01", "202503", 1, Settled(Head, Shop, "100.00"), Settled(Shop, Head, "100.00"));
        await hub.ResolveAllAsync();
        var rounds = 0;
        while (await hub.EvaluateStage.RunOnceAsync(None))
            Assert.True(++rounds < 10);
    }

    private static async Task<Flow> ChainAsync(Npgsql.NpgsqlDataSource store)
    {
        var hub = await Flow.OpenAsync(store, new SteppedClock(ModelCity.AsOf));
        await hub.SendAsync("SW-01", "202503", 1, Registered(Head, ""), Registered(Shop, Partner.Uscc(Head)));
        await hub.SendAsync("SW-03", "202503", 1, Partner.Row("SW-03", ("djxh", Partner.Djxh(Head)), ("skssqq",
            "2025-03-01"), ("skssqz", "2025-03-31"),
            ("sales_std", "0.00"), ("output", ""), ("sales_exempt", "50000.00")));
        await SettleAsync(hub, 1, "100000.00");
        await hub.EvaluateAllAsync();
        return hub;
    }

    private static Dictionary<string, string> Registered(int number, string parent) => Partner.Row("SW-01", ("djxh",
        Partner.Djxh(number)),
        ("nsrsbh", Partner.Uscc(number)), ("uscc", Partner.Uscc(number)), ("nsrmc", $"第{number}药房"), ("parent_nsrsbh", parent),
        ("djrq", "2020-01-15"));

    private static Dictionary<string, string> Settled(int number, int parent, string account) => Partner.Row("YB-01",
        ("provider_code", $"P370983{number:00000}"), ("provider_name", $"第{number}药房"), ("uscc", Partner.Uscc(number)),
        ("parent_uscc", Partner.Uscc(parent)), ("provider_type", "22"), ("data_month", "202503"), ("acct_pay",
            account), ("fund_pay", "0.00"),
        ("cash_pay", "0.00"), ("total_fee", account), ("reverse_amt", ""));

    private static async Task SettleAsync(Flow hub, int sequence, string account)
    {
        await hub.SendAsync("YB-01", "202503", sequence, Settled(Shop, Head, account));
        await hub.ResolveAllAsync();
    }

    private static Task<List<string>> GapsAsync(Flow hub) =>
        hub.LinesAsync("select gap_fen from hub.finding where state <> 5 and model = 'SZ-14'");
}
