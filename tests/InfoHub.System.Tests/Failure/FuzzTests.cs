using InfoHub.Bench;
using InfoHub.Client;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>A few thousand of the protocol fuzz's inputs; <c>./hub bench fuzz-protocol</c> runs the rest.</summary>
[Collection(HubCollection.Name)]
public sealed class FuzzTests(RunningHub hub)
{
    private const int Inputs = 3_000;
    private const int Submissions = 6;

    [Fact]
    public async Task Protocol_WrongCallsOfEveryKind_EachHasItsNumber_AndTheHubIsAsWellAsBefore()
    {
        using var limit = new CancellationTokenSource(Programs.Limit);
        using var department = hub.Connect("gd");
        using var consumer = hub.Connect(RunningHub.CityConsumer);
        var raw = new RawSender(department);
        var content = Electricity.Good();
        var opened = new List<string>();
        for (var n = 0; n < Submissions; n++)
            opened.Add((await raw.OpenAsync(RawSender.Request(content, hub.NextSequence()))).Submission);
        var fuzz = new ProtocolFuzz(
            hub.Hub.Grpc, await TokenAsync(department), await TokenAsync(consumer), opened, seed: 11);
        var outcome = await fuzz.RunAsync(Inputs, limit.Token);

        Assert.Equal(Inputs, outcome.Inputs);
        Assert.True((outcome.Crashes, outcome.Hangs, outcome.Unnumbered) == (0, 0, 0),
            string.Join('\n', outcome.Notes));
        Assert.True(outcome.Statuses.GetValueOrDefault("0") > 0 && outcome.Statuses.GetValueOrDefault("3") > 0);
        Assert.True(outcome.Transport < Inputs / 4, $"{outcome.Transport} of {Inputs} never became a call");
        var after = await raw.SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        Assert.Equal(SubmissionState.Used, after.State);
    }

    private static async Task<string> TokenAsync(HubConnection connection) =>
        (await connection.CallOptionsAsync(CancellationToken.None))
            .Headers!.GetValue("authorization")!["Bearer ".Length..];
}
