using Microsoft.Extensions.Logging;

namespace Platform.AppHost.Commands;

/// <summary>Lines in the log of the node that was the primary. Events 100–119.</summary>
internal static partial class FailOverLog
{
    [LoggerMessage(100, LogLevel.Information, "Fail-over: {Replica} takes the place of {Primary}")]
    public static partial void Begun(this ILogger logger, string replica, string primary);

    [LoggerMessage(101, LogLevel.Information, "Fail-over: {Primary} is shut down at {Position}; {Replica} has everything up to there")]
    public static partial void IsComplete(this ILogger logger, string primary, string position, string replica);

    [LoggerMessage(102, LogLevel.Information, "Fail-over: {Replica} is the primary on timeline {Timeline} after {Milliseconds:0} ms without one")]
    public static partial void Promoted(this ILogger logger, string replica, uint timeline, double milliseconds);

    [LoggerMessage(103, LogLevel.Information, "Fail-over: every replica follows {Replica}, {Milliseconds:0} ms after the beginning")]
    public static partial void Done(this ILogger logger, string replica, double milliseconds);

    [LoggerMessage(104, LogLevel.Warning, "Fail-over: given up, {Primary} stays the primary: {Reason}")]
    public static partial void GivenUp(this ILogger logger, string primary, string reason);
}
