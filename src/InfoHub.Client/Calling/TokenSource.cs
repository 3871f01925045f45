using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using InfoHub.Templates.Problems;

namespace InfoHub.Client.Calling;

/// <summary>Gets a token by client credentials (RFC 6749 §4.4) and keeps it until shortly before it ends.</summary>
internal sealed class TokenSource : IDisposable
{
    private const int AnswerBytesMax = 1 << 20;
    private const int BusySecondsDefault = 30;
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LifetimeDefault = TimeSpan.FromMinutes(5);

    private readonly HubConnectionOptions _options;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Uri? _endpoint;
    private string? _token;
    private DateTimeOffset _renewAt;

    public TokenSource(HubConnectionOptions options)
    {
        _options = options;
        _http = new HttpClient(Transport.NewHandler(options.Authority))
        {
            Timeout = options.CallTimeout, MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    public void Dispose()
    {
        _http.Dispose();
        _gate.Dispose();
    }

    public async Task<string> GetAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_token is null || _options.Clock.GetUtcNow() >= _renewAt)
                await RenewAsync(cancellation).ConfigureAwait(false);
            return _token!;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// The hub refused the token: its authority may have been set up anew. The next call gets another.
    /// </summary>
    public void Forget() => _token = null;

    private async Task RenewAsync(CancellationToken cancellation)
    {
        try
        {
            _endpoint ??= await DiscoverAsync(cancellation).ConfigureAwait(false);
            using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint);
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(_options.ClientId)}:{Uri.EscapeDataString(_options.ClientSecret)}")));
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);
            using var answer = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
            RequireIssued(answer);
            using var body =
                JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
            Keep(body.RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ProblemException(WireProblems.Unreachable(_options.Authority, e));
        }
    }

    private void Keep(JsonElement issued)
    {
        _token = issued.GetProperty("access_token").GetString() ?? throw new JsonException("no access_token");
        var lifetime = issued.TryGetProperty("expires_in", out var seconds) ? TimeSpan.FromSeconds(seconds.GetInt64())
            : LifetimeDefault;
        _renewAt = _options.Clock.GetUtcNow() + (lifetime > 2 * RenewBefore ? lifetime - RenewBefore : lifetime / 2);
    }

    /// <summary>
    /// The token endpoint of the discovery document; an authority without one is asked at Duende's path. The document
    /// may not send the secret to another scheme or, over plain http, to another host.
    /// </summary>
    private async Task<Uri> DiscoverAsync(CancellationToken cancellation)
    {
        var root = _options.Authority.AbsoluteUri.TrimEnd('/');
        using var answer = await _http.GetAsync(new Uri($"{root}/.well-known/openid-configuration"),
            cancellation).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return new Uri($"{root}/connect/token");
        answer.EnsureSuccessStatusCode();
        using var document =
            JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
        var endpoint = new Uri(document.RootElement.GetProperty("token_endpoint").GetString() ?? "",
            UriKind.RelativeOrAbsolute);
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != "https"
            && (endpoint.Scheme, endpoint.Host) != (_options.Authority.Scheme, _options.Authority.Host)))
            throw new JsonException("the discovery document names an unsafe token_endpoint");
        return endpoint;
    }

    private void RequireIssued(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
            return;
        if (answer.StatusCode is HttpStatusCode.TooManyRequests)
        {
            var seconds = (int)(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? BusySecondsDefault);
            throw new ProblemException(Problem.Busy(seconds, "登录尝试过于频繁"));
        }
        if ((int)answer.StatusCode < 500)
            throw new ProblemException(new Problem(ProblemCatalogue.NotSignedIn));
        throw new HttpRequestException($"{(int)answer.StatusCode} {answer.ReasonPhrase}");
    }
}
