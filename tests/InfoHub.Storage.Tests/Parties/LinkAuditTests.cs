using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>What blind verdicts say of the decisions, and that they decide nothing themselves.</summary>
[Collection(ClusterTests.Name)]
public sealed class LinkAuditTests(Cluster cluster)
{
    private static readonly string[] Shops = ["云海餐饮", "瑞丰建材", "松涛药房", "飞鹏渔具", "玉兔眼镜", "禾木五金"];

    /// <summary>Six shops of the register with a meter each, and six meters that are nobody's but look a little like
    /// one.</summary>
    private async Task<Flow> HubAsync()
    {
        var hub = await Flow.OpenAsync(await cluster.NewHubAsync());
        await hub.SendAsync("SCJG-01", "202503", 1, [.. Shops.Select((s, i) => Partner.Row("SCJG-01", ("uscc",
            Partner.Uscc(i + 1)),
            ("ent_name", $"肥城市{s}有限公司"), ("legal_rep_name", "郑森武"), ("address", $"肥城市文化路{i + 1}号"),
            ("est_date", "2025-01-06"), ("approve_date", "2025-01-06")))]);
        await hub.SendAsync("GD-01", "202503", 1, [.. Shops.Select((s, i) => Metered(i, $"肥城市{s}有限公司",
            $"肥城市文化路{i + 1}号")),
            .. Shops.Select((s, i) => Metered(i + 10, $"肥城市{s[..2]}大酒店城北{i}店", $"肥城市城北{i}街"))]);
        await hub.ResolveAllAsync();
        return hub;
    }

    private static Dictionary<string, string> Metered(int meter, string name, string address) => Partner.Row("GD-01",
        ("cust_no", $"370983{meter:0000000}"), ("cust_name", name), ("cust_id_no", ""), ("address", address),
            ("data_month", "202503"));

    private static async Task JudgeAsync(Flow hub, AuditItem item, string officer, LinkVerdict verdict,
        PartyId? party = null)
    {
        var about = verdict is LinkVerdict.Same or LinkVerdict.Different
            ? party ?? (await hub.Audits.ShownAsync(item.Number, item.Row, Flow.None))!.Value : default;
        Assert.Equal(VerdictOutcome.Taken, await hub.Rulings.RuleAsync(
            new GivenVerdict(item.Row, "", officer, verdict, about, "", "", 0, item.Number), Flow.Interest, Flow.None));
    }

    private static async Task<AuditItem> PendingAsync(Flow hub, string name) =>
        (await hub.Audits.PendingAsync("", "a", 100, Flow.None)).Single(i => i.Name == name);

    private static async Task<AuditBand> BandAsync(Flow hub, int band, string department = "", string branch = "",
        string scope = "") => (await hub.Audits.BandsAsync(scope, Flow.None)).Single(b =>
            b.Band == band && b.Department == department && b.Branch == branch);

    [Fact]
    public async Task Draw_SameSeed_DrawsTheSameRowsOnce()
    {
        async Task<List<string>> DrawnAsync(int seed)
        {
            await using var hub = await HubAsync();
            await hub.Audits.DrawAsync("", seed, 3, Flow.Interest, Flow.None);
            Assert.Equal(0, await hub.CountAsync(
                "(select 1 from hub.link_audit group by identity, item having count(*) > 1) x"));
            return await hub.LinesAsync(
                "select band, o.name from hub.link_audit a join hub.open_row o using (identity, item) order by 1, 2");
        }

        var first = await DrawnAsync(7);
        Assert.Equal(first, await DrawnAsync(7));
        Assert.Equal(3, first.Count(l => l.StartsWith("1|", StringComparison.Ordinal)));
    }

