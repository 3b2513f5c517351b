using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.SchemaService.Ddl;

/// <summary>How far the contracts are applied. Readiness is this: whoever needs the tables waits for it.</summary>
internal sealed class DeploymentState : IHealthCheck
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _problem = "The contracts are not applied yet.";
    private volatile bool _isControlSchemaApplied;

    /// <summary>True when tenants and the directory can be used.</summary>
    public bool IsControlSchemaApplied => _isControlSchemaApplied;

    /// <summary>Completes when the tables are what the contracts say.</summary>
    public Task Completed => _applied.Task;

    public void ControlSchemaApplied() => _isControlSchemaApplied = true;

    public void Applied()
    {
        _problem = "";
        _applied.TrySetResult();
    }

    public void Waiting(string reason) => _problem = $"Postgres cannot be used yet: {reason}";

    public void Refused(string differences) => _problem = differences;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(_problem));
}
