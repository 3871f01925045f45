using System.Globalization;
using InfoHub.Domain.Identity;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Authority;

/// <summary>
/// A machine that may ask the built-in authority for tokens. Exactly one of <paramref name="SecretHash"/>
/// (<c>sha256:hex</c> for generated secrets, <c>pbkdf2-sha256:iterations:salt:hash</c> for chosen ones, both base64)
/// and
/// <paramref name="SecretFile"/> (holds the secret itself) is set.
/// </summary>
public sealed record ClientRegistration(
    string Id, CallerKind Kind, string Department, string Region, string? SecretHash, string? SecretFile);

/// <summary>Section <c>Auth</c>.</summary>
public sealed record AuthorityOptions
{
    public const string AudienceDefault = "infohub";

    /// <summary>
    /// <c>Auth:Authority</c>: any OIDC authority by URL (Duende IdentityServer, Keycloak, the built-in one of another
    /// host). Null: the built-in one of this host.
    /// </summary>
    public Uri? External { get; init; }

    /// <summary><c>Auth:Audience</c>: what a token's <c>aud</c> must be. Default <c>infohub</c>.</summary>
    public string Audience { get; init; } = AudienceDefault;

    /// <summary>
    /// <c>Auth:Issuer</c>: the built-in authority's public address. Default: the web address of this host.
    /// </summary>
    public required Uri Issuer { get; init; }

    /// <summary>The hub's gRPC address, written into credential files.</summary>
    public required Uri Hub { get; init; }

    public required string DataFolder { get; init; }

    /// <summary>Credential files mark what is sent with them as a test.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>The built-in authority's ECDSA P-256 key in PEM; all hosts of a store have the same.</summary>
    public string SigningKey { get; init; } = "";

    /// <summary>The hash of each client's secret that was made before, by this host or another.</summary>
    public IReadOnlyDictionary<string, string> MadeClients { get; init; } = new Dictionary<string, string>();

    /// <summary><c>Auth:Clients</c>: who is known beside the clients that are made.</summary>
    public IReadOnlyList<ClientRegistration> Clients { get; init; } = [];

    /// <summary>
    /// <c>Auth:MakeClients</c>: a client for each department and one for the whole city are made at the first start.
    /// False: only <see cref="Clients"/> are known. Default true.
    /// </summary>
    public bool MakesClients { get; init; } = true;

    /// <summary>The departments that get a client when clients are made.</summary>
    public IReadOnlyList<string> Departments { get; init; } = [];

    /// <summary>Default 1 h, 1 min to 24 h (<c>Auth:TokenMinutes</c>).</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Failed attempts per client and address and minute before further ones are put off. Default 10.
    /// </summary>
    public int FailuresPerMinuteMax { get; init; } = 10;

    /// <summary>The real clock, also where the hub's business clock is fixed.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads section <c>Auth</c> over the host's own values.</summary>
    /// <exception cref="ProblemException">IH-CFG-001, naming the key.</exception>
    public static AuthorityOptions Read(IConfigurationSection auth, AuthorityOptions host)
    {
        var minutes = auth["TokenMinutes"] is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read) && read is >= 1 and <= 1440
                ? read : throw Unsound("Auth:TokenMinutes", text, "应为 1 至 1440", "60")
            : (int)host.TokenLifetime.TotalMinutes;
        return host with
        {
            External = UriOf(auth, "Authority") ?? host.External,
            Issuer = UriOf(auth, "Issuer") ?? host.Issuer,
            Audience = auth["Audience"] is { Length: > 0 } audience ? audience : host.Audience,
            TokenLifetime = TimeSpan.FromMinutes(minutes),
            Clients = [.. auth.GetSection("Clients").GetChildren().Select(ClientOf)],
            MakesClients = auth["MakeClients"] switch
            {
                null or "" => host.MakesClients,
                { } yes when bool.TryParse(yes, out var makes) => makes,
                { } other => throw Unsound("Auth:MakeClients", other, "应为 true 或 false", "true"),
            },
        };
    }

    private static ClientRegistration ClientOf(IConfigurationSection client)
    {
        string Key(string name) => $"{client.Path}:{name}";
        var (id, department, region) = (client["Id"] ?? "", client["Department"] ?? "", client["Region"]);
        if (!ClientRegistry.IsClientId(id))
            throw Unsound(Key("Id"), id, "应为小写字母、数字和连字符，最多 64 个", "无");
        var kind = client["Kind"] switch
        {
            CallerClaims.KindDepartment => CallerKind.Department,
            CallerClaims.KindConsumer => CallerKind.Consumer,
            var other => throw Unsound(Key("Kind"), other ?? "", "应为 department 或 consumer", "无"),
        };
        if (kind == CallerKind.Department && !Caller.IsDepartment(department))
            throw Unsound(Key("Department"), department, "应为部门代码，例如 SCJG", "无");
        // Left out is not the same as empty: the whole city is given on purpose only.
        if (kind == CallerKind.Consumer && (region is null || !Caller.IsRegion(region)))
            throw Unsound(Key("Region"), region ?? "", "应为行政区划代码前缀，全市写空字符串", "无");
        var (hash, file) = (client["SecretHash"], client["SecretFile"]);
        if (hash is null == file is null)
            throw Unsound(Key("SecretHash"), "", "SecretHash 与 SecretFile 应恰好给出一个", "无");
        return new ClientRegistration(id, kind, department, region ?? "", hash, file);
    }

    private static Uri? UriOf(IConfigurationSection auth, string key) =>
        auth[key] is not { Length: > 0 } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw Unsound($"Auth:{key}", text, "应为 http 或 https 地址", "内置");

    internal static ProblemException Unsound(string key, string value, string reason, string defaultText) =>
        new(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", key), ("value", value), ("reason", reason), ("default", defaultText)));
}
