using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Tests.Fixtures;
using InfoHub.Templates.Rows;
using Xunit;

namespace InfoHub.Storage.Tests.Landing;

/// <summary>
/// Whatever the log delivers — twice, out of step, broken — every accepted row is in the store exactly once.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class LandingTests(Cluster cluster) : IAsyncLifetime
{
    private const string Item = "GD-01";

    private static readonly CancellationToken None = CancellationToken.None;

    private Flow? _flow;

    private Flow Hub => _flow ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync() => _flow = await Flow.OpenAsync(await cluster.NewHubAsync());

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Hub.Store.DisposeAsync();
    }

    private static List<byte[]> ThreeEnvelopes() => Partner.Envelopes(Partner.Template(Item),
        Enumerable.Range(0, 6).Select(i => Partner.Row(Item, ("cust_no", $"370983000000{i}"))), rowsPerEnvelope: 2);

    private async Task<(Submission Submission, byte[][] Envelopes, byte[] Seal)> OpenAsync(int sequence = 1)
    {
        var submission = await Hub.OpenCheckedAsync(Item, "202503", sequence, 6);
        return (submission, [.. ThreeEnvelopes().Select((e, i) => Hub.Envelope(submission, i, e))],
            Flow.Seal(submission, 3, 6));
    }

    private Task<long> FactsAsync() => Hub.CountAsync("facts.gd_01");

    private Task<List<string>> ParkedAsync() =>
        Hub.LinesAsync("select position, reason from hub.parked_record order by position");

    private async Task<SubmissionState> StateAsync(Submission submission) =>
        (await Hub.Submissions.GetAsync(submission.Id, None)).State;

    [Fact]
    public async Task Land_EnvelopesDeliveredTwice_CountOnce()
    {
        var (submission, e, seal) = await OpenAsync();
        await Hub.AppendAsync(submission, e[0], e[1], e[0], e[1], e[2], e[2], seal, seal, e[0]);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        var stored = await Hub.Submissions.GetAsync(submission.Id, None);
        Assert.Equal((6, SubmissionState.Stored, 6L), (await FactsAsync(), stored.State, stored.RowsStored));
        Assert.Empty(await ParkedAsync());
        Assert.Equal(4, stored.Receipts.Length);
    }

    [Fact]
    public async Task Land_EnvelopeMissing_LaterOnesAreParkedAndTheSealToo()
    {
        var (submission, e, seal) = await OpenAsync();
        await Hub.AppendAsync(submission, e[0], e[2], seal);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal(2, await FactsAsync());
        Assert.Equal(SubmissionState.Checked, await StateAsync(submission));
        Assert.Equal(["1|envelope 2 came, 1 is missing", "2|6 rows are sealed, 2 have landed"], await ParkedAsync());
    }

    [Fact]
    public async Task Land_GapFilledBySendingAgain_BecomesWhole()
    {
        var (submission, e, seal) = await OpenAsync();
        await Hub.AppendAsync(submission, e[0], e[2]);
        await Hub.LandAsync(Hub.PartitionOf(submission));
        await Hub.AppendAsync(submission, e[0], e[1], e[2], seal);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal((6, SubmissionState.Stored), (await FactsAsync(), await StateAsync(submission)));
    }

    [Fact]
    public async Task Begin_PositionMovedOnByAnother_IsRefused()
    {
        Assert.Equal(0, await Hub.Landing.PositionAsync("log", 1, None));
        await using (var first = await Hub.Landing.BeginAsync("log", 1, 0, None))
            await first!.CommitAsync(5, None);

        Assert.Null(await Hub.Landing.BeginAsync("log", 1, 0, None));
        Assert.Equal(5, await Hub.Landing.PositionAsync("log", 1, None));
        await using var second = await Hub.Landing.BeginAsync("log", 1, 5, None);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task Begin_TwoConsumersAtOnce_OneIsAZombie()
    {
        await Hub.Landing.PositionAsync("log", 2, None);
        var first = await Hub.Landing.BeginAsync("log", 2, 0, None);
        var waiting = Hub.Landing.BeginAsync("log", 2, 0, None);
        Assert.False(waiting.IsCompleted);
        await first!.CommitAsync(1, None);
        await first.DisposeAsync();

        Assert.Null(await waiting.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task RunOnce_FromAnOldPosition_LandsNothingAndTellsWhereToGoOn()
    {
        var (submission, e, seal) = await OpenAsync();
        await Hub.AppendAsync(submission, e[0], e[1], e[2], seal);
        var partition = Hub.PartitionOf(submission);
        await Hub.LandAsync(partition);

        Assert.Equal(4, await Hub.LandOnceAsync(partition, 1));
        Assert.Equal(6, await FactsAsync());
    }

    [Fact]
    public async Task Land_BrokenOffBeforeCommit_LeavesNothing()
    {
        var (submission, _, _) = await OpenAsync();
        var template = Partner.Template(Item);
        var position = await Hub.Landing.PositionAsync(Hub.Log.Name, 0, None);
        await using (var landing = (await Hub.Landing.BeginAsync(Hub.Log.Name, 0, position, None))!)
        {
            var progress = await landing.LockSubmissionAsync(submission.Id, None);
            Assert.NotNull(progress);
            await landing.LandAsync(template, submission.Id, progress, [new RowBatchView(template,
                ThreeEnvelopes()[0])], None);
            await landing.ParkAsync(9, "a reason", new byte[] { 1 }, (submission.Id, 4), None);
        }

        Assert.Equal((0, 0), (await FactsAsync(), await Hub.Landing.EnvelopesLandedAsync(submission.Id, None)));
        Assert.Empty(await ParkedAsync());
        Assert.Equal(position, await Hub.Landing.PositionAsync(Hub.Log.Name, 0, None));
    }

    [Fact]
    public async Task Seal_RowsThatLandedAreNotThoseThatWereChecked_IsParked()
    {
        var (submission, e, _) = await OpenAsync();
        var seal = new Contracts.Events.V1.LogRecord
        {
            Seal = new() { SubmissionId = submission.Id, EnvelopeCount = 3, RowCount = 6,
                RowsRoot = Google.Protobuf.ByteString.CopyFrom(new byte[32]) },
        };
        await Hub.AppendAsync(submission, e[0], e[1], e[2], Google.Protobuf.MessageExtensions.ToByteArray(seal));
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal(SubmissionState.Checked, await StateAsync(submission));
        Assert.Equal(["3|the rows that have landed are not the rows that were checked"], await ParkedAsync());
    }

    [Fact]
    public async Task Seal_OverSeveralTransactions_VouchesForEveryRowInTheTable()
    {
        var (submission, e, seal) = await OpenAsync();
        foreach (var record in new[] { e[0], e[1], e[2], seal })
        {
            await Hub.AppendAsync(submission, record);
            await Hub.LandAsync(Hub.PartitionOf(submission));
        }
        var tree = new RowTree();
        foreach (var rows in ThreeEnvelopes().Select(payload => new RowBatchView(Partner.Template(Item), payload)))
            for (var row = 0; row < rows.RowCount; row++)
                tree.Append(rows.Hash(row));

        var body = (await Hub.Submissions.GetAsync(submission.Id, None)).Receipts[^1].BodyJson;
        Assert.Equal(6, tree.Count);
        Assert.Contains($"\"rows_root\":\"{Convert.ToHexStringLower(tree.Root())}\"", body, StringComparison.Ordinal);
        var kwh = (await Hub.LinesAsync($"select sum(kwh) from facts.gd_01 where _submission = {submission.Id}"))[0];
        Assert.Contains($"\"kwh\":\"{kwh}\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seal_MakesVisibleAndIssuesR4Once()
    {
        var (submission, e, seal) = await OpenAsync();
        await Hub.AppendAsync(submission, e);
        await Hub.LandAsync(Hub.PartitionOf(submission));
        Assert.Equal(SubmissionState.Checked, await StateAsync(submission));
        Assert.Empty(await Hub.Resolution.UnresolvedAsync(None));
        await Hub.AppendAsync(submission, seal, seal);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        var stored = await Hub.Submissions.GetAsync(submission.Id, None);
        Assert.Equal(SubmissionState.Stored, stored.State);
        Assert.Equal([ReceiptKind.BytesReceived, ReceiptKind.FileReadable, ReceiptKind.RowsChecked,
            ReceiptKind.Stored], stored.Receipts.Select(r => r.Kind));
        Assert.All(stored.Receipts.Select((r, i) => r.Fits(i == 0 ? null : stored.Receipts[i - 1])), Assert.True);
        Assert.Contains("\"rows_stored\":6", stored.Receipts[3].BodyJson, StringComparison.Ordinal);
        Assert.Equal([submission.Id], await Hub.Resolution.UnresolvedAsync(None));
    }

    [Fact]
    public async Task Abandon_RefusedFile_TakesItsRowsAwayAndNoOthers()
    {
        var (submission, e, _) = await OpenAsync();
        await Hub.SendAsync(Item, "202502", 1, Partner.Row(Item, ("data_month", "202502")));
        await Hub.AppendAsync(submission, e[0], e[1]);
        await Hub.LandAsync(Hub.PartitionOf(submission));
        Assert.Equal(5, await FactsAsync());
        await using (var refuse = Hub.Store.CreateCommand($"update hub.submission set state = 5 where id = {submission.Id}"))
            await refuse.ExecuteNonQueryAsync();
        await Hub.AppendAsync(submission, e[2], Flow.Abandon(submission));
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal(1, await FactsAsync());
        Assert.Equal(0, (await Hub.Submissions.GetAsync(submission.Id, None)).RowsStored);
    }

    [Fact]
    public async Task Abandon_SubmissionThatWasNotRefused_KeepsItsRows()
    {
        var (submission, e, seal) = await OpenAsync();
        await Hub.AppendAsync(submission, [.. e, Flow.Abandon(submission), seal]);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal((6, SubmissionState.Stored), (await FactsAsync(), await StateAsync(submission)));
    }

    [Fact]
    public async Task Land_PoisonRecords_AreParkedAndThePartitionGoesOn()
    {
        var (submission, e, seal) = await OpenAsync();
        var nobody = submission with { Id = submission.Id + (Hub.Log.Partitions * 1000) };
        await Hub.AppendAsync(submission, [0xFF, 0xFF, 0x01], [], Hub.Envelope(nobody, 0, ThreeEnvelopes()[0]),
            Flow.Seal(nobody, 1, 2), e[0], e[1], e[2], seal);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal((6, SubmissionState.Stored), (await FactsAsync(), await StateAsync(submission)));
        Assert.Equal(["0", "1", "2", "3"], (await ParkedAsync()).Select(p => p.Split('|')[0]));
        Assert.Equal(["ffff01"], await Hub.LinesAsync(
            "select encode(content, 'hex') from hub.parked_record where position = 0"));
    }

    [Fact]
    public async Task Land_SeveralEnvelopesOfAnUnknownSubmission_AreAllParked()
    {
        var (submission, _, _) = await OpenAsync();
        var nobody = submission with { Id = submission.Id + (Hub.Log.Partitions * 1000) };
        await Hub.AppendAsync(nobody, [.. ThreeEnvelopes().Select((r, i) => Hub.Envelope(nobody, i, r))]);
        await Hub.LandAsync(Hub.PartitionOf(nobody));

        Assert.Equal(["0", "1", "2"], (await ParkedAsync()).Select(p => p.Split('|')[0]));
    }

    [Fact]
    public async Task Land_EnvelopeOfAnUnknownTemplateVersion_IsParkedAndThePartitionGoesOn()
    {
        var (submission, e, seal) = await OpenAsync();
        var (other, _, _) = await OpenAsync(sequence: 1 + Hub.Log.Partitions);
        var record = Contracts.Events.V1.LogRecord.Parser.ParseFrom(Hub.Envelope(other, 0, ThreeEnvelopes()[0]));
        record.Envelope.TemplateVersion = 99;
        await Hub.AppendAsync(submission, Google.Protobuf.MessageExtensions.ToByteArray(record));
        await Hub.AppendAsync(submission, [.. e, seal]);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal(SubmissionState.Stored, await StateAsync(submission));
        Assert.Single(await ParkedAsync());
    }

    [Fact]
    public async Task Land_RowsOfAnotherTemplate_AreParkedWithTheirReason()
    {
        var (submission, e, seal) = await OpenAsync();
        var foreign = Partner.Envelopes(Partner.Template("SW-03"), [Partner.Row("SW-03")])[0];
        var record = Contracts.Events.V1.LogRecord.Parser.ParseFrom(e[0]);
        record.Envelope.Rows = Google.Protobuf.ByteString.CopyFrom(foreign);
        await Hub.AppendAsync(submission, [Google.Protobuf.MessageExtensions.ToByteArray(record), .. e, seal]);
        await Hub.LandAsync(Hub.PartitionOf(submission));

        Assert.Equal(SubmissionState.Stored, await StateAsync(submission));
        Assert.Equal(["0|the rows do not fit their template"], await ParkedAsync());
    }
}
