using System.Data.Common;
using System.Net;
using InfoHub.Client;
using InfoHub.Console;
using InfoHub.Console.SignIn;
using InfoHub.Delivery;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Reconciliation;
using InfoHub.Host.Authority;
using InfoHub.Host.Problems;
using InfoHub.Host.Reflection;
using InfoHub.Intake;
using InfoHub.Processing;
using InfoHub.Storage;
using InfoHub.Storage.Access;
using InfoHub.Storage.Claims;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Keys;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using InfoHub.Streaming;
using InfoHub.Templates.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;

namespace InfoHub.Host.Composition;

/// <summary>
/// A running hub: the one place where objects are wired. Servers bind to the loopback interface. Disposing stops the
/// workers, then the log, then the embedded cluster.
/// </summary>
public sealed class Hub : IAsyncDisposable
{
    private const int Http2WindowBytes = 8 << 20;

    private readonly WebApplication _application;
    private readonly EmbeddedPostgres? _postgres;
    private readonly StoreAccess _access;
    private readonly IRecordLog _log;
    private readonly IDisposable _telemetry;

    private Hub(HubOptions options, WebApplication application, EmbeddedPostgres? postgres, StoreAccess access,
        IRecordLog log, IDisposable telemetry)
    {
        (Options, _application, _postgres, _access, _log, _telemetry) =
            (options, application, postgres, access, log, telemetry);
        Templates = application.Services.GetRequiredService<TemplateRegistry>();
    }

    public HubOptions Options { get; }

    /// <summary>As the hub works with it: rows are read and written, no table is changed.</summary>
    public NpgsqlDataSource Store => _access.Worker;

    public TemplateRegistry Templates { get; }

    public Uri Grpc { get; private set; } = null!;

    public Uri Web { get; private set; } = null!;

    public IServiceProvider Services => _application.Services;

