namespace Platform.CdcAnalytics.Warehouse;

/// <summary>Events 5100–5199. Ids and method names are public: alerts filter on them.</summary>
internal static partial class WarehouseLog
{
    [LoggerMessage(5100, LogLevel.Information, "Applying changes to the warehouse from where {Partitions} partitions stand")]
    public static partial void Consuming(this ILogger logger, int partitions);

    [LoggerMessage(5101, LogLevel.Debug, "{Applied} changes applied, {Repeated} repeated ones passed over, in {Milliseconds} ms")]
    public static partial void Applied(this ILogger logger, int applied, int repeated, double milliseconds);

    [LoggerMessage(5102, LogLevel.Warning, "Reading of the change topics was interrupted ({Reason}); it goes on from where the warehouse stands")]
    public static partial void Interrupted(this ILogger logger, string reason);

    [LoggerMessage(5103, LogLevel.Warning, "{Rows} rows of {Entity} were deleted in changes that nobody saw: the snapshot after them did not bring them, and they are removed")]
    public static partial void Reconciled(this ILogger logger, string entity, long rows);
}
