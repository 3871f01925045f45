using InfoHub.Console.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;

namespace InfoHub.Console.Tests.Browser;

/// <summary>One headless Debian Chromium; every test takes a visit of its own.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Generous, because the machine may be busy; a condition that holds is seen at once.</summary>
    private const float ExpectTimeoutMs = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task<Visit> VisitAsync(ConsoleHost host, bool script = true, int width = 1440)
    {
        if (_browser is null)
        {
            Assertions.SetDefaultExpectTimeout(ExpectTimeoutMs);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = Arguments });
        }
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = host.Address.ToString(),
            Locale = "zh-CN",
            JavaScriptEnabled = script,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        return new Visit(context, await context.NewPageAsync());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A visit to the console; whatever the browser complains of is kept.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += (_, dialog) => _complaints.Add($"dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => _complaints;

    public async Task SignInAsync(string secret = ConsoleHost.Secret, string consumer = ConsoleHost.Consumer)
    {
        await Page.GetByLabel("使用方标识").FillAsync(consumer);
        await Page.GetByLabel("密钥").FillAsync(secret);
        await Page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
    }

    public async Task OpenAsync(string address, string consumer = ConsoleHost.Consumer)
    {
        await Page.GotoAsync(address);
        if (Page.Url.Contains("/signin", StringComparison.Ordinal))
            await SignInAsync(consumer: consumer);
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
