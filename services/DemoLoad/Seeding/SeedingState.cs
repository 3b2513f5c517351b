using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.DemoLoad.Seeding;

/// <summary>Whether the demo's tenants have their data, as health check <c>demo-data</c>.</summary>
internal sealed class SeedingState : IHealthCheck
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _now = "The demo's tenants are not there yet.";

    /// <summary>Completes when every tenant has its data.</summary>
    public Task Completed => _done.Task;

    public void Doing(string what) => _now = what;

    public void Done() => _done.TrySetResult();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Completed.IsCompleted ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, _now));
}
