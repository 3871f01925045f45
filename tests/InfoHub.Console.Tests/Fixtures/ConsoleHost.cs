using System.Globalization;
using System.Security.Claims;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Parameters;
using InfoHub.Storage;
using InfoHub.Storage.Parties;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace InfoHub.Console.Tests.Fixtures;

/// <summary>The console on Kestrel over a PostgreSQL of its own, without the rest of the hub.</summary>
public sealed class ConsoleHost : IAsyncLifetime
{
    public const string Consumer = "tax-339901";
    public const string Department = "dept-yb";
    public const string Secret = "right-horse";

    /// <summary>Of the same branch as <see cref="Consumer"/>.</summary>
    public const string SecondOfficer = "tax-339901-b";

    /// <summary>Two of the branch in which tests of the edge rule.</summary>
    public const string Elsewhere = "tax-339903";

    public const string SecondElsewhere = "tax-339903-b";

    public const string WholeCity = "tax-city";

    /// <summary>Of a branch without any row.</summary>
    public const string Idle = "tax-339909";

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-console-").FullName;
    private EmbeddedPostgres? _cluster;
    private NpgsqlDataSource? _store;
    private WebApplication? _app;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public NpgsqlDataSource Store => _store ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        _cluster = await EmbeddedPostgres.StartAsync(_folder, limit.Token);
        _store = NpgsqlDataSource.Create(_cluster.ConnectionString);
        await Schema.MigrateAsync(_store, limit.Token);
        await FindingSeed.StoreAsync(_store, LinjiangCity.Findings(), limit.Token);
        await LinkSeed.StoreAsync(_store, limit.Token);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_store);
        builder.Services.AddSingleton(LinjiangCity.Names);
        builder.Services.AddSingleton<SignInCheck>(CheckAsync);
        builder.Services.AddSingleton(LinkSeed.Templates);
        builder.Services.AddConsole();
        _app = builder.Build();
        _app.MapConsole();
        await _app.StartAsync(limit.Token);
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>Address under which a row is judged blind; every row that may be drawn is.</summary>
    public async Task<string> SampleAsync(long row)
    {
        await new LinkAudits(Store, LinkSeed.Templates, TimeProvider.System).DrawAsync("", 1, LinkAudits.BandMax,
            LinkInterest.Of(ParameterSet.Shipped, new DateOnly(2025, 6, 1)), CancellationToken.None);
        await using var command = Store.CreateCommand("""
            select min(a.number) from hub.link_audit a join hub.open_row o using (identity, item) where o.number = $1
            """);
        command.Parameters.AddWithValue(row);
        var sample = (long)(await command.ExecuteScalarAsync())!;
        return string.Create(CultureInfo.InvariantCulture, $"/links/{row}?audit={sample}");
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<ClaimsPrincipal?> CheckAsync(string clientId, string secret, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ClaimsPrincipal? principal = (clientId, secret) switch
        {
            (Consumer, Secret) => Principal(ConsoleClaims.KindConsumer, "339901"),
            (SecondOfficer, Secret) => Principal(ConsoleClaims.KindConsumer, "339901"),
            (Elsewhere or SecondElsewhere, Secret) => Principal(ConsoleClaims.KindConsumer, LinkSeed.OtherBranch),
            (WholeCity, Secret) => Principal(ConsoleClaims.KindConsumer, ""),
            (Idle, Secret) => Principal(ConsoleClaims.KindConsumer, "339909"),
            (Department, Secret) => Principal("department", ""),
            _ => null,
        };
        return Task.FromResult(principal);
    }

    private static ClaimsPrincipal Principal(string kind, string region) => new(new ClaimsIdentity(
        [new Claim(ConsoleClaims.Kind, kind), new Claim(ConsoleClaims.Region, region)], "test"));
}
