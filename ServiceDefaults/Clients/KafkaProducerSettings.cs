using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// Settings of a Kafka producer. Section <c>Aspire:Confluent:Kafka:Producer</c>, then <c>Aspire:Confluent:Kafka:Producer:{name}</c>.
/// </summary>
public sealed class KafkaProducerSettings
{
    /// <summary>Bootstrap servers; <c>ConnectionStrings:{name}</c> wins over the section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own settings, from the section's <c>Config</c>.</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>True to have no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True to have no metrics.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>True to have no spans.</summary>
    public bool DisableTracing { get; set; }
}
