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
        await SignInAsync(ConsoleHost.Consumer);
        await RunAsync("alter table hub.finding rename to finding_away");
        using var response = await _client.GetAsync(new Uri("/findings", UriKind.Relative));
        await RunAsync("alter table hub.finding_away rename to finding");

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

    /// <summary>A session is a record: a copy of its cookie is worth nothing once its owner has signed out.</summary>
    [Fact]
    public async Task SignOut_KeptCookie_OpensNothingAnyMore()
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        using var browser = new HttpClient(handler) { BaseAddress = host.Address };
        await SignInAsync(ConsoleHost.Consumer, browser: browser);
        var kept = cookies.GetCookieHeader(host.Address);
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(kept));
        using var form = new FormUrlEncodedContent(
            [new("form_token", Token(await browser.GetStringAsync(new Uri("/findings", UriKind.Relative))))]);
        (await browser.PostAsync(new Uri("/signout", UriKind.Relative), form)).Dispose();

        Assert.Equal(HttpStatusCode.Redirect, await StatusWithAsync(kept));
    }

    [Fact]
    public async Task Session_AfterAWorkingDay_HasEndedHoweverBusy()
    {
        await SignInAsync(ConsoleHost.WholeCity);
        await MoveSessionsAsync(ConsoleHost.WholeCity, TimeSpan.FromHours(-11.5), expires: TimeSpan.FromMinutes(20));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        var left = await EndOfSessionAsync(ConsoleHost.WholeCity);
        Assert.InRange(left, TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(31));

        await MoveSessionsAsync(ConsoleHost.WholeCity, started: TimeSpan.FromHours(-12), expires: TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync());
    }

    [Fact]
    public async Task SignIn_WhereSomebodyElseGuessed_LetsInWhoHasBeenInFromThere()
    {
        await SignInAsync(ConsoleHost.Idle);
        for (var attempt = 0; attempt < 12; attempt++)
            (await SignInAsync(ConsoleHost.Idle, "wrong")).Dispose();
        using var guessed = await SignInAsync(ConsoleHost.Idle, "wrong");
        using var right = await SignInAsync(ConsoleHost.Idle);

        Assert.Equal(HttpStatusCode.TooManyRequests, guessed.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
    }

    private async Task RunAsync(string sql)
    {
        await using var command = host.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var response = await _client.GetAsync(new Uri("/findings", UriKind.Relative));
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> StatusWithAsync(string cookie)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var bare = new HttpClient(handler) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/findings", UriKind.Relative));
        request.Headers.Add("Cookie", cookie);
        using var response = await bare.SendAsync(request);
        return response.StatusCode;
    }

    private async Task MoveSessionsAsync(string consumer, TimeSpan started, TimeSpan expires)
    {
        await using var command = host.Store.CreateCommand(
            "update hub.console_session set started = now() + $2, expires = now() + $3 where consumer = $1");
        command.Parameters.AddWithValue(consumer);
        command.Parameters.AddWithValue(started);
        command.Parameters.AddWithValue(expires);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<TimeSpan> EndOfSessionAsync(string consumer)
    {
        await using var command = host.Store.CreateCommand(
            "select max(expires) - now() from hub.console_session where consumer = $1");
        command.Parameters.AddWithValue(consumer);
        return (TimeSpan)(await command.ExecuteScalarAsync())!;
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

    private async Task<HttpResponseMessage> SignInAsync(
        string clientId, string secret = ConsoleHost.Secret, HttpClient? browser = null)
    {
        browser ??= _client;
        var page = await browser.GetStringAsync(new Uri("/signin", UriKind.Relative));
        using var form = new FormUrlEncodedContent([new("form_token", Token(page)), new("client_id", clientId), new("secret", secret)]);
        return await browser.PostAsync(new Uri("/signin", UriKind.Relative), form);
    }

    private static string Token(string page) => WebUtility.HtmlDecode(FormToken().Match(page).Groups[1].Value);

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("rel=\"stylesheet\" href=\"([^\"]+)\"")]
    private static partial Regex Style();
}
