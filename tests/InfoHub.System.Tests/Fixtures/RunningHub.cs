using System.Globalization;
using System.Security.Cryptography;
using InfoHub.Cli;
using InfoHub.Client;
using InfoHub.Host.Batch;
using InfoHub.Host.Commands;
using InfoHub.Host.Composition;
using InfoHub.Host.Demo;
using Microsoft.Extensions.Configuration;
using Xunit;

// A hub and its cluster use what there is of the machine; two at a time only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace InfoHub.System.Tests.Fixtures;

/// <summary>
/// One hub for all test classes of a collection, with a small city in it and a consumer of one district.
/// </summary>
public sealed class RunningHub : IAsyncLifetime
{
    public const string CityConsumer = "tax-city";
    public const string DistrictConsumer = "tax-wuchang";
    public const string District = "420106";

    private static readonly string[] Departments = ["SCJG", "SW", "GD", "GS", "YB", "RS"];

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-system-").FullName;
    private readonly Dictionary<string, string> _secrets = [];
    private Hub? _hub;
    private int _sequence;

    public Hub Hub => _hub!;

    public DemoSummary City { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _hub = await Hub.StartAsync(new HubOptions
        {
            DataFolder = Path.Combine(_folder, "data"), TemplatesFolder = Path.Combine(CommonOptions.RepositoryRoot, "partner-templates"),
            GrpcPort = 0, WebPort = 0, AsOf = new DateOnly(2025, 7, 20), Configuration = Clients(),
        }, CancellationToken.None);
        City = DemoCity.Generate(new DemoOptions { Parties = 1_000, OutputFolder = Path.Combine(_folder, "city") });
        using var feed = new BatchFeed(_hub, new LineDisplay(TextWriter.Null));
        var pushed = await feed.PushAsync([.. City.Files.Select(f => f.Path)], CancellationToken.None);
        Assert.All(pushed, file => Assert.Null(file.Problem));
    }

    public async Task DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Section Auth as an operator would write it into hub.json: secrets lie in files.</summary>
    private IConfiguration Clients()
    {
        var settings = new Dictionary<string, string?>();
        var credentials = Directory.CreateDirectory(Path.Combine(_folder, "data", "credentials")).FullName;
        void Client(string id, string kind, string key, string value)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"Auth:Clients:{_secrets.Count}");
            _secrets[id] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var file = Path.Combine(_folder, $"{id}.secret");
            File.WriteAllText(file, _secrets[id]);
            File.WriteAllText(Path.Combine(credentials, $"{id}.env"), $"INFOHUB_CLIENT_SECRET={_secrets[id]}\n");
            (settings[$"{at}:Id"], settings[$"{at}:Kind"], settings[$"{at}:{key}"], settings[$"{at}:SecretFile"]) = (id, kind, value, file);
        }
        foreach (var department in Departments)
            Client(department.ToLowerInvariant(), "department", "Department", department);
        Client(CityConsumer, "consumer", "Region", "");
        Client(DistrictConsumer, "consumer", "Region", District);
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    public HubConnection Connect(string client) => Hub.Connect(client);

    /// <summary>A sequence no test has used: every submission has a key of its own.</summary>
    public int NextSequence() => Interlocked.Increment(ref _sequence);

    public string SecretOf(string client) => _secrets[client];

    /// <summary>A file of this content and a name that no test has used.</summary>
    public string WriteFile(string item, byte[] content, string extension = ".csv")
    {
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{item}_{Electricity.Period}_{NextSequence()}{extension}"));
        File.WriteAllBytes(path, content);
        return path;
    }

    public IReadOnlyDictionary<string, string> EnvironmentOf(string client) => new Dictionary<string, string>
    {
        ["INFOHUB_HUB"] = Hub.Grpc.AbsoluteUri, ["INFOHUB_AUTHORITY"] = Hub.Web.AbsoluteUri,
        ["INFOHUB_CLIENT_ID"] = client, ["INFOHUB_CLIENT_SECRET"] = SecretOf(client),
    };

    /// <summary><c>infohub</c> within this process.</summary>
    internal async Task<CommandResult> RunAsync(string client, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, IsInteractive: false, EnvironmentOf(client).GetValueOrDefault);
        var code = await HubCommandLine.RunAsync(arguments, terminal, CancellationToken.None);
        return new CommandResult((int)code, output.ToString(), error.ToString());
    }
}

[CollectionDefinition(Name)]
public sealed class HubCollection : ICollectionFixture<RunningHub>
{
    public const string Name = "one hub";
}

internal sealed record CommandResult(int Code, string Out, string Error)
{
    public string All => Out + Error;

    public override string ToString() => $"exit code {Code}\n{Out}\n{Error}";
}
