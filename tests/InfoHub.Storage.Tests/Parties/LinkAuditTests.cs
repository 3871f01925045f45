using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>What blind verdicts say of the decisions, and that they decide nothing themselves.</summary>
[Collection(ClusterTests.Name)]
public sealed class LinkAuditTests(Cluster cluster)
{
    private static readonly LinkInterest Interest = new(12, 150_000, 1.5m, 20_000);

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

    private static async Task JudgeAsync(Flow hub, AuditItem item, string officer, LinkVerdict verdict)
    {
        var party = (await hub.Audits.ShownAsync(item.Number, item.Row, Flow.None))!.Value;
        Assert.Equal(VerdictOutcome.Taken, await hub.Rulings.RuleAsync(
            new GivenVerdict(item.Row, "", officer, verdict, party, "", "", 0, item.Number), Flow.None));
    }

    [Fact]
    public async Task Draw_SameSeed_DrawsTheSameRowsOnce()
    {
        async Task<List<string>> DrawnAsync(int seed)
        {
            await using var hub = await HubAsync();
            await hub.Audits.DrawAsync("", seed, 3, Interest, Flow.None);
            Assert.Equal(0, await hub.CountAsync(
                "(select 1 from hub.link_audit group by identity, item having count(*) > 1) x"));
            return await hub.LinesAsync(
                "select band, o.name from hub.link_audit a join hub.open_row o using (identity, item) order by 1, 2");
        }

        var first = await DrawnAsync(7);
        Assert.Equal(first, await DrawnAsync(7));
        Assert.Equal(3, first.Count(l => l.StartsWith("1|", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verdicts_Blind_AreCountedPerBandAndMoveNothing()
    {
        await using var hub = await HubAsync();
        await hub.Audits.DrawAsync("", 1, 6, Interest, Flow.None);
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

        var band = (await hub.Audits.BandsAsync(Flow.None)).Single(b => b.Band == 1);
        Assert.Equal(new AuditBand(1, Drawn: 6, Judged: 5, Errors: 1, Unsure: 1, BothSame: 3, FirstSame: 1,
            SecondSame: 0, BothDifferent: 1), band);
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
        Assert.Equal(0, await hub.Audits.DrawAsync("370112", 1, 6, Interest, Flow.None));
        Assert.NotEqual(0, await hub.Audits.DrawAsync("370983", 1, 6, Interest, Flow.None));
        Assert.Empty(await hub.Audits.PendingAsync("370112", "a", 100, Flow.None));
    }
}
