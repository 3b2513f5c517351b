namespace Platform.CdcAnalytics.Publishing;

/// <summary>Hears what became of messages, on the producer's thread.</summary>
internal interface IDeliveryListener
{
    /// <summary>The broker has a message.</summary>
    /// <param name="ticket">What the message was sent with.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="offset">Its offset; negative when the broker did not say, which happens after a repetition.</param>
    void Delivered(long ticket, TopicHandle topic, int partition, long offset);

    /// <summary>A message was refused for good, or the client can send nothing any more.</summary>
    void Failed(string reason);
}
