using Confluent.Kafka;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>A message of a change topic and what it says, or why that cannot be read.</summary>
/// <param name="At">Where it stood.</param>
/// <param name="Entity">The entity of its topic.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null for a tombstone, which says again what the deletion before it said.</param>
internal sealed record ChangeEvent(TopicPartitionOffset At, EntityContract Entity, byte[]? Key, byte[]? Value)
{
    /// <summary>The change; null for a tombstone, and when it cannot be read.</summary>
    public ChangeHeader? Header { get; init; }

    /// <summary>The row's values in the contract's order: after the change, or before a deletion.</summary>
    public Cell[] Values { get; init; } = [];

    /// <summary>Why it cannot be read.</summary>
    public EnvelopeException? Error { get; init; }
}
