namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>Events 5500–5599. Ids and method names are public: alerts filter on them.</summary>
internal static partial class DeadLetterLog
{
    [LoggerMessage(5500, LogLevel.Error, "The event at {Topic} [{Partition}] {Offset} is parked, and later ones of its row with it: {Reason} See /dead-letters.")]
    public static partial void Parked(this ILogger logger, string topic, int partition, long offset, string reason);

    [LoggerMessage(5501, LogLevel.Information, "{Applied} dead letters of a row of {Topic} are applied, {Remaining} remain")]
    public static partial void Retried(this ILogger logger, int applied, string topic, int remaining);

    [LoggerMessage(5502, LogLevel.Warning, "Dead letter {Id} is dropped: the event at {Topic} [{Partition}] {Offset} is never applied")]
    public static partial void Dropped(this ILogger logger, long id, string topic, int partition, long offset);
}
