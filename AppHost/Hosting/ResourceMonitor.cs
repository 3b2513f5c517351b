using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;

namespace Platform.AppHost.Hosting;

/// <summary>Follows the states of all resources that run a process or a container.</summary>
internal sealed class ResourceMonitor(DistributedApplicationModel model, ResourceNotificationService notifications, IHostApplicationLifetime lifetime)
{
    private readonly Lock _gate = new();
    private volatile ImmutableDictionary<string, ResourceState> _states = ImmutableDictionary<string, ResourceState>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<ResourceState?, ResourceState>? _subscribers;

    /// <summary>The resources of the topology, in its order; Aspire adds some of its own, its dashboard for instance.</summary>
    public IReadOnlyList<IResource> Resources { get; } = [.. model.Resources.Where(resource => resource is ProjectResource or ContainerResource)];

    /// <summary>The latest state of each resource that has one, in the order of the topology.</summary>
    public IReadOnlyList<ResourceState> States => [.. Resources.Select(Find).OfType<ResourceState>()];

    public ResourceState? Find(IResource resource) => _states.GetValueOrDefault(resource.Name);

    /// <summary>
    /// Calls <paramref name="subscriber"/> with each change from now on: the state before, null at first, and the new one. It must not
    /// block.
    /// </summary>
    public void Subscribe(Action<ResourceState?, ResourceState> subscriber) => _subscribers += subscriber;

    /// <summary>Begins to follow; subscribers come first.</summary>
    public void Begin() => _ = FollowAsync(lifetime.ApplicationStopped);

    /// <summary>Returns when <paramref name="condition"/> holds.</summary>
    public async Task WaitAsync(Func<ResourceMonitor, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate) changed = _changed.Task;
            if (condition(this)) return;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var names = Resources.Select(resource => resource.Name).ToHashSet(StringComparer.Ordinal);
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (names.Contains(change.Resource.Name)) Apply(ResourceState.Of(change));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Everything has stopped.
        }
    }

    private void Apply(ResourceState now)
    {
        var before = _states.GetValueOrDefault(now.Name);
        TaskCompletionSource changed;
        lock (_gate)
        {
            _states = _states.SetItem(now.Name, now);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        _subscribers?.Invoke(before, now);
    }
}
