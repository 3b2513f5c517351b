namespace Platform.SchemaService.Partitions;

/// <summary>Events 3100–3199. Ids and method names are public: alerts filter on them.</summary>
internal static partial class PartitionLog
{
    [LoggerMessage(3100, LogLevel.Information, "Partitions: {Statements} statements executed")]
    public static partial void Applied(this ILogger logger, int statements);

    [LoggerMessage(3101, LogLevel.Error, "Partitions: the months ahead were not looked after ({Reason}); next try at the next interval")]
    public static partial void Failed(this ILogger logger, string reason);
}
