using System.Net;
using System.Text.RegularExpressions;
using InfoHub.Console.Tests.Fixtures;
using Xunit;

namespace InfoHub.Console.Tests.Edge;

/// <summary>Who may see and rule what, and that whoever judges blind is told nothing.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class LinkPagesTests(ConsoleHost host) : IDisposable
{
    /// <summary>Words and numbers of decisions; what explains the page names some of them itself.</summary>
    private static readonly string[] Telling =
    [
        "归户</", "已登记，待辨认", "待人工核对", "未登记", "人工核对确认", "代码矛盾", "抽查不符", "涉及行", "年经营规模", "逐项权重",
        "对数几率", "判定依据", "判定时间", "权重版本", "name=\"version\"", "checked", "%", "0.",
    ];

    private readonly List<HttpClient> _clients = [];

    public void Dispose() => _clients.ForEach(c => c.Dispose());

    [Fact]
    public async Task Queue_OfABranchWithoutRows_SaysSo()
    {
        var officer = await SignInAsync(ConsoleHost.Idle);
        Assert.Contains("管辖范围内没有待核对的数据行", await ReadAsync(officer, "/links"), StringComparison.Ordinal);
        Assert.Contains("没有符合条件的数据行", await ReadAsync(officer, "/links?item=GD-01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_OfABranch_HasItsRowsOnlyAndTheFilterHolds()
    {
        var city = await ReadAsync(await SignInAsync(ConsoleHost.WholeCity), "/links?item=GD-01");
        var elsewhere = await ReadAsync(await SignInAsync(ConsoleHost.Idle), "/links?item=GD-01");
        Assert.Contains($"links/{LinkSeed.Outside}?", city, StringComparison.Ordinal);
        Assert.DoesNotContain($"links/{LinkSeed.Ambiguous}?", city, StringComparison.Ordinal);
        Assert.DoesNotContain("links/" + LinkSeed.Outside, elsewhere, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_OfAnotherBranch_IsRefusedInEveryWay()
    {
        var officer = await SignInAsync(ConsoleHost.Elsewhere);
        var token = TokenOf(await ReadAsync(officer, $"/links/{LinkSeed.Small}"));
        var sample = await host.SampleAsync(LinkSeed.Linked);
        using var shown = await officer.GetAsync(Local(sample));
        using var looked = await officer.GetAsync(Local($"/links/{LinkSeed.Ambiguous}"));
        using var searched = await PostAsync(officer, $"/links/{LinkSeed.Ambiguous}/search", token, ("name", "临江"));
        using var ruled = await PostAsync(officer, $"/links/{LinkSeed.Ambiguous}", token, ("verdict", "1"),
            ("party", LinkSeed.PartyOf(2).ToString()));

        Assert.All([shown, looked, searched, ruled], r => Assert.Equal(HttpStatusCode.NotFound, r.StatusCode));
    }

    [Theory]
    [InlineData(LinkSeed.Contradicted, "代码有效，但名称、人员、地址均不支持", "逐项权重")]
    [InlineData(LinkSeed.Ambiguous, "已登记，待辨认", "临江瑞丰大药房连锁有限公司东门店")]
    [InlineData(LinkSeed.Linked, "归户", "临江恒盛五金商行")]
    [InlineData(LinkSeed.Nobody, "未登记", "谁也不是（未登记）")]
    [InlineData(LinkSeed.Uncompared, "未登记", "没有可比较的登记主体。")]
    public async Task Row_OfEachOutcome_TellsItAndCanBeSearched(long row, string outcome, string evidence)
    {
        var html = await ReadAsync(await SignInAsync(ConsoleHost.WholeCity), $"/links/{row}");
        Assert.Contains(outcome, html, StringComparison.Ordinal);
        Assert.Contains(evidence, html, StringComparison.Ordinal);
        Assert.Contains("在登记库中查找", html, StringComparison.Ordinal);
        Assert.Contains("只查全市的登记主体", html, StringComparison.Ordinal);
        Assert.Equal(4, Verdicts().Count(html));
    }

    [Fact]
    public async Task Row_DecidedBefore_TellsWhatAndByWhichRegister()
    {
        await PastAsync(LinkSeed.Nobody);
        var html = await ReadAsync(await SignInAsync(ConsoleHost.WholeCity), $"/links/{LinkSeed.Nobody}");
        Assert.Contains("判定沿革", html, StringComparison.Ordinal);
        Assert.Contains("登记库第 4 版", html, StringComparison.Ordinal);
        Assert.Contains("66.60%", html, StringComparison.Ordinal);
        Assert.Contains($"link-replay --row {LinkSeed.Nobody}", html, StringComparison.Ordinal);
        Assert.DoesNotContain("判定沿革", await ReadAsync(await SignInAsync(ConsoleHost.WholeCity),
            $"/links/{LinkSeed.Contradicted}"), StringComparison.Ordinal);
    }

    /// <summary>A decision that gave way to the one in force.</summary>
    private Task PastAsync(long row) => ExecuteAsync($"""
        insert into hub.past_decision (identity, item, outcome, step, entry, probability, second_probability, nobody,
            model, basis, register_version, weights_version, as_ruled_out, decided_at, until)
        select identity, item, 1, 9, {LinkSeed.PartyOf(2).Value}, 0.666, 0, 0, 'm0', 'b', 4, 4, array[]::bigint[],
            now() - interval '9 days', now() - interval '2 days'
        from hub.open_row where number = {row}
        """);

    [Theory]
    [InlineData("/links/3")]
    [InlineData("/links/3/search")]
    [InlineData("/links/model")]
    public async Task Post_WithoutOurToken_IsRefused(string address)
    {
        using var response = await PostAsync(await SignInAsync(ConsoleHost.Consumer), address, "", ("verdict", "3"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("页面已过期", await TextAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "", "请先选定一户")]
    [InlineData("2", "", "请先选定一户")]
    [InlineData("4", "", "须写明查过什么")]
    [InlineData("9", "看过", "请先选定一户")]
    public async Task Rule_Incomplete_IsRefusedAndKeepsWhatWasWritten(string verdict, string reason, string told)
    {
        var officer = await SignInAsync(ConsoleHost.Elsewhere);
        var token = TokenOf(await ReadAsync(officer, $"/links/{LinkSeed.Large}"));
        using var response = await PostAsync(officer, $"/links/{LinkSeed.Large}", token, ("verdict", verdict),
            ("reason", reason), ("name", "码头人家"));

        var html = await TextAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(told, html, StringComparison.Ordinal);
        Assert.Contains("value=\"码头人家\"", html, StringComparison.Ordinal);
        Assert.Contains($">{reason}</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OfABranch_FindsItsEntriesAndWhatWasFoundCanBeRuled()
    {
        var officer = await SignInAsync(ConsoleHost.Elsewhere);
        var page = await ReadAsync(officer, $"/links/{LinkSeed.Small}");
        Assert.DoesNotContain("临江王秀英小吃店", page, StringComparison.Ordinal);
        using var none = await PostAsync(officer, $"/links/{LinkSeed.Small}/search", TokenOf(page), ("name", "刘建国"));
        Assert.Contains("没有查到", await TextAsync(none), StringComparison.Ordinal);
        using var nothing = await PostAsync(officer, $"/links/{LinkSeed.Small}/search", TokenOf(page), ("name", "刘"));
        Assert.Contains("没有查找：", await TextAsync(nothing), StringComparison.Ordinal);
        using var found = await PostAsync(officer, $"/links/{LinkSeed.Small}/search", TokenOf(page), ("person", "秀英"));
        var html = await TextAsync(found);
        Assert.Contains("查到 1 户。", html, StringComparison.Ordinal);
        Assert.Contains("临江王秀英小吃店", html, StringComparison.Ordinal);

        using var ruled = await PostAsync(officer, $"/links/{LinkSeed.Small}", TokenOf(html), ("verdict", "1"),
            ("party", LinkSeed.PartyOf(LinkSeed.SnackEntry).ToString()), ("version", VersionOf(html)));
        Assert.Equal($"/links/{LinkSeed.Small}?done=Taken", ruled.Headers.Location?.OriginalString);
        var after = await ReadAsync(officer, $"/links/{LinkSeed.Small}?done=Taken");
        Assert.Contains("已保存，系统正按您的意见重新归户", after, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(after, "class=\"notice"));
        Assert.Matches(@"<strong>是这一户</strong> 临江王秀英小吃店", after);
    }

    /// <summary>Goal: two officers judge independently, also when one found an entry nobody had thought of.</summary>
    [Fact]
    public async Task Rule_WhereMuchDepends_TheSecondOfficerSeesNothingOfTheFirst()
    {
        var first = await SignInAsync(ConsoleHost.Elsewhere);
        var second = await SignInAsync(ConsoleHost.SecondElsewhere);
        var address = $"/links/{LinkSeed.Large}";
        var seen = await ReadAsync(first, address);
        using var ruled = await PostAsync(first, address, TokenOf(seen), ("verdict", "1"), ("reason", "码头上都认得"),
            ("party", LinkSeed.PartyOf(LinkSeed.SnackEntry).ToString()), ("version", VersionOf(seen)));
        Assert.Equal($"{address}?done=AwaitsSecond", ruled.Headers.Location?.OriginalString);
        Assert.Contains("临江王秀英小吃店", await ReadAsync(first, address), StringComparison.Ordinal);

        var hidden = await ReadAsync(second, address);
        Assert.Contains("请先给出您的意见", hidden, StringComparison.Ordinal);
        foreach (var told in new[] { "临江王秀英小吃店", "码头上都认得", $"{ConsoleHost.Elsewhere} <" })
            Assert.DoesNotContain(told, hidden, StringComparison.Ordinal);

        using var alike = await PostAsync(second, address, TokenOf(hidden), ("verdict", "1"),
            ("party", LinkSeed.PartyOf(LinkSeed.SnackEntry).ToString()), ("version", VersionOf(hidden)));
        Assert.Equal($"{address}?done=Taken", alike.Headers.Location?.OriginalString);
        var both = await ReadAsync(second, address);
        Assert.Contains("码头上都认得", both, StringComparison.Ordinal);
        Assert.Contains($"{ConsoleHost.SecondElsewhere} <time", both, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinkSeed.Linked, 1)]
    [InlineData(LinkSeed.Ambiguous, 2)]
    [InlineData(LinkSeed.Outside, 3)]
    [InlineData(LinkSeed.Nobody, 4)]
    [InlineData(LinkSeed.Uncompared, 5)]
    public async Task Blind_RowOfEachBand_TellsNothingOfItsDecision(long row, int band)
    {
        var officer = await SignInAsync(ConsoleHost.WholeCity);
        var sample = await host.SampleAsync(row);
        var html = await ReadAsync(officer, sample);
        await using var stratum = host.Store.CreateCommand($"select stratum from hub.open_row where number = {row}");
        Assert.Equal((short)band, await stratum.ExecuteScalarAsync());

        Assert.All(Telling, told => Assert.DoesNotContain(told, MainOf(html), StringComparison.Ordinal));
        var shown = Parties().Matches(html).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(6, shown.Length);
        // Ids are in base 32 of one length: their order is that of the letters, and tells nothing.
        Assert.Equal(shown.Order(StringComparer.Ordinal), shown);
        Assert.Equal(3, Verdicts().Count(html));

        // Decided quite otherwise, the page is the same to the letter.
        await PastAsync(row);
        await ExecuteAsync($"""
            create table hub.kept as select * from hub.open_row where number = {row};
            update hub.open_row set outcome = 5 - outcome, step = 3, entry = second, second = entry,
                probability = 0.123, nobody = 0.456, model = 'other', is_disputed = true, interest = 77,
                resolves = 88, priority = 99, waiting = true, ruling = 55,
                explanation = jsonb_set(explanation, array['candidates'],
                    (select coalesce(jsonb_agg(c || jsonb_build_object('probability', 0.321, 'log_odds', -7)
                        order by c->>'entry' desc), '[]')
                        from jsonb_array_elements(explanation->'candidates') c))
            where number = {row}
            """);
        var otherwise = await ReadAsync(officer, sample);
        await ExecuteAsync($"""
            update hub.open_row o set outcome = k.outcome, step = k.step, entry = k.entry, second = k.second,
                probability = k.probability, nobody = k.nobody, model = k.model, is_disputed = k.is_disputed,
                interest = k.interest, resolves = k.resolves, priority = k.priority, waiting = k.waiting,
                ruling = k.ruling, explanation = k.explanation from hub.kept k where o.number = {row};
            drop table hub.kept
            """);
        Assert.Equal(MainOf(html), MainOf(otherwise));
    }

    [Fact]
    public async Task Blind_List_NamesRowsAndNothingElse()
    {
        await host.SampleAsync(LinkSeed.Linked);
        var html = await ReadAsync(await SignInAsync(ConsoleHost.WholeCity), "/links/audit");
        Assert.Contains("老八烧烤", html, StringComparison.Ordinal);
        Assert.All(Telling, told => Assert.DoesNotContain(told, MainOf(html), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blind_FoundBySearch_DecidesNothingAndComesIntoTheQueue()
    {
        var officer = await SignInAsync(ConsoleHost.Elsewhere);
        var sample = await host.SampleAsync(LinkSeed.UncomparedElsewhere);
        var page = await ReadAsync(officer, sample);
        var audit = sample[(sample.IndexOf('=', StringComparison.Ordinal) + 1)..];
        using var refused = await PostAsync(officer, sample, TokenOf(page), ("verdict", "2"), ("audit", audit),
            ("reason", "不是"), ("party", LinkSeed.PartyOf(LinkSeed.SnackEntry).ToString()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("请先选定一户", await TextAsync(refused), StringComparison.Ordinal);

        using var judged = await PostAsync(officer, sample, TokenOf(page), ("verdict", "1"), ("audit", audit),
            ("party", LinkSeed.PartyOf(LinkSeed.SnackEntry).ToString()));
        Assert.Equal("/links/audit?done=Taken", judged.Headers.Location?.OriginalString);
        Assert.DoesNotContain("夜猫子烧烤", await ReadAsync(officer, "/links/audit?done=Taken"), StringComparison.Ordinal);
        Assert.Contains("夜猫子烧烤", await ReadAsync(officer, "/links?kind=Disputed"), StringComparison.Ordinal);
        var row = await ReadAsync(officer, $"/links/{LinkSeed.UncomparedElsewhere}");
        Assert.Contains("盲核人员查到的登记主体也列在对照表中", row, StringComparison.Ordinal);
        Assert.Contains("临江王秀英小吃店", row, StringComparison.Ordinal);
        Assert.Contains("还没有人核对过", row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/links/5?audit=999999", HttpStatusCode.NotFound)]
    [InlineData("/links/5/search?audit=7", HttpStatusCode.Redirect)]
    public async Task Blind_OtherAddresses_NeverLeadToTheDecision(string address, HttpStatusCode expected)
    {
        using var response = await (await SignInAsync(ConsoleHost.WholeCity)).GetAsync(Local(address));
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Redirect)
            Assert.Equal("/links/5?audit=7", response.Headers.Location?.OriginalString);
    }

    private async Task<HttpClient> SignInAsync(string consumer)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        _clients.Add(client);
        using var response = await PostAsync(client, "/signin", TokenOf(await ReadAsync(client, "/signin")),
            ("client_id", consumer), ("secret", ConsoleHost.Secret));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return client;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string address, string token,
        params (string Name, string Value)[] fields) => client.PostAsync(Local(address), new FormUrlEncodedContent(
            [new("form_token", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]));

    private static async Task<string> ReadAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(Local(address));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TextAsync(response);
    }

    private static async Task<string> TextAsync(HttpResponseMessage response) =>
        WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());

    private async Task ExecuteAsync(string sql)
    {
        await using var command = host.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Uri Local(string address) => new(address, UriKind.Relative);

    private static string TokenOf(string html) => FormToken().Match(html).Groups[1].Value;

    private static string VersionOf(string html) => Version().Match(html).Groups[1].Value;

    /// <summary>Without the menu, which counts the queue, and the token, which is another every time.</summary>
    private static string MainOf(string html)
    {
        var main = html[html.IndexOf("<main", StringComparison.Ordinal)..];
        main = main[..main.IndexOf("</main>", StringComparison.Ordinal)];
        return FormToken().Replace(main, "").Replace("不显示系统的判定和概率", "", StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("name=\"version\" value=\"([^\"]*)\"")]
    private static partial Regex Version();

    [GeneratedRegex("name=\"party\" value=\"([^\"]+)\"")]
    private static partial Regex Parties();

    [GeneratedRegex("name=\"verdict\"")]
    private static partial Regex Verdicts();
}
