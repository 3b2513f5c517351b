namespace Platform.CdcAnalytics.Alerts;

/// <summary>Events 5800–5899. Ids and method names are public: alerts filter on them.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(5800, LogLevel.Warning, "Alert {Alert} fires: {Summary}")]
    public static partial void Fires(this ILogger logger, string alert, string summary);

    [LoggerMessage(5801, LogLevel.Information, "Alert {Alert} is resolved: {Summary}")]
    public static partial void IsResolved(this ILogger logger, string alert, string summary);

    [LoggerMessage(5802, LogLevel.Information, "{Receiver} was told of {Count} alerts")]
    public static partial void Told(this ILogger logger, string receiver, int count);

    [LoggerMessage(5803, LogLevel.Error, "{Receiver} could not be told of {Count} alerts and will be tried again: {Reason}")]
    public static partial void NotTold(this ILogger logger, string receiver, int count, string reason);

    [LoggerMessage(5804, LogLevel.Error, "Alerts could not be kept for the next start: {Reason}")]
    public static partial void NotKept(this ILogger logger, string reason);
}
