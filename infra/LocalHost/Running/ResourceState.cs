namespace Aspire.Hosting.Running;

/// <summary>Where a resource stands.</summary>
internal enum ResourceState
{
    /// <summary>For others, before its first start.</summary>
    Waiting,

    /// <summary>The process runs and was not healthy yet.</summary>
    Starting,

    /// <summary>The process runs; it has no health check.</summary>
    Running,

    /// <summary>The process runs and every health check passes.</summary>
    Healthy,

    /// <summary>The process runs, was healthy, and is not now.</summary>
    Unhealthy,

    /// <summary>The process ended and is started again in a moment.</summary>
    Backoff,

    /// <summary>The process did its work and ended.</summary>
    Exited,

    /// <summary>It cannot run, and is not tried again.</summary>
    Failed,

    /// <summary>The host stopped it.</summary>
    Stopped,
}
