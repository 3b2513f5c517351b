using System.Net;
using Npgsql;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Postgres;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>A cluster of its own, whose replica becomes the primary.</summary>
public sealed class PromotionTests(PlatformServers servers) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PostgresNode _primary = null!;
    private PostgresNode _replica = null!;
    private PlatformServices _services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _primary = PostgresNodes.First(_folder["primary"], servers.Log);
        await _primary.StartAsync(Cancellation);
        _replica = PostgresNodes.Replica(_folder["replica"], _primary, servers.Log);
        await _replica.StartAsync(Cancellation);
        _services = await PlatformServices.StartAsync(_primary, [_replica], servers.CacheConnectionString, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _replica.DisposeAsync();
        await _primary.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_is_reached_on_a_replica_that_hears_of_nothing_else_and_refused_after_a_promotion()
    {
        using var shop = await TestTenant.CreateAsync(_services, Cancellation);
        var before = default(Answer)!;
        for (var length = 1; length <= 80; length++)
        {
            // Rows of many lengths, so that commits end at many places of a page of the log.
            before = await shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", Written.Customer(new string('x', length)), Cancellation);
            var path = $"/data/customers/{before.Body.GetProperty("customer_id")}";
            Assert.Equal(HttpStatusCode.OK, (await shop.Replica.AskAsync(path, Cancellation)).Status);
        }

        await using (var server = NpgsqlDataSource.Create(_replica.ConnectionString("postgres", PlatformServers.Password)))
            Assert.True(await server.ReadAsync<bool>("SELECT pg_promote()", Cancellation));
        var promoted = _services.Replica.ClientOf(Policies.Tenant, shop.Id);
        var after = default(Answer)!;
        await Eventually.HoldsAsync(
            async () =>
            {
                after = await promoted.AskAsync(HttpMethod.Post, "/data/customers", Written.Customer(), Cancellation);
                return (after.Status == HttpStatusCode.Created, after.ToString());
            },
            Deadline.Usual,
            Cancellation);

        // What the old primary commits now, the new one will never have; what it committed before cannot be told from it.
        var lost = await shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", Written.Customer(), Cancellation);
        foreach (var old in new[] { before, lost })
        {
            var refused = await promoted.AskAsync("/data/customers", Cancellation, (ConsistencyToken.HeaderName, TokenOf(old)));
            Assert.Equal(HttpStatusCode.Conflict, refused.Status);
            Assert.Contains("timeline 1", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        var list = await promoted.AskAsync("/data/customers?limit=1000", Cancellation, (ConsistencyToken.HeaderName, TokenOf(after)));
        Assert.Equal(81, list.Items.Count);
        promoted.Dispose();
        // The old primary does not know of the other node here, and goes on.
        Assert.Contains("postgres is a primary too", await _replica.FindProblemAsync(Cancellation), StringComparison.Ordinal);
    }

    private static string TokenOf(Answer answer) => answer.Headers.GetValues(ConsistencyToken.HeaderName).Single();
}
