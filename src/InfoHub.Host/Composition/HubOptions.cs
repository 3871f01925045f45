using System.Globalization;
using InfoHub.Streaming;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>Parts of the flow one host can take on. Default: all.</summary>
[Flags]
public enum HubRoles
{
    None = 0,
    Intake = 1,
    Processing = 2,
    Delivery = 4,
    Console = 8,
    All = Intake | Processing | Delivery | Console,
}

/// <summary>How a hub is started. The embedded default needs nothing but a data folder.</summary>
public sealed record HubOptions
{
    private const long SpoolFreeMiBMax = 1 << 20;
    private const int UploadKeptDaysMax = 365;
    private const int CheckSecondsMaxMax = 86_400;
    private const int LogKeptHoursMax = 8760;

    /// <summary>Cluster, spool, keys and credentials live here.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Folder of agreed templates: <c>partner-templates</c>.</summary>
    public required string TemplatesFolder { get; init; }

    public HubRoles Roles { get; init; } = HubRoles.All;

    /// <summary>Loopback port of the gRPC endpoint (h2c). 0: a free one. Default 5080.</summary>
    public int GrpcPort { get; init; } = 5080;

    /// <summary>Loopback port of the console and the token endpoint. 0: a free one. Default 5081.</summary>
    public int WebPort { get; init; } = 5081;

    /// <summary>PostgreSQL by connection string; null starts the embedded cluster.</summary>
    public string? Store { get; init; }

    /// <summary>The private key that signs receipts (PEM); null keeps one in the store, sealed.</summary>
    public string? ReceiptKeyFile { get; init; }

    /// <summary>
    /// The key that the secrets in the store are sealed with: 32 bytes in Base64 (<c>Hub:MasterKey</c>), or the file
    /// that holds it (<c>Hub:MasterKeyFile</c>); neither: <c>DATA/authority/master-key</c>.
    /// </summary>
    public string? MasterKey { get; init; }

    /// <inheritdoc cref="MasterKey"/>
    public string? MasterKeyFile { get; init; }

    /// <summary>
    /// The files that departments had sent are gone with the spool, and those not yet checked are to be sent again
    /// (<c>Hub:SpoolLost</c>).
    /// </summary>
    public bool IsSpoolLost { get; init; }

    /// <summary>
    /// How long the embedded record log keeps what has landed. Default 1 h (<c>Hub:LogKeptHours</c>).
    /// </summary>
    public TimeSpan LogKept { get; init; } = TimeSpan.FromHours(StreamingModule.LogKeptHoursDefault);

    /// <summary>Kafka; null keeps the record log in PostgreSQL.</summary>
    public KafkaOptions? Kafka { get; init; }

    /// <summary>Envelopes of one submission that may be on the log and not yet landed.</summary>
    public int EnvelopesAheadMax { get; init; } = Intake.IntakeOptions.EnvelopesAheadMaxDefault;

    /// <summary>
    /// Below this the disk of the spool counts as full and the intake as not serving. Default 1 GiB
    /// (<c>Hub:SpoolFreeMiBMin</c>).
    /// </summary>
    public long SpoolFreeBytesMin { get; init; } = 1L << 30;

    /// <summary>
    /// How long the bytes of an upload that was never committed are kept. Default 7 days (<c>Hub:UploadKeptDays</c>).
    /// </summary>
    public TimeSpan UploadKept { get; init; } = TimeSpan.FromDays(Intake.IntakeOptions.UploadKeptDaysDefault);

    /// <summary>How long reading one file may take. Default 300 seconds (<c>Hub:CheckSecondsMax</c>).</summary>
    public TimeSpan CheckTimeMax { get; init; } =
        TimeSpan.FromSeconds(Intake.IntakeOptions.CheckSecondsMaxDefault);

    /// <summary>
    /// A hub to rehearse against: credentials and console say so, and it takes only data marked as a test.
    /// </summary>
    public bool IsSandbox { get; init; }

    /// <summary>Fixes the business clock to noon of this day (China); null uses the real one.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Evaluation waits until it is opened: batch runs load everything first and judge once.</summary>
    public Processing.EvaluationGate EvaluationGate { get; init; } = new(isOpen: true);

    /// <summary>Resolution waits until it is opened: a batch resolves in the order of its files.</summary>
    public Processing.EvaluationGate ResolutionGate { get; init; } = new(isOpen: true);

    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>
    /// Sections of other parts, above all <c>Auth</c>; they win over the environment. Null: the environment alone.
    /// </summary>
    public IConfiguration? Configuration { get; init; }

