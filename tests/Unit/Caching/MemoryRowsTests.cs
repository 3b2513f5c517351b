using Platform.Caching;
using Xunit;

namespace Platform.Unit.Caching;

public sealed class MemoryRowsTests
{
    [Fact]
    public async Task Who_has_heard_how_far_the_log_was_followed_is_given_no_row_from_before_a_change_up_to_there()
    {
        using var rows = new MemoryRows(TimeProvider.System) { Listening = true };
        var old = new CachedRow("old"u8.ToArray(), CoversLsn: 0, SeenLsn: 0, SnapshotXmin: 1000);
        for (var lsn = 1u; lsn <= 20_000; lsn++)
        {
            var key = new CacheKey("jane", "customers", $"{lsn}");
            var keeping = Task.Run(() => rows.Keep(key, old, TimeSpan.FromMinutes(1), rows.Generation));
            var hearing = Task.Run(() =>
            {
                rows.Invalidate(key, 1000);
                rows.Followed("postgres/platform", lsn);
            });
            while (!keeping.IsCompleted || !hearing.IsCompleted)
            {
                var followed = rows.FollowedLsn("postgres/platform");
                if (rows.Find(key) is not null) Assert.NotEqual(lsn, followed);
            }

            await Task.WhenAll(keeping, hearing);
            Assert.Null(rows.Find(key));
        }
    }

    [Fact]
    public void A_row_that_was_on_its_way_when_everything_was_dropped_is_not_kept()
    {
        using var rows = new MemoryRows(TimeProvider.System) { Listening = true };
        var key = new CacheKey("jane", "customers", "1");
        var generation = rows.Generation;
        rows.Clear();
        rows.Keep(key, new CachedRow("old"u8.ToArray(), CoversLsn: 0, SeenLsn: 0, SnapshotXmin: 1000), TimeSpan.FromMinutes(1), generation);
        Assert.Null(rows.Find(key));
    }
}
