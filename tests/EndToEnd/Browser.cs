using Microsoft.Playwright;

namespace Platform.EndToEnd;

/// <summary>A headless Chromium of this machine: named by <c>CHROMIUM_PATH</c>, or the installed one.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Programs =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    // The pages follow by themselves; the deadline is for a machine under load.
    private const float Deadline = 60_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } chosen ? chosen : Array.Find(Programs, File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium. './platform test' installs it; or name one in CHROMIUM_PATH.");
        Assertions.SetDefaultExpectTimeout(Deadline);
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            // The sandbox does not start as root; the other switches keep the browser off the network.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        }));
    }

    /// <summary>Opens an address in a new page; what the page's scripts complain about goes to <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(Uri address, ICollection<string> complaints)
    {
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1480, Height = 1400 } });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