    /// <exception cref="Templates.Problems.ProblemException">IH-CFG-*: what the operator has to mend before the hub can
    /// start.</exception>
    public static async Task<Hub> StartAsync(HubOptions options, CancellationToken cancellation)
    {
        StartCheck.MakeFolder(options.DataFolder);
        StartCheck.RequirePorts(options);
        var templates = TemplateFolder.Read(options.TemplatesFolder);
        var folder = Path.Combine(options.DataFolder, "postgres");
        var postgres = options.Store is null ? await EmbeddedPostgres.StartAsync(folder, cancellation) : null;
        var access = default(StoreAccess);
        try
        {
            using var logging = LoggerFactory.Create(build => build.AddConsole().SetMinimumLevel(options.LogLevel));
            access = postgres is null ? await StartCheck.OpenAsync(options, folder, logging, cancellation)
                : StoreAccess.Of(postgres.WorkerConnectionString, postgres.ConnectionString);
            var store = access.Worker;
            await UpdateSchemaAsync(access, templates, logging, cancellation);
            var log = await StreamingModule.OpenLogAsync(store, options.Kafka, cancellation);
            var (application, spool) = (default(WebApplication), default(Guid?));
            await using (var keys = await SharedKeys.OpenAsync(new KeyStore(store), options, cancellation))
            {
                if (options.Roles.HasFlag(HubRoles.Intake))
                    spool = await SharedSpool.OpenAsync(new SpoolPlaces(store), options, cancellation);
                application = Build(options, templates, (store, log, keys), (spool, postgres));
                if (application.Services.GetService<ClientRegistry>() is { } clients)
                    await keys.KeepClientsAsync(clients.Made, cancellation);
            }
            var telemetry = Telemetry.Start(application.Configuration);
            Telemetry.Map(application, telemetry);
            var hub = new Hub(options, application, postgres, access, log, telemetry);
            postgres?.Watch(application.Services.GetRequiredService<ILogger<EmbeddedPostgres>>());
            await application.StartAsync(cancellation);
            hub.ReadAddresses();
            return hub;
        }
        catch
        {
            if (access is not null)
                await access.DisposeAsync();
            if (postgres is not null)
                await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>There is no application yet whose log could tell what a change of the schema waits for.</summary>
    private static async Task UpdateSchemaAsync(
        StoreAccess access, TemplateRegistry templates, ILoggerFactory logging, CancellationToken cancellation)
    {
        var log = logging.CreateLogger(typeof(Schema).FullName!);
        await Schema.MigrateAsync(access.Owner, cancellation, log);
        await Schema.InstallTemplatesAsync(
            access.Owner, templates.All.Select(t => (t.Template, t.OdcsYaml)), cancellation, log);
        await access.LetWorkerInAsync(cancellation);
    }

    private static WebApplication Build(HubOptions options, TemplateRegistry templates,
        (NpgsqlDataSource Store, IRecordLog Log, SharedKeys Keys) shared, (Guid? Spool, EmbeddedPostgres? Postgres) own)
    {
        var (store, log, keys) = shared;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath =
            AppContext.BaseDirectory });
        // Copied, not chained: a chained configuration takes an empty value, the region of the whole city, for none.
        if (options.Configuration is { } configuration)
            builder.Configuration.AddInMemoryCollection(configuration.AsEnumerable().Where(setting =>
                setting.Value is not null));
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("LuckyPennySoftware", LogLevel.None)
            // A call is told by whoever answers it; five lines more of each would bury them.
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Authentication",
                LogLevel.Error).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        var (grpcPort, webPort) = (Ports.Choose(options.GrpcPort), Ports.Choose(options.WebPort));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, webPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            // A half-open connection would hold its upload; it is found out within the ping's delay and timeout.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.Http2.InitialConnectionWindowSize = Http2WindowBytes;
            kestrel.Limits.Http2.InitialStreamWindowSize = Http2WindowBytes;
        });
        var clock = options.AsOf is { } day ? new AsOfClock(day) : TimeProvider.System;
        builder.Services.AddSingleton(options).AddSingleton(templates).AddSingleton(store)
            .AddSingleton<DbDataSource>(store).AddSingleton(log).AddSingleton(clock)
            .AddSingleton(keys.Receipts).AddSingleton<ReceiptLedger>().AddSingleton<ClaimStore>()
            .AddSingleton<SubmissionStore>().AddSingleton<RowErrorStore>().AddSingleton<RowProofs>()
            .AddSingleton<WithdrawalStore>()
            .AddSingleton<LandingStore>().AddSingleton<ResolutionStore>().AddSingleton<LinkStore>().AddSingleton<EvaluationStore>();
        if (own.Postgres is { } postgres)
            builder.Services.AddSingleton(postgres);
        if (own.Spool is { } id)
            builder.Services.AddHostedService(_ => new SpoolSign(new SpoolPlaces(store), id));
        AddRoles(builder, options, templates, (clock, keys), (grpcPort, webPort));
        var application = builder.Build();
        if (options.IsBehindProxy)
            // Known proxies are those of this machine, which is the only one that reaches a loopback port.
            application.UseForwardedHeaders(new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            });
        application.UseProblems();
        application.UseAuthentication();
        application.UseAuthorization();
        MapRoles(application, options.Roles);
        return application;
    }

    private static void AddRoles(WebApplicationBuilder builder, HubOptions options, TemplateRegistry templates,
        (TimeProvider Clock, SharedKeys Keys) shared, (int Grpc, int Web) ports)
    {
        var (clock, keys) = shared;
        var services = builder.Services.AddProblems().AddStandardServices(options.Roles);
        services.AddAuthority(AuthorityOptions.Read(builder.Configuration.GetSection("Auth"), new AuthorityOptions
        {
            Issuer = new Uri($"http://127.0.0.1:{ports.Web}"),
            Hub = new Uri($"http://127.0.0.1:{ports.Grpc}"),
            DataFolder = options.DataFolder,
            IsSandbox = options.IsSandbox, SigningKey = keys.TokenSigningKey, MadeClients = keys.Clients,
            Departments = [.. templates.All.Select(t => t.Template.Department).Distinct()],
        }));
        var parameters = Calendars.Read(options.DataFolder);
        services.AddSingleton(parameters).AddHostedService<CalendarWatch>();
        services.AddSingleton<IReadOnlyDictionary<string,
            string>>(ModelCatalogue.All.ToDictionary(m => m.Id, m => m.Title));
        if (options.Roles.HasFlag(HubRoles.Intake))
            services.AddIntake(new IntakeOptions
            {
                SpoolFolder = SharedSpool.FolderIn(options.DataFolder),
                    EnvelopesAheadMax = options.EnvelopesAheadMax, IsTest = options.IsSandbox,
                UploadKept = options.UploadKept, CheckTimeMax = options.CheckTimeMax,
                SpoolFreeBytesMin = options.SpoolFreeBytesMin, UnfinishedMax = options.UnfinishedMax,
                UnfinishedBytesMax = options.UnfinishedBytesMax,
            });
        if (options.Roles.HasFlag(HubRoles.Processing))
            services.AddLogCut(options.LogKept).AddSingleton<ParkedWork>().AddProcessing(new ProcessingOptions
            {
                Parameters = parameters, Clock = clock, Gate = options.EvaluationGate,
                ResolutionGate = options.ResolutionGate,
            });
        if (options.Roles.HasFlag(HubRoles.Delivery))
            services.AddDelivery();
        if (options.Roles.HasFlag(HubRoles.Console))
        {
            // Cookies outlive a restart and are good at every host: their keys lie with the hub's other secrets.
            var cookies = keys.Cookies;
            services.AddDataProtection().SetApplicationName("infohub");
            services.Configure<KeyManagementOptions>(management => management.XmlRepository = cookies);
            services.AddConsole(options.IsSandbox).AddSingleton(ConsoleCatalogueOf(templates))
                .AddSingleton<SignInCheck>(provider => (id, secret, _) =>
                Task.FromResult(provider.GetService<ClientRegistry>()?.Find(id, secret)
                    is { Kind: CallerKind.Consumer } caller
                    ? new ConsoleUser(caller.ClientId, caller.Region).ToPrincipal() : null));
        }
    }

    private static ConsoleCatalogue ConsoleCatalogueOf(TemplateRegistry templates) => new(
        ModelCatalogue.All.Select(m => new NamedModel(m.Id, m.Title, m.GapOf)),
        templates.All.DistinctBy(t => t.Template.Item).Select(t => new NamedCode(t.Template.Item, t.Template.Title)),
            []);

    private static void MapRoles(WebApplication application, HubRoles roles)
    {
        application.MapAuthority();
        application.MapStandardServices();
        if (roles.HasFlag(HubRoles.Intake))
            application.MapIntake();
        if (roles.HasFlag(HubRoles.Delivery))
            application.MapDelivery();
        if (roles.HasFlag(HubRoles.Console))
            application.MapConsole();
    }

    private void ReadAddresses()
    {
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a)).ToArray();
        (Grpc, Web) = (addresses[0], addresses[1]);
    }

    /// <summary>Connects as a client of the built-in authority, with the secret this host has made for it.</summary>
    public HubConnection Connect(string clientId) => new(OptionsOf(clientId));

    /// <summary>How that client connects.</summary>
    public HubConnectionOptions OptionsOf(string clientId)
    {
        const string SecretLine = "INFOHUB_CLIENT_SECRET=";
        var lines = File.ReadAllLines(CredentialsOf(clientId));
        return new HubConnectionOptions
        {
            Hub = Grpc, Authority = Web, ClientId = clientId,
            ClientSecret = lines.First(l => l.StartsWith(SecretLine, StringComparison.Ordinal))[SecretLine.Length..],
        };
    }

    /// <summary>The file with a client's id, secret and addresses, ready to be sourced by a shell.</summary>
    public string CredentialsOf(string clientId) => Path.Combine(Options.DataFolder, "credentials", $"{clientId}.env");

    /// <summary>Runs until the process is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _application.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _application.StopAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Work under way did not end in time: it rolls back with its connection and is begun again at the next
            // start.
        }
        try
        {
            await _application.DisposeAsync();
            await _log.DisposeAsync();
            _telemetry.Dispose();
            await _access.DisposeAsync();
        }
        finally
        {
            // Whatever failed above, no server is left running in a folder that nobody holds any more.
            if (_postgres is not null)
                await _postgres.DisposeAsync();
        }
    }
}
