using System.Globalization;
using InfoHub.Domain.Submissions;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>What an officer finds in the registers, and that it is what the registers say now.</summary>
[Collection(ClusterTests.Name)]
public sealed class RegisterSearchTests(Cluster cluster)
{
    private static Dictionary<string, string> Licensed(int number, string name, string person, string address,
        string division = "370983") => Partner.Row("SCJG-01", ("uscc", Partner.Uscc(number)), ("ent_name", name),
            ("legal_rep_name", person), ("address", address), ("region_code", division),
            ("town_code", division + "001"), ("est_date", "2025-01-06"), ("approve_date", "2025-01-06"));

    private async Task<Flow> HubAsync()
    {
        var hub = await Flow.OpenAsync(await cluster.NewHubAsync());
        await hub.SendAsync("SCJG-01", "202503", 1, Licensed(1, "肥城市雲海餐饮有限公司", "郑森武", "肥城市文化路１８号"),
            Licensed(2, "肥城市海云渔具店", "吴木文", "肥城市向阳街2号"),
            Licensed(3, "济南云海商贸有限公司", "王炎斌", "济南市文化路18号", "370112"));
        await hub.ResolveAllAsync();
        return hub;
    }

    private static async Task<int[]> FoundAsync(Flow hub, SearchedText asked, string scope = "")
    {
        var found = await new RegisterEntries(hub.Store).SearchAsync(scope, SearchGrams.OfQuestion(asked), Flow.None);
        Assert.False(found.IsCut);
        return [.. found.Faces.Where(f => SearchGrams.Answers(
                new PartyText("", f.Name, f.Person, f.Address, "", f.Codes), asked))
            .Select(f => Enumerable.Range(1, 9).Single(n => Partner.PartyOf(Partner.Uscc(n)) == f.Party)).Order()];
    }

    [Theory]
    [InlineData("云海", "", "", "", new[] { 1, 3 })]
    [InlineData("云 海", "文化路18", "", "", new[] { 1, 3 })]
    [InlineData("云海", "肥城", "", "", new[] { 1 })]
    [InlineData("", "", "木文", "", new[] { 2 })]
    [InlineData("海云", "", "", "", new[] { 2 })]
    [InlineData("", "", "", "@2", new[] { 2 })]
    [InlineData("云海", "", "", "@2", new int[0])]
    [InlineData("云海渔", "", "", "", new int[0])]
    public async Task Search_PartsTogether_FindWhatHasThemAll(string name, string address, string person, string code,
        int[] expected)
    {
        await using var hub = await HubAsync();
        var whole = code.Length > 0 ? Partner.Uscc(int.Parse(code[1..], CultureInfo.InvariantCulture)) : "";
        Assert.Equal(expected, await FoundAsync(hub, new SearchedText(name, address, person, whole)));
        if (whole.Length > 0)
            Assert.Equal(expected, await FoundAsync(hub, new SearchedText(name, address, person, whole[8..17])));
    }

    [Fact]
    public async Task Search_OfABranch_StaysInside()
    {
        await using var hub = await HubAsync();
        var asked = new SearchedText("云海", "", "", "");
        Assert.Equal("1", string.Join(' ', await FoundAsync(hub, asked, "370983")));
        Assert.Equal("1", string.Join(' ', await FoundAsync(hub, asked, "3709")));
        Assert.Empty(await FoundAsync(hub, asked, "3702"));
        var near = await new RegisterEntries(hub.Store).NearAsync("370983", SearchGrams.OfLikeness(
            new PartyText("", "云海", "", "", "", "")), [], 5, 0, Flow.None);
        Assert.Equal([Partner.PartyOf(Partner.Uscc(1)), Partner.PartyOf(Partner.Uscc(2))], near);
    }

