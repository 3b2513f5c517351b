using Confluent.Kafka;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Changes.Tracing;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>What the reader's thread makes of a message.</summary>
/// <param name="Message">The message, or the end of a partition.</param>
/// <param name="Event">What it says; null for a partition's end and for the mark of a snapshot.</param>
/// <param name="Trace">Its transaction's trace, where somebody wants it.</param>
internal readonly record struct ReceivedChange(ConsumeResult<byte[], byte[]> Message, ChangeEvent? Event, ReceivedTrace? Trace);
