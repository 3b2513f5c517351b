using System.Collections.Concurrent;
using System.Globalization;
using Platform.Cluster;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>The roles of a cluster's nodes follow their data: through a fail-over, a kill at any moment of it, and a promotion by hand.</summary>
public sealed class FailOverTests : IAsyncLifetime
{
    private const string IsPrimary = "SELECT NOT pg_is_in_recovery()", Count = "SELECT count(*) FROM public.kept";

    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeProcess> _nodes;
    private readonly ConcurrentQueue<int> _acknowledged = new();
    private int _number;

    public FailOverTests() => _nodes = [.. new[] { "postgres", "postgres-replica-1", "postgres-replica-2" }.Select((name, i) => new NodeProcess(name, _folder[name], i == 0))];

    /// <summary>Moments of a fail-over at which everything is killed.</summary>
    public enum Moment
    {
        PrimaryIsStopping,
        PrimaryHasStopped,
        OrderIsGiven,
        ReplicaIsPromoted,
        OldPrimaryIsStarting,
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NodeProcess First => _nodes[0];

    private NodeProcess Replica => _nodes[1];

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Assert.NotNull(await First.TryAsync("CREATE TABLE public.kept (n int PRIMARY KEY); SELECT 1", Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_replica_takes_the_primarys_place_every_other_node_follows_it_without_being_cloned_and_it_works_back_too()
    {
        var primary = First;
        foreach (var next in new[] { Replica, First })
        {
            await WriteAsync(primary);
            await StopAndOrderAsync(primary, next);
            await next.HasAsync(IsPrimary, true, Cancellation);
            primary.Start(_nodes);
            foreach (var node in _nodes) await node.HealthyAsync(Cancellation);
            await WriteAsync(next);
            await RequireAsync(primary: next);
            primary = next;
        }

        await primary.HasAsync("SELECT (pg_control_checkpoint()).timeline_id", 3, Cancellation);
        foreach (var node in _nodes)
        {
            Assert.Equal(node == First ? 0 : 1, node.Log.Split(": cloning the primary").Length - 1);
            // Nothing keeps the log on a node that nobody follows.
            await node.HasAsync("SELECT coalesce(string_agg(slot_name::text, ' ' ORDER BY slot_name), '') FROM pg_replication_slots", node == primary ? "postgres_replica_1 postgres_replica_2" : "", Cancellation);
            // Services read there how old a token is.
            await node.HasAsync("SELECT (pg_control_checkpoint()).timeline_id", 3, Cancellation);
        }

        foreach (var node in _nodes) await node.StopAsync(Cancellation);
        await StartAsync();
        await RequireAsync(primary);
    }

    [Theory]
    [InlineData(Moment.PrimaryIsStopping, false)]
    [InlineData(Moment.PrimaryHasStopped, false)]
    [InlineData(Moment.OrderIsGiven, true)]
    [InlineData(Moment.ReplicaIsPromoted, true)]
    [InlineData(Moment.OldPrimaryIsStarting, true)]
    public async Task Whenever_everything_is_killed_one_primary_comes_back_with_every_acknowledged_row(Moment moment, bool isDecided)
    {
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = Task.WhenAll(_nodes.Select(node => TryToWriteAsync(node, writing.Token)));
        await Eventually.HoldsAsync(() => Task.FromResult((_acknowledged.Count > 20, $"{_acknowledged.Count} rows")), Deadline.Usual, Cancellation);
        await ComeToAsync(moment);
        foreach (var node in _nodes) node.Kill();

        await StartAsync();
        var before = _acknowledged.Count;
        await Eventually.HoldsAsync(() => Task.FromResult((_acknowledged.Count > before + 20, $"{_acknowledged.Count} rows")), Deadline.Usual, Cancellation);
        await writing.CancelAsync();
        await writers;
        await RequireAsync(primary: isDecided ? Replica : First);
        Assert.Null(PromotionOrder.Find(Replica.AsPeer.Folder));
    }

    [Fact]
    public async Task An_order_is_not_carried_out_while_the_old_primary_runs_or_has_what_the_replica_lacks()
    {
        await WriteAsync(First);
        new PromotionOrder(First.Name, "0/1").Give(Replica.AsPeer.Folder);
        await Eventually.HoldsAsync(() => Task.FromResult((PromotionOrder.Find(Replica.AsPeer.Folder) is null, Replica.Log)), Deadline.Usual, Cancellation);
        Assert.Equal(false, await Replica.TryAsync(IsPrimary, Cancellation));
        await WriteAsync(First);
        await Replica.HasAsync(Count, 2L, Cancellation);

        await Replica.StopAsync(Cancellation);
        await WriteAsync(First);
        await First.StopAsync(Cancellation);
        new PromotionOrder(First.Name, ShutdownPosition.Find(First.AsPeer.Folder)!).Give(Replica.AsPeer.Folder);
        Replica.Start(_nodes);
        await Replica.HasAsync("SELECT pg_is_in_recovery()", true, Cancellation);
        await Replica.HasAsync(Count, 2L, Cancellation);
        PromotionOrder.Remove(Replica.AsPeer.Folder);
        First.Start(_nodes);
        await StartedAsync();
        await RequireAsync(primary: First);
    }

    [Fact]
    public async Task A_primary_beside_which_a_replica_was_promoted_by_hand_is_cloned_from_it_and_its_own_data_are_kept_aside()
    {
        await WriteAsync(First);
        await Replica.HasAsync(Count, 1L, Cancellation);
        await Replica.StopAsync(Cancellation);
        // Nobody but the old primary has this one.
        await WriteAsync(First);
        First.Kill();
        Replica.Start(_nodes);
        await Replica.HasAsync("SELECT pg_promote()", true, Cancellation);

        First.Start(_nodes);
        await StartedAsync();
        Assert.Contains("cloning the primary", First.Log, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_folder["postgres"], "data.diverged")));
        Assert.Equal(true, await Replica.TryAsync(IsPrimary, Cancellation));
        await First.HasAsync(Count, 1L, Cancellation);
        await _nodes[2].HasAsync(Count, 1L, Cancellation);
    }