    /// <summary>
    /// Reads section <c>Hub</c> over these values and keeps the rest for other parts; every fault names its key.
    /// </summary>
    /// <exception cref="ProblemException">IH-CFG-001.</exception>
    public HubOptions Read(IConfiguration configuration)
    {
        var hub = configuration.GetSection("Hub");
        var kafka = configuration.GetSection("Kafka");
        return this with
        {
            Configuration = configuration,
            Roles = hub["Roles"] is { Length: > 0 } roles ? RolesOf(roles) : Roles,
            GrpcPort = Port(hub, "GrpcPort", GrpcPort),
            WebPort = Port(hub, "WebPort", WebPort),
            SpoolFreeBytesMin = hub["SpoolFreeMiBMin"] is not { Length: > 0 } mib ? SpoolFreeBytesMin
                : long.TryParse(mib, NumberStyles.None, CultureInfo.InvariantCulture, out var free)
                    && free <= SpoolFreeMiBMax ? free << 20
                : throw Unsound("Hub:SpoolFreeMiBMin", mib, $"0..{SpoolFreeMiBMax}", "1024"),
            UploadKept = hub["UploadKeptDays"] is not { Length: > 0 } days ? UploadKept
                : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
                    && kept is >= 1 and <= UploadKeptDaysMax ? TimeSpan.FromDays(kept)
                : throw Unsound("Hub:UploadKeptDays", days, $"1..{UploadKeptDaysMax}",
                    Intake.IntakeOptions.UploadKeptDaysDefault.ToString(CultureInfo.InvariantCulture)),
            CheckTimeMax = hub["CheckSecondsMax"] is not { Length: > 0 } seconds ? CheckTimeMax
                : int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
                    && most is >= 1 and <= CheckSecondsMaxMax ? TimeSpan.FromSeconds(most)
                : throw Unsound("Hub:CheckSecondsMax", seconds, $"1..{CheckSecondsMaxMax}",
                    Intake.IntakeOptions.CheckSecondsMaxDefault.ToString(CultureInfo.InvariantCulture)),
            LogKept = hub["LogKeptHours"] is not { Length: > 0 } hours ? LogKept
                : int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var keptHours)
                    && keptHours <= LogKeptHoursMax ? TimeSpan.FromHours(keptHours)
                : throw Unsound("Hub:LogKeptHours", hours, $"0..{LogKeptHoursMax}",
                    StreamingModule.LogKeptHoursDefault.ToString(CultureInfo.InvariantCulture)),
            MasterKey = hub["MasterKey"] is { Length: > 0 } masterKey ? masterKey : MasterKey,
            MasterKeyFile = hub["MasterKeyFile"] is { Length: > 0 } masterKeyFile ? masterKeyFile : MasterKeyFile,
            IsSpoolLost = hub["SpoolLost"] is not { Length: > 0 } lost ? IsSpoolLost
                : bool.TryParse(lost, out var isLost) ? isLost
                : throw Unsound("Hub:SpoolLost", lost, "true | false", "false"),
            Store = hub["Store"] is { Length: > 0 } store ? store : Store,
            ReceiptKeyFile = configuration["Receipts:KeyFile"] is { Length: > 0 } keyFile ? keyFile : ReceiptKeyFile,
            Kafka = kafka["BootstrapServers"] is { Length: > 0 } servers ? KafkaOf(kafka, servers) : Kafka,
        };
    }

    private static KafkaOptions KafkaOf(IConfigurationSection kafka, string servers) => new()
    {
        BootstrapServers = servers,
        Topic = kafka["Topic"] is { Length: > 0 } topic ? topic : "infohub-records",
        EnableIdempotence = kafka["EnableIdempotence"] == "true",
        Settings = kafka.GetSection("Settings").GetChildren().ToDictionary(s => s.Key, s => s.Value ?? ""),
    };

    private static HubRoles RolesOf(string text) => Enum.TryParse<HubRoles>(text, ignoreCase: true, out var roles) && roles != HubRoles.None
        ? roles : throw Unsound("Hub:Roles", text, "intake, processing, delivery, console", "all");

    private static int Port(IConfigurationSection hub, string key, int other) => hub[key] is not { Length: > 0 } text ? other
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue ? port
        : throw Unsound($"Hub:{key}", text, "0..65535", other.ToString(CultureInfo.InvariantCulture));

    private static ProblemException Unsound(string key, string value, string reason, string other) =>
        new(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", key), ("value", value), ("reason", reason), ("default", other)));
}
