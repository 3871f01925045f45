using System.Globalization;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>What officers rule bears on the rows, on their next wording, and no longer once it is undone.</summary>
[Collection(ClusterTests.Name)]
public sealed class RulingTests(Cluster cluster)
{
    private const string Tenant = "肥城市云海餐饮有限公司";
    private const string Place = "肥城市新城街道文化路18号";

    private static readonly PartyId Landlord = Partner.PartyOf(Partner.Uscc(20));
    private static readonly PartyId Other = Partner.PartyOf(Partner.Uscc(7));

    private async Task<Flow> HubAsync() => await Flow.OpenAsync(await cluster.NewHubAsync());

    private static Dictionary<string, string> Licensed(int number, string name, string address,
        string person) => Partner.Row("SCJG-01",
        ("uscc", Partner.Uscc(number)), ("ent_name", name), ("legal_rep_name", person), ("address", address),
        ("est_date", "2025-01-06"), ("approve_date", "2025-01-06"));

    private static Dictionary<string, string> Metered(int meter, string name, string address, string code = "",
        string month = "202503", string kwh = "1860.00") => Partner.Row("GD-01", ("cust_no",
            $"370983{meter:0000000}"), ("cust_name", name),
            ("cust_id_no", code), ("address", address), ("data_month", month), ("kwh", kwh));

