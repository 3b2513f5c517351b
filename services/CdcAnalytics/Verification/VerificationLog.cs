namespace Platform.CdcAnalytics.Verification;

/// <summary>Events 5850–5899. Ids and method names are public: alerts filter on them.</summary>
internal static partial class VerificationLog
{
    [LoggerMessage(5850, LogLevel.Information, "At {Position} the source and the warehouse have the same rows: {Rows} of {Entities} entities, in {Milliseconds} ms")]
    public static partial void Equal(this ILogger logger, string position, long rows, int entities, double milliseconds);

    [LoggerMessage(
        5851, LogLevel.Error,
        "At {Position} the warehouse differs from the source: of {Entity} of tenant {Tenant}, {Missing} rows are missing, {Superfluous} are there that the source has not, {Different} have other values. Order a snapshot of them with POST /capture/snapshots")]
    public static partial void Differs(this ILogger logger, string position, string entity, string tenant, int missing, int superfluous, int different);

    [LoggerMessage(5852, LogLevel.Warning, "Source and warehouse could not be compared: {Reason}")]
    public static partial void Failed(this ILogger logger, string reason);
}
