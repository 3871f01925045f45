using System.Net;
using InfoHub.Console.Tests.Fixtures;
using InfoHub.Console.Tests.Rendering;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Console.Tests.Edge;

/// <summary>Whoever meets a number finds it, without signing in.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ProblemPagesTests(ConsoleHost host) : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        BaseAddress = host.Address,
    };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task List_WithoutSignIn_HoldsEveryCode()
    {
        using var response = await _client.GetAsync(new Uri("/problems", UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("default-src 'self';", response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
        Assert.All(ProblemCatalogue.All.Keys, code =>
            Assert.Contains($"href=\"problems/{code}\"", html, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('{', WebUtility.HtmlDecode(html));
    }

    [Fact]
    public async Task Page_OfEveryCode_SaysWhatToDo()
    {
        foreach (var kind in ProblemCatalogue.All.Values)
        {
            var text = Html.Text(await _client.GetStringAsync(new Uri($"/problems/{kind.Code}", UriKind.Relative)));
            Assert.Contains(kind.TitleZh, text, StringComparison.Ordinal);
            Assert.Contains(ProblemGuide.Consequence(kind), text, StringComparison.Ordinal);
            Assert.Contains(Html.Text(ProblemGuide.Remedy(kind)), text, StringComparison.Ordinal);
            Assert.DoesNotContain('{', text);
        }
    }

    [Theory]
    [InlineData("ih-int-202", HttpStatusCode.OK, "表头与模板不符")]
    [InlineData("IH-INT-000", HttpStatusCode.NotFound, "没有编号为 IH-INT-000 的问题")]
    [InlineData("<b>", HttpStatusCode.NotFound, "没有编号为 <b> 的问题")]
    public async Task Page_OfAnyCode_IsFoundOrSaysSo(string code, HttpStatusCode status, string text)
    {
        using var response =
            await _client.GetAsync(new Uri($"/problems/{Uri.EscapeDataString(code)}", UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(text, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frame_OfASandbox_SaysSoOnThePageAndInTheTitle(bool isSandbox)
    {
        var html = WebUtility.HtmlDecode(await Html.ProblemsAsync(isSandbox));

        Assert.Equal(isSandbox, html.Contains("<strong>测试环境</strong>", StringComparison.Ordinal));
        Assert.Equal(isSandbox, html.Contains("<title>【测试环境】", StringComparison.Ordinal));
    }
}