    /// <summary>A register of a landlord, a shop and others; a meter with the landlord's code and the shop's
    /// name.</summary>
    private async Task<Flow> ContradictedAsync(string kwh = "1860.00")
    {
        var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(20, "肥城市泰和置业有限公司", "肥城市老城街道向阳街2号", "吴木文"),
            Licensed(7, Tenant, Place, "郑森武"), Licensed(8, "肥城市瑞丰建材有限公司", "肥城市王庄镇工业路5号", "王炎斌"));
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, Tenant, Place, Partner.Uscc(20), kwh: kwh));
        await hub.ResolveAllAsync();
        return hub;
    }

    private static async Task<OpenRowView> RowAsync(Flow hub, string where = "true")
    {
        var number = long.Parse((await hub.LinesAsync(
            $"select number from hub.open_row where {where} order by number desc limit 1"))[0],
            CultureInfo.InvariantCulture);
        return (await hub.Queue.GetAsync(number, "", Flow.None))!;
    }

    private static async Task<VerdictOutcome> RuleAsync(Flow hub, LinkVerdict verdict, PartyId party,
        string officer = "officer-1",
        decimal twoPersonFrom = decimal.MaxValue, OpenRowView? seen = null)
    {
        var row = seen ?? await RowAsync(hub);
        var outcome = await hub.Rulings.RuleAsync(
            new GivenVerdict(row.Number, "", officer, verdict, party, "看过现场", row.Version, twoPersonFrom),
            Flow.Interest, Flow.None);
        await hub.ResolveAllAsync();
        return outcome;
    }

    private static Task<List<string>> PlacesAsync(Flow hub) =>
        hub.LinesAsync("select distinct _party from facts.gd_01 order by _party");

    private static string Text(PartyId party) => party.Value.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task Ruling_Same_LinksTheRowAndItsFacts()
    {
        await using var hub = await ContradictedAsync();
        Assert.Equal(1, await hub.Queue.CountAsync(new QueueFilter("", "officer-1"), Flow.None));

        Assert.Equal(VerdictOutcome.Taken, await RuleAsync(hub, LinkVerdict.Same, Other));

        Assert.Equal([Text(Other)], await PlacesAsync(hub));
        Assert.Equal(["1|confirmed|1.00000"], await hub.LinesAsync(
            "select decision, step, score from hub.link where item = 'GD-01'"));
        Assert.Equal(0, await hub.Queue.CountAsync(new QueueFilter("", "officer-1"), Flow.None));
        // A change of the register that wakes the row does not move it.
        await hub.SendAsync("SCJG-01", "202504", 1, Licensed(9, Tenant, Place, "郑森武"));
        await hub.ResolveAllAsync();
        Assert.Equal([Text(Other)], await PlacesAsync(hub));
    }

    [Fact]
    public async Task Ruling_Different_EntryDoesNotComeBackAndTheNextDecides()
    {
        await using var hub = await ContradictedAsync();
        await RuleAsync(hub, LinkVerdict.Different, Landlord);

        // Without the landlord the name and the address speak for the shop alone.
        Assert.Equal([Text(Other)], await PlacesAsync(hub));
        Assert.Equal(["1|likeness"], await hub.LinesAsync("select decision, step from hub.link where item = 'GD-01'"));

        await RuleAsync(hub, LinkVerdict.Different, Other);
        var row = await RowAsync(hub);
        Assert.Equal(4, row.Outcome);
        Assert.DoesNotContain(Landlord.ToString(), row.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain(Other.ToString(), row.Explanation, StringComparison.Ordinal);
        Assert.Equal(row.Party, PartyId.FoundedBy(new Alias(AliasKind.SourceKey,
            (await hub.LinesAsync("select source_alias from hub.open_row"))[0])));
        Assert.Equal(["5"], await hub.LinesAsync("select decision from hub.link where item = 'GD-01'"));
    }

    [Fact]
    public async Task Ruling_Later_UndoesAnEarlierOneAndBothAreKept()
    {
        await using var hub = await ContradictedAsync();
        var before = await PlacesAsync(hub);
        await RuleAsync(hub, LinkVerdict.Same, Other);
        await RuleAsync(hub, LinkVerdict.NotSure, Other, "officer-2");

        Assert.Equal(before, await PlacesAsync(hub));
        var row = await RowAsync(hub);
        Assert.Equal([LinkVerdict.Same, LinkVerdict.NotSure], row.Rulings.Select(r => r.Verdict));
        Assert.True((await hub.Queue.PageAsync(new QueueFilter("", "x"), 10, null, Flow.None)).Rows.Single().IsUnsure);
        Assert.Empty(await hub.LinesAsync($"select 1 from hub.party_alias where kind = 7 and party = {Text(Other)}"));
        var kept = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => hub.LinesAsync(
            "delete from hub.link_ruling"));
        Assert.Contains("kept", kept.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ruling_Same_TeachesTheDepartmentsKeyForNextMonth()
    {
        await using var hub = await ContradictedAsync();
        await RuleAsync(hub, LinkVerdict.Same, Other);
        Assert.Equal([$"{Text(Other)}|2025-04-20|link-ruling:1"], await hub.LinesAsync(
            "select party, to_char(valid_from, 'YYYY-MM-DD'), source from hub.party_alias where kind = 7 "
            + "and value like 'GD-01|3709830000001|%'"));

        // The same meter and name at an address that says nothing, and one whose tenant has changed.
        await hub.SendAsync("GD-01", "202504", 1, Metered(1, Tenant, "山后", month: "202504"));
        await hub.SendAsync("GD-01", "202505", 1, Metered(1, "肥城市飞鹏渔具厂", "山后", month: "202505"));
        await hub.ResolveAllAsync();

        Assert.Equal([Text(Other)], await hub.LinesAsync("select _party from facts.gd_01 where data_month = 202504"));
        Assert.Equal(["confirmed"], await hub.LinesAsync(
            "select l.step from hub.link l join facts.gd_01 f on f._identity = l.identity "
            + "where f.data_month = 202504"));
        Assert.NotEqual([Text(Other)], await hub.LinesAsync(
            "select _party from facts.gd_01 where data_month = 202505"));

        // Undone for the first month, it no longer holds for the second.
        await RuleAsync(hub, LinkVerdict.Different, Other, seen: await RowAsync(hub, "number = 1"));
        Assert.Empty(await hub.LinesAsync($"select 1 from facts.gd_01 where _party = {Text(Other)}"));
    }

    [Fact]
    public async Task Ruling_MuchDependsOn_WaitsForASecondOfficer()
    {
        await using var hub = await ContradictedAsync(kwh: "90000.00");
        var before = await PlacesAsync(hub);
        var row = await RowAsync(hub);
        Assert.Equal(12 * 12 * 90_000L + 20_000, row.Interest);

        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, LinkVerdict.Same, Other,
            twoPersonFrom: 5_000_000));
        Assert.Equal(before, await PlacesAsync(hub));
        Assert.True((await QueuedAsync("officer-1")).ShowsFirst);
        Assert.False((await QueuedAsync("officer-2")).ShowsFirst);

        // The same officer again is no second one; one of another opinion waits in his turn.
        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, LinkVerdict.Same, Other,
            twoPersonFrom: 5_000_000));
        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, LinkVerdict.Different, Other, "officer-2",
            5_000_000));
        Assert.Equal(before, await PlacesAsync(hub));
        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, LinkVerdict.Same, Other, "officer-1",
            5_000_000));
        Assert.Equal(VerdictOutcome.Taken, await RuleAsync(hub, LinkVerdict.Same, Other, "officer-3", 5_000_000));
        Assert.Equal([Text(Other)], await PlacesAsync(hub));

        async Task<QueuedRow> QueuedAsync(string viewer) =>
            (await hub.Queue.PageAsync(new QueueFilter("", viewer, Kind: QueueKind.AwaitsSecond), 10, null,
                Flow.None)).Rows.Single();
    }

    /// <summary>
    /// Goal: what linking decided by itself cannot be turned over by one person where much depends on it.
    /// </summary>
    [Theory]
    [InlineData(Tenant, Place, LinkVerdict.Different)]
    [InlineData("肥城市红叶火锅店", "肥城市桃园镇北街77号", LinkVerdict.Same)]
    public async Task Ruling_MuchDependsOnARowOutsideTheQueue_WaitsForASecondOfficer(string name, string place,
        LinkVerdict verdict)
    {
        await using var hub = await ContradictedAsync();
        await hub.SendAsync("GD-01", "202504", 1, Metered(2, name, place, month: "202504", kwh: "90000.00"));
        await hub.ResolveAllAsync();
        var row = await RowAsync(hub);
        Assert.Equal(verdict == LinkVerdict.Same ? 4 : 1, row.Outcome);
        Assert.Equal(1, await hub.Queue.CountAsync(new QueueFilter("", "officer-1"), Flow.None));

        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, verdict, Other, twoPersonFrom: 5_000_000));
        Assert.Equal(row.Party, (await RowAsync(hub)).Party);
        Assert.Equal(VerdictOutcome.Taken, await RuleAsync(hub, verdict, Other, "officer-2", 5_000_000));
        Assert.NotEqual(row.Party, (await RowAsync(hub)).Party);
    }

    [Fact]
    public async Task Ruling_OnWhatHasChanged_IsNotTaken()
    {
        await using var hub = await ContradictedAsync();
        var seen = await RowAsync(hub);
        await RuleAsync(hub, LinkVerdict.NotSure, Other, "officer-2");

        Assert.Equal(VerdictOutcome.Changed, await RuleAsync(hub, LinkVerdict.Same, Other, seen: seen));
        Assert.Single((await RowAsync(hub)).Rulings);
    }

    /// <summary>Goal: the register does not have it, and whoever registers tomorrow is found all the same.</summary>
    [Fact]
    public async Task Ruling_Nobody_HoldsUntilTheRegisterHasWhoItMayBe()
    {
        await using var hub = await ContradictedAsync();
        var queued = new QueueFilter("", "officer-1");
        await RuleAsync(hub, LinkVerdict.Nobody, default);

        var row = await RowAsync(hub);
        Assert.Equal((4, 10), (row.Outcome, row.Step));
        Assert.Equal(["5|confirmed"], await hub.LinesAsync("select decision, step from hub.link where item = 'GD-01'"));
        Assert.Equal([Text(row.Party)], await PlacesAsync(hub));
        Assert.DoesNotContain(row.Party, new[] { Landlord, Other });
        Assert.Equal(0, await hub.Queue.CountAsync(queued, Flow.None));

        // The same register sent again changes nothing.
        await hub.SendAsync("SCJG-01", "202504", 1, Licensed(20, "肥城市泰和置业有限公司", "肥城市老城街道向阳街2号", "吴木文"),
            Licensed(7, Tenant, Place, "郑森武"));
        await hub.ResolveAllAsync();
        Assert.Equal((4, 10), ((await RowAsync(hub)).Outcome, (await RowAsync(hub)).Step));

        // An entry that was not there when the officer looked brings the row back to one.
        await hub.SendAsync("SCJG-01", "202505", 1, Licensed(9, Tenant, Place, "郑森文"));
        await hub.ResolveAllAsync();
        Assert.NotEqual(4, (await RowAsync(hub)).Outcome);
        Assert.Equal(1, await hub.Queue.CountAsync(queued, Flow.None));

        await RuleAsync(hub, LinkVerdict.Nobody, default);
        Assert.Equal(4, (await RowAsync(hub)).Outcome);
        await RuleAsync(hub, LinkVerdict.NotSure, default);
        Assert.NotEqual(4, (await RowAsync(hub)).Outcome);
        await RuleAsync(hub, LinkVerdict.Same, Other);
        Assert.Equal([Text(Other)], await PlacesAsync(hub));
        await RuleAsync(hub, LinkVerdict.Nobody, default);
        Assert.Equal([Text(row.Party)], await PlacesAsync(hub));
    }

    [Fact]
    public async Task Ruling_Nobody_WhereMuchDepends_WaitsForASecondOfficer()
    {
        await using var hub = await ContradictedAsync(kwh: "90000.00");
        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, LinkVerdict.Nobody, default,
            twoPersonFrom: 5_000_000));
        Assert.NotEqual(4, (await RowAsync(hub)).Outcome);
        Assert.Equal(VerdictOutcome.Taken, await RuleAsync(hub, LinkVerdict.Nobody, default, "officer-2", 5_000_000));
        Assert.Equal(4, (await RowAsync(hub)).Outcome);
        Assert.Equal(VerdictOutcome.AwaitsSecond, await RuleAsync(hub, LinkVerdict.NotSure, Other, "officer-3",
            5_000_000));
        Assert.Equal(4, (await RowAsync(hub)).Outcome);
    }

    [Fact]
    public async Task Ruling_Nobody_OfAKey_HoldsForItsNextMonth()
    {
        await using var hub = await ContradictedAsync();
        await RuleAsync(hub, LinkVerdict.Nobody, default);
        await hub.SendAsync("GD-01", "202504", 1, Metered(1, Tenant, Place + "后院", Partner.Uscc(20), "202504"));
        await hub.ResolveAllAsync();

        Assert.Equal(["4|10", "4|10"], await hub.LinesAsync("select outcome, step from hub.open_row"));
        Assert.Equal(["5", "5"], await hub.LinesAsync("select decision from hub.link where item = 'GD-01'"));
    }

    /// <summary>Goal: whom the officer found in the register himself is linked like any candidate.</summary>
    [Fact]
    public async Task Ruling_Same_AnEntryThatWasFoundBySearch_LinksInsideTheBranchOnly()
    {
        await using var hub = await ContradictedAsync();
        var row = await RowAsync(hub);
        var found = Partner.PartyOf(Partner.Uscc(8));
        Assert.DoesNotContain(found.ToString(), row.Explanation, StringComparison.Ordinal);
        GivenVerdict Given(string scope) => new(row.Number, scope, "officer-1", LinkVerdict.Same, found, "",
            row.Version, decimal.MaxValue);

        await hub.LinesAsync($"update hub.register_face set region = '370112' where party = {Text(found)}");
        Assert.Equal(VerdictOutcome.NotFound, await hub.Rulings.RuleAsync(Given("370983"), Flow.Interest, Flow.None));
        await hub.LinesAsync($"update hub.register_face set region = '370983' where party = {Text(found)}");
        Assert.Equal(VerdictOutcome.Taken, await hub.Rulings.RuleAsync(Given("370983"), Flow.Interest, Flow.None));
        await hub.ResolveAllAsync();
        Assert.Equal([Text(found)], await PlacesAsync(hub));
    }

    [Fact]
    public async Task Ruling_OnAnEntryOfNoRegister_OrOutsideTheBranch_IsNotFound()
    {
        await using var hub = await ContradictedAsync();
        var row = await RowAsync(hub);
        Assert.Equal(VerdictOutcome.NotFound, await hub.Rulings.RuleAsync(
            new GivenVerdict(row.Number, "", "a", LinkVerdict.Nobody, default, "", "", 0, Audit: 99), Flow.Interest,
            Flow.None));
        Assert.Equal(VerdictOutcome.NotFound, await RuleAsync(hub, LinkVerdict.Same,
            Partner.PartyOf(Partner.Uscc(99))));
        Assert.Equal(VerdictOutcome.NotFound, await hub.Rulings.RuleAsync(
            new GivenVerdict(row.Number, "370112", "officer-1", LinkVerdict.Same, Other, "", row.Version, 0),
                Flow.Interest, Flow.None));
        Assert.Null(await hub.Queue.GetAsync(row.Number, "370112", Flow.None));
        Assert.Equal(0, await hub.CountAsync("hub.link_ruling"));
    }

    [Fact]
    public async Task Queue_Pages_LargestInterestFirstThenTheUnsure()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(20, "肥城市泰和置业有限公司", "肥城市老城街道向阳街2号", "吴木文"),
            Licensed(7, Tenant, Place, "郑森武"), Licensed(8, "肥城市瑞丰建材有限公司", "肥城市王庄镇工业路5号", "王炎斌"));
        await hub.SendAsync("GD-01", "202503", 1, [.. Enumerable.Range(1, 7).Select(n =>
            Metered(n, Tenant, Place, Partner.Uscc(20), kwh: $"{n * 100}.00"))]);
        await hub.ResolveAllAsync();
        var top = await RowAsync(hub, "source_alias like '%0000007|%'");
        await RuleAsync(hub, LinkVerdict.NotSure, Other, seen: top);

        var seen = new List<long>();
        QueueCursor? after = null;
        do
        {
            var page = await hub.Queue.PageAsync(new QueueFilter("", "officer-1"), 2, after, Flow.None);
            Assert.Equal(7, page.Total);
            seen.AddRange(page.Rows.Select(r => r.Interest));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal([.. new[] { 6, 5, 4, 3, 2, 1, 7 }.Select(n => (n * 100L * 144) + 20_000)], seen);
        Assert.Equal(7, await hub.Queue.CountAsync(new QueueFilter("3709", "x", "GD-01", QueueKind.CodeContradicted),
            Flow.None));
        Assert.Equal(0, await hub.Queue.CountAsync(new QueueFilter("3701", "x"), Flow.None));
        Assert.Equal(0, await hub.Queue.CountAsync(new QueueFilter("", "x", "YB-01"), Flow.None));
    }

    /// <summary>Goal: the queue follows the facts without deciding anything anew.</summary>
    [Fact]
    public async Task Queue_FactsOfARowChange_IsRankedAgainWithoutADecision()
    {
        await using var hub = await ContradictedAsync();
        var before = (await RowAsync(hub)).DecidedAt;
        Assert.Equal((12 * 12 * 1860L) + 20_000, (await RowAsync(hub)).Interest);

        // The same meter next month: nobody has to decide it again, but what it tells of the business is more.
        await hub.SendAsync("GD-01", "202504", 1, Metered(1, Tenant, Place, Partner.Uscc(20), "202504", "9300.00"));
        await hub.ResolveAllAsync();
        Assert.Equal(1, await hub.CountAsync("hub.open_row"));
        await hub.EvaluateAllAsync();
        Assert.Equal(((1860L + 9300) * 12 / 2 * 12) + 20_000, (await RowAsync(hub)).Interest);
        Assert.Equal(before, (await RowAsync(hub)).DecidedAt);

        // Taken back, it counts no more.
        await hub.SendAsync("GD-01", "202504", 2, SubmissionTerms.Default with { Operation = Operation.Snapshot },
            Metered(5, "肥城市瑞丰建材有限公司", "肥城市王庄镇工业路5号", month: "202504"));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        Assert.Equal((12 * 12 * 1860L) + 20_000, (await RowAsync(hub, "source_alias like '%0000001|%'")).Interest);
    }

    [Fact]
    public async Task Queue_AnotherDepartmentSeesTheSameEntry_RanksWhoWaits()
    {
        await using var hub = await ContradictedAsync();
        var before = await RowAsync(hub, "item = 'GD-01'");
        await hub.SendAsync("YB-01", "202503", 1, Partner.Row("YB-01", ("provider_name", "肥城市泰和置业有限公司"),
            ("uscc", Partner.Uscc(20)), ("address", "肥城市老城街道向阳街2号"), ("rep_name", "吴木文")));
        await hub.ResolveAllAsync();

        var after = await RowAsync(hub, "item = 'GD-01'");
        Assert.Equal(before.Entry, (await RowAsync(hub, "item = 'YB-01'")).Entry);
        Assert.Equal(before.Interest + 20_000, after.Interest);
        Assert.Equal(before.DecidedAt, after.DecidedAt);
    }

    /// <summary>Water tells of no volume of business, in however many months it is seen.</summary>
    [Fact]
    public async Task Queue_WaterOfSeveralMonths_IsRankedByTheDepartments()
    {
        await using var hub = await ContradictedAsync();
        foreach (var month in (string[])["202503", "202504"])
            await hub.SendAsync("GS-01", month, 1, Partner.Row("GS-01", ("cust_no", "098300000001"),
                ("cust_name", Tenant), ("cust_id_no", Partner.Uscc(20)), ("address", Place), ("data_month", month)));
        await hub.ResolveAllAsync();
        Assert.Equal(2 * 20_000, (await RowAsync(hub, "item = 'GS-01'")).Interest);
    }

    [Fact]
    public async Task Queue_FactorsChange_IsRankedByThem()
    {
        await using var hub = await ContradictedAsync();
        await hub.LinesAsync("update hub.open_row set interest = 1, priority = 1");
        await hub.ResolveAllAsync();
        Assert.Equal(1, (await RowAsync(hub)).Interest);

        await hub.LinesAsync("update hub.link_progress set interest = '11|150000|1.5|20000'");
        await hub.ResolveAllAsync();
        Assert.Equal((12 * 12 * 1860L) + 20_000, (await RowAsync(hub)).Interest);
    }

    [Fact]
    public async Task Queue_Page_IsReadFromItsIndex()
    {
        await using var hub = await HubAsync();
        await hub.LinesAsync("""
            insert into hub.open_row (identity, item, own_party, party, source_alias, name, person, address, region,
                codes, first_period, keys,
                outcome, priority, branch, waiting)
            select gen_random_uuid(), 'GD-01', n, n, n::text, '', '', '', '', '', 202503, '{}', 1 + n % 20, n,
                '370983', false
            from generate_series(1, 20000) n
            """);
        await hub.LinesAsync("analyze hub.open_row");
        await using var connection = await hub.Store.OpenConnectionAsync();
        await using var command = LinkQueue.PageCommand(new QueueFilter("3709", "x"), 50, new QueueCursor(false, 9000,
            1), connection);
        command.CommandText = "explain " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.Contains(plan, l => l.Contains("open_row_queue", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, l => l.Contains("Seq Scan on open_row",
            StringComparison.Ordinal) || l.Contains("Sort", StringComparison.Ordinal));
    }
}
