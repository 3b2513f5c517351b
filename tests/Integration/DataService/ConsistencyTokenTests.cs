using System.Net;
using Npgsql;
using Platform.DataService.Entities;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>What the data service beside a replica answers to a caller who has seen a position of the log, while the replica is held up.</summary>
public sealed class ConsistencyTokenTests(PlatformServers servers) : IAsyncLifetime
{
    private TestTenant _shop = null!;
    private HttpClient _replica = null!;
    private NpgsqlDataSource _replicaServer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _shop = await TestTenant.CreateAsync(servers.Services, Cancellation);
        _replica = servers.Services.Replica.ClientOf(Policies.Tenant, _shop.Id);
        _replicaServer = NpgsqlDataSource.Create(servers.Replicas[^1].ConnectionString("postgres", PlatformServers.Password));
    }

    public async ValueTask DisposeAsync()
    {
        await ResumeAsync();
        await _replicaServer.DisposeAsync();
        _replica.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task A_replica_that_is_behind_says_so_instead_of_answering_with_less_than_its_caller_has_seen()
    {
        await PauseAsync();
        var created = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", Written.Customer(), Cancellation);
        var token = TokenOf(created);
        var path = $"/data/customers/{created.Body.GetProperty("customer_id")}";
        foreach (var read in new[] { "/data/customers", path })
        {
            var behind = await AskReplicaAsync(read, token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, behind.Status);
            Assert.True(LsnText.TryParse(behind.Headers.GetValues(Consistency.NodeBehind).Single(), out var reached));
            Assert.True(reached < token.Lsn);
        }

        // Who has seen nothing is answered with what there is.
        Assert.Empty((await AskReplicaAsync("/data/customers")).Items);

        await ResumeAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await AskReplicaAsync(path, token);
                return (answer.Status == HttpStatusCode.OK, answer.ToString());
            },
            Deadline.Usual,
            Cancellation);
        Assert.Single((await AskReplicaAsync("/data/customers", token)).Items);
    }

    [Fact]
    public async Task A_cached_row_is_not_given_to_a_caller_who_has_seen_its_change()
    {
        var path = $"/data/customers/{await _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation)}";
        Assert.Equal(HttpStatusCode.OK, (await _shop.Primary.AskAsync(path, Cancellation)).Status);
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await AskReplicaAsync(path);
                return (answer.Status == HttpStatusCode.OK, answer.ToString());
            },
            Deadline.Usual,
            Cancellation);

        await PauseAsync();
        var changed = await _shop.Primary.AskAsync(HttpMethod.Patch, path, new { city = "Bergen" }, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskReplicaAsync(path, TokenOf(changed))).Status);
        Assert.Equal("Oslo", (await AskReplicaAsync(path)).Body.GetProperty("city").GetString());
    }

    [Fact]
    public async Task The_token_of_an_answer_is_never_earlier_than_the_one_it_was_asked_with()
    {
        var token = default(ConsistencyToken);
        for (var i = 0; i < 20; i++)
        {
            foreach (var (client, method) in new[] { (_shop.Primary, HttpMethod.Post), (_shop.Replica, HttpMethod.Get), (_shop.Primary, HttpMethod.Get) })
            {
                var next = TokenOf(await client.AskAsync(method, "/data/customers", method == HttpMethod.Post ? Written.Customer() : null, Cancellation));
                Assert.True(next.Lsn >= token.Lsn, $"{LsnText.Format(next.Lsn)} after {LsnText.Format(token.Lsn)}");
                token = next;
            }
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAAAQAAAAAB2345=")]
    [InlineData("AAAAAQAAAAAB*345")]
    [InlineData("AAAAAQAAAAAB2345AAAAAQAAAAAB2345")]
    [InlineData("0/16B3748")]
    public async Task What_is_no_token_of_the_platform_is_refused(string token)
    {
        foreach (var path in new[] { "/data/customers", "/data/customers/1" })
        {
            var answer = await _replica.AskAsync(path, Cancellation, (ConsistencyToken.HeaderName, token));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(ConsistencyToken.HeaderName, answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private Task<Answer> AskReplicaAsync(string path, ConsistencyToken? token = null) =>
        _replica.AskAsync(path, Cancellation, token is { } value ? [(ConsistencyToken.HeaderName, value.ToString())] : []);

    private async Task PauseAsync()
    {
        await _replicaServer.ExecuteAsync("SELECT pg_wal_replay_pause()", Cancellation);
        await Eventually.HoldsAsync(
            async () =>
            {
                var state = await _replicaServer.ReadAsync<string>("SELECT pg_get_wal_replay_pause_state()", Cancellation);
                return (state == "paused", state);
            },
            Deadline.Usual,
            Cancellation);
    }

    private Task ResumeAsync() => _replicaServer.ExecuteAsync("SELECT pg_wal_replay_resume()", CancellationToken.None);

    private static ConsistencyToken TokenOf(Answer answer) =>
        ConsistencyToken.TryParse(answer.Headers.GetValues(ConsistencyToken.HeaderName).Single(), out var token)
            ? token
            : throw new InvalidOperationException($"The answer has no token: {answer}");
}
