using System.Net.Http.Json;
using Platform.Tenancy;

namespace Platform.Integration.Capture;

/// <summary>The schema service's directory as tests change it.</summary>
internal sealed class DirectoryStub : HttpMessageHandler, IHttpClientFactory
{
    private TenantDirectorySnapshot _tenants = new(0, []);

    public DirectoryStub() => Directory = new(this, TimeProvider.System);

    /// <summary>What a service follows.</summary>
    public TenantDirectory Directory { get; }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { BaseAddress = new("http://schema") };

    /// <summary>Places a tenant, and returns when the service knows of it.</summary>
    public async Task PlaceAsync(string id, string cluster, string database, CancellationToken cancellationToken)
    {
        _tenants = new(_tenants.Version + 1, [.. _tenants.Tenants, new(id, id, TenantStatus.Active, cluster, database, "app", TenantMode.Database)]);
        while (await Directory.FindAsync(id, cancellationToken) is null) await Task.Yield();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage { Content = JsonContent.Create(_tenants) });

    protected override void Dispose(bool disposing)
    {
        Directory.Dispose();
        base.Dispose(disposing);
    }
}
