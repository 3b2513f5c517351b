namespace Platform.Dashboard.Live;

/// <summary>Every tenant's metrics over the last seconds.</summary>
public sealed record LiveFigures(DateTimeOffset At, DateTimeOffset Watermark, long Late, double Seconds, IReadOnlyList<LiveWindow> Windows);

/// <summary>A metric over the last seconds; without a tenant, of all of them.</summary>
public sealed record LiveWindow(string Metric, string? Tenant, double Count, decimal Amount, double Errors, double? P95);

/// <summary>An alert, as the rules found it.</summary>
public sealed record AlertReport(
    string Id, string Rule, string? Tenant, string Severity, string State, string Summary, string Description, DateTimeOffset Since, DateTimeOffset? ResolvedAt, Guid? SilencedBy)
{
    /// <summary>True when it fires and nobody has silenced it.</summary>
    public bool IsFiring => State == "firing" && SilencedBy is null;
}
