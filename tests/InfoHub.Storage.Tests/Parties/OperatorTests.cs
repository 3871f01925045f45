using System.Globalization;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>
/// The goal: a shop without a code that several departments see under several spellings is one party with a history,
/// whatever came first, and one suspicion.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class OperatorTests(Cluster cluster)
{
    private const string Shop = "肥城市陈记热干面馆", Place = "肥城市新城街道向阳路108号6号门面";

    private async Task<Flow> HubAsync() => await Flow.OpenAsync(await cluster.NewHubAsync());

    private static Dictionary<string, string> Licensed(int number, string name, string address) => Partner.Row(
        "SCJG-01",
        ("uscc", Partner.Uscc(number)), ("ent_name", name), ("legal_rep_name", "周木文"), ("address", address),
        ("est_date", "2025-01-06"), ("approve_date", "2025-01-06"));

    private static Dictionary<string, string> Taxpayer(int number, string name) => Partner.Row("SW-01",
        ("djxh", Partner.Djxh(number)), ("nsrsbh", Partner.Uscc(number)), ("uscc", Partner.Uscc(number)),
        ("nsrmc", name), ("zcdz", $"肥城市老城街道工业路{number}号"), ("scjydz", $"肥城市老城街道工业路{number}号"));

    /// <summary>Others in the register, so that words weigh what they weigh in a city.</summary>
    private static Dictionary<string, string>[] City() => [.. Enumerable.Range(1, 40).Select(n => Licensed(n,
        $"肥城市{"禾木金源泰和顺达兴隆永安"[n % 12]}{"云海山川江河湖泽林野"[n / 3 % 10]}{"五金 餐饮 服装 建材 茶叶"[(n % 5 * 3)..(n % 5 * 3 + 2)]}店",
        $"肥城市老城街道工业路{n}号"))];

    private static Dictionary<string, string> Electricity(int meter, string name, string address, string month) =>
        Partner.Row("GD-01", ("cust_no", $"370983{meter:0000000}"), ("cust_name", name), ("cust_id_no", ""),
            ("address", address), ("data_month", month), ("kwh", "900"), ("resale", "N"), ("use_class", "200"));

    private static Dictionary<string, string> Water(int meter, string name, string address, string month) =>
        Partner.Row("GS-01", ("cust_no", $"0983{meter:000000}"), ("cust_name", name), ("cust_id_no", ""),
            ("address", address), ("data_month", month));

    /// <summary>The shop as the power company writes it, the water company, and the power company later on.</summary>
    private static readonly (string Item, string Month, Dictionary<string, string> Row)[] Spellings =
    [
        ("GD-01", "202502", Electricity(1, Shop, Place, "202502")),
        ("GS-01", "202503", Water(1, "陈记热干面店", "新城街道向阳路１０８号６号门面", "202503")),
        ("GD-01", "202504", Electricity(1, "陈记热干面", Place, "202504")),
    ];

    private static PartyId PartyOf(string id) =>
        PartyId.TryParse(id, out var party) ? party : throw new ArgumentException(id);

    private static Task<List<string>> PlacesAsync(Flow hub) => hub.LinesAsync(
        "select name, party from hub.open_row order by name collate \"C\"");

    private static async Task<List<string>> PartiesAsync(Flow hub) =>
        [.. (await PlacesAsync(hub)).Select(p => p.Split('|')[1]).Distinct()];

    [Fact]
    public async Task Cluster_ThreeSpellingsOfTwoDepartments_AreOnePartyWithItsHistory()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202501", 1, City());
        foreach (var (item, month, row) in Spellings)
        {
            await hub.SendAsync(item, month, 1, row);
            await hub.ResolveAllAsync();
        }

        var party = Assert.Single(await PartiesAsync(hub));
        Assert.Equal(["4", "4", "4"], await hub.LinesAsync("select outcome from hub.open_row"));
        Assert.Equal([$"join|{party}|GS-01", $"join|{party}|GD-01"],
            await hub.LinesAsync("select kind, party, item from hub.party_event order by number"));
        Assert.Equal([party], await hub.LinesAsync("select own_party from hub.open_row where first_period = 202502"));
    }

    [Fact]
    public async Task Cluster_SpellingsInAnyOrder_EndAsTheSameParty()
    {
        async Task<List<string>> RunAsync(params int[] order)
        {
            await using var hub = await HubAsync();
            await hub.SendAsync("SCJG-01", "202501", 1, City());
            foreach (var i in order)
            {
                await hub.SendAsync(Spellings[i].Item, Spellings[i].Month, 1, Spellings[i].Row);
                await hub.ResolveAllAsync();
            }
            return await PlacesAsync(hub);
        }

        var expected = await RunAsync(0, 1, 2);
        Assert.Single(expected.Select(p => p.Split('|')[1]).Distinct());
        Assert.Equal(expected, await RunAsync(2, 1, 0));
        Assert.Equal(expected, await RunAsync(1, 2, 0));
    }

    [Fact]
    public async Task Cluster_EarlierMonthOfAWordingComesLast_GoesByWhoWasSeenFirst()
    {
        async Task<List<string>> RunAsync(params string[] order)
        {
            await using var hub = await HubAsync();
            await hub.SendAsync("SCJG-01", "202501", 1, City());
            foreach (var what in order)
            {
                await (what == "water" ? hub.SendAsync("GS-01", "202503", 1, Water(1, "陈记热干面店", Place, "202503"))
                    : hub.SendAsync("GD-01", what, 1, Electricity(1, Shop, Place, what)));
                await hub.ResolveAllAsync();
            }
            return await PlacesAsync(hub);
        }

        Assert.Equal(await RunAsync("202502", "water", "202504"), await RunAsync("202504", "water", "202502"));
    }

    [Fact]
    public async Task Cluster_OneSpellingMatchesANewEntry_TakesTheOthersOnlyIfTheyMatchToo()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202501", 1, City());
        await hub.SendAsync("GD-01", "202502", 1, Electricity(1, Shop, Place, "202502"));
        await hub.SendAsync("GS-01", "202502", 1, Water(1, "陈记热干面", "向阳路108号长山街9号", "202502"),
            Water(2, "陈记热干面馆", "向阳路一百零八号", "202502"));
        await hub.ResolveAllAsync();
        Assert.Single(await PartiesAsync(hub));

        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(60, Shop, Place));
        await hub.ResolveAllAsync();

        var registered = Partner.PartyOf(Partner.Uscc(60)).Value.ToString(CultureInfo.InvariantCulture);
        // A sign cut short at two addresses does not link by itself: a person has to look, and nobody says
        // "unregistered".
        Assert.Equal(["陈记热干面馆|1|true", "陈记热干面|3|false", $"{Shop}|1|true"], await hub.LinesAsync(
            $"select name, outcome, (party = {registered})::text from hub.open_row order by name collate \"C\" desc"));
        Assert.Equal(2, await hub.CountAsync($"hub.party_event where kind = 'link' and party = {registered}"));
        await hub.EvaluateAllAsync();
        Assert.Equal(0, await hub.CountAsync("hub.finding where model = 'HJ-05' and state <> 5"));
    }

    [Fact]
    public async Task Cluster_WhatHeldItTogetherLeaves_IsSplitAndTheHistoryTells()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202501", 1, City());
        await hub.SendAsync("GD-01", "202502", 1, Electricity(1, "陈记热干面店", Place, "202502"));
        await hub.SendAsync("GD-01", "202503", 1, Electricity(2, "陈记热干面馆", "向阳路108号", "202503"));
        await hub.SendAsync("GS-01", "202504", 1, Water(3, "陈记热干面店", "向阳路108号长山街9号", "202504"));
        await hub.ResolveAllAsync();
        var one = Assert.Single(await PartiesAsync(hub));

        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(60, "陈记热干面馆", "向阳路109号"));
        await hub.ResolveAllAsync();

        Assert.Equal(3, (await PartiesAsync(hub)).Count);
        var water = (await hub.LinesAsync("select party from hub.open_row where item = 'GS-01'"))[0];
        Assert.Equal([$"leave|{water}|{one}|GS-01"], await hub.LinesAsync(
            "select kind, party, other, item from hub.party_event where kind = 'leave'"));
        Assert.Equal([one], await hub.LinesAsync(
            "select party from hub.open_row where item = 'GD-01' and outcome = 4"));
        Assert.Equal([water], await hub.LinesAsync("select distinct _party from facts.gs_01"));
        Assert.Equal(2, await hub.CountAsync($"hub.touched where party in ({one}, {water})"));
    }

    /// <summary>Goal: a month of the register tells nobody is missing before linking has looked at it.</summary>
    [Fact]
    public async Task Evaluate_RegisterWithTheShopIsResolvedAndNotYetLinked_SaysNothing()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202501", 1, City());
        foreach (var month in new[] { "202501", "202502", "202503" })
            await hub.SendAsync("GD-01", month, 1, Electricity(1, Shop, Place, month));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        var taxpayer = Taxpayer(60, Shop);
        (taxpayer["zcdz"], taxpayer["scjydz"]) = (Place, Place);
        var register = await hub.SendAsync("SW-01", "202503", 1, taxpayer);

        await hub.ResolveStage.RunAsync(register.Id, Flow.None);
        await hub.Evaluations.WakeAsync(DateOnly.MinValue, Flow.None);
        await hub.EvaluateAllAsync();
        Assert.Equal(0, await hub.CountAsync("hub.finding where model = 'HJ-05'"));
        Assert.Equal(1, await hub.CountAsync("hub.touched"));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();

        Assert.Equal(["1"], await hub.LinesAsync("select distinct outcome from hub.open_row"));
        Assert.Equal(0, await hub.CountAsync("hub.finding where model = 'HJ-05'"));
        Assert.Equal(0, await hub.CountAsync("hub.touched"));
    }

    /// <summary>A shop that two departments have seen for three months, and a landlord.</summary>
    private static async Task SeeAsync(Flow hub)
    {
        await hub.SendAsync("SCJG-01", "202501", 1,
            [.. City(), Licensed(70, "肥城市陈记热干面食品厂", "肥城市王庄镇工业路5号")]);
        foreach (var month in new[] { "202501", "202502", "202503" })
        {
            await hub.SendAsync("SW-01", month, 1, Taxpayer(1, "肥城市禾木五金店"));
            await hub.SendAsync("GD-01", month, 1, Electricity(1, Shop, Place, month),
                Electricity(2, "王建国", "肥城市老城街道长山街9号", month));
            await hub.SendAsync("GS-01", month, 1, Water(1, "陈记热干面店", Place, month),
                Water(2, "王建国", "肥城市老城街道长山街9号", month));
        }
        await hub.ResolveAllAsync();
    }

    /// <summary>Invariant 8: whoever may be on a rejected row of the tax register, under any of his names.</summary>
    [Fact]
    public async Task Evaluate_OneSpellingIsOnARejectedRowOfTheTaxRegister_SaysNothing()
    {
        await using var hub = await HubAsync();
        await SeeAsync(hub);
        await hub.LinesAsync("""
            insert into hub.rejected_row (submission, row, item, raw, name_key)
            select max(id), 99, 'SW-01', '', '陈记热干面店' from hub.submission where item = 'SW-01'
            """);
        await hub.EvaluateAllAsync();

        Assert.Equal(0, await hub.CountAsync("hub.finding where model = 'HJ-05'"));
    }

    [Fact]
    public async Task Evaluate_ShopSeenByTwoDepartments_IsOneSuspicionThatSaysWhy()
    {
        await using var hub = await HubAsync();
        await SeeAsync(hub);
        await hub.EvaluateAllAsync();

        var found = Assert.Single((await hub.Findings.SearchAsync(
            new Storage.Findings.FindingFilter { Scope = "", Models = ["HJ-05"] }, 10, null, Flow.None)).Findings);
        var finding = (await hub.Findings.GetAsync(found.Id, "", Flow.None))!;
        Assert.Equal((0.7m, false, 6), (finding.Draft.Confidence, finding.Draft.SingleSource, finding.Evidence.Length));
        Assert.Equal(["肥城市陈记热干面馆|GD-01|4", "陈记热干面店|GS-01|4"], (await hub.Queue.OfPartyAsync(
            PartyOf(finding.PartyId), "", Flow.None)).Select(r => $"{r.Name}|{r.Item}|{r.Outcome}"));
        Assert.Empty(await hub.Queue.OfPartyAsync(PartyOf(finding.PartyId), "1101", Flow.None));
        Assert.Equal("2", finding.Draft.Arithmetic.Single(l => l.Label == "看到该户的部门").Value);
        Assert.InRange(decimal.Parse(finding.Draft.Arithmetic.Single(l => l.Label.StartsWith("不是任何登记主体")).Value,
            CultureInfo.InvariantCulture), 0.7m, 1m);
        Assert.Contains(finding.Draft.Arithmetic, l => l is { Label: "比较过的登记主体", Value: not "0" });
        Assert.Contains(finding.Draft.Arithmetic, l => l.Label == "最接近的登记主体" && l.Value.EndsWith("陈记热干面食品厂"));
        Assert.Contains(finding.Draft.Arithmetic, l => l.Label == "与其最不符的一项" && l.Value.Contains('：'));
    }
}
