using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Harness;
using Platform.ServiceDefaults.Identity;

namespace Platform.Integration.Servers;

/// <summary>A service inside this process, from its <c>Program.cs</c> on, listening at a port of the loopback address.</summary>
/// <typeparam name="TPart">Any class of the service; it tells which service is meant.</typeparam>
internal sealed class RunningService<TPart> : WebApplicationFactory<TPart> where TPart : class
{
    private readonly IReadOnlyList<(string Name, string Value)> _settings;
    private readonly TimeProvider _clock;

    private RunningService(IReadOnlyList<(string Name, string Value)> settings, TimeProvider clock) => (_settings, _clock) = (settings, clock);

    /// <summary>Where it listens.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>Starts the service with these settings, and with this clock when one is given.</summary>
    public static RunningService<TPart> Start(IReadOnlyList<(string Name, string Value)> settings, TimeProvider? clock = null)
    {
        var service = new RunningService<TPart>(settings, clock ?? TimeProvider.System);
        service.UseKestrel(0);
        service.StartServer();
        return service;
    }

    /// <summary>Returns when the service says that it is healthy.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () =>
        {
            using var client = ClientOf(Policies.Service);
            using var health = await client.GetAsync("/health", cancellationToken);
            return (health.IsSuccessStatusCode, await health.Content.ReadAsStringAsync(cancellationToken));
        },
        Deadline.Usual,
        cancellationToken);

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
        builder.ConfigureServices(services => services.AddSingleton(_clock));
    }
}
