using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Platform.Dashboard.Overview;
using Xunit;

namespace Platform.Integration.Dashboard;

/// <summary>Outside of Development the dashboard shows nothing to somebody who has not signed in.</summary>
public sealed class OperatorSignInTests
{
    private const string Authority = "https://identity.example.com";

    [Theory]
    [InlineData("/")]
    [InlineData("/live")]
    public async Task In_production_every_page_leads_to_the_identity_provider(string page)
    {
        await using var dashboard = new ProductionDashboard();
        using var client = dashboard.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new Uri("https://dashboard.example.com") });
        using var answer = await client.GetAsync(page, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("identity.example.com", answer.Headers.Location!.Host);
        Assert.Contains("client_id=platform-dashboard", answer.Headers.Location.Query, StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", answer.Headers.Location.Query, StringComparison.Ordinal);
        Assert.Empty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task In_production_without_an_identity_provider_it_does_not_start_and_says_why()
    {
        var program = typeof(PlatformMonitor).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["Identity__Key"] = "a key that only these tests know: 0123456789";
        using var dashboard = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var said = await dashboard.StandardError.ReadToEndAsync(patience.Token);
        await dashboard.WaitForExitAsync(patience.Token);
        Assert.Equal(78, dashboard.ExitCode);
        Assert.Contains("Authentication:Authority", said, StringComparison.Ordinal);
    }

    private sealed class ProductionDashboard : WebApplicationFactory<PlatformMonitor>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Identity:Key", "a key that only these tests know: 0123456789");
            builder.UseSetting("Authentication:Authority", Authority);
            // What the provider would tell of itself over the network.
            builder.ConfigureServices(services => services.PostConfigure<OpenIdConnectOptions>(
                OpenIdConnectDefaults.AuthenticationScheme,
                oidc => oidc.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(
                    new() { Issuer = Authority, AuthorizationEndpoint = $"{Authority}/authorize" })));
        }
    }
}
