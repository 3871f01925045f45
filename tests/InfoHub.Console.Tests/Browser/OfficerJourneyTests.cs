using InfoHub.Console.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;

namespace InfoHub.Console.Tests.Browser;

/// <summary>What an officer does in a morning: sign in, narrow the list, open a finding, go back.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class OfficerJourneyTests(ConsoleHost host, ChromiumBrowser chromium) : IClassFixture<ChromiumBrowser>
{
    [BrowserFact]
    public async Task Journey_SignInFilterOpenAndBack_WithoutComplaints()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings");
        await WalkAsync(visit.Page);
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Journey_JavaScriptOff_Works()
    {
        await using var visit = await chromium.VisitAsync(host, script: false);
        await visit.OpenAsync("/findings");
        await WalkAsync(visit.Page);
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Journey_KeyboardOnly_Works()
    {
        await using var visit = await chromium.VisitAsync(host);
        var page = visit.Page;
        await page.GotoAsync("/findings");
        await TabToAsync(page, page.GetByLabel("使用方标识"));
        await page.Keyboard.TypeAsync(ConsoleHost.Consumer);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(ConsoleHost.Secret);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "疑点清单" })).ToBeVisibleAsync();

        await TabToAsync(page, page.GetByRole(AriaRole.Checkbox, new() { Name = "SZ-14" }));
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, page.GetByLabel("主体", new() { Exact = true }));
        await page.Keyboard.TypeAsync("仁和");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = LinjiangCity.HospitalFinding }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "计算过程" })).ToBeVisibleAsync();
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "返回清单" }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("主体", new() { Exact = true })).ToHaveValueAsync("仁和");
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task SkipLink_FirstTab_LeadsToTheContentOfThisPage()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings?model=SZ-14");
        // A page that is still taking over from the one before swallows the key, so it is opened again.
        var skip = visit.Page.GetByRole(AriaRole.Link, new() { Name = "跳到主要内容" });
        for (var attempt = 1; attempt == 1 || (attempt <= 5 && !await HasFocusAsync(skip)); attempt++)
        {
            await visit.Page.GotoAsync("/findings?model=SZ-14");
            await visit.Page.BringToFrontAsync();
            await visit.Page.Keyboard.PressAsync("Tab");
        }
        Assert.True(await HasFocusAsync(skip));
        await visit.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Uri(host.Address, "/findings?model=SZ-14#content").ToString());
        Assert.True(await HasFocusAsync(visit.Page.Locator("main")));
    }

    [BrowserFact]
    public async Task SignIn_WrongSecret_SaysWhatToDoAndKeepsTheId()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.Page.GotoAsync("/findings?model=SZ-14");
        await visit.SignInAsync("wrong");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("使用方标识或密钥不正确，请核对后重试。");
        await Assertions.Expect(visit.Page.GetByLabel("使用方标识")).ToHaveValueAsync(ConsoleHost.Consumer);
        await Assertions.Expect(visit.Page.GetByLabel("密钥")).ToHaveValueAsync("");
        await visit.SignInAsync();
        Assert.EndsWith("/findings?model=SZ-14", visit.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Paging_ToTheEnd_EveryFindingOnce()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings?state=all&unit=wan");
        var ids = new List<string>();
        var next = visit.Page.GetByRole(AriaRole.Link, new() { Name = "下一页" });
        for (var page = 0; page < 3; page++)
        {
            ids.AddRange(await visit.Page.Locator("table.findings tbody th").AllInnerTextsAsync());
            if (page < 2)
                await next.ClickAsync();
        }

        await Assertions.Expect(next).ToHaveCountAsync(0);
        Assert.Equal(126, ids.Count);
        Assert.Equal(126, ids.Distinct().Count());
        await Assertions.Expect(visit.Page.GetByText("金额单位：万元")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task HostileName_InTheList_IsShownAsText()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings?party=script");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Cell, new() { Name = LinjiangCity.HostileParty })).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task SignOut_ThenBack_ShowsNothing()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "退出登录" }).ClickAsync();
        var heading = visit.Page.GetByRole(AriaRole.Heading, new() { Name = "登录" });
        await Assertions.Expect(heading).ToBeVisibleAsync();
        await visit.Page.GoBackAsync();

        await Assertions.Expect(heading).ToBeVisibleAsync();
    }

    private static async Task WalkAsync(IPage page)
    {
        await Assertions.Expect(page.GetByText("未结疑点")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "SZ-14" }).CheckAsync();
        await page.GetByLabel("主体", new() { Exact = true }).FillAsync("仁和");
        await page.GetByLabel("差额不低于").FillAsync("200");
        await page.GetByLabel("所属期起").FillAsync("2025-01");
        await page.GetByLabel("区县、街道乡镇").SelectOptionAsync("339901001");
        await page.GetByRole(AriaRole.Button, new() { Name = "查询" }).ClickAsync();

        var table = page.GetByRole(AriaRole.Table, new() { Name = "疑点清单" });
        await Assertions.Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await Assertions.Expect(table.GetByRole(AriaRole.Cell, new() { Name = "2,469,526.25" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "万元" }).ClickAsync();
        await Assertions.Expect(table.GetByRole(AriaRole.Cell, new() { Name = "246.95" })).ToBeVisibleAsync();

        await table.GetByRole(AriaRole.Link, new() { Name = LinjiangCity.HospitalFinding }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Note)).ToContainTextAsync("单一来源：未经佐证或负责人批准不得对外使用");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "计算过程" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(8);
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "疑点所依据的原始数据行" })).ToContainTextAsync("定点医药机构医保结算信息");

        await page.GetByRole(AriaRole.Link, new() { Name = "返回清单" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "SZ-14" })).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("差额不低于")).ToHaveValueAsync("200");
    }

    /// <summary>Asked of the document: a busy machine may not give the window itself the focus.</summary>
    private static Task<bool> HasFocusAsync(ILocator target) => target.EvaluateAsync<bool>("e => e === document.activeElement");

    /// <summary>Presses Tab until <paramref name="target"/> has the focus, as somebody without a mouse does.</summary>
    private static async Task TabToAsync(IPage page, ILocator target)
    {
        const int TabsMax = 60;
        for (var tab = 0; tab < TabsMax; tab++)
        {
            if (await target.CountAsync() == 1 && await HasFocusAsync(target))
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{TabsMax} tabs did not reach {target}");
    }
}
