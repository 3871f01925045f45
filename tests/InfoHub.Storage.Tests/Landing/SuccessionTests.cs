using InfoHub.Domain.Findings;
using InfoHub.Domain.Reconciliation;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Storage.Tests.Landing;

/// <summary>
/// Which rows count when several submissions speak of one period, and what is worked out again when one is taken back.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class SuccessionTests(Cluster cluster)
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One finding per party that has a row: the sum of its kWh.</summary>
    private static readonly ComparisonModel Model = new()
    {
        Id = "ZZ-01", Version = 1, Title = "t", TitleEn = "t", Basis = [], Inputs = ["GD-01"], Parameters = [],
        Decide = (dossier, _) => new ModelAnswer(dossier.Of("GD-01").IsEmpty ? [] : [new FindingDraft
        {
            Model = "ZZ-01", ModelVersion = 1, Period = Period.Parse("202503"), BusinessKey = "power", Title = "t",
            Gap = Money.FromYuan(dossier.Of("GD-01").Sum(f => f.Number("kwh") ?? 0)), Confidence = 0.5m,
                DissolvesIf = "d",
            Arithmetic = [], Evidence = [], SingleSource = false,
        }], [], null),
    };

    private async Task<Flow> HubAsync() => await Flow.OpenAsync(await cluster.NewHubAsync(), models: [Model]);

    /// <summary>Meter <paramref name="meter"/> of party <paramref name="party"/>.</summary>
    private static Dictionary<string, string> Metered(int meter, int party, string kwh, string op = "A") =>
        Partner.Row("GD-01",
        ("cust_no", $"370983{meter:0000000}"), ("cust_name", $"第{party}商行"), ("cust_id_no", Partner.Uscc(party)), ("kwh", kwh), ("record_op", op));

    private static async Task<Submission> SendAsync(Flow hub, int sequence, Operation operation,
        params Dictionary<string, string>[] rows)
    {
        var submission = await hub.SendAsync("GD-01", "202503", sequence,
            SubmissionTerms.Default with { Operation = operation }, rows);
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        return await hub.Submissions.GetAsync(submission.Id, None);
    }

    private static async Task WithdrawAsync(Flow hub, Submission submission)
    {
        Assert.True(await hub.Withdrawals.WithdrawAsync(submission, Partner.Template("GD-01"), "报错了月份", None));
        await hub.EvaluateAllAsync();
    }

    /// <summary>Open findings as party=kWh, for parties 1 to 9.</summary>
    private static async Task<string> FoundAsync(Flow hub)
    {
        var names = Enumerable.Range(1, 9).ToDictionary(n =>
            Partner.PartyOf(Partner.Uscc(n)).Value.ToString(System.Globalization.CultureInfo.InvariantCulture), n =>
            n);
        var lines = await hub.LinesAsync("select party, gap_fen / 100 from hub.finding where state = 1");
        return string.Join(' ', lines.Select(l => l.Split('|')).Select(l => $"{names[l[0]]}={l[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Correction_NamesAnotherParty_TheRowLeavesTheOneItWasWith()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"), Metered(2, 1, "10.00"), Metered(3, 2,
            "5.00"));
        Assert.Equal("1=110 2=5", await FoundAsync(hub));
        var correction = await SendAsync(hub, 2, Operation.Correction, Metered(2, 2, "10.00", "U"));
        Assert.Equal("1=100 2=15", await FoundAsync(hub));
        Assert.Empty(correction.ErrorTotals);

        await WithdrawAsync(hub, correction);
        Assert.Equal("1=110 2=5", await FoundAsync(hub));
    }

    [Fact]
    public async Task Correction_OfAKeyNobodyHas_IsTakenAndWarnedOf()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"));
        var correction = await SendAsync(hub, 2, Operation.Correction, Metered(1, 1, "90.00", "U"), Metered(8, 3,
            "7.00", "U"));

        Assert.Equal("1=90 3=7", await FoundAsync(hub));
        Assert.Equal([new ErrorTotal("IH-INT-502", "", 1, Rejects: false)], correction.ErrorTotals.AsEnumerable());
        var error = Assert.Single(await hub.LinesAsync($"select row, code, disposition from hub.row_error where submission = {correction.Id}"));
        Assert.Equal("2|IH-INT-502|1", error);
    }

    [Fact]
    public async Task Correction_DeletesARowThatChangedHands_NobodyHasIt()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"), Metered(2, 1, "10.00"));
        await SendAsync(hub, 2, Operation.Correction, Metered(1, 2, "100.00", "D"));

        Assert.Equal("1=10", await FoundAsync(hub));
    }

    [Fact]
    public async Task Snapshot_ReplacesEverythingBeforeIt_AndGivesItBackWhenWithdrawn()
    {
        await using var hub = await HubAsync();
        var first = await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"), Metered(2, 2, "10.00"));
        await SendAsync(hub, 2, Operation.Correction, Metered(2, 2, "20.00", "U"));
        var snapshot = await SendAsync(hub, 3, Operation.Snapshot, Metered(1, 1, "1.00"));
        Assert.Equal("1=1", await FoundAsync(hub));
        Assert.Equal(snapshot.Key.Ref, (await hub.Submissions.GetAsync(first.Id, None)).SupersededBy);

        await WithdrawAsync(hub, snapshot);
        Assert.Equal("1=100 2=20", await FoundAsync(hub));
        Assert.Equal("", (await hub.Submissions.GetAsync(first.Id, None)).SupersededBy);
    }

    [Fact]
    public async Task Resolve_InAnyOrder_ComesToTheSame()
    {
        var (found, orders) = (new HashSet<string>(), new[] { new[] { 1, 2, 3, 4 }, [4, 3, 2, 1], [2, 4, 1, 3], [3, 1,
            4, 2] });
        foreach (var order in orders)
        {
            await using var hub = await HubAsync();
            foreach (var sequence in order)
                await (sequence switch
                {
                    1 => SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"), Metered(2, 1, "10.00"),
                        Metered(3, 1, "1.00")),
                    2 => SendAsync(hub, 2, Operation.Snapshot, Metered(1, 1, "200.00"), Metered(2, 1, "20.00"),
                        Metered(3, 2, "2.00")),
                    3 => SendAsync(hub, 3, Operation.Correction, Metered(1, 3, "300.00", "U")),
                    _ => SendAsync(hub, 4, Operation.Correction, Metered(1, 4, "400.00", "U"), Metered(2, 1, "0.00",
                        "D")),
                });
            found.Add(await FoundAsync(hub));
        }
        Assert.Equal(["2=2 4=400"], found);
    }

    [Fact]
    public async Task Withdraw_TheMiddleOfThree_TheLastOneStillHolds()
    {
        await using var hub = await HubAsync();
        await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"));
        var middle = await SendAsync(hub, 2, Operation.Correction, Metered(1, 2, "200.00", "U"));
        var last = await SendAsync(hub, 3, Operation.Correction, Metered(1, 3, "300.00", "U"));
        await WithdrawAsync(hub, middle);
        Assert.Equal("3=300", await FoundAsync(hub));

        await WithdrawAsync(hub, last);
        Assert.Equal("1=100", await FoundAsync(hub));
    }

    [Fact]
    public async Task Withdraw_TheOnlySubmission_TakesItsFindingsAndItsCoverage()
    {
        await using var hub = await HubAsync();
        var only = await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"));
        Assert.Equal(5, only.Receipts.Length);
        await WithdrawAsync(hub, only);

        Assert.Equal("", await FoundAsync(hub));
        Assert.Equal(0, await hub.CountAsync("hub.submission where resolved"));
        var withdrawn = await hub.Submissions.GetAsync(only.Id, None);
        Assert.Equal((SubmissionState.Withdrawn, "报错了月份", 6), (withdrawn.State, withdrawn.WithdrawnReason,
            withdrawn.Receipts.Length));
        Assert.All(withdrawn.Receipts, r => Assert.True(Domain.Receipts.ReceiptSigner.Verify(r, Flow.Signer.Keys)));
        Assert.True(withdrawn.Receipts[5].Fits(withdrawn.Receipts[4]));
        Assert.Equal(1, await hub.CountAsync("facts.gd_01"));
        await WithdrawAsync(hub, only);
        Assert.Equal(6, (await hub.Submissions.GetAsync(only.Id, None)).Receipts.Length);
    }

    [Fact]
    public async Task Withdraw_BeforeItRests_IsRefused()
    {
        await using var hub = await HubAsync();
        var submission = await hub.OpenCheckedAsync("GD-01", "202503", 1, 1);
        Assert.False(await hub.Withdrawals.WithdrawAsync(submission, Partner.Template("GD-01"), "r", None));
        Assert.Equal(SubmissionState.Checked, (await hub.Submissions.GetAsync(submission.Id, None)).State);
    }

    [Fact]
    public async Task Mend_RowsMendedInTwoRounds_CompleteTheirBase()
    {
        await using var hub = await HubAsync();
        var first = await SendAsync(hub, 1, Operation.Increment, Metered(1, 1, "100.00"));
        await RejectAsync(hub, first, (2, 0), (5, 0), (9, 0));
        // The first round mends row 5, and brings row 9 as its row 2, which is rejected again.
        var round = await MendAsync(hub, first, 2, [5], Metered(2, 2, "5.00"));
        await RejectAsync(hub, round, (2, 9));
        Assert.Equal(1, (await hub.Submissions.GetAsync(first.Id, None)).RowsMended);
        var last = await MendAsync(hub, round, 3, [2], Metered(3, 3, "9.00"));

        Assert.Equal(2, (await hub.Submissions.GetAsync(first.Id, None)).RowsMended);
        Assert.Equal(1, (await hub.Submissions.GetAsync(round.Id, None)).RowsMended);
        Assert.Equal(["2"], await OpenAsync(hub, first));
        await WithdrawAsync(hub, last);
        Assert.Equal(1, (await hub.Submissions.GetAsync(first.Id, None)).RowsMended);
        Assert.Equal(["2", "9"], await OpenAsync(hub, first));
    }

    private static Task RejectAsync(Flow hub, Submission submission, params (int Row, int Origin)[] rows) =>
        hub.Errors.AddErrorsAsync(submission.Id, "GD-01",
        [.. rows.Select(r => new RowError(r.Row, "", ProblemCatalogue.CellCount, Disposition.RejectRow, "", "", ""))],
        [.. rows.Select(r => new RejectedRow(r.Row, "raw", null, null) { Origin = r.Origin })], None);

    private static async Task<Submission> MendAsync(Flow hub, Submission mended, int sequence, int[] origins,
        params Dictionary<string, string>[] rows)
    {
        var terms = new SubmissionTerms(Operation.Mend, IsTest: false) { BaseId = mended.Id, BaseRef = mended.Key.Ref };
        var submission = await hub.SendAsync("GD-01", "202503", sequence, terms, rows);
        await hub.Errors.AddMendedAsync(submission.Id, origins, None);
        await hub.ResolveAllAsync();
        await hub.EvaluateAllAsync();
        return await hub.Submissions.GetAsync(submission.Id, None);
    }

    private static async Task<List<string>> OpenAsync(Flow hub, Submission submission)
    {
        var open = new List<string>();
        await foreach (var row in hub.Errors.OpenRejectionsAsync(submission.Id, 0, None))
            open.Add(row.Row.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return open;
    }
}