    [Fact]
    public async Task A_running_primary_gives_up_its_role_when_another_node_is_promoted_by_hand()
    {
        await WriteAsync(First);
        await Replica.HasAsync(Count, 1L, Cancellation);
        Assert.Equal(true, await Replica.TryAsync("SELECT pg_promote()", Cancellation));
        await First.HasAsync("SELECT pg_is_in_recovery()", true, Cancellation);
        await StartedAsync();
        await WriteAsync(Replica);
        foreach (var node in _nodes) await node.HasAsync(Count, 2L, Cancellation);
    }

    [Fact]
    public async Task A_first_node_that_lost_its_data_is_cloned_from_the_primary_and_makes_no_new_cluster()
    {
        await WriteAsync(First);
        await StopAndOrderAsync(First, Replica);
        await Replica.HasAsync(IsPrimary, true, Cancellation);
        Directory.Delete(Path.Combine(_folder["postgres"], "data"), recursive: true);
        First.Start(_nodes);
        await StartedAsync();
        await RequireAsync(primary: Replica);
    }

    private async Task StartAsync()
    {
        foreach (var node in _nodes) node.Start(_nodes);
        await StartedAsync();
    }

    private async Task StartedAsync()
    {
        foreach (var node in _nodes) await node.HealthyAsync(Cancellation);
    }

    // What the command of the host does.
    private static async Task StopAndOrderAsync(NodeProcess primary, NodeProcess replica)
    {
        await primary.StopAsync(Cancellation);
        var position = ShutdownPosition.Find(primary.AsPeer.Folder);
        Assert.NotNull(position);
        await replica.HasAsync($"SELECT pg_last_wal_replay_lsn() > '{position}'", true, Cancellation);
        new PromotionOrder(primary.Name, position).Give(replica.AsPeer.Folder);
    }

    private async Task ComeToAsync(Moment moment)
    {
        if (moment == Moment.PrimaryIsStopping)
        {
            _ = First.StopAsync(CancellationToken.None);
            await Eventually.HoldsAsync(async () => (await First.TryAsync("SELECT 1", Cancellation) is null, "it still answers"), Deadline.Usual, Cancellation);
            return;
        }

        if (moment == Moment.PrimaryHasStopped)
        {
            await First.StopAsync(Cancellation);
            return;
        }

        await StopAndOrderAsync(First, Replica);
        if (moment == Moment.OrderIsGiven) return;
        await Replica.HasAsync(IsPrimary, true, Cancellation);
        if (moment == Moment.ReplicaIsPromoted) return;
        First.Start(_nodes);
        await Eventually.HoldsAsync(() => Task.FromResult((First.AsPeer.Data.IsReplica, "it has no mark")), Deadline.Usual, Cancellation);
    }

    private async Task WriteAsync(NodeProcess node)
    {
        var number = Interlocked.Increment(ref _number);
        await node.HasAsync($"INSERT INTO public.kept VALUES ({number}) ON CONFLICT (n) DO UPDATE SET n = excluded.n RETURNING n", number, Cancellation);
        _acknowledged.Enqueue(number);
    }

    // Every node is offered rows all the time: were there two that take them, those of one would be lost.
    private async Task TryToWriteAsync(NodeProcess node, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _number);
            if (await node.TryAsync($"INSERT INTO public.kept VALUES ({number}) RETURNING n", CancellationToken.None) is int) _acknowledged.Enqueue(number);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RequireAsync(NodeProcess primary)
    {
        foreach (var node in _nodes) Assert.Equal(node == primary, await node.TryAsync(IsPrimary, Cancellation));
        var numbers = string.Join(',', _acknowledged.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        foreach (var node in _nodes) await node.HasAsync($"SELECT count(*) FROM public.kept WHERE n = ANY ('{{{numbers}}}')", (long)_acknowledged.Count, Cancellation);
    }
}
