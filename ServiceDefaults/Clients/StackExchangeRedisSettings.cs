namespace Aspire.StackExchange.Redis;

/// <summary>
/// Settings of a Redis connection. Section <c>Aspire:StackExchange:Redis</c>, then <c>Aspire:StackExchange:Redis:{name}</c>.
/// </summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>Connection string; <c>ConnectionStrings:{name}</c> wins over the section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True to have no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True to have no spans.</summary>
    public bool DisableTracing { get; set; }
}
