namespace Aspire.Npgsql;

/// <summary>Settings of a Postgres data source. Section <c>Aspire:Npgsql</c>, then <c>Aspire:Npgsql:{name}</c>.</summary>
public sealed class NpgsqlSettings
{
    /// <summary>Connection string; <c>ConnectionStrings:{name}</c> wins over the section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True to have no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True to have no spans.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>True to have no metrics.</summary>
    public bool DisableMetrics { get; set; }
}
