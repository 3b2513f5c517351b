using Microsoft.Extensions.Logging;

namespace Platform.AppHost.Hosting;

/// <summary>Lines in the log of a resource that is started again. Events 120–129.</summary>
internal static partial class RestartLog
{
    [LoggerMessage(120, LogLevel.Warning, "{Restart}")]
    public static partial void Restarting(this ILogger logger, string restart);
}
