namespace Platform.Dashboard.Services;

/// <summary>The health of a service, by its health endpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">What it answers: Healthy, Degraded or Unhealthy; <c>No answer</c> when it does not.</param>
/// <param name="Details">The checks that fail, and why; empty when none does.</param>
/// <param name="Took">How long the answer took.</param>
public sealed record ServiceHealth(string Name, string Status, IReadOnlyList<string> Details, TimeSpan Took)
{
    /// <summary>Status of a service that does not answer.</summary>
    public const string NoAnswer = "No answer";

    /// <summary>True when every check passes.</summary>
    public bool IsHealthy => Status == "Healthy";
}
