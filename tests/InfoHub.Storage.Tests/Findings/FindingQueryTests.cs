using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Vocabulary;
using Npgsql;
using Xunit;

namespace InfoHub.Storage.Tests.Findings;

/// <summary>A consumer sees its own branch and nothing else, page by page, each finding once.</summary>
[Collection(ClusterTests.Name)]
public sealed class FindingQueryTests(HubDatabase database) : IClassFixture<HubDatabase>, IAsyncLifetime
{
    private const int Findings = 300;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FindingQuery _query = new(database.Store);

    /// <summary>300 findings over three divisions; every gap occurs many times, a third of them is null.</summary>
    public async Task InitializeAsync()
    {
        await using var command = database.Store.CreateCommand(SeedSql(Findings));
        await command.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal static string SeedSql(int findings) => $$"""
        insert into hub.party (id, uscc, name, founded_by)
        select i, 'U' || i, case i when 1 then 'a_b公司' when 2 then 'axb公司' when 3 then '100%棉' when 4 then '100分棉' when 5 then 'c\d' when 6 then 'cd' else '商行' || i end, 1
        from generate_series(1, {{findings}}) i on conflict do nothing;
        insert into hub.finding (id, model, model_version, rule_set, party, period, period_end, business_key, state, gap_fen, confidence, single_source,
            region_code, town_code, title, dissolves_if, arithmetic, evidence, found_at, changed_at)
        select 'F' || lpad(i::text, 8, '0'), case i % 2 when 0 then 'SZ-01' else 'HJ-01' end, 1, 'rs', i, 202501 + i % 3, ('2025-0' || 1 + i % 3 || '-28')::date, 'k',
            case when i % 10 = 9 then 1 + i / 10 % 8 else 1 end, case when i % 3 = 0 then null else (i % 7 - 3) * 1000 end, 0.5, false,
            (array['339901', '339902', '33990', '330000'])[1 + i % 4], '', 't', 'd', '[]', '[]', now(), now()
        from generate_series(1, {{findings}}) i on conflict do nothing
        """;

    private static FindingFilter All(string scope = "") => new() { Scope = scope,
        States = [.. Enum.GetValues<FindingState>()] };

    private async Task<List<StoredFinding>> PagesAsync(FindingFilter filter, int size)
    {
        var found = new List<StoredFinding>();
        FindingCursor? after = null;
        do
        {
            var page = await _query.SearchAsync(filter, size, after, None);
            Assert.True(page.Findings.Count <= size);
            found.AddRange(page.Findings);
            after = page.Next;
        }
        while (after is not null && found.Count <= Findings);
        return found;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(300)]
    public async Task Search_PageByPage_GivesEveryFindingOnceLargestGapFirst(int size)
    {
        var found = await PagesAsync(All(), Math.Min(size, FindingQuery.PageSizeMax));

        Assert.Equal(Findings, found.Count);
        Assert.Equal(Findings, found.Select(f => f.Id).Distinct().Count());
        Assert.Equal(found.OrderByDescending(f => f.Draft.Gap?.Fen ?? long.MinValue).ThenByDescending(f => f.Id,
            StringComparer.Ordinal).Select(f => f.Id), found.Select(f => f.Id));
    }

    [Fact]
    public async Task Search_PageThatEndsExactly_HasNoNext()
    {
        var filter = All() with { Party = "商行29" };
        var total = (await _query.SearchAsync(filter, 1, null, None)).Total;

        Assert.Equal(11, total);
        Assert.Null((await _query.SearchAsync(filter, 11, null, None)).Next);
        Assert.NotNull((await _query.SearchAsync(filter, 10, null, None)).Next);
    }

    [Theory]
    [InlineData("339901", 75)]
    [InlineData("33990", 225)]
    [InlineData("3399", 225)]
    [InlineData("33", 300)]
    [InlineData("", 300)]
    [InlineData("34", 0)]
    [InlineData("%", 0)]
    [InlineData("33990_", 0)]
    public async Task Search_Scope_NeverLeaks(string scope, int expected)
    {
        var found = await PagesAsync(All(scope), 100);

        Assert.Equal(expected, found.Count);
        Assert.All(found, f => Assert.StartsWith(scope, f.RegionCode, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_RegionOutsideTheScope_FindsNothing()
    {
        Assert.Empty((await _query.SearchAsync(All("339901") with { RegionPrefix = "339902" }, 50, null,
            None)).Findings);
        Assert.Empty((await _query.SearchAsync(All() with { RegionPrefix = "33990_" }, 50, null, None)).Findings);
        Assert.Equal(75, (await _query.SearchAsync(All("339901") with { RegionPrefix = "33" }, 50, null, None)).Total);
    }

    [Fact]
    public async Task Get_OutsideTheScope_IsNotThere()
    {
        Assert.NotNull(await _query.GetAsync("F00000004", "339901", None));
        Assert.Null(await _query.GetAsync("F00000004", "339902", None));
        Assert.Null(await _query.GetAsync("F00000004", "%", None));
        Assert.Null(await _query.GetAsync("F99999999", "", None));
    }

    [Fact]
    public async Task Search_NoStates_MeansTheOpenOnes()
    {
        var open = await PagesAsync(new FindingFilter { Scope = "" }, 100);

        Assert.All(open, f => Assert.Contains(f.State, new[] { FindingState.Found, FindingState.Pushed,
            FindingState.Answered, FindingState.Returned }));
        Assert.NotEqual(Findings, open.Count);
        Assert.All(await PagesAsync(new FindingFilter { Scope = "", States = [FindingState.Dismissed] }, 100), f =>
            Assert.Equal(FindingState.Dismissed, f.State));
    }

    [Fact]
    public async Task Search_Filters_CutTogether()
    {
        var filter = All("339901") with { Models = ["SZ-01"], From = Period.Parse("202502"),
            To = Period.Parse("202502"), GapMin = new Money(1000) };
        var found = await PagesAsync(filter, 10);

        Assert.NotEmpty(found);
        Assert.All(found, f => Assert.True(f.Draft is { Model: "SZ-01", Period.Code: 202502, Gap.Fen: >= 1000 }
            && f.RegionCode == "339901"));
        Assert.Equal(found.Count, (await _query.SearchAsync(filter, 1, null, None)).Total);
    }

    [Theory]
    [InlineData("a_b", 1)]
    [InlineData("0%", 1)]
    [InlineData(@"c\d", 1)]
    [InlineData(@"\", 1)]
    [InlineData("%", 1)]
    [InlineData("_", 1)]
    [InlineData("u7", 1)]
    [InlineData("公司", 2)]
    [InlineData("' or 1=1 --", 0)]
    public async Task Search_Party_TakesSpecialCharactersLiterally(string party, int expected) =>
        Assert.Equal(expected, (await _query.SearchAsync(All() with { Party = party }, 50, null, None)).Total);

    [Fact]
    public async Task Search_PartyId_FindsThatPartyOnly()
    {
        var page = await _query.SearchAsync(All() with { Party = new PartyId(17).ToString() }, 50, null, None);

        Assert.Equal(new PartyId(17).ToString(), Assert.Single(page.Findings).PartyId);
    }

    [Fact]
    public async Task Figures_OfASearch_AddUpToItsTotal()
    {
        var figures = await new FindingFigures(database.Store).PerModelAsync(All("3399"), None);

        Assert.Equal((await _query.SearchAsync(All("3399"), 1, null, None)).Total, figures.Sum(f => f.Count));
    }

    /// <summary>Goal: who has not registered since January is a matter of March too; a gap of January is not.</summary>
    [Fact]
    public async Task Search_FromAPeriod_KeepsWhatLastsFromAnEarlierOne()
    {
        var found = (await PagesAsync(All() with { From = Period.Month(2025, 3) }, 200)).ToLookup(f => f.Draft.Model);

        Assert.Contains(found["HJ-01"], f => f.Draft.Period == Period.Month(2025, 1));
        Assert.All(found["SZ-01"], f => Assert.Equal(Period.Month(2025, 3), f.Draft.Period));
        Assert.NotEmpty(found["SZ-01"]);
        Assert.All(await PagesAsync(All() with { To = Period.Month(2025, 1) }, 200),
            f => Assert.Equal(Period.Month(2025, 1), f.Draft.Period));
    }

    [Fact]
    public async Task Figures_WithoutAmounts_HaveNoSumInsteadOfZero()
    {
        await using var store = await database.Cluster.NewHubAsync();
        await using var seed = store.CreateCommand(
            SeedSql(30) + "; update hub.finding set model = 'HJ-05' where gap_fen is null");
        await seed.ExecuteNonQueryAsync();
        var figures = await new FindingFigures(store).PerModelAsync(All(), None);

        Assert.Null(figures.Single(f => f.Model == "HJ-05").Gap);
        Assert.Equal("HJ-05", figures[^1].Model);
        Assert.NotNull(figures.Single(f => f.Model == "SZ-01").Gap);
        Assert.All(figures, f => Assert.Equal((null, 0L), (f.EstimatedTax, f.Estimated)));
    }

    [Theory]
    [InlineData("", "33990 339901 339902 330000")]
    [InlineData("339901", "339901")]
    public async Task Divisions_OfAScope_AreThoseWithFindings(string scope, string expected) =>
        Assert.Equal(expected.Split(' ').Order(StringComparer.Ordinal),
            await new FindingFigures(database.Store).DivisionsAsync(scope, None));

    /// <summary>Goal: a page of a big store is read from an index, in order, and nothing is sorted.</summary>
    [Fact]
    public async Task Search_BigStore_ReadsTheFirstAndALaterPageFromAnIndex()
    {
        await using var store = await database.Cluster.NewHubAsync();
        await using (var seed = store.CreateCommand(SeedSql(60_000) + "; analyze hub.finding, hub.party"))
            await seed.ExecuteNonQueryAsync();
        foreach (var (filter, after) in new[]
        {
            (new FindingFilter { Scope = "" }, (FindingCursor?)null), (new FindingFilter { Scope = "33990" }, null),
            (new FindingFilter { Scope = "" }, new FindingCursor(1000, "F00030000")),
                (new FindingFilter { Scope = "" }, new FindingCursor(null, "F00030000")),
        })
        {
            var plan = await PlanAsync(store, filter, after);
            Assert.True(plan.Contains("finding_order", StringComparison.Ordinal) && !plan.Contains("Sort",
                StringComparison.Ordinal), plan);
        }
    }

    internal static async Task<string> PlanAsync(NpgsqlDataSource store, FindingFilter filter, FindingCursor? after)
    {
        await using var connection = await store.OpenConnectionAsync();
        await using var command = FindingQuery.PageCommand(filter, 50, after, connection);
        command.CommandText = "explain (analyze, buffers) " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }
}
