using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using InfoHub.Client;
using InfoHub.Delivery;
using InfoHub.Domain.Identity;
using InfoHub.Host.Authority;
using InfoHub.Host.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InfoHub.Stages.Tests.Fakes;

/// <summary>
/// A hub in the test process: the real authority, policies and problem mapping on Kestrel over loopback, with
/// <see cref="FakeSubmissions"/> behind them. Delivery is the real service on a store that nobody answers for.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeHub(WebApplication app, string dataFolder, Uri hub, Uri authority)
    {
        (_app, DataFolder, Hub, AuthorityAddress) = (app, dataFolder, hub, authority);
        Submissions = app.Services.GetRequiredService<FakeSubmissions>();
    }

    private static readonly string SigningKey =
        ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();

    public string DataFolder { get; }

    public Uri Hub { get; }

    public Uri AuthorityAddress { get; }

    public FakeSubmissions Submissions { get; }

    public static async Task<FakeHub> StartAsync(Func<AuthorityOptions, AuthorityOptions>? change = null,
        string? dataFolder = null)
    {
        dataFolder ??= Directory.CreateTempSubdirectory("infohub-fake-").FullName;
        var (rpcPort, webPort) = (FreePort(), FreePort());
        var (hub, authority) = (new Uri($"http://127.0.0.1:{rpcPort}"), new Uri($"http://127.0.0.1:{webPort}"));
        var options = new AuthorityOptions
        {
            Issuer = authority, Hub = hub, DataFolder = dataFolder, Departments = ["SCJG", "GD"], SigningKey = SigningKey,
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, rpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, webPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddAuthority(change?.Invoke(options) ?? options).AddProblems().AddDelivery();
        builder.Services.AddSingleton<FakeSubmissions>();
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=2"));
        builder.Services.AddSingleton<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapAuthority();
        app.MapDelivery();
        app.MapGrpcService<FakeSubmissions>().RequireAuthorization(HubPolicies.Department);
        app.MapGet("/unmarked", () => "open");
        await app.StartAsync();
        return new FakeHub(app, dataFolder, hub, authority);
    }

    public HubConnection Connect(string client = "scjg", Func<HubConnectionOptions, HubConnectionOptions>? change =
        null)
    {
        var options = new HubConnectionOptions
        {
            Hub = Hub, Authority = AuthorityAddress, ClientId = client, ClientSecret = SecretOf(client),
            AttemptsMax = 5, RetryDelayMin = TimeSpan.FromMilliseconds(1), RetryDelayMax =
                TimeSpan.FromMilliseconds(20),
            StallTimeout = TimeSpan.FromSeconds(10),
        };
        return new HubConnection(change?.Invoke(options) ?? options);
    }

    public string SecretOf(string client) => Settings(client)["INFOHUB_CLIENT_SECRET"];

    public Dictionary<string, string> Settings(string client) =>
        File.ReadLines(Path.Combine(DataFolder, "credentials", $"{client}.env"))
            .Select(line => line.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(DataFolder, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
