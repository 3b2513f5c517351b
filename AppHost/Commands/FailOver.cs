using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;
using Platform.AppHost.Hosting;
using Platform.Cluster;

namespace Platform.AppHost.Commands;

/// <summary>
/// One fail-over: the primary is shut down, which sends its replicas all of its log; when the chosen one has it, it is ordered to take the
/// primary's place, and the old primary is started again. Until the order everything can be undone by starting the old primary; from the
/// order on, every process that dies is started again in its new role.
/// </summary>
internal sealed class FailOver(
    IReadOnlyList<FailOverNode> nodes, FailOverNode primary, ILogger logger, ResourceMonitor monitor, ResourceCommandService commands, ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>
    /// Most log that the new primary may have yet to replay when the old one is stopped: nobody takes writes while it does.
    /// </summary>
    private const ulong MostUnreplayed = 16 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan ReplayPatience = TimeSpan.FromSeconds(15), StopPatience = TimeSpan.FromSeconds(20), PromotionPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(90);

    // Whoever has ordered it may go away; a step that has begun is not broken off for that.
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    /// <summary>Carries it out.</summary>
    /// <param name="chosen">Name of the replica; null for the one that has received most.</param>
    /// <exception cref="FailOverException">The primary stays the primary, or something is left to do; the message says which.</exception>
    public async Task<ExecuteCommandResult> RunAsync(string? chosen)
    {
        var began = time.GetTimestamp();
        var replica = await ChooseAsync(chosen);
        logger.Begun(replica.Name, primary.Name);
        // The checkpoint at the shutdown has less to write then, and nobody takes writes during that.
        await primary.CheckpointAsync(_stopping);

        var stopped = time.GetTimestamp();
        var position = "";
        try
        {
            position = await ShutDownAsync();
            await WaitForAsync(
                replica, status => status is { IsPrimary: false } && status.Replayed > NpgsqlLogSequenceNumber.Parse(position), ReplayPatience,
                $"{replica.Name} has not everything up to {position}, where the log of {primary.Name} ends");
            logger.IsComplete(primary.Name, position, replica.Name);
        }
        catch (FailOverException exception)
        {
            await GiveUpAsync(exception.Message);
        }

        new PromotionOrder(primary.Name, position).Give(replica.Folder);
        try
        {
            await WaitForAsync(replica, status => status is { IsPrimary: true }, PromotionPatience, $"{replica.Name} was not promoted");
        }
        catch (FailOverException exception)
        {
            if (await WithdrawAsync(replica)) await GiveUpAsync(exception.Message);
            await WaitForAsync(replica, status => status is { IsPrimary: true }, HealthPatience, $"{replica.Name} was promoted and does not answer yet");
        }

        var without = time.GetElapsedTime(stopped);
        logger.Promoted(replica.Name, replica.Data.Timeline, without.TotalMilliseconds);
        await RejoinAsync(replica);
        var took = time.GetElapsedTime(began);
        logger.Done(replica.Name, took.TotalMilliseconds);
        var result = new { primary = replica.Name, replica = primary.Name, timeline = replica.Data.Timeline, millisecondsWithoutPrimary = (long)without.TotalMilliseconds, milliseconds = (long)took.TotalMilliseconds };
        return CommandResults.Success(
            string.Create(CultureInfo.InvariantCulture, $"{replica.Name} is the primary, on timeline {replica.Data.Timeline}, and {primary.Name} follows it. No node took writes for {without.TotalSeconds:0.0} s; it took {took.TotalSeconds:0.0} s in all."),
            JsonSerializer.Serialize(result), CommandResultFormat.Json);
    }

    private async Task<FailOverNode> ChooseAsync(string? chosen)
    {
        if (nodes.FirstOrDefault(node => PromotionOrder.Find(node.Folder) is not null) is { } ordered) throw new FailOverException($"{ordered.Name} is about to become the primary already.");
        var all = await Task.WhenAll(nodes.Select(async node => (Node: node, Status: await node.AskAsync(_stopping))));
        if (all.Single(one => one.Node == primary).Status is not { IsPrimary: true })
        {
            var actual = all.FirstOrDefault(one => one.Status is { IsPrimary: true }).Node;
            throw new FailOverException($"{primary.Name} is not the primary now" + (actual is null ? ", and no other node is." : $"; {actual.Name} is."));
        }

        var streaming = all.Where(one => one.Status is { IsPrimary: false, IsStreaming: true }).ToList();
        if (chosen is not null && nodes.All(node => node.Name != chosen || node == primary)) throw new FailOverException($"{chosen} is no replica of {primary.Name}.");
        if (chosen is not null) streaming.RemoveAll(one => one.Node.Name != chosen);
        if (streaming.Count == 0) throw new FailOverException(chosen is null ? "No replica follows the primary." : $"{chosen} does not follow the primary.");
        var (replica, status) = streaming.MaxBy(one => one.Status!.Received);
        return (ulong)status!.Received - (ulong)status.Replayed is var left && status.Received > status.Replayed && left > MostUnreplayed
            ? throw new FailOverException($"{replica.Name} has {left >> 20} MB of the log yet to replay, and nobody could write meanwhile. Try again when it has caught up.")
            : replica;
    }

    /// <summary>Stops the primary and returns where its log ends.</summary>
    private async Task<string> ShutDownAsync()
    {
        await StopAsync(primary, $"{primary.Name} did not stop within {StopPatience.TotalSeconds} s");
        return ShutdownPosition.Find(primary.Folder) ?? throw new FailOverException($"{primary.Name} did not shut down cleanly, so it is not known where its log ends");
    }

    private async Task StopAsync(FailOverNode node, string problem)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        patience.CancelAfter(StopPatience);
        try
        {
            await commands.ExecuteCommandAsync(node.Resource, KnownResourceCommands.StopCommand, patience.Token);
            await monitor.WaitAsync(all => all.Find(node.Resource) is { HasEnded: true }, patience.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            throw new FailOverException(problem);
        }
    }

    /// <summary>Starts the old primary as the replica that it is now, and waits until every node follows.</summary>
    private async Task RejoinAsync(FailOverNode replica)
    {
        await commands.ExecuteCommandAsync(primary.Resource, KnownResourceCommands.StartCommand, _stopping);
        var problem = $"{replica.Name} is the primary now, but not every other node follows it yet; see the logs of ";
        foreach (var node in nodes.Where(node => node != replica))
            await WaitForAsync(node, status => status is { IsPrimary: false, IsStreaming: true }, HealthPatience, problem + node.Name);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        patience.CancelAfter(HealthPatience);
        try
        {
            await monitor.WaitAsync(all => nodes.All(node => all.Find(node.Resource) is { IsReady: true }), patience.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            throw new FailOverException($"{problem}{string.Join(", ", nodes.Where(node => monitor.Find(node.Resource) is not { IsReady: true }).Select(node => node.Name))}.");
        }

        // What their commands show depends on the role.
        foreach (var node in nodes) await notifications.PublishUpdateAsync(node.Resource, snapshot => snapshot);
    }

    /// <summary>Takes the order back, unless the replica was promoted after all: then it is false.</summary>
    private async Task<bool> WithdrawAsync(FailOverNode replica)
    {
        // While its server runs, nobody knows whether it is about to be promoted.
        await StopAsync(replica, $"{replica.Name} neither became the primary nor stopped. It does when it can; start the platform again");
        var isReplica = replica.Data.IsReplica;
        if (isReplica) PromotionOrder.Remove(replica.Folder);
        await commands.ExecuteCommandAsync(replica.Resource, KnownResourceCommands.StartCommand, _stopping);
        return isReplica;
    }

    private async Task GiveUpAsync(string reason)
    {
        logger.GivenUp(primary.Name, reason);
        await commands.ExecuteCommandAsync(primary.Resource, KnownResourceCommands.StartCommand, _stopping);
        await WaitForAsync(primary, status => status is { IsPrimary: true }, HealthPatience, $"{reason}. {primary.Name} was started again and does not answer yet");
        throw new FailOverException($"{reason}. {primary.Name} was started again and is the primary as before; nothing is lost.");
    }

    private async Task WaitForAsync(FailOverNode node, Func<NodeStatus?, bool> condition, TimeSpan patience, string problem)
    {
        var began = time.GetTimestamp();
        while (!condition(await node.AskAsync(_stopping)))
        {
            if (time.GetElapsedTime(began) > patience) throw new FailOverException(problem);
            await Task.Delay(Interval, time, _stopping);
        }
    }
}
