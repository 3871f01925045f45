using InfoHub.Host.Batch;
using InfoHub.Host.Commands;
using InfoHub.Host.Composition;
using InfoHub.Host.Health;
using InfoHub.Storage;
using InfoHub.Storage.Parked;
using InfoHub.System.Tests.Fixtures;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;
using Status = InfoHub.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace InfoHub.System.Tests.Failure;

/// <summary>
/// A fault of the hub is seen by whoever looks, ends a batch with its number, and is worked by command.
/// </summary>
public sealed class ParkedTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-parked-").FullName;
    private BatchHub? _batch;

    private Hub Hub => _batch!.Hub;

    private ParkedWork Parked => Hub.Services.GetRequiredService<ParkedWork>();

    public async Task InitializeAsync() => _batch = await BatchHub.StartAsync("postgres", new HubOptions
    {
        DataFolder = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName,
        TemplatesFolder = Path.Combine(CommonOptions.RepositoryRoot, "partner-templates"),
        AsOf = new DateOnly(2025, 7, 20),
    }, None);

    public async Task DisposeAsync()
    {
        await _batch!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<int> ParkedCommandAsync(params string[] more) =>
        ParkedCommand.Create().Parse(["--data", Hub.Options.DataFolder, .. more]).InvokeAsync();

    private Task<int> DoctorAsync() =>
        DoctorCommand.Create().Parse(["--data", Hub.Options.DataFolder]).InvokeAsync();

    private async Task RunSqlAsync(string sql)
    {
        // The hub itself may change no table.
        await using var owner = NpgsqlDataSource.Create(
            EmbeddedPostgres.ConnectionStringOfRunning(Path.Combine(Hub.Options.DataFolder, "postgres"))!);
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private string[] Files(params string[] periods) => [.. periods.Select(period =>
    {
        var path = Path.Combine(_folder, $"GD-01_{period}.csv");
        File.WriteAllBytes(path, Electricity.Bytes(Electricity.Header, new[] { 1, 2 }.Select(n => Electricity.Row(n)
            .Replace(Electricity.Period, period, StringComparison.Ordinal))));
        return path;
    })];

    [Fact]
    public async Task Batch_SubmissionThatCannotBeResolved_EndsWithItsNumber_AndIsWorkedAfterTheMend()
    {
        Assert.Equal(0, await DoctorAsync());
        Assert.Equal(0, await ParkedCommandAsync());
        await RunSqlAsync("""
            create function public.poison() returns trigger language plpgsql as 'begin raise exception ''poison''; end';
            create trigger poison before update on hub.submission for each row
                when (new.resolved and new.period = 202503) execute function public.poison()
            """);
        using var feed = new BatchFeed(Hub, new LineDisplay(TextWriter.Null));
        var pushed = await feed.PushAsync(Files("202502", "202503"), None);
        Assert.All(pushed, file => Assert.Null(file.Problem));

        var ended = await Assert.ThrowsAsync<ProblemException>(() => feed.RequireAllWorkedAsync(None));
        Assert.Equal("IH-STO-001", ended.Problem.Code);
        Assert.Contains("GD-01.v1.202503.1", ended.Problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("./hub parked --retry", ended.Problem.Remedy, StringComparison.Ordinal);
        var output = Path.Combine(_folder, "out");
        await new RunOutput(Hub, output).WriteAsync(pushed, [], TimeSpan.Zero, None);
        Assert.Contains("\"what\": \"GD-01.v1.202503.1\"",
            await File.ReadAllTextAsync(Path.Combine(output, "summary.json")), StringComparison.Ordinal);
        Assert.Equal(ParkedCommand.ParkedExitCode, await ParkedCommandAsync());
        Assert.Equal(1, await DoctorAsync());

        await RunSqlAsync("drop trigger poison on hub.submission");
        Assert.Equal(0, await ParkedCommandAsync("--retry"));
        await UntilAsync(async () => (await Parked.CountAsync(None)).All == 0);
        await feed.RequireAllWorkedAsync(None);
        Assert.Equal(0, await DoctorAsync());
    }

    [Fact]
    public async Task Stage_Stuck_IsSeenByHealthAndDoctor_AndEndsABatch()
    {
        var health = Hub.Services.GetRequiredService<HealthMonitor>();
        Assert.Equal((Status.Serving, Status.Serving), (health.Of(""), health.Of(ServiceNeeds.Processing)));
        for (var i = 0; i < ParkedWork.TriesMax; i++)
            await Parked.FailedAsync("another", "broken", None);

        await UntilAsync(() => Task.FromResult(health.Of(ServiceNeeds.Processing) == Status.NotServing));
        Assert.Equal((Status.NotServing, Status.Serving),
            (health.Of(""), health.Of("infohub.intake.v1.Submissions")));
        Assert.Equal(1, await DoctorAsync());
        Assert.Equal(ParkedCommand.ParkedExitCode, await ParkedCommandAsync());
        using var feed = new BatchFeed(Hub, new LineDisplay(TextWriter.Null));
        var ended = await Assert.ThrowsAsync<ProblemException>(() => feed.PushAsync(Files("202502"), None));
        Assert.Equal("IH-STO-002", ended.Problem.Code);

        await Parked.WorkedAsync("another", None);
        await UntilAsync(() => Task.FromResult(health.Of("") == Status.Serving));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo())
            await Task.Delay(50, limit.Token);
    }
}
