using System.Collections.Immutable;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Storage.Tests.Submissions;

[Collection(ClusterTests.Name)]
public sealed class SubmissionStoreTests(HubDatabase database) : IClassFixture<HubDatabase>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static int _sequence;

    private readonly SubmissionStore _store = new(database.Store, Flow.Receipts, FixedClock.April2025);
    private readonly RowErrorStore _errors = new(database.Store);

    private static SubmissionKey NextKey() => new("GD", "GD-01", 1, Period.Parse("202503"),
        Interlocked.Increment(ref _sequence));

    private static Receipt Issue(ReceiptKind kind, Submission submission) =>
        Receipt.Issue(kind, submission.Key.Ref, FixedClock.April2025.GetUtcNow(), submission.Receipts.LastOrDefault(),
            []);

    [Fact]
    public async Task Open_Twice_IsOneSubmissionWithTheContentOfTheFirst()
    {
        var key = NextKey();
        var first = await _store.OpenAsync(key, Flow.File("first"), SubmissionTerms.Default, None);
        var second = await _store.OpenAsync(key, Flow.File("other"), SubmissionTerms.Default, None);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(Flow.File("first").Sha256.AsEnumerable(), second.File.Sha256);
        Assert.Equal((key, SubmissionState.Opened, FileFormat.Csv), (second.Key, second.State, second.File.Format));
    }

    [Fact]
    public async Task Open_EightAtOnce_AreOneSubmission()
    {
        var key = NextKey();
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.OpenAsync(key, Flow.File("same"),
            SubmissionTerms.Default, None)));

        Assert.Single(opened.Select(o => o.Id).Distinct());
    }

    [Fact]
    public async Task Advance_Twice_ChangesNothingTheSecondTime()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        await _store.AdvanceAsync(submission, SubmissionState.Received, Issue(ReceiptKind.BytesReceived, submission),
            None);
        await _store.AdvanceAsync(submission with { RowsReceived = 77 }, SubmissionState.Received,
            Receipt.Issue(ReceiptKind.BytesReceived, submission.Key.Ref, DateTimeOffset.UnixEpoch, null, []), None);

        var now = await _store.GetAsync(submission.Id, None);
        Assert.Equal((SubmissionState.Received, 0L), (now.State, now.RowsReceived));
        Assert.Equal(Issue(ReceiptKind.BytesReceived, submission).BodyJson, Assert.Single(now.Receipts).BodyJson);
    }

    [Fact]
    public async Task Advance_Backwards_IsIgnored()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        await _store.AdvanceAsync(submission, SubmissionState.Checked, null, None);
        await _store.AdvanceAsync(submission, SubmissionState.Readable, Issue(ReceiptKind.FileReadable, submission),
            None);

        var now = await _store.GetAsync(submission.Id, None);
        Assert.Equal(SubmissionState.Checked, now.State);
        Assert.Empty(now.Receipts);
    }

    [Fact]
    public async Task Receipts_OfAWholeLife_FormAChain()
    {
        await using var flow = await Flow.OpenAsync(await database.Cluster.NewHubAsync());
        var sent = await flow.SendAsync("GD-01", "202503", 1, Partner.Row("GD-01"));
        await flow.ResolveAllAsync();
        await flow.EvaluateAllAsync();

        var used = await flow.Submissions.GetAsync(sent.Id, None);
        Assert.Equal(SubmissionState.Used, used.State);
        Assert.Equal(Enum.GetValues<ReceiptKind>().Where(k => k != ReceiptKind.Withdrawn), used.Receipts.Select(r =>
            r.Kind));
        Receipt? before = null;
        foreach (var receipt in used.Receipts)
        {
            Assert.True(receipt.Fits(before), receipt.BodyJson);
            before = receipt;
        }
        Assert.False(used.Receipts[2].Fits(used.Receipts[0]));
        Assert.False((used.Receipts[1] with { BodyJson = used.Receipts[1].BodyJson.Replace("R2", "R3",
            StringComparison.Ordinal) }).Fits(used.Receipts[0]));
    }

    [Fact]
    public async Task TakeUpload_Again_FencesTheOneBefore()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        var first = await _store.TakeUploadAsync(submission.Id, None);
        Assert.True(await _store.HoldsUploadAsync(submission.Id, first!.Value, None));
        var second = await _store.TakeUploadAsync(submission.Id, None);
        Assert.True(second > first);
        Assert.False(await _store.HoldsUploadAsync(submission.Id, first.Value, None));
        Assert.True(await _store.HoldsUploadAsync(submission.Id, second.Value, None));
        await _store.AdvanceAsync(submission, SubmissionState.Received, null, None);
        Assert.Null(await _store.TakeUploadAsync(submission.Id, None));
        Assert.False(await _store.HoldsUploadAsync(submission.Id, second.Value, None));
        Assert.Equal(SubmissionState.Received, (await _store.GetAsync(submission.Id, None)).State);
    }

    [Fact]
    public async Task ReplaceUnfinished_TakesTheNewFileOnlyWhileNothingIsCommitted()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        var epoch = await _store.TakeUploadAsync(submission.Id, None);
        Assert.True(await _store.ReplaceUnfinishedAsync(submission.Id, Flow.File("other"),
            SubmissionTerms.Default with { Operation = Operation.Snapshot }, None));
        Assert.False(await _store.HoldsUploadAsync(submission.Id, epoch!.Value, None));
        var replaced = await _store.GetAsync(submission.Id, None);
        Assert.Equal((SubmissionState.Opened, Operation.Snapshot), (replaced.State, replaced.Terms.Operation));
        Assert.Equal(Flow.File("other").Sha256.AsEnumerable(), replaced.File.Sha256);
        await _store.AdvanceAsync(replaced, SubmissionState.Received, null, None);
        Assert.False(await _store.ReplaceUnfinishedAsync(submission.Id, Flow.File("f"), SubmissionTerms.Default, None));
    }

    [Fact]
    public async Task Terms_ManifestLayoutAndSums_ReadBack()
    {
        var mended = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        var terms = new SubmissionTerms(Operation.Mend, IsTest: true) { BaseId = mended.Id, BaseRef = mended.Key.Ref };
        var file = Flow.File("g") with { Encoding = Templates.Reading.TextEncoding.Gb18030, Sheet = "三月" };
        var submission = await _store.OpenAsync(NextKey(), file, terms, None);
        Assert.Equal(terms, submission.Terms);
        Assert.Equal((file.Encoding, file.Sheet), (submission.File.Encoding, submission.File.Sheet));
        var manifest = new Manifest(12, ImmutableSortedDictionary<string, decimal>.Empty.Add("kwh", 1234.50m));
        await _store.SetManifestAsync(submission.Id, new Manifest(13, ImmutableSortedDictionary<string,
            decimal>.Empty), None);
        await _store.SetManifestAsync(submission.Id, manifest, None);
        await _store.SetLayoutAsync(submission.Id, new FileLayout(null, '\t', 3, ["户号", "a\0b"],
            null) { HeaderRow = 3 }, None);
        ControlSum[] sums = [new("kwh", 3.10m, 1.00m, 2.10m)];
        await _store.AdvanceAsync(submission with { Sums = [.. sums] }, SubmissionState.Checked, null, None);

        var read = await _store.GetAsync(submission.Id, None);
        Assert.Equal((12L, 1234.50m), (read.Manifest!.Rows!.Value, read.Manifest.Sums["kwh"]));
        Assert.Equal(["户号", "ab"], read.Columns.AsEnumerable());
        Assert.Equal('\t', read.Delimiter);
        Assert.Equal(sums, read.Sums.AsEnumerable());
        Assert.Equal("3.10", read.Sums[0].Received.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Problems_OfTheFile_ReadBackWithTheirValues()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        var problem = new Problem(ProblemCatalogue.ItemUnknown, ("item", "GD-99"), ("known", "甲、乙"));
        await _store.AdvanceAsync(submission with { Problems = [problem] }, SubmissionState.FileRefused, null, None);

        var read = Assert.Single((await _store.GetAsync(submission.Id, None)).Problems);
        Assert.Equal((problem.Code, string.Join('|', problem.Values)), (read.Code, string.Join('|', read.Values)));
    }

    [Fact]
    public async Task Errors_OfSeveralBatches_ReadBackInRowOrderFromAnyRow()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        var errors = ImmutableArray.Create(Error(1, "a"), Error(3, "a"), Error(3, "b"), Error(3, "a"), Error(9, "c"));
        await _errors.AddErrorsAsync(submission.Id, "GD-01", errors[..4], [new RejectedRow(3, "raw\0text", "名",
            null)], None);
        await _errors.AddErrorsAsync(submission.Id, "GD-01", errors[4..], [new RejectedRow(9, "", null, "91")], None);

        Assert.Equal(errors, await ReadAsync(submission.Id, 0));
        Assert.Equal(errors[4..], await ReadAsync(submission.Id, 3));
        await _errors.ClearErrorsAsync(submission.Id, None);
        Assert.Empty(await ReadAsync(submission.Id, 0));
    }

    private async Task<List<RowError>> ReadAsync(long submission, long after)
    {
        var read = new List<RowError>();
        await foreach (var error in _errors.ReadErrorsAsync(submission, after, None))
            read.Add(error);
        return read;
    }

    private static RowError Error(int row, string field) =>
        new(row, field, ProblemCatalogue.NotAPeriod, Disposition.RejectRow, $"k{row}", "观察", "YYYYMM");

    [Fact]
    public async Task ErrorTotals_SetAgain_AreReplaced()
    {
        var submission = await _store.OpenAsync(NextKey(), Flow.File("f"), SubmissionTerms.Default, None);
        await _errors.SetErrorTotalsAsync(submission.Id, [new("IH-INT-302", "a", 3), new("IH-INT-304", "b", 9)], None);
        await _errors.SetErrorTotalsAsync(submission.Id, [new("IH-INT-302", "a", 4)], None);

        ErrorTotal[] expected = [new("IH-INT-304", "b", 9), new("IH-INT-302", "a", 4)];
        Assert.Equal(expected, (await _store.GetAsync(submission.Id, None)).ErrorTotals.AsEnumerable());
    }

    [Fact]
    public async Task LastSequence_CountsEveryVersionOfItemAndPeriod()
    {
        var key = new SubmissionKey("RS", "RS-01", 1, Period.Parse("202411"), 4);
        Assert.Equal(0, await _store.LastSequenceAsync(key, None));
        await _store.OpenAsync(key, Flow.File("f"), SubmissionTerms.Default, None);
        await _store.OpenAsync(key with { Version = 2, Sequence = 6 }, Flow.File("f"), SubmissionTerms.Default, None);

        Assert.Equal(6, await _store.LastSequenceAsync(key, None));
        Assert.Null(await _store.FindAsync("RS-01.v1.202411.9", None));
    }
}
