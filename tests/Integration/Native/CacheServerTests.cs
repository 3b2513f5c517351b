using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Cache;
using StackExchange.Redis;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>The cache's server.</summary>
public sealed class CacheServerTests(PlatformServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData(",password=wrong")]
    public async Task Nobody_gets_in_without_the_password(string password)
    {
        Listeners.RequireLoopbackOnly(servers.Cache.Port);
        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{servers.Cache.Port},connectRetry=0{password}");
            await client.GetDatabase().PingAsync();
        });
    }

    [Fact]
    public async Task What_was_stored_is_there_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var port = LoopbackPort.Free();
        for (var start = 1; start <= 3; start++)
        {
            await using var cache = new GarnetCache(folder["cache"], port, PlatformServers.Password, servers.Log);
            await cache.StartAsync(Cancellation);
            await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password={PlatformServers.Password}");
            var database = client.GetDatabase();
            for (var earlier = 1; earlier < start; earlier++)
            {
                Assert.Equal($"of start {earlier}", (string?)await database.StringGetAsync($"row {earlier}"));
                Assert.Equal(earlier, (int)await database.HashGetAsync("offsets", $"partition {earlier}"));
            }

            await database.StringSetAsync($"row {start}", $"of start {start}", TimeSpan.FromHours(1));
            await database.HashSetAsync("offsets", $"partition {start}", start);
        }
    }

    [Fact]
    public async Task A_redis_server_that_is_asked_for_and_not_there_is_told_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, reason) = await NativeProgram.RunAsync(
            ["cache", "--redis", "--port", $"{LoopbackPort.Free()}", "--health-port", $"{LoopbackPort.Free()}", "--data", folder["cache"]],
            Cancellation, ("CACHE_PASSWORD", "secret"), ("PATH", folder.FullPath));
        Assert.Equal(78, exitCode);
        Assert.StartsWith("redis-server is not on PATH.", reason, StringComparison.Ordinal);
    }
}
