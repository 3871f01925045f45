using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfoHub.Domain.Identity;
using InfoHub.Host.Authority;
using InfoHub.Stages.Tests.Fakes;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace InfoHub.Stages.Tests.Authority;

/// <summary>The built-in authority over real HTTP: what it issues, to whom, and what it refuses.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Token_ByBasicOrForm_CarriesWhoTheCallerIsAndVerifiesByTheKeySet()
    {
        using var discovery = JsonDocument.Parse(await _http.GetStringAsync(new Uri(_hub.AuthorityAddress,
            "/.well-known/openid-configuration")));
        Assert.EndsWith("/connect/token", discovery.RootElement.GetProperty("token_endpoint").GetString(),
            StringComparison.Ordinal);
        var keys = new JsonWebKeySet(await _http.GetStringAsync(new Uri(discovery.RootElement.GetProperty("jwks_uri").GetString()!)));
        foreach (var isBasic in new[] { true, false })
        {
            var (status, body) = await AskAsync("scjg", _hub.SecretOf("scjg"), isBasic);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(3600, body.GetProperty("expires_in").GetInt32());
            var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(body.GetProperty("access_token").GetString(), new TokenValidationParameters
            {
                ValidIssuer = discovery.RootElement.GetProperty("issuer").GetString(), ValidAudience = "infohub",
                    IssuerSigningKeys = keys.GetSigningKeys(),
            });
            Assert.True(result.IsValid, result.Exception?.Message);
            Assert.True(Caller.TryRead(new System.Security.Claims.ClaimsPrincipal(result.ClaimsIdentity),
                out var caller));
            Assert.Equal(new Caller(CallerKind.Department, "scjg", "SCJG", ""), caller);
        }
    }

    [Fact]
    public async Task Token_OfTheCityConsumer_HasTheEmptyRegion()
    {
        var (_, body) = await AskAsync("tax-city", _hub.SecretOf("tax-city"));
        var token = new JsonWebTokenHandler().ReadJsonWebToken(body.GetProperty("access_token").GetString());
        Assert.Equal("", token.GetClaim(CallerClaims.Region).Value);
        Assert.Equal("consumer", token.GetClaim(CallerClaims.Kind).Value);
    }

    [Theory]
    [InlineData("scjg", "wrong", "client_credentials", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("nobody", "wrong", "client_credentials", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("scjg", null, "password", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("scjg", null, "", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("", "x", "client_credentials", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Token_AskedWrongly_IsRefusedAsRfc6749Says(string client, string? secret, string grant,
        HttpStatusCode status, string error)
    {
        var answer = await AskAsync(client, secret ?? _hub.SecretOf(client), grant: grant);
        Assert.Equal((status, error), (answer.Status, answer.Body.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Token_CredentialsTwiceOrParametersTwice_IsInvalidRequest()
    {
        using var both = Request([new("grant_type", "client_credentials"), new("client_id", "scjg"), new("client_secret", _hub.SecretOf("scjg"))], ("scjg", _hub.SecretOf("scjg")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.SendAsync(both)).StatusCode);
        using var twice = Request([new("grant_type", "client_credentials"), new("grant_type", "client_credentials")], ("scjg", _hub.SecretOf("scjg")));
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.SendAsync(twice)).StatusCode);
        using var json = new HttpRequestMessage(HttpMethod.Post, new Uri(_hub.AuthorityAddress, "/connect/token")) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.SendAsync(json)).StatusCode);
        using var large = Request([new("grant_type", new string('x', 20_000))], null);
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.SendAsync(large)).StatusCode);
    }

    [Fact]
    public async Task Token_OfOneLetInFromThereBefore_IsNeverPutOffForOthersGuesses()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("scjg", _hub.SecretOf("scjg"))).Status);
        for (var i = 0; i < 60; i++)
            Assert.Equal(i < 10 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests,
                (await AskAsync("scjg", $"guess{i}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("scjg", _hub.SecretOf("scjg"))).Status);
    }

    [Fact]
    public async Task Token_GuessedTooOftenWhereNobodyWasLetInBefore_IsPutOff_OthersAreNot()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync("scjg", $"guess{i}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync("scjg", _hub.SecretOf("scjg"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("gd", _hub.SecretOf("gd"))).Status);
    }

    /// <summary>A second host has the hash of the secret, and a folder of its own in which the secret is not.</summary>
    [Fact]
    public async Task Client_MadeByAnotherHost_IsLetInAndNotMadeAnew()
    {
        var hash = ClientSecret.HashOf(_hub.SecretOf("scjg"));
        await using var other = await FakeHub.StartAsync(options => options with
        {
            MadeClients = new Dictionary<string, string> { ["scjg"] = hash },
        });
        Assert.False(File.Exists(Path.Combine(other.DataFolder, "credentials", "scjg.env")));
        using var asking = new HttpRequestMessage(HttpMethod.Post, new Uri(other.AuthorityAddress, "/connect/token"))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "scjg"),
                new("client_secret", _hub.SecretOf("scjg"))]),
        };
        var answer = await _http.SendAsync(asking);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // The two have one key: what the one has issued, the other takes.
        var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_hub.AuthorityAddress, "/unmarked"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.GetString());
        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Files_OfKeyAndCredentials_AreForTheOwnerOnlyAndKeptOverARestart()
    {
        if (!OperatingSystem.IsWindows())
            foreach (var file in new[] { "credentials/scjg.env", "credentials/gd.env", "credentials/tax-city.env" })
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_hub.DataFolder, file)));
        var folder = Directory.CreateTempSubdirectory("infohub-again-").FullName;
        foreach (var file in Directory.EnumerateFiles(_hub.DataFolder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(_hub.DataFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        await using var again = await FakeHub.StartAsync(dataFolder: folder);
        Assert.Equal(_hub.SecretOf("scjg"), again.SecretOf("scjg"));
        Assert.Equal(again.Hub, new Uri(again.Settings("scjg")["INFOHUB_HUB"]));
    }

    [Fact]
    public async Task Endpoint_WithoutPolicy_IsClosed()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync(new Uri(_hub.AuthorityAddress, "/unmarked"))).StatusCode);
        var (_, body) = await AskAsync("gd", _hub.SecretOf("gd"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_hub.AuthorityAddress, "/unmarked"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Host_WithAnExternalAuthority_TrustsItAndIssuesNothing()
    {
        await using var other = await FakeHub.StartAsync(options => options with { External = _hub.AuthorityAddress });
        Assert.NotEqual(HttpStatusCode.OK, (await _http.GetAsync(new Uri(other.AuthorityAddress, "/.well-known/openid-configuration"))).StatusCode);
        Assert.False(Directory.Exists(Path.Combine(other.DataFolder, "credentials")));
        var (_, body) = await AskAsync("gd", _hub.SecretOf("gd"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(other.AuthorityAddress, "/unmarked"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Clients_FromConfiguration_SignInByEachFormOfSecret()
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var slow = Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2("chosen", salt, 20_000, HashAlgorithmName.SHA256, 32));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "from-file\n");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Auth:Clients:0:Id"] = "a", ["Auth:Clients:0:Kind"] = "consumer", ["Auth:Clients:0:Region"] = "3301",
            ["Auth:Clients:0:SecretHash"] = $"sha256:{Convert.ToHexString(SHA256.HashData("plain"u8))}",
            ["Auth:Clients:1:Id"] = "b", ["Auth:Clients:1:Kind"] = "department", ["Auth:Clients:1:Department"] = "GD",
            ["Auth:Clients:1:SecretHash"] = $"pbkdf2-sha256:20000:{Convert.ToBase64String(salt)}:{slow}",
            ["Auth:Clients:2:Id"] = "c", ["Auth:Clients:2:Kind"] = "department", ["Auth:Clients:2:Department"] = "GD", ["Auth:Clients:2:SecretFile"] = file,
            ["Auth:Clients:3:Id"] = "gd", ["Auth:Clients:3:Kind"] = "department", ["Auth:Clients:3:Department"] = "GD",
            ["Auth:Clients:3:SecretHash"] = $"sha256:{Convert.ToHexString(SHA256.HashData("own"u8))}",
            ["Auth:TokenMinutes"] = "5",
        }).Build();
        await using var hub = await FakeHub.StartAsync(options => AuthorityOptions.Read(configuration.GetSection("Auth"), options));
        // One that is configured joins those that are made, and stands in the place of one of its name.
        foreach (var (client, secret) in new[]
            { ("a", "plain"), ("b", "chosen"), ("c", "from-file"), ("gd", "own"), ("scjg", hub.SecretOf("scjg")) })
        {
            var (status, body) = await AskAsync(client, secret, hub: hub);
            Assert.Equal((HttpStatusCode.OK, 300), (status, body.GetProperty("expires_in").GetInt32()));
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(client, secret + "x", hub: hub)).Status);
        }
        File.Delete(file);
    }

    [Fact]
    public async Task Clients_NotMade_OnlyTheConfiguredAreKnown()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Auth:MakeClients"] = "false",
            ["Auth:Clients:0:Id"] = "a", ["Auth:Clients:0:Kind"] = "consumer", ["Auth:Clients:0:Region"] = "3301",
            ["Auth:Clients:0:SecretHash"] = $"sha256:{Convert.ToHexString(SHA256.HashData("plain"u8))}",
        }).Build();
        await using var hub = await FakeHub.StartAsync(options =>
            AuthorityOptions.Read(configuration.GetSection("Auth"), options));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("a", "plain", hub: hub)).Status);
        Assert.False(Directory.Exists(Path.Combine(hub.DataFolder, "credentials")));
    }

    [Theory]
    [InlineData("Auth:MakeClients", "perhaps")]
    [InlineData("Auth:TokenMinutes", "0")]
    [InlineData("Auth:Authority", "sso.city.gov.cn")]
    [InlineData("Auth:Clients:0:Id", "Not An Id")]
    [InlineData("Auth:Clients:0:Kind", "admin")]
    [InlineData("Auth:Clients:0:Region", null)]
    [InlineData("Auth:Clients:0:Region", "33%")]
    [InlineData("Auth:Clients:0:SecretFile", "also/given")]
    public void Options_Unsound_NameTheKey(string key, string? value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Auth:Clients:0:Id"] = "a", ["Auth:Clients:0:Kind"] = "consumer", ["Auth:Clients:0:Region"] = "", ["Auth:Clients:0:SecretHash"] = "sha256:00",
            [key] = value,
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var host = new AuthorityOptions { Issuer = new Uri("http://127.0.0.1:1"), Hub = new Uri("http://127.0.0.1:2"), DataFolder = "" };
        var failed = Assert.Throws<ProblemException>(() => AuthorityOptions.Read(configuration.GetSection("Auth"), host));
        Assert.Equal("IH-CFG-001", failed.Problem.Code);
        Assert.Contains(key.Replace("SecretFile", "SecretHash", StringComparison.Ordinal), failed.Problem.Detail, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        string client, string secret, bool isBasic = false, string grant = "client_credentials", FakeHub? hub = null)
    {
        var form = new List<KeyValuePair<string, string>> { new("grant_type", grant) };
        if (!isBasic)
            form.AddRange([new("client_id", client), new("client_secret", secret)]);
        using var request = Request(form, isBasic ? (client, secret) : null, hub);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private HttpRequestMessage Request(IEnumerable<KeyValuePair<string, string>> form, (string Id, string Secret)? basic, FakeHub? hub = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri((hub ?? _hub).AuthorityAddress, "/connect/token")) { Content = new FormUrlEncodedContent(form) };
        if (basic is { } pair)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{pair.Id}:{pair.Secret}")));
        return request;
    }
}
