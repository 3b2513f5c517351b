using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>A resource while the application runs: its state, its log, and who waits for it.</summary>
internal sealed class RunningResource(IResource resource, ResourceLog log, TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<RunningResource, ResourceStatus>? _listeners;
    private ResourceStatus _status = new(ResourceState.Waiting, null);

    public IResource Resource { get; } = resource;

    public string Name => Resource.Name;

    public ResourceLog Log { get; } = log;

    /// <summary>State and reason, always of the same moment.</summary>
    public ResourceStatus Status => _status;

    public int? ProcessId { get; set; }

    public int Restarts { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public int? ExitCode { get; set; }

    public string Kind => Resource switch
    {
        ProjectResource => "project",
        ContainerResource => "container",
        _ => "executable",
    };

    public bool HasHealthCheck => Resource.Annotations.OfType<HttpHealthCheckAnnotation>().Any();

    /// <summary>True when those who wait for its health may start.</summary>
    public bool IsReady => Status.State is ResourceState.Healthy || (Status.State is ResourceState.Running && !HasHealthCheck) || Status.State is ResourceState.Exited;

    public IReadOnlyList<string> WaitsFor => [.. Resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct(StringComparer.Ordinal)];

    public IEnumerable<string> Urls => Resource.Annotations.OfType<EndpointAnnotation>()
        .Where(endpoint => endpoint.AllocatedPort is not null)
        .Select(endpoint => $"{endpoint.UriScheme}://127.0.0.1:{endpoint.AllocatedPort}");

    /// <summary>Tells <paramref name="listener"/> every change of <see cref="Status"/> from now on, with the one before.</summary>
    public void Subscribe(Action<RunningResource, ResourceStatus> listener) => _listeners += listener;

    /// <summary>Sets state and reason.</summary>
    public void Become(ResourceState state, string? detail = null)
    {
        ResourceStatus before;
        TaskCompletionSource changed;
        lock (_gate)
        {
            before = _status;
            var now = new ResourceStatus(state, detail);
            if (before == now) return;
            _status = now;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        if (state == ResourceState.Starting) StartedAt = time.GetUtcNow();
        changed.SetResult();
        _listeners?.Invoke(this, before);
    }

    /// <summary>Returns when <paramref name="condition"/> holds.</summary>
    public async Task WhenAsync(Func<RunningResource, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate) changed = _changed.Task;
            if (condition(this)) return;
            await changed.WaitAsync(cancellationToken);
        }
    }
}
