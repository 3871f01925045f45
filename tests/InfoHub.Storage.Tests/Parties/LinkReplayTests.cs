using System.Globalization;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Deciding;
using InfoHub.Processing;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;
using static InfoHub.Storage.Tests.Parties.LinkCity;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>Whatever was decided can be decided again, with the register and the weights of its day.</summary>
[Collection(ClusterTests.Name)]
public sealed class LinkReplayTests(Cluster cluster)
{
    private async Task<Flow> HubAsync() => await Flow.OpenAsync(await cluster.NewHubAsync());

    private static Task<IReadOnlyList<ReplayedDecision>> ReplayAsync(Flow hub, long? row = null) =>
        ProcessingModule.ReplayLinksAsync(hub.Links, new StoredDecisions(hub.Store), row, int.MaxValue, _ => { },
            Flow.None);

    private static async Task RuleAsync(Flow hub, LinkVerdict verdict, PartyId party, string name)
    {
        var number = (await hub.LinesAsync($"select number from hub.open_row where name = '{name}'"))[0];
        var row = (await hub.Queue.GetAsync(long.Parse(number, CultureInfo.InvariantCulture), "", Flow.None))!;
        Assert.Equal(VerdictOutcome.Taken, await hub.Rulings.RuleAsync(new GivenVerdict(row.Number, "", "officer-1",
            verdict, party, "看过现场", row.Version, decimal.MaxValue), Flow.Interest, Flow.None));
        await hub.ResolveAllAsync();
    }