    /// <summary>Goal: as many are shown for a row that is like nobody.</summary>
    [Fact]
    public async Task Near_RowLikeNobody_IsFilledFromAnywhere()
    {
        await using var hub = await HubAsync();
        foreach (var place in new[] { 0, long.MaxValue })
            Assert.Equal(2, (await new RegisterEntries(hub.Store).NearAsync("", SearchGrams.OfLikeness(
                new PartyText("", "老八烧烤", "", "", "", "")), [Partner.PartyOf(Partner.Uscc(3))], 5, place,
                Flow.None)).Count);
    }

    [Fact]
    public async Task Search_RegisterChanges_FollowsAndKeepsWhatStays()
    {
        await using var hub = await HubAsync();
        Task<List<string>> EntriesAsync() => hub.LinesAsync(
            "select f.party, f.since from hub.register_search s join hub.register_face f on f.number = s.face "
            + "order by 1, 2");
        var first = await EntriesAsync();
        await hub.SendAsync("SCJG-01", "202504", 1, Licensed(1, "肥城市雲海餐饮有限公司", "郑森武", "肥城市文化路１８号"),
            Licensed(2, "肥城市飞鹏渔具店", "吴木文", "肥城市向阳街2号"));
        await hub.ResolveAllAsync();

        // The former name finds it as well, and nothing else was written anew.
        Assert.Equal("2", string.Join(' ', await FoundAsync(hub, new SearchedText("飞鹏", "", "", ""))));
        Assert.Equal("2", string.Join(' ', await FoundAsync(hub, new SearchedText("海云", "", "", ""))));
        Assert.Equal(first, (await EntriesAsync()).Where(first.Contains));
        Assert.Equal(first.Count + 1, await hub.CountAsync("hub.register_search"));

        await hub.SendAsync("SCJG-01", "202503", 2, SubmissionTerms.Default with { Operation = Operation.Snapshot },
            Licensed(1, "肥城市雲海餐饮有限公司", "郑森武", "肥城市文化路１８号"));
        await hub.ResolveAllAsync();
        Assert.Empty(await FoundAsync(hub, new SearchedText("海云", "", "", "")));
        Assert.Equal("1", string.Join(' ', await FoundAsync(hub, new SearchedText("云海", "", "", ""))));
    }

    [Fact]
    public async Task Search_AHubOfAnEarlierRelease_IsFilledOnce()
    {
        await using var hub = await HubAsync();
        await hub.LinesAsync("delete from hub.register_search");
        await hub.LinesAsync("update hub.link_progress set searchable = 0");
        var decided = await hub.LinesAsync("select identity, decided_at from hub.open_row");
        Assert.True(await hub.NewLinkStage().RunOnceAsync(Flow.None));
        Assert.Equal("1 3", string.Join(' ', await FoundAsync(hub, new SearchedText("云海", "", "", ""))));
        Assert.Equal(decided, await hub.LinesAsync("select identity, decided_at from hub.open_row"));
        Assert.False(await hub.NewLinkStage().RunOnceAsync(Flow.None));
    }

    [Fact]
    public async Task Search_ManyEntries_ReadsTheIndexAndIsCut()
    {
        await using var hub = await HubAsync();
        var grams = SearchGrams.OfQuestion(new SearchedText("云海", "", "", ""));
        await hub.LinesAsync($"""
            with f as (insert into hub.register_face (party, name, person, address, region, codes, since)
                select n, '云海', '', '', '370983', '', 1 from generate_series(1, 20000) n returning number, party)
            insert into hub.register_search select number,
                array[party, case when party % 50 = 0 then {grams[0]} else -party end] from f
            """);
        await hub.LinesAsync("analyze hub.register_search; analyze hub.register_face");
        var found = await new RegisterEntries(hub.Store).SearchAsync("37", grams, Flow.None);
        Assert.True(found.IsCut);
        Assert.Equal(RegisterEntries.FacesMax, found.Faces.Count);

        await using var connection = await hub.Store.OpenConnectionAsync();
        await using var command = RegisterEntries.SearchCommand("37", grams, connection);
        command.CommandText = "explain " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        Assert.Contains(plan, l => l.Contains("register_search_grams", StringComparison.Ordinal));
    }
}
