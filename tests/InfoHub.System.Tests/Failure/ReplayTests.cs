using Google.Protobuf;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>A captured request that is sent again and again, also at once, is one submission and one answer.</summary>
[Collection(HubCollection.Name)]
public sealed class ReplayTests(RunningHub hub)
{
    private const int Times = 1_000;
    private const int AtOnce = 25;

    [Fact]
    public async Task OpenAndCommit_AThousandTimes_AreOneSubmissionAndOneAnswer()
    {
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var content = Electricity.Good(rows: 20, firstCustomer: 900_000);
        var request = RawSender.Request(content, hub.NextSequence());

        // Open while nobody uploads yet: every answer is the same, whoever was first.
        var submission = await AssertSameAsync(() => raw.OpenAsync(request));
        await raw.UploadAsync(submission.Submission, content, 0, content.Length);
        // The captured Commit, in part at once: the first closes the upload, the others find it closed.
        var commits = await ReplayAsync(() => raw.CommitAsync(submission.Submission));
        Assert.All(commits, status => Assert.Equal(submission.Submission, status.Submission));
        Assert.All(commits, status => Assert.True(status.State >= SubmissionState.Received, status.State.ToString()));
        Assert.Single(commits.Select(status => status.Receipts[0].ToByteString()).Distinct());

        var rest = await raw.RestAsync(submission.Submission);
        Assert.Equal(SubmissionState.Used, rest.State);
        Assert.Equal(rest.ToByteString(), (await AssertSameAsync(() => raw.OpenAsync(request))).ToByteString());
        Assert.Equal(
            rest.ToByteString(), (await AssertSameAsync(() => raw.CommitAsync(submission.Submission))).ToByteString());
        await using var command = hub.Hub.Store.CreateCommand("select count(*) from hub.submission where ref = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = submission.Submission });
        Assert.Equal(1L, await command.ExecuteScalarAsync());
        Assert.Equal(20, rest.RowsStored);
    }

    private static async Task<SubmissionStatus> AssertSameAsync(Func<Task<SubmissionStatus>> call) =>
        SubmissionStatus.Parser.ParseFrom(
            Assert.Single((await ReplayAsync(call)).Select(s => s.ToByteString()).Distinct()));

    private static async Task<IReadOnlyList<SubmissionStatus>> ReplayAsync(Func<Task<SubmissionStatus>> call)
    {
        var answers = new SubmissionStatus[Times];
        await Parallel.ForEachAsync(Enumerable.Range(0, Times), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) => answers[number] = await call());
        return answers;
    }
}
