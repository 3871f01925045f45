using System.Diagnostics;
using System.Runtime.CompilerServices;
using InfoHub.Console.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;

namespace InfoHub.Console.Tests.Browser;

/// <summary>What reaches the eye, the printer and the screen reader.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class AppearanceTests(ConsoleHost host, ChromiumBrowser chromium) : IClassFixture<ChromiumBrowser>
{
    [BrowserFact]
    public async Task Chart_Bars_AreDrawnLongestFirst()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings");

        var bars = visit.Page.Locator("svg .bar");
        foreach (var chart in await visit.Page.Locator(".chart svg").AllAsync())
        {
            var widths = new List<float>();
            foreach (var bar in await chart.Locator(".bar").AllAsync())
                widths.Add((await bar.BoundingBoxAsync())!.Width);
            Assert.Equal(widths.OrderDescending(), widths);
            Assert.True(widths[0] > 80 && widths[^1] > 0, $"bars are {string.Join(", ", widths)} wide");
        }
        Assert.Equal("rgb(29, 84, 153)", await bars.First.EvaluateAsync<string>("e => getComputedStyle(e).fill"));
        foreach (var kind in new[] { "收入差额", "税费差额" })
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new() { Name = kind })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Print_List_TableAndFiguresWithoutControls()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings");
        await visit.Page.EmulateMediaAsync(new() { Media = Media.Print });

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "疑点清单" })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "各模型差额" })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Search)).ToBeHiddenAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "退出登录" })).ToBeHiddenAsync();
        await Assertions.Expect(visit.Page.Locator(".watermark text").First).ToContainTextAsync(ConsoleHost.Consumer);
        Assert.True((await visit.Page.PdfAsync(new() { PreferCSSPageSize = true })).Length > 10_000);
    }

    [BrowserFact]
    public async Task Heading_ScrolledList_StaysInSight()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/findings");
        await visit.Page.Locator("table.findings tbody tr").Nth(40).ScrollIntoViewIfNeededAsync();

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "差额", Exact = true }).First).ToBeInViewportAsync();
    }

    /// <summary>1024: a small screen on a desk; 390: a telephone in the street.</summary>
    [BrowserFact]
    public async Task NarrowWindow_EveryPage_DoesNotScrollSideways()
    {
        foreach (var width in new[] { 1024, 390 })
            await OpenEveryPageAsync(width);
    }

    private async Task OpenEveryPageAsync(int width)
    {
        await using var visit = await chromium.VisitAsync(host, width: width);
        foreach (var address in new[] { "/findings", $"/findings/{LinjiangCity.HospitalFinding}",
            "/findings?party=none", "/nowhere", "/problems", "/problems/IH-INT-202", "/links", "/links/2",
                "/links/6", "/links/model", "/links/audit", await host.SampleAsync(LinkSeed.Uncompared) })
        {
            await visit.OpenAsync(address);
            Assert.True(await visit.Page.EvaluateAsync<bool>(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
                $"{address} at {width}");
        }
    }

    [BrowserFact]
    public async Task Axe_EveryPage_FindsNothing()
    {
        var axe = await AxeAsync();
        await using var visit = await chromium.VisitAsync(host);
        // Before signing in: these pages are open to all.
        foreach (var address in new[] { "/problems", "/problems/IH-INT-313", "/problems/IH-XYZ-000" })
        {
            await visit.Page.GotoAsync(address);
            await AssertAccessibleAsync(visit.Page, axe);
        }
        await visit.Page.GotoAsync("/signin");
        await AssertAccessibleAsync(visit.Page, axe);
        await visit.SignInAsync("wrong");
        await AssertAccessibleAsync(visit.Page, axe);
        foreach (var address in new[]
                 {
                     "/findings", "/findings?unit=wan&from=x&model=SZ-14&state=all", "/findings?party=none",
                     $"/findings/{LinjiangCity.HospitalFinding}", "/findings/HJ05-202503-0001", "/nowhere", "/links",
                         "/links/2", "/links/6", "/links?item=XX-99", "/links/model", "/links/audit",
                         await host.SampleAsync(LinkSeed.Uncompared),
                 })
        {
            await visit.OpenAsync(address);
            await AssertAccessibleAsync(visit.Page, axe);
        }
    }

    [BrowserFact]
    public async Task Axe_WhatASearchFound_FindsNothing()
    {
        await using var visit = await chromium.VisitAsync(host);
        await visit.OpenAsync(await host.SampleAsync(LinkSeed.Linked));
        await visit.Page.GetByLabel("名称中的字").FillAsync("临江");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "查到的登记主体" })).ToBeVisibleAsync();
        await AssertAccessibleAsync(visit.Page, await AxeAsync());
    }

    private static async Task AssertAccessibleAsync(IPage page, string axe)
    {
        // Evaluated through the debugger, so the page's own content policy stays as strict as it is.
        await page.EvaluateAsync(axe);
        var violations = await page.EvaluateAsync<string[]>("""
            async () => (await axe.run()).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.failureSummary}`))
            """);
        Assert.True(violations.Length == 0, $"{page.Url}\n{string.Join('\n', violations)}");
    }

    /// <summary>axe-core as package-lock.json pins it, fetched by npm once per checkout.</summary>
    private static async Task<string> AxeAsync([CallerFilePath] string source = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(source)!, "axe");
        var script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(script))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await npm.WaitForExitAsync(limit.Token);
            Assert.True(npm.ExitCode == 0, $"npm ci in {folder} ended with {npm.ExitCode}");
        }
        return await File.ReadAllTextAsync(script);
    }
}
