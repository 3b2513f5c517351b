using System.Text.Json;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;

namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>
/// Tells others of dead letters, in the topic <c>cdc.dead-letters</c>: each at least once, after the warehouse has it, under the event's key. The table in the
/// warehouse is what counts.
/// </summary>
internal sealed class DeadLetterTopic(ChangeProducer producer)
{
    public const string Name = "cdc.dead-letters";

    public void Announce(DeadLetter letter)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(
            new { letter.Topic, letter.Partition, letter.Offset, letter.Reason, letter.IsHeldBack, position = letter.Position?.ToString(), letter.ParkedAt, letter.Value },
            JsonSerializerOptions.Web);
        producer.Send(
            producer.Topic(Name), ChangeProducer.ByKey, letter.Key, value, isTombstone: false, MessageHeaders.None, LogProgress.NoTransaction);
    }
}
