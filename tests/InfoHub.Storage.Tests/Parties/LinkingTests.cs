using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;
using static InfoHub.Storage.Tests.Parties.LinkCity;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>Rows of departments find their place in the registers, and another when those change.</summary>
[Collection(ClusterTests.Name)]
public sealed class LinkingTests(Cluster cluster)
{
    private async Task<Flow> HubAsync() => await Flow.OpenAsync(await cluster.NewHubAsync());

    private static Task<List<string>> MetersAsync(Flow hub) =>
        hub.LinesAsync("select cust_no, _party from facts.gd_01 order by cust_no");

    private static Task<List<string>> OutcomesAsync(Flow hub) =>
        hub.LinesAsync("select item, outcome, party from hub.open_row order by name collate \"C\"");

    [Fact]
    public async Task Link_RowWithoutCode_GoesToTheEntryOfItsNameAndAddress()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1,
            Metered(1, NameOf(7), AddressOf(7)), Metered(2, NameOf(9).Replace("肥城市", ""), AddressOf(9)[3..]));
        await hub.ResolveAllAsync();

        Assert.Equal([$"3709830000001|{Party(7)}", $"3709830000002|{Party(9)}"], await MetersAsync(hub));
        Assert.Equal(["1|likeness", "1|likeness"],
            await hub.LinesAsync("select decision, step from hub.link where item = 'GD-01' order by party"));
        Assert.Equal(2, await hub.CountAsync("hub.party_event where kind = 'link'"));
        Assert.Contains("\"core\"", (await hub.LinesAsync("select explanation from hub.open_row limit 1"))[0]);
    }

    private static Dictionary<string, string> Watered(int meter, string name, string address, string code) =>
        Partner.Row("GS-01", ("cust_no", $"0983{meter:000000}"), ("cust_name", name), ("cust_id_no", code),
            ("address", address), ("data_month", "202503"));

    [Fact]
    public async Task Link_RowOfNoDivision_WaitsWhereItsAddressIs()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, City(30));
        // The landlord's code on the tenants' meters.
        await hub.SendAsync("GS-01", "202503", 1,
            Watered(1, NameOf(7), "新泰市青云街道府前街7号", Partner.Uscc(20)),
            Watered(2, NameOf(8), AddressOf(8)[3..], Partner.Uscc(20)),
            Watered(3, NameOf(9), "济南市历下区文化路9号", Partner.Uscc(20)),
            Watered(4, NameOf(10), AddressOf(10), Partner.Uscc(20)));
        await hub.ResolveAllAsync();

        // An address without a county leaves the row to the officers of the entry, as before.
        Assert.Equal([$"{NameOf(7)}||370982", $"{NameOf(8)}||370983", $"{NameOf(9)}||370102", $"{NameOf(10)}||370983"],
            await hub.LinesAsync("select name, region, branch from hub.open_row where in_queue order by source_alias"));
        async Task<string[]> SeenAsync(string scope) => [.. (await hub.Queue.PageAsync(
            new QueueFilter(scope, "officer-1"), 10, null, Flow.None)).Rows.Select(r => r.Name)];
        Assert.Equal([NameOf(7)], await SeenAsync("370982"));
        Assert.Equal([NameOf(9)], await SeenAsync("3701"));
        Assert.Equal(3, (await SeenAsync("3709")).Length);
    }

    [Fact]
    public async Task Link_RegisterThatComesLater_WakesOnlyTheRowsItConcerns()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "肥城市飞鹏渔具厂", "肥城市西山街道湖滨路8号"),
            Metered(2, NameOf(9), AddressOf(9)),
            Metered(3, "肥城市玉兔眼镜店", "肥城市北关街15号"));
        await hub.ResolveAllAsync();
        Assert.Equal(["GD-01|4", "GD-01|1", "GD-01|4"],
            (await OutcomesAsync(hub)).ConvertAll(o => o[..o.LastIndexOf('|')]));
        var first = (await hub.LinesAsync("select max(register_version) from hub.open_row"))[0];

        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(40, "肥城市飞鹏渔具厂", "肥城市西山街道湖滨路8号"));
        await hub.ResolveAllAsync();

        Assert.Equal(Party(40), (await MetersAsync(hub))[0].Split('|')[1]);
        Assert.Equal(["肥城市飞鹏渔具厂"], 
            await hub.LinesAsync($"select name from hub.open_row where register_version > {first}"));
    }

    [Fact]
    public async Task Link_EntryTakenBack_LetsTheRowGo()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        var later = await hub.SendAsync("SCJG-01", "202503", 1, Licensed(40, "肥城市飞鹏渔具厂", "肥城市西山街道湖滨路8号"));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "肥城市飞鹏渔具厂", "肥城市西山街道湖滨路8号"));
        await hub.ResolveAllAsync();
        Assert.Equal(Party(40), (await MetersAsync(hub))[0].Split('|')[1]);
        await hub.EvaluateAllAsync();

        Assert.True(await hub.Withdrawals.WithdrawAsync(
            await hub.Submissions.GetAsync(later.Id, Flow.None), Partner.Template("SCJG-01"), "sent by mistake",
                Flow.None));
        await hub.ResolveAllAsync();

        Assert.NotEqual(Party(40), (await MetersAsync(hub))[0].Split('|')[1]);
        Assert.Equal(["link", "unlink"], await hub.LinesAsync("select kind from hub.party_event order by number"));
        Assert.Contains(Party(40), await hub.LinesAsync("select party from hub.touched"));
    }

    [Fact]
    public async Task Link_CodeThatNothingElseSpeaksFor_GoesToReviewAndRaisesNothing()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, City(30));
        // The landlord's code on the tenant's meter.
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, NameOf(7), AddressOf(7), Partner.Uscc(20)),
            Metered(2, NameOf(8), AddressOf(8), Partner.Uscc(8)));
        await hub.ResolveAllAsync();

        var meters = await MetersAsync(hub);
        Assert.NotEqual(Party(20), meters[0].Split('|')[1]);
        Assert.NotEqual(Party(7), meters[0].Split('|')[1]);
        Assert.Equal(Party(8), meters[1].Split('|')[1]);
        Assert.Equal(["3|code-contradicted"],
            await hub.LinesAsync("select decision, step from hub.link where item = 'GD-01' and decision <> 1"));
        await hub.EvaluateAllAsync();
        Assert.Equal(0, await hub.CountAsync($"hub.finding where party = {meters[0].Split('|')[1]}"));

        // The same meter next month stays where it is.
        await hub.SendAsync("GD-01", "202504", 1, Metered(1, NameOf(7), AddressOf(7), Partner.Uscc(20), "202504"));
        await hub.ResolveAllAsync();
        Assert.Equal([meters[0].Split('|')[1]],
            await hub.LinesAsync("select distinct _party from facts.gd_01 where cust_no = '3709830000001'"));
    }

    [Fact]
    public async Task Link_TwoSpellingsOfOneShop_AreOnePartyAndFindTheEntryTogether()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "肥城市飞鹏渔具制造厂", "肥城市西山街道湖滨路8号"),
            Metered(2, "肥城市玉兔眼镜店", "肥城市北关街15号"));
        await hub.ResolveAllAsync();
        var before = (await MetersAsync(hub))[0].Split('|')[1];
        await hub.SendAsync("GD-01", "202504", 1, Metered(8, "飞鹏渔具制造厂", "肥城市西山街道湖滨路8号", month: "202504"));
        await hub.ResolveAllAsync();

        Assert.Equal([before, before], 
            await hub.LinesAsync("select _party from facts.gd_01 where cust_name like '%飞鹏%'"));
        Assert.Equal(["join"], await hub.LinesAsync("select kind from hub.party_event"));

        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(40, "肥城市飞鹏渔具制造厂", "肥城市西山街道湖滨路8号"));
        await hub.ResolveAllAsync();
        Assert.Equal([Party(40), Party(40)],
            
            await hub.LinesAsync("select _party from facts.gd_01 where cust_name like '%飞鹏%'"));
    }

    [Fact]
    public async Task Link_OnTwoHostsInTurn_AgreesWithOne()
    {
        async Task<List<string>> RunAsync(bool two)
        {
            await using var hub = await HubAsync();
            var hosts = new[] { hub.LinkStage, two ? hub.NewLinkStage() : hub.LinkStage };
            await hub.SendAsync("SCJG-01", "202501", 1, City(20));
            await hub.SendAsync("GD-01", "202503", 1,
                [.. Enumerable.Range(1, 26).Select(n => Metered(n, NameOf(n), AddressOf(n)))]);
            await hub.ResolveAllAsync(hosts[0]);
            await hub.SendAsync("SCJG-01", "202502", 1, Licensed(21), Licensed(3, "肥城市改名商贸有限公司"));
            await hub.ResolveAllAsync(hosts[1]);
            await hub.SendAsync("SCJG-01", "202503", 1, Licensed(22), Licensed(23));
            await hub.ResolveAllAsync(hosts[0]);
            return await hub.LinesAsync("select name, outcome, party from hub.open_row order by number");
        }

        Assert.Equal(await RunAsync(two: false), await RunAsync(two: true));
    }

    [Fact]
    public async Task Link_SpellingsDecidedByDifferentHosts_AreOneParty()
    {
        await using var hub = await HubAsync();
        var hosts = new[] { hub.LinkStage, hub.NewLinkStage() };
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        foreach (var host in hosts)
            await hub.ResolveAllAsync(host);
        string[] months = ["202501", "202502", "202503", "202504"];
        for (var i = 0; i < months.Length; i++)
        {
            await hub.SendAsync("GD-01", months[i], 1,
                Metered(50 + i, i % 2 == 0 ? "肥城市飞鹏渔具制造厂" : "飞鹏渔具制造厂", "肥城市西山街道湖滨路8号", month: months[i]),
                Metered(60 + i, $"肥城市{Brand(70 + (i * 3))}眼镜店", $"肥城市北关街{i + 20}号", month: months[i]));
            await hub.ResolveAllAsync(hosts[i % 2]);
        }

        Assert.Single(await hub.LinesAsync("select distinct _party from facts.gd_01 where cust_name like '%飞鹏%'"));
        Assert.Equal(5, (await hub.LinesAsync("select distinct _party from facts.gd_01")).Count);
    }

    [Fact]
    public async Task Link_PassThatIsBrokenOff_LeavesNoTraceInWhatFollows()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202502", 1, City(30));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "肥城市飞鹏渔具制造厂", "肥城市西山街道湖滨路8号"));
        await hub.ResolveAllAsync();
        await hub.SendAsync("GD-01", "202504", 1, Metered(2, "飞鹏渔具制造厂", "肥城市西山街道湖滨路8号", month: "202504"));
        await hub.LinesAsync("alter table hub.party_event add constraint broken check (kind <> 'join') not valid");
        await hub.ResolveAllAsync();
        Assert.Equal(1, await hub.CountAsync("hub.parked_row"));
        Assert.Equal(2, (await hub.LinesAsync("select distinct _party from facts.gd_01")).Count);

        await hub.LinesAsync("alter table hub.party_event drop constraint broken");
        await hub.Parked.RetryAsync(Flow.None);
        await hub.ResolveAllAsync();
        Assert.Single(await hub.LinesAsync("select distinct _party from facts.gd_01"));
        Assert.Equal(["join"], await hub.LinesAsync("select kind from hub.party_event"));
    }

    [Fact]
    public async Task Link_InAnyOrderOfArrival_EndsTheSame()
    {
        async Task<List<string>> RunAsync(params string[] order)
        {
            await using var hub = await HubAsync();
            foreach (var item in order)
            {
                if (item == "SCJG-01")
                    await hub.SendAsync("SCJG-01", "202503", 1, City(25));
                else
                    await hub.SendAsync("GD-01", item, 1,
                        [.. Enumerable.Range(item[^1] * 3 % 17, 15).Select(n =>
                            Metered(n, NameOf(n), AddressOf(n), month: item))]);
                await hub.ResolveAllAsync();
            }
            return await hub.LinesAsync("select item, name, outcome, party from hub.open_row order by item, name");
        }

        var expected = await RunAsync("SCJG-01", "202503", "202504");
        Assert.Equal(expected, await RunAsync("202503", "202504", "SCJG-01"));
        Assert.Equal(expected, await RunAsync("202504", "SCJG-01", "202503"));
    }

    [Fact]
    public async Task Link_Again_ChangesNothing()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, City(20));
        await hub.SendAsync("GD-01", "202503", 1,
            [.. Enumerable.Range(10, 20).Select(n => Metered(n, NameOf(n), AddressOf(n)))]);
        await hub.ResolveAllAsync();
        var before = await OutcomesAsync(hub);
        await hub.LinesAsync("update hub.open_row set waiting = true");
        Assert.True(await hub.LinkStage.RunOnceAsync(Flow.None));

        Assert.Equal(before, await OutcomesAsync(hub));
        Assert.False(await hub.LinkStage.RunOnceAsync(Flow.None));
    }
}
