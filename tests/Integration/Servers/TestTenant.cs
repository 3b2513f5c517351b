using System.Net.Http.Json;
using Platform.DataService.Storage;
using Platform.Harness;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;

namespace Platform.Integration.Servers;

/// <summary>
/// A tenant of one test, without rows at first, and clients that act for it. Whatever client asks, it sees what the others were
/// answered before, for they share the consistency token.
/// </summary>
internal sealed class TestTenant : IDisposable
{
    private readonly TokenKeeper _token = new();

    private TestTenant(string id, PlatformServices services)
    {
        Id = id;
        Primary = ClientOf(services.Data);
        Replica = ClientOf(services.PatientReplica);
    }

    public string Id { get; }

    /// <summary>Asks the data service beside the primary.</summary>
    public HttpClient Primary { get; }

    /// <summary>Asks a data service beside a replica, which waits for what it has to have replayed.</summary>
    public HttpClient Replica { get; }

    /// <summary>Makes a tenant; returns when the data services know it.</summary>
    public static async Task<TestTenant> CreateAsync(PlatformServices services, CancellationToken cancellationToken)
    {
        var tenant = new TestTenant($"tenant-{Guid.NewGuid():N}"[..24], services);
        using var @operator = services.Schema.ClientOf(Policies.Operator);
        using var created = await @operator.PostAsJsonAsync("/tenants", new { id = tenant.Id, name = "Made by a test" }, cancellationToken);
        await created.RequireSuccessAsync();
        foreach (var client in new[] { tenant.Primary, tenant.Replica })
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var answer = await client.GetAsync("/data/customers", cancellationToken);
                    return (answer.IsSuccessStatusCode, answer.StatusCode.ToString());
                },
                Deadline.Usual,
                cancellationToken);
        }

        return tenant;
    }

    public void Dispose()
    {
        Primary.Dispose();
        Replica.Dispose();
    }

    private HttpClient ClientOf(RunningService<RowStore> service) => service.ClientOf(Policies.Tenant, Id, new TokenHandler(_token));

    private sealed class TokenKeeper
    {
        public string? Newest { get; set; }
    }

    private sealed class TokenHandler(TokenKeeper token) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (token.Newest is { } newest && !request.Headers.Contains(ConsistencyToken.HeaderName)) request.Headers.Add(ConsistencyToken.HeaderName, newest);
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues(ConsistencyToken.HeaderName, out var values)) token.Newest = values.Single();
            return answer;
        }
    }
}
