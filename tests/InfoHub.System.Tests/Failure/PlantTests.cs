using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Host.Commands;
using InfoHub.Host.Composition;
using InfoHub.Storage.Access;
using InfoHub.System.Tests.Fixtures;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>
/// What the hub starts it also watches, lets nobody in without a secret, and keeps the limits it tells.
/// </summary>
public sealed class PlantTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-plant-").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private string Data => Path.Combine(_folder, "data");

    private HubOptions Options => new()
    {
        DataFolder = Data, TemplatesFolder = Path.Combine(CommonOptions.RepositoryRoot, "partner-templates"),
        GrpcPort = 0, WebPort = 0, AsOf = new DateOnly(2025, 7, 20),
    };

    [Fact]
    public async Task EmbeddedServer_Killed_IsStartedAgain_AndTheHubGoesOn()
    {
        await using var hub = await Hub.StartAsync(Options, CancellationToken.None);
        using var limit = new CancellationTokenSource(Programs.Limit);
        var pid = int.Parse((await File.ReadAllLinesAsync(
            Path.Combine(Data, "postgres", "cluster", "postmaster.pid"), limit.Token))[0],
                CultureInfo.InvariantCulture);
        using (var server = Process.GetProcessById(pid))
        {
            server.Kill();
            await server.WaitForExitAsync(limit.Token);
        }
        var path = Path.Combine(_folder, "GD-01_202412.csv");
        await File.WriteAllBytesAsync(path, Electricity.Good(), limit.Token);
        using var connection = hub.Connect("gd");
        // The client tries again while the store is away.
        var status = await new SubmissionSender(connection)
            .SendAsync(SubmissionFile.FromPath(path), SendUntil.Resting, null, limit.Token);
        Assert.Equal((SubmissionState.Used, 3L), (status.State, (long)status.RowsStored));
        var health = await HealthAsync(hub, HttpStatusCode.OK);
        Assert.Contains("\"store\":\"ok\"", health, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmbeddedServer_LetsNobodyInWithoutASecret_AndTheHubOwnsNothing()
    {
        await using var hub = await Hub.StartAsync(Options, CancellationToken.None);
        var known = new NpgsqlConnectionStringBuilder(hub.Store.ConnectionString);
        foreach (var role in new[] { "infohub", "infohub_owner", "infohub_admin", "postgres" })
        {
            await using var stranger = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
            {
                Host = known.Host, Port = known.Port, Username = role, Database = "infohub", Pooling = false,
            }.ConnectionString);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => stranger.OpenAsync());
        }
        await using var command = hub.Store.CreateCommand("""
            select (select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user)
                or exists (select 1 from pg_class where relowner = current_user::regrole)
            """);
        Assert.False((bool)(await command.ExecuteScalarAsync())!);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(Data, "postgres", "pgpass")));
    }

    [Fact]
    public async Task SecondHost_OfTheSameFolder_NeedsNoCopyOfTheSecrets()
    {
        await using var hub = await Hub.StartAsync(Options, CancellationToken.None);
        var port = new NpgsqlConnectionStringBuilder(hub.Store.ConnectionString).Port;
        var (worker, owner) = StoreAccess.Complete(
            $"Host=127.0.0.1;Port={port};Username=infohub;Database=infohub", Path.Combine(Data, "postgres"));
        Assert.NotNull(owner);
        await using var access = StoreAccess.Of(worker, owner);
        await using (await access.Worker.OpenConnectionAsync())
        await using (await access.Owner.OpenConnectionAsync())
            Assert.NotSame(access.Worker, access.Owner);
        var elsewhere = $"Host=127.0.0.1;Port={port + 1};Username=infohub;Database=infohub";
        Assert.Equal((elsewhere, null), StoreAccess.Complete(elsewhere, Path.Combine(Data, "postgres")));
    }

    [Fact]
    public async Task Disk_BelowItsMinimum_NothingIsTaken_AndTheFiguresAreSaid()
    {
        await using var hub = await Hub.StartAsync(Options with { SpoolFreeBytesMin = 1L << 50 },
            CancellationToken.None);
        var path = Path.Combine(_folder, "GD-01_202412.csv");
        await File.WriteAllBytesAsync(path, Electricity.Good());
        using var connection = new HubConnection(hub.OptionsOf("gd") with { AttemptsMax = 1 });
        var refused = await Assert.ThrowsAsync<ProblemException>(() => new SubmissionSender(connection)
            .SendAsync(SubmissionFile.FromPath(path), SendUntil.Resting, null, CancellationToken.None));
        Assert.Equal("IH-INT-111", refused.Problem.Code);
        Assert.Contains("磁盘空间不足", refused.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("1,073,741,824 MB", refused.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("bytes free", await HealthAsync(hub, HttpStatusCode.ServiceUnavailable),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unfinished_BeyondTheShare_AreRefused_UntilOneIsFinished()
    {
        await using var hub = await Hub.StartAsync(Options with { UnfinishedMax = 2 }, CancellationToken.None);
        using var connection = hub.Connect("gd");
        var sender = new RawSender(connection);
        var contents = Enumerable.Range(1, 3).Select(n => Electricity.Good(rows: n)).ToArray();
        for (var sequence = 1; sequence <= 2; sequence++)
            await sender.OpenAsync(RawSender.Request(contents[sequence - 1], sequence));
        await Refusal.AssertAsync(StatusCode.ResourceExhausted, "IH-INT-152",
            () => sender.OpenAsync(RawSender.Request(contents[2], 3)));
        await sender.SendAsync(RawSender.Request(contents[0], 1), contents[0]);
        await sender.OpenAsync(RawSender.Request(contents[2], 3));
    }

    [Theory]
    [InlineData("Hub:Store", "nonsense", "IH-CFG-001")]
    [InlineData("Hub:Store", "Host=127.0.0.1;Port=1;Username=x;Database=y", "IH-CFG-030")]
    [InlineData("Hub:GrpcPort", "99999", "IH-CFG-001")]
    [InlineData("Hub:WebPort", "taken", "IH-CFG-031")]
    public async Task Start_OrdinaryMistake_HasItsNumber(string key, string value, string code)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        if (value == "taken")
            value = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [key] = value, ["Hub:StoreWaitSeconds"] = "0",
        }).Build();
        var refused = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await using var hub = await Hub.StartAsync(Options.Read(settings), CancellationToken.None);
        });
        Assert.Equal(code, refused.Problem.Code);
    }

    [Fact]
    public async Task Figures_AreForThisMachineOnly()
    {
        await using var hub = await Hub.StartAsync(Options, CancellationToken.None);
        using var browser = new HttpClient { BaseAddress = hub.Web };
        Assert.Contains("infohub_stage_lag", await browser.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            StringComparison.Ordinal);
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        foreach (var path in new[] { "/metrics", "/health" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    private static async Task<string> HealthAsync(Hub hub, HttpStatusCode expected)
    {
        using var browser = new HttpClient { BaseAddress = hub.Web };
        for (var tries = 0; ; tries++)
        {
            using var answer = await browser.GetAsync(new Uri("/health", UriKind.Relative));
            if (answer.StatusCode == expected || tries == 20)
            {
                Assert.Equal(expected, answer.StatusCode);
                return await answer.Content.ReadAsStringAsync();
            }
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
