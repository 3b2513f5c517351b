using Microsoft.Playwright;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>The page on which the API is read and tried.</summary>
public sealed class ApiPageTests(PlatformFixture fixture)
{
    [Fact]
    public async Task The_gateways_address_leads_to_the_api_of_every_entity_and_asks_nobody_else_for_anything()
    {
        await using var browser = await Browser.StartAsync();
        List<string> complaints = [];
        var page = await browser.OpenAsync(await fixture.Platform.AddressAsync("gateway"), complaints);
        foreach (var entity in Harness.ShopData.Entities)
            await Assertions.Expect(page.Locator("nav, aside").First).ToContainTextAsync(entity);
        Assert.Empty(complaints);
    }
}
