using System.Security.Cryptography;
using InfoHub.Domain.Identity;
using Microsoft.IdentityModel.Tokens;

namespace InfoHub.Host.Authority;

/// <summary>
/// Who may ask for tokens: the configured clients and, beside them, one per department and the consumer
/// <c>tax-city</c>, made at the first start of the first host. The secrets of those made are kept nowhere but in its
/// <c>&lt;data&gt;/credentials/&lt;client&gt;.env</c>, their hashes are known to all hosts. A configured client of the
/// same name stands in the place of the made one.
/// </summary>
internal sealed class ClientRegistry
{
    public const string CityConsumer = "tax-city";
    private const int ClientIdLengthMax = 64;
    private const int SecretBytes = 32;
    private const string SecretLine = "INFOHUB_CLIENT_SECRET=";

    // Compared with when the client is unknown, so that the answer takes as long.
    private static readonly ClientSecret NoSecret = ClientSecret.FromPlain(Guid.NewGuid().ToString());

    private readonly Dictionary<string, (Caller Caller, ClientSecret Secret)> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);

    public ClientRegistry(AuthorityOptions options, ILogger<ClientRegistry> log)
    {
        var folder = Path.Combine(options.DataFolder, "credentials");
        foreach (var client in options.Clients)
            if (!_clients.TryAdd(client.Id, (new Caller(client.Kind, client.Id, client.Department, client.Region), SecretOf(client))))
                throw AuthorityOptions.Unsound("Auth:Clients", client.Id, "客户端标识重复", "无");
        if (options.MakesClients)
            MakeAll(options, folder, log);
        Log.ClientsReady(log, _clients.Count, _made.Count, folder);
    }

    /// <summary>The hashes of the secrets that no host knew before.</summary>
    public IReadOnlyDictionary<string, string> Made => _made;

    public static bool IsClientId(string text) =>
        text.Length is > 0 and <= ClientIdLengthMax && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    public bool Knows(string client) => _clients.ContainsKey(client);

    /// <summary>Null when the client is unknown or the secret is not its own: the two are not told apart.</summary>
    public Caller? Find(string client, string secret)
    {
        var isKnown = _clients.TryGetValue(client, out var entry);
        var matches = (isKnown ? entry.Secret : NoSecret).Matches(secret);
        return isKnown && matches ? entry.Caller : null;
    }

    private void MakeAll(AuthorityOptions options, string folder, ILogger log)
    {
        PrivateFile.MakeFolder(folder);
        var callers = options.Departments.Distinct(StringComparer.Ordinal)
            .Select(code => new Caller(CallerKind.Department, code.ToLowerInvariant(), code, ""))
            .Append(new Caller(CallerKind.Consumer, CityConsumer, "", ""));
        foreach (var caller in callers.Where(caller => !_clients.ContainsKey(caller.ClientId)))
            _clients.Add(caller.ClientId, (caller, Make(caller, options, folder, log)));
    }

    /// <summary>The file follows the hub's addresses; the secret stays, and lies only where it was made.</summary>
    private ClientSecret Make(Caller caller, AuthorityOptions options, string folder, ILogger log)
    {
        var path = Path.Combine(folder, $"{caller.ClientId}.env");
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var kept = text.Split('\n').FirstOrDefault(line => line.StartsWith(SecretLine, StringComparison.Ordinal))?[SecretLine.Length..].Trim();
        if (options.MadeClients.TryGetValue(caller.ClientId, out var hash))
        {
            var known = ClientSecret.Parse(hash) ?? throw new InvalidDataException($"the hash of {caller.ClientId} is damaged");
            if (kept is not { Length: > 0 } || !known.Matches(kept))
            {
                Log.CredentialElsewhere(log, caller.ClientId, path);
                return known;
            }
        }
        var secret = kept is { Length: > 0 } ? kept : Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(SecretBytes));
        var wanted = $"INFOHUB_HUB={options.Hub.AbsoluteUri.TrimEnd('/')}\nINFOHUB_AUTHORITY={options.Issuer.AbsoluteUri.TrimEnd('/')}\n"
            + $"INFOHUB_CLIENT_ID={caller.ClientId}\n{SecretLine}{secret}\n"
            + (options.IsSandbox ? "INFOHUB_ENVIRONMENT=test\n" : "");
        if (text != wanted)
            PrivateFile.Write(path, wanted, overwrite: true);
        if (hash is null)
            _made.Add(caller.ClientId, ClientSecret.HashOf(secret));
        return ClientSecret.FromPlain(secret);
    }

    private static ClientSecret SecretOf(ClientRegistration client)
    {
        if (client.SecretHash is { } hash)
            return ClientSecret.Parse(hash)
                ?? throw AuthorityOptions.Unsound($"Auth:Clients:{client.Id}:SecretHash", "…", "应为 sha256:十六进制 或 pbkdf2-sha256:次数:盐:摘要", "无");
        try
        {
            var secret = File.ReadAllText(client.SecretFile!).Trim();
            return secret.Length > 0 ? ClientSecret.FromPlain(secret) : throw new IOException("empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AuthorityOptions.Unsound($"Auth:Clients:{client.Id}:SecretFile", client.SecretFile!, "文件不存在、为空或无法读取", "无");
        }
    }
}
