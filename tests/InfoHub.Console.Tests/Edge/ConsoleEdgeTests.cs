using System.Net;
using System.Text.RegularExpressions;
using InfoHub.Console.SignIn;
using InfoHub.Console.Tests.Fixtures;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Console.Tests.Edge;

/// <summary>What the console answers to a client that does not behave like a browser.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class ConsoleEdgeTests(ConsoleHost host) : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/findings")]
    [InlineData("/findings/" + LinjiangCity.HospitalFinding)]
    [InlineData("/no/such/page")]
    public async Task Page_WithoutSignIn_LeadsToSignIn(string address)
    {
        using var response = await _client.GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/signin", response.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task Page_SignedIn_CarriesSecurityHeaders()
    {
        await SignInAsync(ConsoleHost.Consumer);
        using var response = await _client.GetAsync(new Uri("/findings", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("default-src 'self';", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        var html = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(LinjiangCity.OutsideFinding)]
    [InlineData("no-such-id")]
    [InlineData("%01")]
    public async Task Finding_UnknownOrOutsideTheBranch_IsNotFound(string id)
    {
        await SignInAsync(ConsoleHost.Consumer);
        using var response = await _client.GetAsync(new Uri($"/findings/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("没有这条疑点", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_StoreFails_ShowsTraceIdAndNoStackTrace()
    {
        await SignInAsync(ConsoleHost.Unlucky);
        using var response = await _client.GetAsync(new Uri("/findings", UriKind.Relative));

        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Matches("<code>[0-9a-zA-Z:]{10,}</code>", html);
        Assert.DoesNotContain("Npgsql", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", html, StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task SignIn_WithoutToken_IsRefused()
    {
        using var form = new FormUrlEncodedContent([new("client_id", ConsoleHost.Consumer), new("secret", ConsoleHost.Secret)]);
        using var response = await _client.PostAsync(new Uri("/signin", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task SignIn_Department_IsTurnedAwayWithAReason()
    {
        using var response = await SignInAsync(ConsoleHost.Department);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("不是使用方账号", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_TooManyWrongSecrets_IsThrottled()
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var refused = await SignInAsync("guessed", "wrong");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        using var response = await SignInAsync("guessed", "wrong");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    [Fact]
    public async Task SignIn_WholeOfficeInTheMorning_IsNotThrottled()
    {
        for (var officer = 0; officer < 30; officer++)
        {
            using var response = await SignInAsync(ConsoleHost.Consumer);
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/findings?model=SZ-14", "/findings?model=SZ-14")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void SignIn_ReturnAddress_StaysOnThisSite(string? asked, string expected) =>
        Assert.Equal(expected, SignInEndpoints.LocalAddress(asked));

    [Fact]
    public async Task SignOut_WithToken_EndsTheSession()
    {
        await SignInAsync(ConsoleHost.Consumer);
        var page = await _client.GetStringAsync(new Uri("/findings", UriKind.Relative));
        using var form = new FormUrlEncodedContent([new("form_token", Token(page))]);
        using var response = await _client.PostAsync(new Uri("/signout", UriKind.Relative), form);
        using var after = await _client.GetAsync(new Uri("/findings", UriKind.Relative));

        Assert.Equal("/signin", response.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task Style_Fingerprinted_IsKeptForEverAndRevalidates()
    {
        var page = await _client.GetStringAsync(new Uri("/signin", UriKind.Relative));
        var address = Style().Match(page).Groups[1].Value;
        using var response = await _client.GetAsync(new Uri(address, UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await _client.SendAsync(again);

        Assert.Equal("text/css", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Figures_PerModel_AddUpToTheSearchTotal()
    {
        var filter = new FindingFilter { Scope = "339901" };
        var figures = await new FindingFigures(host.Store).PerModelAsync(filter, CancellationToken.None);
        var page = await new FindingQuery(host.Store).SearchAsync(filter, 200, null, CancellationToken.None);

        Assert.Equal(page.Total, figures.Sum(f => f.Count));
        Assert.Equal(page.Findings.Sum(f => f.Draft.Gap?.Fen ?? 0), figures.Sum(f => f.Gap?.Fen ?? 0));
        Assert.Equal(page.Findings.Sum(f => f.Draft.EstimatedTax?.Fen ?? 0),
            figures.Sum(f => f.EstimatedTax?.Fen ?? 0));
        Assert.Equal(page.Findings.Count(f => f.Draft.EstimatedTax is not null), figures.Sum(f => f.Estimated));
        Assert.Equal(figures.OrderByDescending(f => f.Gap ?? new Money(long.MinValue))
            .ThenBy(f => f.Model, StringComparer.Ordinal), figures);
    }

    [Fact]
    public async Task Figures_Filtered_CountOnlyWhatTheFilterAdmits()
    {
        var filter = new FindingFilter { Scope = "339901", Models = ["SZ-14"], Party = LinjiangCity.HospitalParty };
        var figure = Assert.Single(await new FindingFigures(host.Store).PerModelAsync(filter, CancellationToken.None));

        Assert.Equal(("SZ-14", 1L, 2_469_526.25m), (figure.Model, figure.Count, figure.Gap!.Value.Yuan));
    }

    private async Task<HttpResponseMessage> SignInAsync(string clientId, string secret = ConsoleHost.Secret)
    {
        var page = await _client.GetStringAsync(new Uri("/signin", UriKind.Relative));
        using var form = new FormUrlEncodedContent([new("form_token", Token(page)), new("client_id", clientId), new("secret", secret)]);
        return await _client.PostAsync(new Uri("/signin", UriKind.Relative), form);
    }

    private static string Token(string page) => WebUtility.HtmlDecode(FormToken().Match(page).Groups[1].Value);

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("rel=\"stylesheet\" href=\"([^\"]+)\"")]
    private static partial Regex Style();
}
