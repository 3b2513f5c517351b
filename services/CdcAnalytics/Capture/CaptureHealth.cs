using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Health check <c>capture</c>: whether every source is read. It fails when the default source is not, and is degraded when another one is not; either way it names them.
/// </summary>
internal sealed class CaptureHealth(CaptureSources sources) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failing = sources.All.Where(source => source.State.Trouble is not null).ToList();
        if (failing.Count == 0) return Task.FromResult(HealthCheckResult.Healthy(string.Join(", ", sources.All.Select(source => $"{source.Address}: {source.State.Activity}"))));
        var status = failing.Contains(sources.Default) ? context.Registration.FailureStatus : HealthStatus.Degraded;
        return Task.FromResult(new HealthCheckResult(status, string.Join(" ", failing.Select(source => $"{source.Address}: {source.State.Trouble}"))));
    }
}
