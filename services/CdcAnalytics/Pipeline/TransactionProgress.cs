using Confluent.Kafka;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>How far one transaction's changes have come. Guarded by <see cref="LogProgress"/>.</summary>
internal sealed class TransactionProgress
{
    /// <summary>Position after the commit: what is confirmed when all of it has arrived. 0 until the commit has been read.</summary>
    public ulong EndLsn { get; set; }

    /// <summary>When it was committed, by the database's clock.</summary>
    public DateTimeOffset CommittedAt { get; set; }

    /// <summary>Events that the broker has not acknowledged.</summary>
    public int Undelivered { get; set; }

    /// <summary>Last offset of its events in each partition.</summary>
    public Dictionary<TopicPartition, long> Offsets { get; } = [];
}
