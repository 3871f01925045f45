using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>Whose row is it, over the real store: later evidence re-homes what earlier rows could not tell.</summary>
[Collection(ClusterTests.Name)]
public sealed class ResolutionTests(Cluster cluster)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private async Task<Flow> HubAsync() => await Flow.OpenAsync(await cluster.NewHubAsync());

    private static Dictionary<string, string> Return(int number, string revise = "N") => Partner.Row("SW-03", ("djxh",
        Partner.Djxh(number)), ("revise", revise));

    private static Dictionary<string, string> Registered(int number, string? name = null) => Partner.Row("SW-01",
        ("djxh", Partner.Djxh(number)), ("nsrsbh", Partner.Uscc(number)), ("uscc", Partner.Uscc(number)), ("nsrmc", name ?? $"云山市第{number}商行"));

    private static Dictionary<string, string> Licensed(int number, string established = "2025-01-06",
        string? name = null) => Partner.Row("SCJG-01",
        ("uscc", Partner.Uscc(number)), ("ent_name", name ?? $"云山市第{number}商行"), ("est_date", established), ("approve_date", established));

    private static Dictionary<string, string> Metered(int number, string code, string month = "202503",
        string kwh = "900.00") => Partner.Row("GD-01",
        ("cust_no", $"370983{number:0000000}"), ("cust_name", $"云山市第{number}商行"), ("cust_id_no", code), ("data_month", month), ("kwh", kwh));

    [Fact]
    public async Task Resolve_RegisterAfterFacts_MergesAndRehomesTheRows()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SW-03", "202503", 1, Return(1), Return(2));
        await hub.ResolveAllAsync();
        var before = PartyId.FoundedBy(new Alias(AliasKind.TaxRegistrationKey, Partner.Djxh(1)));
        Assert.Contains(before.Value.ToString(), await hub.LinesAsync("select _party from facts.sw_03"));
        await hub.EvaluateAllAsync();

        await hub.SendAsync("SW-01", "202503", 1, Registered(1), Registered(2));
        await hub.ResolveAllAsync();

        var after = Partner.PartyOf(Partner.Uscc(1));
        Assert.Equal([after.Value.ToString()], await hub.LinesAsync($"select _party from facts.sw_03 where djxh = '{Partner.Djxh(1)}'"));
        Assert.Equal([after.Value.ToString()], await hub.LinesAsync($"select merged_into from hub.party where id = {before.Value}"));
        Assert.Equal(0, await hub.CountAsync($"hub.party_alias where party = {before.Value}"));
        Assert.Equal(0, await hub.CountAsync($"hub.link where party = {before.Value}"));
        Assert.Equal(2, await hub.CountAsync("hub.party where merged_into is null"));
        Assert.Equal(4, await hub.CountAsync("hub.touched"));
    }

    [Fact]
    public async Task Resolve_RowsOfAMergedPartySentAgain_GoToTheOneThatIsLeft()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SW-03", "202503", 1, Return(1));
        await hub.ResolveAllAsync();
        await hub.SendAsync("SW-01", "202503", 1, Registered(1));
        await hub.ResolveAllAsync();
        await hub.SendAsync("SW-03", "202503", 2, Return(1, "Y"));
        await hub.ResolveAllAsync();

        Assert.Equal([Partner.PartyOf(Partner.Uscc(1)).Value.ToString()],
            await hub.LinesAsync("select distinct _party from facts.sw_03"));
        Assert.Equal(1, await hub.CountAsync("hub.party where merged_into is null"));
    }

    /// <summary>A system that has no code for a customer writes zeros, or a word for nothing: nobody is known by
    /// them.</summary>
    [Theory]
    [InlineData("000000000000000000")]
    [InlineData("111111111111111")]
    [InlineData("无")]
    public async Task Resolve_FillerCodes_NameNobody(string filler)
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, filler), Metered(2, filler), Metered(3, filler));
        await hub.ResolveAllAsync();

        Assert.Equal(3, (await hub.LinesAsync("select distinct _party from facts.gd_01")).Count());
        Assert.Equal(0, await hub.CountAsync("hub.party_alias where kind <> 7 or value like '%000000000%' or value = '"
            + filler + "'"));
    }

    /// <summary>The number also passes the check of a USCC: it stays a citizen's, and no party has it as its
    /// code.</summary>
    [Fact]
    public async Task Resolve_IdentityNumberThatPassesTheUsccCheck_IsACitizens()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "370983197503120094"));
        await hub.ResolveAllAsync();

        Assert.Equal(["6"], await hub.LinesAsync("select distinct kind from hub.party_alias where kind <> 7"));
        Assert.Equal(0, await hub.CountAsync("hub.party where uscc is not null"));
    }

    /// <summary>The same meter by another writing of its number: the later row takes the place of the
    /// earlier.</summary>
    [Theory]
    [InlineData("=\"3709830000001\"")]
    [InlineData("３７０９８３００００００１")]
    [InlineData("'3709830000001")]
    [InlineData("370983 0000001")]
    public async Task Resolve_KeyInAnotherDress_IsTheSameKey(string dressed)
    {
        await using var hub = await HubAsync();
        var plain = Metered(1, "");
        await hub.SendAsync("GD-01", "202503", 1, Partner.Row("GD-01", [.. plain.Select(c => (c.Key, c.Key == "cust_no"
            ? dressed : c.Value))]));
        await hub.SendAsync("GD-01", "202503", 2, plain);
        await hub.ResolveAllAsync();

        Assert.Equal(1, await hub.CountAsync("facts.gd_01 where _superseded is null"));
        Assert.Equal(2, await hub.CountAsync("facts.gd_01 where cust_no = '3709830000001'"));
    }

    [Fact]
    public async Task Resolve_Twice_ChangesNothing()
    {
        await using var hub = await HubAsync();
        var sent = await hub.SendAsync("SCJG-01", "202503", 1, Licensed(1), Licensed(2));
        await hub.ResolveAllAsync();
        var before = await StateAsync(hub);
        await hub.ResolveStage.RunAsync(sent.Id, None);

        Assert.Equal(before, await StateAsync(hub));
    }

    [Fact]
    public async Task Resolve_BrokenOffBeforeCommit_LeavesNothing()
    {
        await using var hub = await HubAsync();
        var sent = await hub.SendAsync("SCJG-01", "202503", 1, Licensed(1));
        await using (var work = await hub.Resolution.BeginAsync(None))
        {
            var rows = new List<RowIdentity>();
            await foreach (var page in work.IdentitiesAsync(Partner.Template("SCJG-01"), sent.Id, 1, None))
                rows.AddRange(page);
            var row = Assert.Single(rows);
            var decision = Ladder.Decide(IdentityClaim.Read(Partner.Template("SCJG-01"), row.Cells), _ => null, "f");
            await work.SaveAsync("SCJG-01", sent.Key.Ref, sent.Key.Period.Start, [(row, "n", decision)], None);
            await work.FinishAsync(Partner.Template("SCJG-01"), sent.Id, sent.Key.Period.End, None);
        }

        Assert.Equal((0, 0), (await hub.CountAsync("hub.party"), await hub.CountAsync("hub.touched")));
        Assert.Equal([sent.Id], await hub.Resolution.UnresolvedAsync(None));
    }

    [Fact]
    public async Task Resolve_ItemThatWasAwaited_TouchesTheWaitingParty()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(1));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        var party = Partner.PartyOf(Partner.Uscc(1)).Value;
        Assert.Contains($"SW-01|{party}", await hub.LinesAsync("select item, party from hub.awaiting"));
        Assert.Equal((0, 0), (await hub.CountAsync("hub.finding"), await hub.CountAsync("hub.touched")));

        await hub.SendAsync("SW-01", "202503", 1, Registered(9));
        await hub.ResolveAllAsync();
        Assert.Contains(party.ToString(), await hub.LinesAsync("select party from hub.touched"));
        await hub.EvaluateAllAsync();

        Assert.Contains($"HJ-01|{party}", await hub.LinesAsync("select model, party from hub.finding where state = 1"));
        Assert.Equal(0, await hub.CountAsync("hub.awaiting where item = 'SW-01'"));
    }

    [Fact]
    public async Task Resolve_ItemOfAnEarlierPeriodThanAwaited_DoesNotTouch()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(1, established: "2025-02-20"));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        Assert.NotEqual(0, await hub.CountAsync("hub.awaiting where item = 'SW-01'"));
        await hub.SendAsync("SW-01", "202412", 1, Registered(9));
        await hub.ResolveAllAsync();

        Assert.DoesNotContain(Partner.PartyOf(Partner.Uscc(1)).Value.ToString(),
            await hub.LinesAsync("select party from hub.touched"));
    }

    [Fact]
    public async Task Wake_RevisitDayReached_TouchesOnceAndOnlyThen()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SW-01", "202503", 1, Registered(9));
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(1, established: "2025-03-25"));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        var party = Partner.PartyOf(Partner.Uscc(1)).Value;
        var due = DateOnly.Parse((await hub.LinesAsync($"select due::text from hub.revisit where party = {party}"))[0], System.Globalization.CultureInfo.InvariantCulture);
        await hub.Evaluations.WakeAsync(due.AddDays(-1), None);
        Assert.Equal(0, await hub.CountAsync($"hub.touched where party = {party}"));
        await hub.Evaluations.WakeAsync(due, None);
        Assert.Equal(1, await hub.CountAsync($"hub.touched where party = {party}"));
        Assert.Equal(0, await hub.CountAsync($"hub.revisit where party = {party}"));
    }

    /// <summary>Goal: the same extracts in any order give the same parties, links and findings.</summary>
    [Fact]
    public async Task Resolve_EveryOrderOfTheSameSubmissions_GivesTheSameAnswer()
    {
        (string Item, string Period, Dictionary<string, string>[] Rows)[] extracts =
        [
            ("SW-03", "202503", [Return(1), Return(2), Return(3)]),
            ("SW-01", "202503", [Registered(1), Registered(2), Registered(3)]),
            ("SCJG-01", "202503", [Licensed(1), Licensed(2), Licensed(4), Licensed(5)]),
            ("GD-01", "202503", [Metered(1, Partner.Uscc(1)), Metered(4, Partner.Uscc(4)), Metered(7, ""), Metered(8,
                Partner.Uscc(8))]),
            ("GD-01", "202502", [Metered(4, "", "202502"), Metered(7, "", "202502"), Metered(8, "", "202502")]),
        ];
        var seed = Random.Shared.Next();
        var orders = Permutations([0, 1, 2, 3, 4]).ToArray();
        new Random(seed).Shuffle(orders);
        List<string>? expected = null;
        foreach (var (order, n) in orders.Take(8).Select((o, n) => (o, n)))
        {
            await using var hub = await HubAsync();
            foreach (var index in order)
            {
                await hub.SendAsync(extracts[index].Item, extracts[index].Period, 1, extracts[index].Rows);
                await hub.ResolveAllAsync();
                if (n % 2 == 0)
                    await hub.EvaluateAllAsync();
            }
            await hub.EvaluateAllAsync();
            var answer = await AnswerAsync(hub);
            expected ??= answer;
            Assert.True(expected.SequenceEqual(answer), $"seed {seed}, order {string.Join(',', order)}:\n{string.Join('\n', answer.Except(expected).Concat(expected.Except(answer).Select(l => "missing " + l)))}");
            await hub.Store.DisposeAsync();
        }
        Assert.Contains(expected!, line => line.StartsWith("finding|HJ-01|", StringComparison.Ordinal));
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items] : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest =>
            (int[])[first, .. rest]));

    /// <summary>Everything but row ids and times.</summary>
    private static async Task<List<string>> AnswerAsync(Flow hub) =>
    [
        .. await hub.LinesAsync("select 'party', id, uscc, name, founded_by, region_code, town_code from hub.party where merged_into is null order by id"),
        .. await hub.LinesAsync("select 'alias', kind, value, party from hub.party_alias order by kind, value"),
        .. await hub.LinesAsync("select 'link', identity, item, party, decision, score from hub.link order by item, identity"),
        .. await hub.LinesAsync("select 'sw03', djxh, _party from facts.sw_03 order by djxh"),
        .. await hub.LinesAsync("select 'gd01', cust_no, data_month, _party from facts.gd_01 order by cust_no, data_month"),
        .. await hub.LinesAsync("select 'finding', model, id, party, business_key, title, gap_fen, confidence, region_code from hub.finding where state <> 5 order by id"),
        .. await hub.LinesAsync("select 'awaiting', item, period_end, party from hub.awaiting order by item, period_end, party"),
        .. await hub.LinesAsync("select 'revisit', party, due from hub.revisit order by party"),
    ];

    private static async Task<List<string>> StateAsync(Flow hub) =>
    [
        .. await AnswerAsync(hub), .. await hub.LinesAsync("select * from facts.scjg_01 order by _row"),
        .. await hub.LinesAsync("select party from hub.touched order by party"),
    ];
}