    /// <summary>A register that grows, changes and shrinks; rulings; other weights; two hosts in turn.</summary>
    private async Task<Flow> EventfulAsync()
    {
        var hub = await HubAsync();
        var hosts = new[] { hub.LinkStage, hub.NewLinkStage() };
        await hub.SendAsync("SCJG-01", "202501", 1, City(60));
        await hub.SendAsync("GD-01", "202503", 1,
            [.. Enumerable.Range(20, 50).Select(n =>
                Metered(n, NameOf(n), AddressOf(n), n % 4 == 0 ? Partner.Uscc(n) : ""))]);
        await hub.ResolveAllAsync(hosts[0]);
        var gone = await hub.SendAsync("SCJG-01", "202502", 1, Licensed(61), Licensed(30, "肥城市改名商贸有限公司"));
        await hub.ResolveAllAsync(hosts[1]);
        await hub.SendAsync("SCJG-01", "202503", 1, [.. Enumerable.Range(64, 4).Select(n => Licensed(n))]);
        await hub.ResolveAllAsync(hosts[0]);
        await RuleAsync(hub, LinkVerdict.Different, Partner.PartyOf(Partner.Uscc(25)), NameOf(25));
        await RuleAsync(hub, LinkVerdict.Same, Partner.PartyOf(Partner.Uscc(27)), NameOf(27));
        await RuleAsync(hub, LinkVerdict.Nobody, default, NameOf(29));
        await hub.EvaluateAllAsync();
        Assert.True(await hub.Withdrawals.WithdrawAsync(await hub.Submissions.GetAsync(gone.Id, Flow.None),
            Partner.Template("SCJG-01"), "sent by mistake", Flow.None));
        await hub.ResolveAllAsync(hosts[1]);
        var shipped = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2025, 4, 1));
        var lines = shipped.Lines().Skip(1).Select(l => l.StartsWith("nobody", StringComparison.Ordinal)
            && l.Split(' ') is [var field, var level, var weight]
            ? string.Create(CultureInfo.InvariantCulture,
                $"{field} {level} {float.Parse(weight, CultureInfo.InvariantCulture) + 0.25f:0.####}") : l);
        await new LinkModelStore(hub.Store, hub.Clock).SaveAsync(new FittedModel("GD", "GD-test",
            string.Join('\n', lines.Prepend("version GD-test")), 2_000, "{}", true, default), true, Flow.None);
        await hub.ResolveAllAsync(hosts[0]);
        await hub.SendAsync("GD-01", "202504", 1, Metered(91, NameOf(61), AddressOf(61), month: "202504"));
        await hub.ResolveAllAsync(hosts[1]);
        return hub;
    }

    [Fact]
    public async Task Replay_OfEveryDecision_GivesWhatIsStored()
    {
        await using var hub = await EventfulAsync();
        var replayed = await ReplayAsync(hub);

        Assert.Equal(await new StoredDecisions(hub.Store).CountAsync(Flow.None), replayed.Count);
        Assert.All(replayed, r => Assert.True(r.IsSame && r.IsSameEngine, $"{r.Was} {r.Now}"));
        Assert.True(replayed.DistinctBy(r => r.Was.RegisterVersion).Count() > 2);
        Assert.True(replayed.DistinctBy(r => r.Was.WeightsVersion).Count() > 1);
        Assert.True(replayed.DistinctBy(r => r.Was.Basis).Count() > 1);
        Assert.Contains(replayed, r => r.Was.Until is not null);
        Assert.Contains(replayed, r => r.Was.Step == (int)LinkStep.Confirmed);
        Assert.Contains(replayed, r => r.Was.Row.RuledOut.Length > 0);
        Assert.Contains(replayed, r => r.Was.Row.RuledNobody is not null && r.Now.Outcome == LinkOutcome.None);
    }

    [Fact]
    public async Task Replay_OfARow_TellsWhatWasDecidedBeforeTheRegisterChanged()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "肥城市飞鹏渔具厂", "肥城市西山街道湖滨路8号"));
        await hub.ResolveAllAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(40, "肥城市飞鹏渔具厂", "肥城市西山街道湖滨路8号"));
        await hub.ResolveAllAsync();
        var number = long.Parse((await hub.LinesAsync("select number from hub.open_row"))[0],
            CultureInfo.InvariantCulture);

        var replayed = await ReplayAsync(hub, number);
        var entry = Partner.PartyOf(Partner.Uscc(40)).ToString();
        Assert.Equal([LinkOutcome.None, LinkOutcome.Link], replayed.Select(r => r.Now.Outcome));
        Assert.All(replayed, r => Assert.True(r.IsSame));
        Assert.NotNull(replayed[0].Was.Until);
        Assert.Null(replayed[1].Was.Until);
        Assert.DoesNotContain(replayed[0].Explanation!.Candidates, c => c.Entry == entry);
        Assert.Contains(replayed[1].Explanation!.Candidates, c => c.Entry == entry);
        Assert.Empty(await ReplayAsync(hub, number + 1));
        var past = (await hub.Queue.GetAsync(number, "", Flow.None))!.Past;
        Assert.Equal([(LinkOutcome.None, replayed[0].Was.RegisterVersion)],
            past.Select(p => ((LinkOutcome)p.Outcome, p.RegisterVersion)));
    }

    [Theory]
    [InlineData("update hub.open_row set outcome = 1, entry = 7 where number = (select min(number) from hub.open_row)")]
    [InlineData("update hub.open_row set nobody = nobody + 0.01 where number = (select min(number) from hub.open_row)")]
    [InlineData("""
        update hub.register_face set name = '肥城市别家有限公司'
        where name = (select name from hub.open_row where outcome = 1 limit 1)
        """)]
    public async Task Replay_OfWhatSomebodyChanged_IsFound(string change)
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1,
            [.. Enumerable.Range(20, 20).Select(n => Metered(n, NameOf(n), AddressOf(n)))]);
        await hub.ResolveAllAsync();
        Assert.All(await ReplayAsync(hub), r => Assert.True(r.IsSame));

        await hub.LinesAsync(change);
        Assert.Contains(await ReplayAsync(hub), r => !r.IsSame);
    }

    [Fact]
    public async Task Rows_DecidedByAnotherRelease_AreDecidedAgain()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, NameOf(7), AddressOf(7)));
        await hub.ResolveAllAsync();
        var basis = await hub.LinesAsync("select basis, model from hub.open_row");
        // The same weights, other bands or another engine: the rows do not show it but for their basis.
        await hub.LinesAsync("update hub.open_row set basis = 'earlier'");
        await hub.LinesAsync("update hub.link_progress set model = 'earlier'");
        await hub.ResolveAllAsync();
        Assert.Equal(basis, await hub.LinesAsync("select basis, model from hub.open_row"));
        Assert.False(await hub.LinkStage.RunOnceAsync(Flow.None));
    }

    [Fact]
    public async Task Register_ThatWasFollowed_IsTheOneTheFactsTell()
    {
        await using var hub = await EventfulAsync();
        const string Kept = "select count(*), count(until), sum(since) from hub.register_face";
        var before = await hub.LinesAsync(Kept);
        Assert.NotEqual("0", before[0].Split('|')[1]);

        await using (var work = await hub.Links.BeginAsync(Flow.None))
        {
            var registers = new[] { Partner.Template("SCJG-01"), Partner.Template("SW-01") };
            await work.Register.RecordAsync(registers, null, 1_000_000, Flow.None);
            await work.CommitAsync(Flow.None);
        }
        Assert.Equal(before, await hub.LinesAsync(Kept));
    }
}
