using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Verification;

/// <summary>Events 5850–5899. Ids and method names are public: alerts filter on them.</summary>
internal static partial class VerificationLog
{
    [LoggerMessage(5850, LogLevel.Information, "At {Position} {Source} and the warehouse have the same rows: {Rows} of {Entities} entities, in {Milliseconds} ms")]
    public static partial void Equal(this ILogger logger, string position, SourceAddress source, long rows, int entities, double milliseconds);

    [LoggerMessage(
        5851, LogLevel.Error,
        "At {Position} the warehouse differs from {Source}: of {Entity} of tenant {Tenant}, {Missing} rows are missing, {Superfluous} are there that the source has not, {Different} have other values. Order a snapshot of them with POST /capture/snapshots")]
    public static partial void Differs(
        this ILogger logger, string position, SourceAddress source, string entity, string tenant, int missing, int superfluous, int different);

    [LoggerMessage(5852, LogLevel.Warning, "{Source} and the warehouse could not be compared: {Reason}")]
    public static partial void Failed(this ILogger logger, SourceAddress source, string reason);
}