    /// <summary>Goal: a registered operator that was called nobody without being compared can be drawn.</summary>
    [Fact]
    public async Task Draw_EveryBand_AlsoWhatNothingWasComparedWith()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("GD-01", "202503", 2, Metered(31, "老八夜排档", "桥头"), Metered(32, "肥城市云海", "肥城市"));
        await hub.ResolveAllAsync();
        await hub.LinesAsync("update hub.open_row set outcome = 2 where name = '肥城市云海'");
        var decided = (await hub.LinesAsync("select distinct stratum from hub.open_row order by 1"))
            .Select(int.Parse).ToArray();
        await hub.Audits.DrawAsync("", 1, 500, Flow.Interest, Flow.None);

        Assert.Superset(new HashSet<int> { 1, 2, 5 }, decided.ToHashSet());
        Assert.Equal(await hub.LinesAsync("select stratum, name from hub.open_row order by 1, 2"), await hub.LinesAsync(
            "select band, o.name from hub.link_audit a join hub.open_row o using (identity, item) order by 1, 2"));
        Assert.Equal(["5|0|0"], await hub.LinesAsync("""
            select band, a.party, a.probability from hub.link_audit a join hub.open_row o using (identity, item)
            where o.name = '老八夜排档'
            """));
        // Numbers are in addresses: they must not come band by band.
        var bands = await hub.LinesAsync("select band from hub.link_audit order by number");
        Assert.NotEqual(bands.Order(StringComparer.Ordinal), bands);
        Assert.NotEqual(bands.OrderDescending(StringComparer.Ordinal), bands);
    }

    [Fact]
    public async Task Found_WhatWasCalledNobody_IsAnErrorAndComesIntoTheQueue()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("GD-01", "202503", 2, Metered(31, "老八夜排档", "桥头"), Metered(32, "老九烧烤屋", "桥尾"));
        await hub.ResolveAllAsync();
        await hub.Audits.DrawAsync("", 1, 500, Flow.Interest, Flow.None);
        var (found, agreed) = (await PendingAsync(hub, "老八夜排档"), await PendingAsync(hub, "老九烧烤屋"));
        await JudgeAsync(hub, found, "a", LinkVerdict.Same, Partner.PartyOf(Partner.Uscc(3)));
        await JudgeAsync(hub, agreed, "a", LinkVerdict.Nobody);
        await JudgeAsync(hub, found, "b", LinkVerdict.Nobody);

        var band = await BandAsync(hub, LinkAudits.NothingCompared);
        Assert.Equal((2, 1, 0), (band.Judged, band.Errors, band.Unsure));
        Assert.Equal((0, 0, 1, 0), (band.BothRight, band.FirstRight, band.SecondRight, band.BothWrong));
        var disputed = Assert.Single((await hub.Queue.PageAsync(
            new QueueFilter("", "x", Kind: QueueKind.Disputed), 10, null, Flow.None)).Rows);
        Assert.Equal("老八夜排档", disputed.Name);
        var row = (await hub.Queue.GetAsync(disputed.Number, "", Flow.None))!;
        Assert.Equal([Partner.PartyOf(Partner.Uscc(3))], row.FoundBlind);
        // Nothing was compared, so no probability is measured by it.
        Assert.Empty(await hub.Audits.CalibrationAsync("", Flow.None));
    }

    [Fact]
    public async Task Found_AnotherThanTheLink_OrNoneAtAll_AreErrorsOfTheLink()
    {
        await using var hub = await HubAsync();
        await hub.Audits.DrawAsync("", 1, 6, Flow.Interest, Flow.None);
        var links = (await hub.Audits.PendingAsync("", "a", 100, Flow.None)).Where(i => i.Name.EndsWith("公司",
            StringComparison.Ordinal)).OrderBy(i => i.Number).ToArray();
        var another = (await hub.Audits.ShownAsync(links[1].Number, links[1].Row, Flow.None))!.Value;
        await JudgeAsync(hub, links[0], "a", LinkVerdict.Same, another);
        await JudgeAsync(hub, links[2], "a", LinkVerdict.Nobody);
        await JudgeAsync(hub, links[3], "a", LinkVerdict.Same);

        var band = await BandAsync(hub, 1);
        Assert.Equal((3, 2), (band.Judged, band.Errors));
        var bin = Assert.Single(await hub.Audits.CalibrationAsync("GD", Flow.None));
        Assert.Equal((3, 1), (bin.Count, bin.Right));
    }

    [Fact]
    public async Task Bands_OfDepartmentsAndBranches_AreThoseOfTheirRows()
    {
        await using var hub = await HubAsync();
        await hub.Audits.DrawAsync("", 1, 6, Flow.Interest, Flow.None);
        var link = (await hub.Audits.PendingAsync("", "a", 100, Flow.None)).First(i => i.Name.EndsWith("公司",
            StringComparison.Ordinal));
        await JudgeAsync(hub, link, "a", LinkVerdict.Same);

        Assert.Equal(1, (await BandAsync(hub, 1, department: "GD")).Judged);
        Assert.Equal(1, (await BandAsync(hub, 1, branch: "370983", scope: "3709")).Judged);
        Assert.DoesNotContain(await hub.Audits.BandsAsync("370112", Flow.None), b => b.Branch.Length > 0);
        var strata = await hub.Audits.StrataAsync(Flow.None);
        Assert.Equal(await hub.CountAsync("hub.open_row"), strata.Sum(s => s.Rows));
        Assert.Equal(6, strata.Single(s => s is { Department: "GD", Branch: "370983", Band: 1 }).Rows);
    }

    [Fact]
    public async Task Verdicts_Blind_AreCountedPerBandAndMoveNothing()
    {
        await using var hub = await HubAsync();
        await hub.Audits.DrawAsync("", 1, 6, Flow.Interest, Flow.None);
        var before = await hub.LinesAsync("select name, party, outcome from hub.open_row order by name");
        var links = (await hub.Audits.PendingAsync("", "a", 100, Flow.None)).Where(i => i.Name.EndsWith("公司",
            StringComparison.Ordinal)).ToArray();
        Assert.Equal(6, links.Length);
        for (var i = 0; i < links.Length; i++)
        {
            await JudgeAsync(hub, links[i], "a", i switch { 0 => LinkVerdict.Different, 1 => LinkVerdict.NotSure,
                _ => LinkVerdict.Same });
            await JudgeAsync(hub, links[i], "b", i < 3 ? LinkVerdict.Different : LinkVerdict.Same);
        }
        await hub.ResolveAllAsync();

        Assert.Equal(new AuditBand("", "", 1, Drawn: 6, Judged: 5, Errors: 1, Unsure: 1, BothRight: 3, FirstRight: 1,
            SecondRight: 0, BothWrong: 1), await BandAsync(hub, 1));
        Assert.Equal(before, await hub.LinesAsync("select name, party, outcome from hub.open_row order by name"));
        var bin = Assert.Single(await hub.Audits.CalibrationAsync("GD", Flow.None));
        Assert.Equal((5, 4), (bin.Count, bin.Right));
        Assert.Empty(await hub.Audits.CalibrationAsync("YB", Flow.None));

        // Whoever found otherwise brings the row before an officer who sees everything.
        Assert.Equal(3, await hub.Queue.CountAsync(new QueueFilter("", "a", Kind: QueueKind.Disputed), Flow.None));
        Assert.DoesNotContain(await hub.Audits.PendingAsync("", "a", 100, Flow.None), i => i.Number == links[0].Number);
    }

    [Fact]
    public async Task Draw_OfABranch_StaysInside()
    {
        await using var hub = await HubAsync();
        Assert.Equal(0, await hub.Audits.DrawAsync("370112", 1, 6, Flow.Interest, Flow.None));
        Assert.NotEqual(0, await hub.Audits.DrawAsync("370983", 1, 6, Flow.Interest, Flow.None));
        Assert.Empty(await hub.Audits.PendingAsync("370112", "a", 100, Flow.None));
    }
}
