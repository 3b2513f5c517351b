namespace Platform.AppHost;

/// <summary>Which host this build runs with (docs/running-everywhere.md).</summary>
internal static class AspireHost
{
    /// <summary>True for Aspire itself, false for <c>infra/LocalHost</c>.</summary>
    public static bool IsUsed { get; } = typeof(DistributedApplication).Assembly.GetName().Name == "Aspire.Hosting";
}
