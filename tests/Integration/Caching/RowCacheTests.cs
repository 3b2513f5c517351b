using System.Net;
using Platform.Caching;
using Platform.DataService.Storage;
using Platform.Harness;
using Platform.Integration.DataService;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Cache;
using Platform.ServiceDefaults.Identity;
using StackExchange.Redis;
using Xunit;

namespace Platform.Integration.Caching;

/// <summary>Rows in the memory of two processes and in the store that they share, while changes take them out and the store comes and goes.</summary>
public sealed class RowCacheTests(PlatformServers servers) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LoopbackPort.Free();
    private readonly CacheKey _key = new("jane", "customers", "7");

    private GarnetCache _store = null!;
    private ConnectionMultiplexer _connection = null!;
    private CacheInvalidator _invalidator = null!;
    private CacheReader _here = null!, _there = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ConnectionString => $"127.0.0.1:{_port},password={PlatformServers.Password}";

    public async ValueTask InitializeAsync()
    {
        await StartStoreAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString + ",abortConnect=false,allowAdmin=true");
        _invalidator = new CacheInvalidator(_connection);
        _here = await CacheReader.StartAsync(ConnectionString, Cancellation);
        _there = await CacheReader.StartAsync(ConnectionString, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _connection.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_row_that_one_process_has_read_is_found_by_all_first_in_the_store_then_in_memory()
    {
        Assert.Null(await _here.FindAsync(_key));
        await _here.FillAsync(_key, "a row");
        for (var read = 1; read <= 2; read++)
        {
            Assert.Equal("a row", await _here.FindAsync(_key));
            Assert.Equal("a row", await _there.FindAsync(_key));
        }

        Assert.Equal((2L, 0L, 1L), _here.Reads);
        Assert.Equal((1L, 1L, 0L), _there.Reads);
        Assert.Null(await _here.FindAsync(_key with { Tenant = "steve" }));
    }

    [Fact]
    public async Task A_row_is_not_given_to_a_caller_who_has_seen_more_and_a_newer_one_takes_its_place()
    {
        await _here.FillAsync(_key, "old", lsn: 5000);
        Assert.Equal("old", await _there.FindAsync(_key, atLeast: 5000));
        foreach (var reader in new[] { _here, _there }) Assert.Null(await reader.FindAsync(_key, atLeast: 5001));

        await _here.FillAsync(_key, "new", lsn: 6000);
        foreach (var reader in new[] { _here, _there }) Assert.Equal("new", await reader.FindAsync(_key, atLeast: 5001));
    }

    [Fact]
    public async Task A_change_takes_the_row_out_of_the_store_at_once_and_out_of_every_memory()
    {
        await _here.FillAsync(_key, "a row");
        await _there.FindAsync(_key);
        var other = _key with { Id = "8" };
        await _here.FillAsync(other, "another row");

        await _invalidator.InvalidateAsync([new Invalidation(_key, 1000)]);
        Assert.False(await _connection.GetDatabase().KeyExistsAsync(_key.ToString()));
        foreach (var reader in new[] { _here, _there }) await ForgottenAsync(reader);
        foreach (var reader in new[] { _here, _there }) Assert.Null(await reader.FindAsync(_key));
        Assert.Equal("another row", await _here.FindAsync(other));
    }

    [Theory]
    [InlineData(1000u, 999ul, false)]
    [InlineData(1000u, 1000ul, false)] // perhaps still running when the row was read
    [InlineData(1000u, 1001ul, true)]
    [InlineData(1000u, (5ul << 32) + 1001, true)] // snapshots count on where transactions begin again
    [InlineData(1000u, (5ul << 32) + 1000, false)]
    [InlineData(4294967290u, (5ul << 32) + 3, true)] // before and after the wrap
    [InlineData(3u, (4ul << 32) + 4294967290, false)]
    public async Task A_row_read_before_a_change_and_stored_after_it_is_refused_in_the_store_and_in_memory(uint changedBy, ulong xmin, bool isKept)
    {
        await _invalidator.InvalidateAsync([new Invalidation(_key, changedBy)]);
        await _here.FillAsync(_key, "read before", xmin);
        Assert.Equal(isKept ? "read before" : null, await _here.FindAsync(_key));
        Assert.Equal(isKept ? "read before" : null, await _there.FindAsync(_key));
        Assert.Equal(isKept ? 0L : 1L, _here.RefusedFills);
    }

    [Fact]
    public async Task A_row_on_its_way_from_the_store_into_memory_is_caught_up_with_by_its_change()
    {
        // What is heard after a mark is certain to have been heard after it, for one connection brings both.
        var later = _key with { Id = "later" };
        await _here.FillAsync(later, "to be changed");
        await _invalidator.InvalidateAsync([new Invalidation(_key, 1000), new Invalidation(later, 1000)]);
        await Eventually.HoldsAsync(() => Task.FromResult((_here.Remembered(later) is null, "not heard")), Deadline.Usual, Cancellation);

        _here.Remember(_key, "read before", xmin: 1000);
        Assert.Null(_here.Remembered(_key));
        _here.Remember(_key, "read after", xmin: 1001);
        Assert.Equal("read after", _here.Remembered(_key));
    }

    [Fact]
    public async Task Of_reads_and_changes_at_once_no_row_stays_that_is_older_than_the_last_change()
    {
        for (var xid = 1001u; xid < 1301; xid++)
        {
            // Each reader has read under a snapshot that may or may not see the change that is announced at the same time.
            var change = _invalidator.InvalidateAsync([new Invalidation(_key, xid)]);
            await Task.WhenAll(_here.FillAsync(_key, $"{xid - 1}", xid), _there.FillAsync(_key, $"{xid - 1}", xid), _there.FindAsync(_key), change);
            foreach (var reader in new[] { _here, _there }) await ForgottenAsync(reader);
            Assert.Null(await _here.FindAsync(_key));

            await _here.FillAsync(_key, $"{xid}", xid + 1);
            Assert.Equal($"{xid}", await _there.FindAsync(_key));
        }
    }

    [Fact]
    public async Task A_row_that_has_not_changed_up_to_an_announced_position_is_given_to_all_who_have_seen_no_more()
    {
        await _here.FillAsync(_key, "a row", lsn: 5000);
        var changed = _key with { Id = "8" };
        await _here.FillAsync(changed, "another row", lsn: 5000);
        await _invalidator.InvalidateAsync([new Invalidation(changed, 1000)]);
        await _invalidator.AnnounceAsync(CacheReader.Source, 6000);
        foreach (var reader in new[] { _here, _there })
        {
            await Eventually.HoldsAsync(
                async () => (await reader.FindAsync(_key, atLeast: 6000) == "a row", "not heard"), Deadline.Usual, Cancellation);
            Assert.Null(await reader.FindAsync(_key, atLeast: 6001));
            Assert.Null(await reader.FindAsync(changed));
        }

        // What was announced does not hold for what is stored after the cache was emptied.
        await _invalidator.FlushAsync();
        foreach (var reader in new[] { _here, _there }) await ForgottenAsync(reader);
        await _here.FillAsync(_key, "from before", lsn: 5000);
        foreach (var reader in new[] { _here, _there }) Assert.Null(await reader.FindAsync(_key, atLeast: 6000));
    }

    [Fact]
    public async Task A_row_read_where_marks_may_have_expired_is_refused()
    {
        await _invalidator.SetHorizonAsync(CacheReader.Source, 5000);
        await _here.FillAsync(_key, "read by a replica far behind", lsn: 4999);
        Assert.Null(await _here.FindAsync(_key));
        await _here.FillAsync(_key, "a row", lsn: 5000);
        Assert.Equal("a row", await _there.FindAsync(_key));
    }

    [Fact]
    public async Task After_the_cache_was_emptied_every_row_is_refused_until_a_position_is_known()
    {
        await _invalidator.FlushAsync();
        await _here.FillAsync(_key, "the marks against it are gone", lsn: 5000);
        Assert.Null(await _here.FindAsync(_key));
        await _invalidator.SetHorizonAsync(CacheReader.Source, 6000);
        await _here.FillAsync(_key, "still", lsn: 5999);
        Assert.Null(await _here.FindAsync(_key));
        await _here.FillAsync(_key, "a row", lsn: 6000);
        Assert.Equal("a row", await _there.FindAsync(_key));
    }

    [Fact]
    public async Task Positions_of_one_database_say_nothing_about_rows_of_another()
    {
        const string other = "north/vault";
        var theirs = _key with { Tenant = "vera" };
        await _here.FillAsync(_key, "ours", lsn: 5000);
        await _here.FillAsync(theirs, "theirs", lsn: 100, source: other);
        await _invalidator.AnnounceAsync(CacheReader.Source, 6000);
        await Eventually.HoldsAsync(async () => (await _here.FindAsync(_key, atLeast: 6000) == "ours", "not heard"), Deadline.Usual, Cancellation);
        Assert.Null(await _here.FindAsync(theirs, atLeast: 200, source: other));
        await _invalidator.AnnounceAsync(other, 200);
        await Eventually.HoldsAsync(async () => (await _here.FindAsync(theirs, atLeast: 200, source: other) == "theirs", "not heard"), Deadline.Usual, Cancellation);

        await _invalidator.FlushAsync();
        await _invalidator.SetHorizonAsync(other, 100);
        await _here.FillAsync(_key, "nobody knows", lsn: 7000);
        await _here.FillAsync(theirs, "known", lsn: 300, source: other);
        Assert.Null(await _there.FindAsync(_key));
        Assert.Equal("known", await _there.FindAsync(theirs, source: other));
    }

    [Fact]
    public async Task Emptying_the_cache_empties_every_memory()
    {
        await _here.FillAsync(_key, "a row");
        await _there.FindAsync(_key);
        await _invalidator.FlushAsync();
        foreach (var reader in new[] { _here, _there }) await ForgottenAsync(reader);
        Assert.Null(await _here.FindAsync(_key));
    }

    [Fact]
    public async Task While_the_store_is_away_nothing_is_kept_and_when_it_is_back_it_is_used_again()
    {
        await _here.FillAsync(_key, "from before");
        Assert.Equal("from before", _here.Remembered(_key));

        await _store.DisposeAsync();
        await Eventually.HoldsAsync(() => Task.FromResult((!_here.UsesMemory, "the memory is still used")), Deadline.Usual, Cancellation);
        Assert.Null(await _here.FindAsync(_key));
        await _here.FillAsync(_key, "read meanwhile");
        Assert.Null(_here.Remembered(_key));

        await StartStoreAsync();
        await _here.UsesMemoryAsync(Cancellation);
        // A change may have been announced that nobody here heard.
        Assert.Null(_here.Remembered(_key));
        await Eventually.HoldsAsync(
            async () =>
            {
                await _here.FillAsync(_key, "read afterwards");
                return (_here.Remembered(_key) == "read afterwards", "not kept");
            },
            Deadline.Usual,
            Cancellation);
        await _there.UsesMemoryAsync(Cancellation);
        Assert.Equal("read afterwards", await _there.FindAsync(_key));
    }

    [Fact]
    public async Task Without_the_store_a_data_service_answers_from_Postgres_and_stays_healthy()
    {
        using var shop = await TestTenant.CreateAsync(servers.Services, Cancellation);
        var customer = await shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation);
        await using var data = RunningService<RowStore>.Start(
        [
            ("ConnectionStrings:platform", servers.Primary.ApiConnectionString), ("ConnectionStrings:cache", ConnectionString),
            ("services:schema:http:0", servers.Services.Schema.Address.ToString()), ("Node:Name", "postgres"),
        ]);
        await data.ReadyAsync(Cancellation);
        using var client = data.ClientOf(Policies.Tenant, shop.Id);
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync($"/data/customers/{customer}", Cancellation)).Status);

        await _store.DisposeAsync();
        for (var i = 0; i < 5; i++)
        {
            await shop.Primary.AskAsync(HttpMethod.Patch, $"/data/customers/{customer}", new { city = $"City {i}" }, Cancellation);
            await Eventually.HoldsAsync(
                async () =>
                {
                    var answer = await client.AskAsync($"/data/customers/{customer}", Cancellation);
                    return (answer.Body.GetProperty("city").GetString() == $"City {i}", answer.ToString());
                },
                Deadline.Usual,
                Cancellation);
        }

        await data.ReadyAsync(Cancellation);
    }

    private async Task StartStoreAsync()
    {
        _store = new GarnetCache(_folder["cache"], _port, PlatformServers.Password, servers.Log);
        await _store.StartAsync(Cancellation);
    }

    private Task ForgottenAsync(CacheReader reader) =>
        Eventually.HoldsAsync(() => Task.FromResult((reader.Remembered(_key) is null, $"{reader.Remembered(_key)}")), Deadline.Usual, Cancellation);
}
