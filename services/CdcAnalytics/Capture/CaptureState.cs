using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Whether capture is reading, as health check <c>capture</c>.</summary>
internal sealed class CaptureState : IHealthCheck
{
    private string? _trouble = "Capture has not begun yet.";

    public string? Trouble => Volatile.Read(ref _trouble);

    public void Streaming() => Volatile.Write(ref _trouble, null);

    public void Interrupted(string reason) => Volatile.Write(ref _trouble, reason);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Trouble is { } trouble ? new HealthCheckResult(context.Registration.FailureStatus, trouble) : HealthCheckResult.Healthy());
}
