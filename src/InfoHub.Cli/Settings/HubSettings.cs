using System.CommandLine;
using InfoHub.Client;
using InfoHub.Client.Receipts;
using InfoHub.Templates.Problems;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Cli.Settings;

/// <summary>
/// Which hub, as whom. An option wins over an environment variable, that over the profile; what the profile knows of
/// its hub (environment, keys) is used for that hub only.
/// </summary>
internal sealed class HubSettings(Terminal terminal, ParseResult parsed, HubOptions options, int attemptsMax)
{
    private Profile? _profile;
    private bool _isRead;

    public HubHome Home { get; } = new(terminal.Environment);

    public string ProfileName => Given(options.Profile, "INFOHUB_PROFILE") ?? Profile.DefaultName;

    /// <summary>Null when nobody logged in.</summary>
    public Profile? Profile
    {
        get
        {
            if (!_isRead)
                (_profile, _isRead) = (Profile.Read(Home, ProfileName), true);
            return _profile;
        }
    }

    public string? Hub => Given(options.Hub, "INFOHUB_HUB") ?? Profile?.Hub;

    public string? Authority => Given(options.Authority, "INFOHUB_AUTHORITY") ?? Profile?.Authority;

    public string? ClientId => Given(options.ClientId, "INFOHUB_CLIENT_ID") ?? Profile?.ClientId;

    /// <summary>By option or variable; null when only a profile may know it.</summary>
    public string? GivenSecret => Given(options.ClientSecret, "INFOHUB_CLIENT_SECRET");

    public string? ClientSecret => GivenSecret
        ?? (Profile?.ClientId == ClientId ? Profile.ReadSecret(Home, ProfileName) : null);

    public IReadOnlyList<KeptKey> PinnedKeys =>
        Profile is { } profile && HubAddress.AreSame(profile.Hub, Hub) ? profile.ReceiptKeys : [];

    public HubEnvironment Environment => EnvironmentOf(Given(null, "INFOHUB_ENVIRONMENT")
        ?? (Profile is { } profile && HubAddress.AreSame(profile.Hub, Hub) ? profile.Environment : ""));

    public ChunkCompression Compression { get; set; }

    /// <summary>How long a command that sends waits for the hub; null: as long as the client does by itself.</summary>
    public TimeSpan? FollowTimeout { get; set; }

    public static HubEnvironment EnvironmentOf(string name) => name.ToUpperInvariant() switch
    {
        "TEST" => HubEnvironment.Test,
        "PRODUCTION" => HubEnvironment.Production,
        "" => HubEnvironment.Unspecified,
        _ => throw Unsound("INFOHUB_ENVIRONMENT", name, "应为 test 或 production"),
    };

    /// <exception cref="ProblemException">IH-CFG-010 names what is missing; IH-CFG-001: an address is
    /// unsound.</exception>
    public HubConnectionOptions Connection()
    {
        string[] missing =
        [
            .. new[] { (Hub, "INFOHUB_HUB"), (Authority, "INFOHUB_AUTHORITY"), (ClientId, "INFOHUB_CLIENT_ID"),
                (ClientSecret, "INFOHUB_CLIENT_SECRET") }.Where(s => string.IsNullOrWhiteSpace(s.Item1))
                    .Select(s => s.Item2),
        ];
        if (missing.Length > 0)
            throw new ProblemException(new Problem(ProblemCatalogue.NotLoggedIn,
                ("missing", string.Join("、", missing))));
        return With(Hub!, Authority!, ClientId!, ClientSecret!);
    }

    /// <summary>The same wishes for a hub and a caller that are not those of the settings.</summary>
    public HubConnectionOptions With(string hub, string authority, string clientId, string secret)
    {
        var made = new HubConnectionOptions
        {
            Hub = UriOf("--hub", hub), Authority = UriOf("--authority", authority), ClientId = clientId,
            ClientSecret = secret, ClearTextAllowed = parsed.GetValue(options.ClearText), AttemptsMax = attemptsMax,
            Environment = Environment, Compression = Compression, Clock = terminal.Clock,
        };
        return FollowTimeout is { } wait ? made with { FollowTimeout = wait } : made;
    }

    public static Uri UriOf(string key, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw Unsound(key, text, "不是有效地址");

    public static ProblemException Unsound(string key, string value, string reason) => new(new Problem(
        ProblemCatalogue.ConfigurationUnsound, ("key", key), ("value", value), ("reason", reason), ("default", "无")));

    private string? Given(Option<string>? option, string variable)
    {
        var value = option is not null && parsed.GetValue(option) is { Length: > 0 } given
            ? given : terminal.Environment(variable);
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }
}

/// <summary>The options of every command that name the hub and the caller.</summary>
internal sealed class HubOptions
{
    public Option<string> Profile { get; } = Text("--profile", "登录档案名（INFOHUB_PROFILE，默认 default）");

    public Option<string> Hub { get; } = Text("--hub", "平台 gRPC 地址（环境变量 INFOHUB_HUB）");

    public Option<string> Authority { get; } = Text("--authority", "认证服务地址（INFOHUB_AUTHORITY）");

    public Option<string> ClientId { get; } = Text("--client-id", "客户端标识（INFOHUB_CLIENT_ID）");

    public Option<string> ClientSecret { get; } =
        Text("--client-secret", "客户端密钥；命令行对本机其他用户可见，请优先用 infohub login 或环境变量 INFOHUB_CLIENT_SECRET");

    public Option<bool> ClearText { get; } =
        Flag("--allow-clear-text", "允许向非本机的 http 地址明文传输（仅限隔离的测试网）");

    public static Option<string> Text(string name, string description) =>
        new(name) { Description = description, Recursive = true };

    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Recursive = true };
}
