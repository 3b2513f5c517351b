using Confluent.Kafka;
using Platform.Changes.Tracing;

namespace Platform.CacheService.Invalidation;

/// <summary>What the reader's thread makes of a message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Trace">Its transaction's trace, where somebody wants it.</param>
internal readonly record struct ReceivedMessage(ConsumeResult<byte[], byte[]> Message, ReceivedTrace? Trace);
