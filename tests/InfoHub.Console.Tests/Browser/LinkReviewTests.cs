using System.Text.RegularExpressions;
using InfoHub.Console.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;

namespace InfoHub.Console.Tests.Browser;

/// <summary>What an officer does with a row that nobody could place: look, weigh, rule.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class LinkReviewTests(ConsoleHost host, ChromiumBrowser chromium) : IClassFixture<ChromiumBrowser>
{
    [BrowserFact]
    public async Task Queue_MostInterestFirst_OwnBranchOnly()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/links");

        var rows = visit.Page.GetByRole(AriaRole.Table, new() { Name = "归户核对" }).Locator("tbody tr");
        await Assertions.Expect(rows.First).ToContainTextAsync("代码矛盾");
        await Assertions.Expect(rows.First).ToContainTextAsync("1,296.00 万元");
        Assert.Equal(0, await visit.Page.GetByText("339902").CountAsync());
        await visit.Page.GetByLabel("待核原因").SelectOptionAsync("Ambiguous");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "查询" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Shot(visit.Page, "queue");
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Row_OfAnotherBranch_IsNotThere()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/links/{LinkSeed.Outside}");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "没有这条数据行" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Rule_WithoutReason_ThenWithOne_IsKeptInTheHistory()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/links/{LinkSeed.Ruled}?item=GD-01");
        Assert.DoesNotContain("13800138000", await visit.Page.ContentAsync(), StringComparison.Ordinal);
        await visit.Page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "不是" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("须写明理由");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Radio).First).ToBeCheckedAsync();

        await visit.Page.GetByLabel("理由").FillAsync("现场是另一家");
        await visit.Page.GetByLabel("理由").PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("已保存");
        await Assertions.Expect(visit.Page.Locator(".rulings li").First).ToContainTextAsync("现场是另一家");
        await Assertions.Expect(visit.Page.Locator(".rulings li").First).ToContainTextAsync("不是");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "返回清单" }).ClickAsync();
        Assert.EndsWith("/links?item=GD-01", visit.Page.Url, StringComparison.Ordinal);
        // The browser notes the refusal itself.
        Assert.All(visit.Complaints, c => Assert.Contains("400", c, StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task TwoOfficers_SecondSeesTheFirstOnlyAfterRulingHimself()
    {
        await using var first = await chromium.VisitAsync(host);
        await using var second = await chromium.VisitAsync(host);
        await using var late = await chromium.VisitAsync(host);
        await late.OpenAsync($"/links/{LinkSeed.Contradicted}");
        await first.OpenAsync($"/links/{LinkSeed.Contradicted}");
        await Shot(first.Page, "row");
        await Assertions.Expect(first.Page.GetByText("须两人独立核对").First).ToBeVisibleAsync();
        await first.Page.GetByRole(AriaRole.Radio).Nth(1).CheckAsync();
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "是这一户" }).ClickAsync();
        await Assertions.Expect(first.Page.GetByText("须另一人独立核对")).ToBeVisibleAsync();

        await late.Page.GetByRole(AriaRole.Button, new() { Name = "拿不准" }).ClickAsync();
        await Assertions.Expect(late.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("刚刚有人先核对了");

        await second.OpenAsync("/links?kind=AwaitsSecond", ConsoleHost.SecondOfficer);
        await Assertions.Expect(second.Page.GetByText("待第二人独立核对")).ToBeVisibleAsync();
        Assert.Equal(0, await second.Page.GetByText($"{ConsoleHost.Consumer}：").CountAsync());
        await second.OpenAsync($"/links/{LinkSeed.Contradicted}");
        await Assertions.Expect(second.Page.GetByText("请先给出您的意见")).ToBeVisibleAsync();
        await second.Page.GetByRole(AriaRole.Radio).Nth(1).CheckAsync();
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "是这一户" }).ClickAsync();
        await Assertions.Expect(second.Page.Locator(".rulings li")).ToHaveCountAsync(2);
        await Shot(second.Page, "ruled");
    }

    [BrowserFact]
    public async Task Audit_DrawnAndJudgedBlind_IsOnTheModelDesk()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/links/model");
        await visit.Page.GetByLabel("每类抽取行数").FillAsync("5");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "抽取样本" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("已抽取");

        await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "归户核对" }).GetByRole(AriaRole.Link,
            new() { Name = "盲核抽查" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = LinkSeed.Audited }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("不显示系统的判定和概率")).ToBeVisibleAsync();
        Assert.Equal(0, await visit.Page.GetByText("概率", new() { Exact = true }).CountAsync());
        Assert.Equal(0, await visit.Page.GetByText("逐项权重").CountAsync());
        await Shot(visit.Page, "blind");
        await visit.Page.GetByRole(AriaRole.Radio, new() { Name = "临江恒盛五金商行" }).CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "是这一户" }).ClickAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Regex("/links/audit\\?done=Taken$"));

        await visit.OpenAsync("/links/model");
        var bands = visit.Page.GetByRole(AriaRole.Table, new() { Name = "各类判定的差错率与 95% 区间" });
        await Assertions.Expect(bands.GetByRole(AriaRole.Row,
            new() { Name = "自动归户" })).ToContainTextAsync("0.00% – 79.35%");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img,
            new() { Name = "各类判定的差错率与 95% 区间" })).ToBeVisibleAsync();
        Assert.True((await visit.Page.Locator(".intervals .bar-band").First.BoundingBoxAsync())!.Width > 50);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "各部门差错率" }))
            .ToContainTextAsync("不足 30 行");
        await Shot(visit.Page, "desk");
        Assert.Empty(visit.Complaints);
    }

    /// <summary>Goal: a registered operator that nothing was compared with is found by a search.</summary>
    [BrowserFact]
    public async Task Audit_OfWhatNothingWasComparedWith_IsFoundBySearchingWithTheKeyboard()
    {
        await using var visit = await chromium.VisitAsync(host, width: 820);
        await visit.OpenAsync("/links/model");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "抽取样本" }).ClickAsync();
        await visit.OpenAsync("/links/audit");
        await Shot(visit.Page, "audit_list");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "老八烧烤" }).ClickAsync();
        await visit.Page.GetByLabel("理由").FillAsync("门头照片");
        await visit.Page.GetByLabel("名称中的字").FillAsync("烤串");
        await visit.Page.GetByLabel("地址中的字").FillAsync("河沿巷");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visit.Page.GetByText("查到 1 户。")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByLabel("理由")).ToHaveValueAsync("门头照片");
        await Shot(visit.Page, "blind_narrow");
        await visit.Page.GetByRole(AriaRole.Table, new() { Name = "查到的登记主体" })
            .GetByRole(AriaRole.Radio, new() { Name = "临江刘建国烤串店" }).CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "是这一户" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("请核下一行");

        await visit.OpenAsync("/links/model");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Row, new() { Name = "自动判定未登记：无相近主体" })
            .First).ToContainTextAsync("100.00%");
        await Shot(visit.Page, "desk_narrow");
        await visit.OpenAsync($"/links/{LinkSeed.Uncompared}");
        await Assertions.Expect(visit.Page.GetByText("盲核人员查到的登记主体也列在对照表中")).ToBeVisibleAsync();
        await Shot(visit.Page, "row_narrow");
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Post_WithoutOurToken_IsRefused()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/links");
        var answer = await visit.Page.APIRequest.PostAsync($"{host.Address}links/{LinkSeed.Ambiguous}", new()
        {
            Form = visit.Page.APIRequest.CreateFormData().Set("party", LinkSeed.PartyOf(2).ToString()).Set("verdict",
                "1"),
        });
        Assert.Equal(400, answer.Status);
    }

    /// <summary>Kept only where somebody asks for pictures.</summary>
    private static async Task Shot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("INFOHUB_SHOTS") is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"rv_{name}.png"), FullPage = true });
    }
}
