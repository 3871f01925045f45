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
    private const int GrpcPortDefault = 5080;
    private const int WebPortDefault = 5081;
    private const long SpoolFreeMiBMax = 1 << 20;
    private const int UploadKeptDaysMax = 365;
    private const int CheckSecondsMaxMax = 86_400;
    private const int LogKeptHoursMax = 8760;
    private const int StoreWaitSecondsMax = 86_400;
    private const int UnfinishedMaxMax = 100_000;
    private const int UnfinishedGiBMaxMax = 1 << 14;

    /// <summary>Cluster, spool, keys and credentials live here.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Folder of agreed templates: <c>partner-templates</c>.</summary>
    public required string TemplatesFolder { get; init; }

    public HubRoles Roles { get; init; } = HubRoles.All;

    /// <summary>Loopback port of the gRPC endpoint (h2c). 0: a free one. Default 5080.</summary>
    public int GrpcPort { get; init; } = GrpcPortDefault;

    /// <summary>Loopback port of the console and the token endpoint. 0: a free one. Default 5081.</summary>
    public int WebPort { get; init; } = WebPortDefault;

    /// <summary>PostgreSQL by connection string; null starts the embedded cluster.</summary>
    public string? Store { get; init; }

    /// <summary>
    /// The connection string of the role that owns the tables and changes them at a start, when <see cref="Store"/> is
    /// of one that only works with rows (<c>Hub:StoreOwner</c>). Null: <see cref="Store"/> owns them.
    /// </summary>
    public string? StoreOwner { get; init; }

    /// <summary>
    /// How long a store that is away is waited for at a start. Default 60 seconds (<c>Hub:StoreWaitSeconds</c>).
    /// </summary>
    public TimeSpan StoreWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A proxy on this machine hands callers through: their addresses and whether they came by TLS are read from its
    /// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> (<c>Hub:BehindProxy</c>). Default false: anybody on this
    /// machine could write those.
    /// </summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>Unfinished uploads of one department. Default 100 (<c>Hub:UnfinishedMax</c>).</summary>
    public int UnfinishedMax { get; init; } = Intake.IntakeOptions.UnfinishedMaxDefault;

    /// <summary>Bytes of one department's unfinished uploads. Default 16 GiB (<c>Hub:UnfinishedGiBMax</c>).</summary>
    public long UnfinishedBytesMax { get; init; } = Intake.IntakeOptions.UnfinishedBytesMaxDefault;

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
    /// Below this the disk of the spool counts as full: the intake is not serving and takes no bytes. Default 1 GiB
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
            GrpcPort = Port(hub, "GrpcPort", GrpcPort, GrpcPortDefault),
            WebPort = Port(hub, "WebPort", WebPort, WebPortDefault),
            SpoolFreeBytesMin = Whole(hub, "SpoolFreeMiBMin", 0, SpoolFreeMiBMax, SpoolFreeBytesMin >> 20) << 20,
            UploadKept = TimeSpan.FromDays(
                Whole(hub, "UploadKeptDays", 1, UploadKeptDaysMax, (long)UploadKept.TotalDays)),
            CheckTimeMax = TimeSpan.FromSeconds(
                Whole(hub, "CheckSecondsMax", 1, CheckSecondsMaxMax, (long)CheckTimeMax.TotalSeconds)),
            LogKept = TimeSpan.FromHours(Whole(hub, "LogKeptHours", 0, LogKeptHoursMax, (long)LogKept.TotalHours)),
            StoreWait = TimeSpan.FromSeconds(
                Whole(hub, "StoreWaitSeconds", 0, StoreWaitSecondsMax, (long)StoreWait.TotalSeconds)),
            UnfinishedMax = (int)Whole(hub, "UnfinishedMax", 1, UnfinishedMaxMax, UnfinishedMax),
            UnfinishedBytesMax = Whole(hub, "UnfinishedGiBMax", 1, UnfinishedGiBMaxMax, UnfinishedBytesMax >> 30) << 30,
            IsBehindProxy = Flag(hub, "BehindProxy", IsBehindProxy),
            MasterKey = hub["MasterKey"] is { Length: > 0 } masterKey ? masterKey : MasterKey,
            MasterKeyFile = hub["MasterKeyFile"] is { Length: > 0 } masterKeyFile ? masterKeyFile : MasterKeyFile,
            IsSpoolLost = Flag(hub, "SpoolLost", IsSpoolLost),
            Store = hub["Store"] is { Length: > 0 } store ? store : Store,
            StoreOwner = hub["StoreOwner"] is { Length: > 0 } owner ? owner : StoreOwner,
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

    private static int Port(IConfigurationSection hub, string key, int other, int usual) =>
        (int)Whole(hub, key, 0, ushort.MaxValue, other, usual);

    /// <summary>A whole number within its bounds, from the configuration or else from the command line.</summary>
    private static long Whole(IConfigurationSection hub, string key, long min, long max, long other, long usual = 0)
    {
        var text = hub[key] is { Length: > 0 } given ? given : other.ToString(CultureInfo.InvariantCulture);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max ? number
            : throw Unsound($"Hub:{key}", text, $"{min}..{max}",
                (other >= min && other <= max ? other : usual).ToString(CultureInfo.InvariantCulture));
    }

    private static bool Flag(IConfigurationSection hub, string key, bool other) =>
        hub[key] is not { Length: > 0 } text ? other
        : bool.TryParse(text, out var flag) ? flag
        : throw Unsound($"Hub:{key}", text, "true | false", other ? "true" : "false");

    private static ProblemException Unsound(string key, string value, string reason, string other) =>
        new(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", key), ("value", value), ("reason", reason), ("default", other)));
}
