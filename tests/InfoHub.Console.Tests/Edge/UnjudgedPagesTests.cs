using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using InfoHub.Console.Tests.Fixtures;
using Xunit;

namespace InfoHub.Console.Tests.Edge;

/// <summary>An officer reads which parties no model judges, and for want of what; of his own branch only.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class UnjudgedPagesTests(ConsoleHost host) : IAsyncLifetime
{
    private const int Parties = 120;
    private const string Branch = "339901";
    private const string OtherBranch = "339905";
    private const string Needs = "SW-02 有一行可能属于该户的数据被退回，改正并重新报送后再判断";

    // The hash of nothing else in the city.
    private const long FirstParty = 7_700_000_000_000_000;

    public Task InitializeAsync() => RunAsync($"""
        insert into hub.party (id, name, founded_by, region_code, town_code)
        select {FirstParty} + n, '临江待判' || n || '商行', 2,
            case when n = 0 then '{OtherBranch}' else '{Branch}' end, '' from generate_series(0, {Parties}) n;
        insert into hub.unjudged (party, model, needs)
        select {FirstParty} + n, case when n % 2 = 0 then 'SZ-01' else 'SZ-14' end, '{Needs}'
        from generate_series(0, {Parties}) n
        """);

    public Task DisposeAsync() => RunAsync($"""
        delete from hub.unjudged where party >= {FirstParty} and party <= {FirstParty + Parties};
        delete from hub.party where id >= {FirstParty} and id <= {FirstParty + Parties}
        """);

    [Fact]
    public async Task List_PageByPage_ShowsEachPartyOfTheBranchOnce()
    {
        using var browser = await SignInAsync(ConsoleHost.Consumer);
        var seen = new List<string>();
        var address = "/unjudged";
        for (var pages = 0; address.Length > 0; pages++)
        {
            Assert.True(pages < 10, "the list has no end");
            var html = await ReadAsync(browser, address);
            Assert.Contains(Needs, html, StringComparison.Ordinal);
            seen.AddRange(PartyCell().Matches(html).Select(m => m.Groups[1].Value));
            address = NextPage().Match(html) is { Success: true } next ? "/" + next.Groups[1].Value : "";
        }
        Assert.Equal(Parties, seen.Count);
        Assert.Equal(Parties, seen.Distinct().Count());
        Assert.DoesNotContain("临江待判0商行", seen);
    }

    [Fact]
    public async Task List_OfOneModel_ShowsThatModelOnly()
    {
        using var browser = await SignInAsync(ConsoleHost.Consumer);
        var html = await ReadAsync(browser, "/unjudged?model=SZ-14");
        Assert.Contains("临江待判1商行", html, StringComparison.Ordinal);
        Assert.DoesNotContain("临江待判2商行", html, StringComparison.Ordinal);
        Assert.Contains(
            $"<td class=\"num\">{(Parties / 2).ToString(CultureInfo.InvariantCulture)}</td>", html,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfABranchWithoutAny_SaysSo_AndTheFindingsLeadThere()
    {
        using var browser = await SignInAsync(ConsoleHost.Idle);
        Assert.Contains("目前没有暂不能判断的户", await ReadAsync(browser, "/unjudged"), StringComparison.Ordinal);
        Assert.Contains("href=\"unjudged\"", await ReadAsync(browser, "/findings"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/unjudged?model=%3Cscript%3E&after=%27%3B--")]
    [InlineData("/unjudged?after=SZ-01~P0~")]
    [InlineData("/unjudged?after=~~~~")]
    public async Task List_HostileAddress_IsThePage(string address)
    {
        using var browser = await SignInAsync(ConsoleHost.Consumer);
        Assert.DoesNotContain("<script", await ReadAsync(browser, address), StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("<th scope=\"row\" class=\"party\">(临江待判\\d+商行)</th>")]
    private static partial Regex PartyCell();

    [GeneratedRegex("rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex NextPage();

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    private static async Task<string> ReadAsync(HttpClient browser, string address)
    {
        using var response = await browser.GetAsync(new Uri(address, UriKind.Relative));
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {html}");
        return html;
    }

    private async Task<HttpClient> SignInAsync(string consumer)
    {
        var browser = new HttpClient { BaseAddress = host.Address };
        var page = await browser.GetStringAsync(new Uri("/signin", UriKind.Relative));
        using var form = new FormUrlEncodedContent([
            new("client_id", consumer), new("secret", ConsoleHost.Secret),
            new("form_token", FormToken().Match(page).Groups[1].Value),
        ]);
        using var answer = await browser.PostAsync(new Uri("/signin", UriKind.Relative), form);
        Assert.True(answer.IsSuccessStatusCode);
        return browser;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = host.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
