using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Domain.Submissions;
using InfoHub.Linkage.Deciding;
using InfoHub.Processing;
using InfoHub.Storage.Figures;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Vocabulary;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace InfoHub.Storage.Tests.Parked;

/// <summary>
/// One poisonous record, submission, row, party or model among good ones: the good ones come through, the bad one is
/// listed and not lost, and comes through when it is tried again after the mend.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class ParkedTests(Cluster cluster)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private const string Poison = "肥城市毒物商行";

    private async Task<Flow> HubAsync(params ComparisonModel[] models) =>
        await Flow.OpenAsync(await cluster.NewHubAsync(), models: [.. models]);

    private static Dictionary<string, string> Metered(int meter, string name, int uscc = 0, string month = "202503",
        string kwh = "2000.00") => Partner.Row("GD-01", ("cust_no", $"370983{meter:0000000}"), ("cust_name", name),
            ("cust_id_no", uscc == 0 ? "" : Partner.Uscc(uscc)), ("address", $"肥城市北关街{meter}号"),
            ("kwh", kwh), ("data_month", month));

    /// <summary>From here on the store refuses to write what is poisonous, as for a fault of ours.</summary>
    private static Task PoisonAsync(Flow hub, string table, string when) => hub.LinesAsync($"""
        create function public.poison() returns trigger language plpgsql as 'begin raise exception ''poison''; end';
        create trigger poison before insert or update on {table} for each row when ({when})
            execute function public.poison()
        """);

    private static Task MendAsync(Flow hub, string table) =>
        hub.LinesAsync($"drop trigger poison on {table}; drop function public.poison()");

    private static async Task<string[]> ListAsync(Flow hub) =>
        [.. (await hub.Parked.ListAsync(100, None)).Select(p => $"{p.Kind}|{p.What}|{p.Reason}")];

    private static Task<FlowFigures> FlowOfAsync(Flow hub) => new RunFigures(hub.Store).FlowAsync(None);

    private static async Task<(Submission Submission, byte[][] Records)> CheckedAsync(Flow hub, int sequence,
        string name)
    {
        var rows = Enumerable.Range(0, 6).Select(i => Metered((sequence * 10) + i, i == 3 ? name : $"第{i}商行"));
        var submission = await hub.OpenCheckedAsync("GD-01", "202503", sequence, 6);
        var envelopes = Partner.Envelopes(Partner.Template("GD-01"), rows, rowsPerEnvelope: 2);
        return (submission,
            [.. envelopes.Select((e, i) => hub.Envelope(submission, i, e)), Flow.Seal(submission, 3, 6)]);
    }

    [Fact]
    public async Task Land_RecordThatFails_IsParkedWithWhatComesBehindIt_AndLandsWhenTriedAgain()
    {
        await using var hub = await HubAsync();
        await PoisonAsync(hub, "facts.gd_01", $"new.cust_name = '{Poison}'");
        var (bad, badRecords) = await CheckedAsync(hub, 1, Poison);
        var (good, goodRecords) = await CheckedAsync(hub, 2, "好商行");
        for (var sequence = 3; hub.PartitionOf(good) != hub.PartitionOf(bad); sequence++)
            (good, goodRecords) = await CheckedAsync(hub, sequence, "好商行");
        await hub.AppendAsync(bad, badRecords);
        await hub.AppendAsync(good, goodRecords);
        await hub.LandAsync(hub.PartitionOf(bad));

        var stored = await hub.Submissions.GetAsync(good.Id, None);
        Assert.Equal((SubmissionState.Stored, 6L), (stored.State, stored.RowsStored));
        var begun = await hub.Submissions.GetAsync(bad.Id, None);
        Assert.Equal((SubmissionState.Checked, 2L), (begun.State, begun.RowsStored));
        var listed = await ListAsync(hub);
        Assert.Equal(3, listed.Length);
        Assert.StartsWith($"record|{bad.Key.Ref} ", listed[0], StringComparison.Ordinal);
        Assert.EndsWith("|P0001: poison", listed[0], StringComparison.Ordinal);
        // Nobody waits for it: neither intake, which would publish more, nor a batch.
        Assert.Equal(1 + 3, await hub.Landing.EnvelopesLandedAsync(bad.Id, None));
        Assert.Equal(hub.Log.Partitions - 1, (await FlowOfAsync(hub)).Checking);

        await RetryAllAsync(hub, bad);
        Assert.Equal(listed, await ListAsync(hub));

        await MendAsync(hub, "facts.gd_01");
        await RetryAllAsync(hub, bad);
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(0, await hub.CountAsync("hub.parked_record"));
        var mended = await hub.Submissions.GetAsync(bad.Id, None);
        Assert.Equal((SubmissionState.Stored, 6L), (mended.State, mended.RowsStored));
        Assert.Equal(12, await hub.CountAsync("facts.gd_01"));
    }

    private static async Task RetryAllAsync(Flow hub, Submission submission)
    {
        await hub.Parked.RetryAsync(None);
        while (await hub.LandStage.RetryAsync(hub.PartitionOf(submission), None))
            await Task.Yield();
    }

    [Fact]
    public async Task Land_KilledWhileParkingAndAfter_LosesNothing()
    {
        await using var hub = await HubAsync();
        await PoisonAsync(hub, "facts.gd_01", $"new.cust_name = '{Poison}'");
        var (bad, records) = await CheckedAsync(hub, 1, Poison);
        await hub.AppendAsync(bad, records);
        // Parking itself is cut off: the position stays, and the next process comes to the same.
        await hub.LinesAsync("alter table hub.parked_record add constraint cut check (false) not valid");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => hub.LandAsync(hub.PartitionOf(bad)));
        Assert.Empty(await ListAsync(hub));
        await hub.LinesAsync("alter table hub.parked_record drop constraint cut");
        await using (var next = await Flow.OpenAsync(hub.Store))
            await next.LandAsync(next.PartitionOf(bad));
        Assert.Equal(3, (await ListAsync(hub)).Length);

        // A second try is cut off before it commits.
        await MendAsync(hub, "facts.gd_01");
        await hub.Parked.RetryAsync(None);
        await using (var position = (await hub.Landing.BeginAsync(hub.Log.Name, hub.PartitionOf(bad),
            await hub.Landing.PositionAsync(hub.Log.Name, hub.PartitionOf(bad), None), None))!)
            await position.LockSubmissionAsync(bad.Id, None);
        await using var last = await Flow.OpenAsync(hub.Store);
        Assert.Equal(3, (await ListAsync(last)).Length);
        await RetryAllAsync(last, bad);
        Assert.Equal(SubmissionState.Stored, (await hub.Submissions.GetAsync(bad.Id, None)).State);
    }

    [Fact]
    public async Task Land_UnreadableSeal_KeepsNobodyWaiting()
    {
        await using var hub = await HubAsync();
        var (bad, records) = await CheckedAsync(hub, 1, "商行");
        await hub.AppendAsync(bad, [.. records[..3], [0xFF, 0xFF, 0x01]]);
        var (under, _) = await CheckedAsync(hub, 2, "商行");
        await hub.LandAsync(hub.PartitionOf(bad));

        Assert.StartsWith("record|? ", Assert.Single(await ListAsync(hub)), StringComparison.Ordinal);
        Assert.NotEqual(hub.PartitionOf(bad), hub.PartitionOf(under));
        Assert.Equal(1, (await FlowOfAsync(hub)).Checking);
        // It comes again by another way: the record is needed no more.
        await hub.AppendAsync(bad, records[3]);
        await hub.LandAsync(hub.PartitionOf(bad));
        Assert.Empty(await ListAsync(hub));
    }

    [Fact]
    public async Task Resolve_SubmissionThatFails_IsParkedAsAWhole_AndIsNoCoverage()
    {
        await using var hub = await HubAsync();
        await PoisonAsync(hub, "hub.party", $"new.name = '{Poison}'");
        var bad = await hub.SendAsync("GD-01", "202503", 1, Metered(1, "甲商行", 1), Metered(2, Poison, 2));
        var good = await hub.SendAsync("GD-01", "202502", 1, Metered(3, "乙商行", 3, "202502"));
        await hub.ResolveAllAsync();

        Assert.Equal([$"submission|{bad.Key.Ref}|P0001: poison"], await ListAsync(hub));
        Assert.Equal([$"{bad.Id}|False", $"{good.Id}|True"],
            await hub.LinesAsync("select id, resolved from hub.submission order by id"));
        Assert.Equal(0, await hub.CountAsync("facts.gd_01 where _submission = 1 and _party is not null"));
        Assert.Equal(0, (await FlowOfAsync(hub)).Unresolved);
        await using (var next = await Flow.OpenAsync(hub.Store))
            Assert.Empty(await next.Resolution.UnresolvedAsync(None));

        await hub.Parked.RetryAsync(None);
        Assert.Equal(1, (await FlowOfAsync(hub)).Unresolved);
        await hub.ResolveAllAsync();
        Assert.Single(await ListAsync(hub));

        await MendAsync(hub, "hub.party");
        await hub.Parked.RetryAsync(None);
        await hub.ResolveAllAsync();
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(0, await hub.CountAsync("facts.gd_01 where _party is null"));
    }

    /// <summary>
    /// Goal: whoever is only in the part of a month that is set aside is not missed in the rest of it.
    /// </summary>
    [Fact]
    public async Task Resolve_OnePartOfAPeriodFails_TheOtherPartIsNoCoverageUntilTheMend()
    {
        await using var hub = await HubAsync();
        await PoisonAsync(hub, "hub.party", $"new.name = '{Poison}'");
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, Poison, 1));
        await hub.SendAsync("GD-01", "202503", 2, Metered(2, "甲商行", 2));
        await hub.SendAsync("GD-01", "202502", 1, Metered(3, "乙商行", 3, "202502"));
        await hub.ResolveAllAsync();
        Assert.Single(await ListAsync(hub));
        Assert.Equal((true, false), await CoveredAsync(hub));

        await MendAsync(hub, "hub.party");
        await hub.Parked.RetryAsync(None);
        await hub.ResolveAllAsync();
        Assert.Equal((true, true), await CoveredAsync(hub));
    }

    private static async Task<(bool February, bool March)> CoveredAsync(Flow hub)
    {
        await using var connection = await hub.Store.OpenConnectionAsync(None);
        var (coverage, _) = await Storage.Findings.DossierReader.CoverageAsync(connection, None);
        return (coverage.Has("GD-01", Period.Month(2025, 2)), coverage.Has("GD-01", Period.Month(2025, 3)));
    }

    [Fact]
    public async Task Link_RowThatFails_IsParkedAlone_AndItsPartyIsNotJudgedAnew()
    {
        await using var hub = await HubAsync(Model("ZZ-01"));
        await hub.SendAsync("GD-01", "202503", 1, [.. Enumerable.Range(1, 9).Select(n => Metered(n, $"第{n}商行"))]);
        await hub.SendAsync("GD-01", "202502", 1, Metered(20, Poison, month: "202502"));
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        Assert.Equal(10, await hub.CountAsync("hub.finding where state = 1"));

        // The register changes, every row is decided again, and one cannot be.
        await PoisonAsync(hub, "hub.open_row", $"new.name = '{Poison}' and new.register_version > 0");
        await hub.SendAsync("SCJG-01", "202503", 1, Partner.Row("SCJG-01", ("uscc", Partner.Uscc(1)),
            ("ent_name", "肥城市新来商行"), ("est_date", "2025-01-06"), ("approve_date", "2025-01-06")));
        await hub.ResolveAllAsync();

        var identity = (await hub.LinesAsync($"select identity from hub.open_row where name = '{Poison}'"))[0];
        Assert.Equal([$"row|GD-01 {identity}|P0001: poison"], await ListAsync(hub));
        Assert.Equal(0, await hub.CountAsync("hub.open_row where waiting"));
        Assert.Equal(9, await hub.CountAsync("hub.open_row where register_version > 0"));
        Assert.Equal(0, (await FlowOfAsync(hub)).Unresolved);

        // Whatever is asked about its party now, the answer stays.
        await hub.LinesAsync("update facts.gd_01 set kwh = 1");
        await hub.Evaluations.TouchAllAsync(None);
        await hub.EvaluateAllAsync();
        Assert.Equal(1, await hub.CountAsync("hub.finding where state = 1"));
        Assert.Equal((1L, 1L), ((await hub.Parked.CountAsync(None)).Rows, (await hub.Parked.CountAsync(None)).Parties));

        await MendAsync(hub, "hub.open_row");
        await hub.Parked.RetryAsync(None);
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(0, await hub.CountAsync("hub.finding where state = 1"));
    }

    [Fact]
    public async Task Link_ModelThatFails_StopsNoOtherDepartment()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Partner.Row("SCJG-01", ("uscc", Partner.Uscc(1)),
            ("ent_name", "肥城市新来商行"), ("est_date", "2025-01-06"), ("approve_date", "2025-01-06")));
        var models = await BreakModelAsync(hub);
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "甲商行"), Metered(2, "乙商行"));
        await hub.SendAsync("RS-01", "202503", 1, Partner.Row("RS-01"));
        await hub.ResolveAllAsync();

        Assert.Equal(2, (await hub.Parked.CountAsync(None)).Rows);
        Assert.Equal(["GD-01|False|False", "GD-01|False|False", "RS-01|True|False"],
            await hub.LinesAsync("select item, outcome > 0, waiting from hub.open_row order by item"));

        await models.RevertAsync("GD", None);
        await hub.Parked.RetryAsync(None);
        await hub.ResolveAllAsync();
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(0, await hub.CountAsync("hub.open_row where outcome = 0"));
    }

    /// <summary>The row that is parked stands before them in the pass: none takes the place of its neighbour.</summary>
    [Fact]
    public async Task Link_BehindAParkedRow_EveryRowGetsItsOwnParty()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("SCJG-01", "202503", 1, Partner.Row("SCJG-01", ("uscc", Partner.Uscc(1)),
            ("ent_name", "肥城市新来商行"), ("est_date", "2025-01-06"), ("approve_date", "2025-01-06")));
        var vague = Metered(1, "肥城市飞鹏渔具制造厂");
        vague["address"] = "肥城";
        await hub.SendAsync("GD-01", "202503", 1, vague);
        await hub.ResolveAllAsync();
        // "Nobody" is no number for rows without an address.
        await BreakModelAsync(hub, [.. Enumerable.Range(0, 96).Select(n =>
            $"{(n < 48 ? "" : "shop-")}nobody {n % 48 / 8}-{n / 4 % 2}-0-{n / 2 % 2}-{n % 2}")]);
        await hub.SendAsync("GD-01", "202504", 1, Metered(2, "肥城市飞鹏渔具制造厂", month: "202504"),
            Metered(3, "肥城市玉兔眼镜店", month: "202504"), Metered(4, "肥城市白鹭理发店", month: "202504"));
        await hub.ResolveAllAsync();

        Assert.Equal(1, (await hub.Parked.CountAsync(None)).Rows);
        Assert.Equal(4, (await hub.LinesAsync("select distinct _party from facts.gd_01")).Count);
    }

    /// <summary>Some weights, or all of them, are no numbers, and no more is any probability.</summary>
    private static async Task<LinkModelStore> BreakModelAsync(Flow hub, params string[] levels)
    {
        string[] shipped = [.. LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2026, 1, 1)).Lines().Skip(1)];
        var broken = levels.Length > 0 ? levels : shipped.Select(l => l[..l.LastIndexOf(' ')]);
        var models = new LinkModelStore(hub.Store, hub.Clock);
        var lines = shipped.Prepend("version gd-bad").Concat(broken.Select(l => $"{l} NaN"));
        await models.SaveAsync(new FittedModel("GD", "gd-bad", string.Join('\n', lines), 1, "{}", true,
            hub.Clock.GetUtcNow()), isActive: true, None);
        return models;
    }

    [Fact]
    public async Task Link_FaultOfNoRow_ParksNone()
    {
        await using var hub = await HubAsync();
        await hub.SendAsync("GD-01", "202503", 1, Metered(1, "甲商行"), Metered(2, "乙商行"));
        foreach (var id in await hub.Resolution.UnresolvedAsync(None))
            await hub.ResolveStage.RunAsync(id, None);
        await hub.LinesAsync("alter table hub.link_progress add constraint broken check (passes < 0) not valid");
        Task LinkAllAsync() => hub.ResolveAllAsync();

        await Assert.ThrowsAsync<Npgsql.PostgresException>(LinkAllAsync);
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(2, await hub.CountAsync("hub.open_row where waiting"));
        await hub.LinesAsync("alter table hub.link_progress drop constraint broken");
        await LinkAllAsync();
        Assert.Equal(0, await hub.CountAsync("hub.open_row where waiting"));
    }

    /// <summary>Finds whoever uses at least 1000 kWh; <paramref name="fault"/> is asked first.</summary>
    private static ComparisonModel Model(string id, Func<Dossier, decimal>? fault = null) => new()
    {
        Id = id, Version = 1, Title = "t", TitleEn = "t", Basis = [], Inputs = ["GD-01"], Parameters = [],
        Decide = (dossier, _) => new ModelAnswer(
            [.. dossier.Of("GD-01").Where(f => f.Number("kwh") >= 1000).Select(f => new FindingDraft
            {
                Model = id, ModelVersion = 1, Period = Period.Parse("202503"), BusinessKey = "power", Title = "用电",
                Gap = Money.FromYuan(f.Number("kwh") ?? 0), Confidence = fault?.Invoke(dossier) ?? 0.5m,
                DissolvesIf = "d", Arithmetic = [], Evidence = [], SingleSource = false,
            })], [], null),
    };

    [Fact]
    public async Task Evaluate_OneModelFailsOnAParty_ItsOtherModelsAnswer_AndNoFindingOfItIsLost()
    {
        var isBroken = false;
        await using var hub = await HubAsync(Model("ZZ-02"), Model("ZZ-01", dossier => isBroken
            && dossier.Party.Uscc == Partner.Uscc(1) ? throw new InvalidOperationException("no such rate") : 0.5m));
        async Task SendAsync(int sequence, string kwh)
        {
            await hub.SendAsync("GD-01", "202503", sequence,
                [.. Enumerable.Range(1, 3).Select(n => Metered(n, $"第{n}商行", n, kwh: kwh))]);
            await hub.ResolveAllAsync();
            await hub.EvaluateAllAsync();
        }
        await SendAsync(1, "2000.00");
        isBroken = true;
        await SendAsync(2, "3000.00");

        var party = Partner.PartyOf(Partner.Uscc(1));
        Assert.Equal([$"party|{party} ZZ-01|no such rate"], await ListAsync(hub));
        Assert.Equal(["ZZ-01|1|200000", "ZZ-02|1|300000"], await hub.LinesAsync(
            $"select model, state, gap_fen from hub.finding where party = {party.Value} order by model"));
        Assert.Equal(4, await hub.CountAsync($"hub.finding where party <> {party.Value} and gap_fen = 300000"));

        isBroken = false;
        await hub.Parked.RetryAsync(None);
        await hub.EvaluateAllAsync();
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(6, await hub.CountAsync("hub.finding where gap_fen = 300000"));
    }

    [Fact]
    public async Task Evaluate_PartyThatCannotBeSaved_IsParkedAlone()
    {
        var isBroken = true;
        await using var hub = await HubAsync(Model("ZZ-01", dossier =>
            isBroken && dossier.Party.Uscc == Partner.Uscc(4) ? 5000m : 0.5m));
        await hub.SendAsync("GD-01", "202503", 1, [.. Enumerable.Range(1, 9).Select(n => Metered(n, $"第{n}商行", n))]);
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();

        var party = Partner.PartyOf(Partner.Uscc(4));
        Assert.StartsWith($"party|{party}|22003", Assert.Single(await ListAsync(hub)), StringComparison.Ordinal);
        Assert.Equal(8, await hub.CountAsync("hub.finding where state = 1"));
        Assert.Equal(0, await hub.CountAsync("hub.touched"));
        Assert.Equal(0, (await FlowOfAsync(hub)).Unused);

        isBroken = false;
        await hub.Parked.RetryAsync(None);
        await using (var next = await Flow.OpenAsync(hub.Store, models: [Model("ZZ-01")]))
            await next.EvaluateAllAsync();
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(9, await hub.CountAsync("hub.finding where state = 1"));
    }

    [Fact]
    public async Task Evaluate_FaultOfNoParty_ParksNone()
    {
        await using var hub = await HubAsync(Model("ZZ-01"));
        await hub.SendAsync("GD-01", "202503", 1, [.. Enumerable.Range(1, 5).Select(n => Metered(n, $"第{n}商行", n))]);
        await hub.ResolveAllAsync();
        await hub.LinesAsync("alter table hub.awaiting rename to awaiting_away");

        await Assert.ThrowsAsync<Npgsql.PostgresException>(hub.EvaluateAllAsync);
        Assert.Empty(await ListAsync(hub));
        Assert.Equal(5, await hub.CountAsync("hub.touched"));
        await hub.LinesAsync("alter table hub.awaiting_away rename to awaiting");
        await hub.EvaluateAllAsync();
        Assert.Equal(5, await hub.CountAsync("hub.finding"));
    }

    [Fact]
    public async Task Stage_FailsAgainAndAgain_IsCalledStuckUntilItWorks()
    {
        await using var hub = await HubAsync();
        var seen = new List<StageFault?>();
        var stage = new FailingStage(hub.Parked, async tries =>
        {
            seen.Add(await hub.Parked.StuckAsync(None));
            if (tries <= ParkedWork.TriesMax)
                throw new InvalidOperationException("broken");
        });
        await stage.StartAsync(None);
        await stage.HasWorked.WaitAsync(TimeSpan.FromSeconds(60));
        await stage.StopAsync(None);

        Assert.All(seen.SkipLast(1), Assert.Null);
        Assert.Equal(("failing", ParkedWork.TriesMax, "broken"), (seen[^1]!.Stage, seen[^1]!.Tries, seen[^1]!.Reason));
        Assert.Null(await hub.Parked.StuckAsync(None));
    }

    private sealed class FailingStage(ParkedWork parked, Func<int, Task> work)
        : StageWorker(parked, new Hasty(), NullLogger<FailingStage>.Instance)
    {
        private readonly TaskCompletionSource _worked = new();
        private int _tries;

        public Task HasWorked => _worked.Task;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => LoopAsync("failing", async stop =>
        {
            if (_worked.Task.IsCompleted)
                await Task.Delay(Timeout.Infinite, stop);
            if (_tries > ParkedWork.TriesMax)
            {
                _worked.SetResult();
                return;
            }
            await work(++_tries);
        }, stoppingToken);
    }

    /// <summary>Waits for nothing.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
