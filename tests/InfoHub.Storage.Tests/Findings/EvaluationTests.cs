using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Storage.Tests.Findings;

/// <summary>The life of a finding over re-runs, and the hand-out of touched parties to several evaluators.</summary>
[Collection(ClusterTests.Name)]
public sealed class EvaluationTests(Cluster cluster)
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Finds whoever uses at least 1000 kWh in 202503; the gap is the kWh.</summary>
    private static ComparisonModel Model(Func<Dossier, ModelAnswer>? decide = null) => new()
    {
        Id = "ZZ-01", Version = 1, Title = "t", TitleEn = "t", Basis = [], Inputs = ["GD-01"], Parameters = [],
        Decide = (dossier, _) => decide is null ? Answer(dossier) : decide(dossier),
    };

    private static ModelAnswer Answer(Dossier dossier) => new(
        [.. dossier.Of("GD-01").Where(f => f.Number("kwh") >= 1000).Select(f => Draft("power", f.Number("kwh")))], [],
            null);

    private static FindingDraft Draft(string key, decimal? gap) => new()
    {
        Model = "ZZ-01", ModelVersion = 1, Period = Period.Parse("202503"), BusinessKey = key, Title = $"用电 {gap}", Gap = gap is { } g ? Money.FromYuan(g) : null,
        Confidence = 0.5m, DissolvesIf = "d", Arithmetic = [], Evidence = [], SingleSource = false,
    };

    private static Dictionary<string, string> Metered(int number, string kwh, string op = "A") => Partner.Row("GD-01",
        ("cust_no", $"370983{number:0000000}"), ("cust_name", $"第{number}商行"), ("cust_id_no", Partner.Uscc(number)), ("kwh", kwh), ("record_op", op));

    private async Task<Flow> HubAsync(Func<Dossier, ModelAnswer>? decide = null) =>
        await Flow.OpenAsync(await cluster.NewHubAsync(), models: [Model(decide)]);

    private static async Task SendAsync(Flow hub, int sequence, params Dictionary<string, string>[] rows)
    {
        await hub.SendAsync("GD-01", "202503", sequence, rows);
        await hub.ResolveAllAsync();
    }

    private static Task<List<string>> FindingsAsync(Flow hub) =>
        hub.LinesAsync("select state, gap_fen from hub.finding order by id");

    [Fact]
    public async Task Evaluate_FactsChange_OpensUpdatesClearsAndReopensOneFinding()
    {
        await using var hub = await HubAsync();
        foreach (var (sequence, kwh, expected) in new[] { (1, "2000.00", "1|200000"), (2, "3000.00", "1|300000"), (3,
            "10.00", "5|300000"), (4, "1500.00", "1|150000") })
        {
            await SendAsync(hub, sequence, Metered(1, kwh));
            await hub.EvaluateAllAsync();
            Assert.Equal([expected], await FindingsAsync(hub));
        }
        Assert.Equal(0, await hub.CountAsync("hub.touched"));
    }

    [Fact]
    public async Task Evaluate_RowDeleted_ClearsTheFinding()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await hub.EvaluateAllAsync();
        await SendAsync(hub, 2, Metered(1, "2000.00", op: "D"));
        await hub.EvaluateAllAsync();

        Assert.Equal(["5|200000"], await FindingsAsync(hub));
    }

    [Theory]
    [InlineData(FindingState.Dismissed)]
    [InlineData(FindingState.Archived)]
    [InlineData(FindingState.ToInspection)]
    public async Task Evaluate_FindingAPersonHasClosed_StaysClosedWhetherFoundAgainOrNot(FindingState closed)
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await hub.EvaluateAllAsync();
        await ExecuteAsync(hub, $"update hub.finding set state = {(int)closed}");
        await SendAsync(hub, 2, Metered(1, "3000.00"));
        await hub.EvaluateAllAsync();
        Assert.Equal([$"{(int)closed}|300000"], await FindingsAsync(hub));
        await SendAsync(hub, 3, Metered(1, "1.00"));
        await hub.EvaluateAllAsync();
        Assert.Equal([$"{(int)closed}|300000"], await FindingsAsync(hub));
    }

    [Fact]
    public async Task Evaluate_PushedFindingUpdated_StaysPushed()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await hub.EvaluateAllAsync();
        await ExecuteAsync(hub, "update hub.finding set state = 2");
        await SendAsync(hub, 2, Metered(1, "3000.00"));
        await hub.EvaluateAllAsync();

        Assert.Equal(["2|300000"], await FindingsAsync(hub));
    }

    [Fact]
    public async Task Evaluate_AgainWithNothingNew_IsTheSameToTheLetter()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"), Metered(2, "5000.00"), Metered(3, "1.00"));
        await hub.EvaluateAllAsync();
        var before = await hub.LinesAsync("select * from hub.finding order by id");
        await hub.Evaluations.TouchAllAsync(None);
        await hub.EvaluateAllAsync();

        Assert.Equal(2, before.Count);
        Assert.Equal(before, await hub.LinesAsync("select * from hub.finding order by id"));
    }

    [Fact]
    public async Task Claim_TwoEvaluators_ShareTheWorkAndDoubleNothing()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, [.. Enumerable.Range(1, 30).Select(i => Metered(i, "2000.00"))]);
        await using var first = (await hub.Evaluations.ClaimAsync(20, None))!;
        await using var second = (await hub.Evaluations.ClaimAsync(20, None))!;
        Assert.Null(await hub.Evaluations.ClaimAsync(20, None));
        var (mine, others) = (await DossiersAsync(first), await DossiersAsync(second));

        Assert.Equal((20, 10), (first.Count, second.Count));
        Assert.Empty(mine.Select(d => d.Dossier.Party.Id).Intersect(others.Select(d => d.Dossier.Party.Id)));
        await Task.WhenAll(SaveAsync(first, mine), SaveAsync(second, others));
        Assert.Equal((0, 30), (await hub.CountAsync("hub.touched"),
            await hub.CountAsync("hub.finding where state = 1")));
    }

    [Fact]
    public async Task Claim_EvaluatorDies_LeavesItsPartiesToTheNext()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await using (var dying = (await hub.Evaluations.ClaimAsync(20, None))!)
            await DossiersAsync(dying);
        await hub.EvaluateAllAsync();

        Assert.Equal(["1|200000"], await FindingsAsync(hub));
    }

    /// <summary>Goal: a touch that comes while the party is being evaluated leads to another evaluation.</summary>
    [Fact]
    public async Task Save_PartyTouchedMeanwhile_IsEvaluatedAgain()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await using var open = (await hub.Evaluations.ClaimAsync(20, None))!;
        var dossiers = await DossiersAsync(open);
        await hub.SendAsync("GD-01", "202503", 2, Metered(1, "9000.00"));
        var resolving = hub.ResolveAllAsync();
        await UntilAsync(async () => await hub.CountAsync(
            "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
        Assert.False(resolving.IsCompleted);
        await SaveAsync(open, dossiers);
        await resolving.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["1|200000"], await FindingsAsync(hub));
        Assert.Equal(1, await hub.CountAsync("hub.touched"));
        await hub.EvaluateAllAsync();
        Assert.Equal(["1|900000"], await FindingsAsync(hub));
    }

    [Fact]
    public async Task Wake_AwaitedItemResolvedWhileJudged_TouchesAgain()
    {
        await using var hub = await HubAsync(_ => new ModelAnswer([], [("SW-01", Period.Parse("202503"))], null));
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await using var open = (await hub.Evaluations.ClaimAsync(20, None))!;
        var dossiers = await DossiersAsync(open);
        await hub.SendAsync("SW-01", "202503", 1, Partner.Row("SW-01", ("djxh", Partner.Djxh(9)), ("nsrsbh",
            Partner.Uscc(9)), ("uscc", Partner.Uscc(9))));
        foreach (var id in await hub.Resolution.UnresolvedAsync(None))
            await hub.ResolveStage.RunAsync(id, None);
        var awaits = dossiers.Select(d => new Evaluation(d.Dossier, d.Profile, [], [("SW-01", new DateOnly(2025, 3,
            31))], null)).ToArray();
        await open.SaveAsync(awaits, "rs", None);
        await open.CommitAsync(None);
        await hub.Evaluations.WakeAsync(new DateOnly(2025, 4, 20), None);

        Assert.Equal(1, await hub.CountAsync($"hub.touched where party = {Partner.PartyOf(Partner.Uscc(1)).Value}"));
    }

    /// <summary>
    /// Goal: a register that is sealed but whose rows have no party yet must not look like a register without them.
    /// </summary>
    [Fact]
    public async Task Dossiers_SubmissionSealedButNotResolved_IsNotCovered()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        await hub.SendAsync("SW-01", "202503", 1, Partner.Row("SW-01", ("djxh", Partner.Djxh(1)), ("nsrsbh",
            Partner.Uscc(1)), ("uscc", Partner.Uscc(1))));
        await using var open = (await hub.Evaluations.ClaimAsync(20, None))!;
        var (dossier, _) = Assert.Single(await DossiersAsync(open));

        Assert.Equal(dossier.Of("SW-01").Length > 0, dossier.Coverage.Has("SW-01", Period.Parse("202503")));
    }

    [Fact]
    public async Task Evaluate_ModelFails_ParksThePartyKeepsItsFindingAndStopsNobody()
    {
        var broken = false;
        await using var hub = await HubAsync(dossier => broken && dossier.Party.Uscc == Partner.Uscc(1)
            ? throw new InvalidOperationException("no such rate") : Answer(dossier));
        await SendAsync(hub, 1, Metered(1, "2000.00"), Metered(2, "2000.00"));
        await hub.EvaluateAllAsync();
        broken = true;
        await SendAsync(hub, 2, Metered(1, "3000.00"), Metered(2, "3000.00"));
        await hub.EvaluateAllAsync();
        var party = Partner.PartyOf(Partner.Uscc(1)).Value;
        Assert.Equal([$"{party}|ZZ-01|no such rate"], await hub.LinesAsync("select party, model, reason from hub.parked_party"));
        Assert.Equal(["1|200000"], await hub.LinesAsync($"select state, gap_fen from hub.finding where party = {party}"));
        Assert.Equal(1, await hub.CountAsync("hub.finding where gap_fen = 300000"));

        broken = false;
        await hub.Evaluations.TouchAllAsync(None);
        await hub.EvaluateAllAsync();
        Assert.Equal(0, await hub.CountAsync("hub.parked_party"));
        Assert.Equal(2, await hub.CountAsync("hub.finding where gap_fen = 300000"));
    }

    [Fact]
    public async Task MarkUsed_PartyStillTouched_WaitsThenIssuesR5Once()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Metered(1, "2000.00"));
        Assert.Equal(0, await hub.Evaluations.MarkUsedAsync(1, long.MaxValue, None));
        await hub.EvaluateStage.RunOnceAsync(None);
        Assert.Equal(1, await hub.Evaluations.MarkUsedAsync(1, long.MaxValue, None));
        Assert.Equal(0, await hub.Evaluations.MarkUsedAsync(1, long.MaxValue, None));
        Assert.Equal(1, await hub.CountAsync("hub.receipt where kind = 5"));
    }

    [Fact]
    public async Task Merge_PartyWithAFinding_ClearsItUnderTheOldIdAndFindsItUnderTheNew()
    {
        await using var hub = await HubAsync();
        var anonymous = Metered(1, "2000.00");
        anonymous["cust_id_no"] = "";
        await SendAsync(hub, 1, anonymous);
        await hub.EvaluateAllAsync();
        Assert.Single(await FindingsAsync(hub));
        await hub.SendAsync("GD-01", "202502", 1, Partner.Row("GD-01", ("cust_no", anonymous["cust_no"]),
            ("cust_name", anonymous["cust_name"]),
            ("cust_id_no", Partner.Uscc(1)), ("data_month", "202502"), ("kwh", "1.00")));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();

        Assert.Equal([Partner.PartyOf(Partner.Uscc(
            1)).Value.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            await hub.LinesAsync("select party from hub.finding where state = 1"));
        Assert.Equal(1, await hub.CountAsync("hub.finding where state = 5"));
    }

    [Fact]
    public void FindingId_IsFrozen() => Assert.Equal("F0EE431E980B47BBC",
        EvaluationTransaction.FindingId(PartyId.FoundedBy(new Alias(AliasKind.Uscc, "91370983MA3C000113")),
            Draft("power", 1)));

    private static Task<IReadOnlyList<(Dossier Dossier,
        PartyProfile Profile)>> DossiersAsync(EvaluationTransaction work) =>
        work.DossiersAsync(DossierScope.Of(Partner.Registry.All.Select(t => t.Template), ModelCatalogue.All),
            new DateOnly(2025, 4, 20), None);

    private static async Task SaveAsync(
        EvaluationTransaction work, IEnumerable<(Dossier Dossier, PartyProfile Profile)> dossiers)
    {
        await work.SaveAsync([.. dossiers.Select(d =>
            new Evaluation(d.Dossier, d.Profile, Answer(d.Dossier).Findings, [], null))],
            ParameterSet.Shipped.Version, None);
        await work.CommitAsync(None);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(10, limit.Token);
    }

    private static async Task ExecuteAsync(Flow hub, string sql)
    {
        await using var command = hub.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
