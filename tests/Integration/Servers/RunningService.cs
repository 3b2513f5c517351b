using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults.Identity;

namespace Platform.Integration.Servers;

/// <summary>A service inside this process, from its <c>Program.cs</c> on, listening at a port of the loopback address.</summary>
/// <typeparam name="TPart">Any class of the service; it tells which service is meant.</typeparam>
internal sealed class RunningService<TPart> : WebApplicationFactory<TPart> where TPart : class
{
    private readonly IReadOnlyList<(string Name, string Value)> _settings;

    private RunningService(IReadOnlyList<(string Name, string Value)> settings) => _settings = settings;

    /// <summary>Where it listens.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>Starts the service with these settings.</summary>
    public static RunningService<TPart> Start(params IReadOnlyList<(string Name, string Value)> settings)
    {
        var service = new RunningService<TPart>(settings);
        service.UseKestrel(0);
        service.StartServer();
        return service;
    }

    /// <summary>A client that shows the internal identity of this role, and of this tenant.</summary>
    public HttpClient ClientOf(string role, string? tenant = null, DelegatingHandler? handler = null)
    {
        var transport = new SocketsHttpHandler();
        if (handler is not null) handler.InnerHandler = transport;
        var client = new HttpClient(handler ?? (HttpMessageHandler)transport) { BaseAddress = Address };
        var identity = Services.GetRequiredService<InternalIdentity>().Sign("integration-tests", role, tenant);
        client.DefaultRequestHeaders.Authorization = new("Bearer", identity);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // What a service logs matters when a test is red; then set this to Information.
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("Identity:Key", "a key that only these tests know: 0123456789");
        builder.UseSetting("Identity:Lifetime", "00:10:00");
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
    }
}
