namespace Platform.CdcAnalytics.Lake;

/// <summary>Events 5400–5499. Ids and method names are public: alerts filter on them.</summary>
internal static partial class LakeLog
{
    [LoggerMessage(5400, LogLevel.Warning, "{Files} files of the lake belong to no committed export and are removed")]
    public static partial void OrphansRemoved(this ILogger logger, int files);

    [LoggerMessage(5401, LogLevel.Warning, "The warehouse is new and the lake is not: the warehouse is rebuilt from {Files} files")]
    public static partial void Rebuilding(this ILogger logger, int files);

    [LoggerMessage(5402, LogLevel.Debug, "{Rows} changes exported to the lake in {Files} files")]
    public static partial void Exported(this ILogger logger, long rows, int files);

    [LoggerMessage(5404, LogLevel.Error, "{Table} has {Streamed} rows by the stream and {Recomputed} out of the lake, and they are not the same")]
    public static partial void Differs(this ILogger logger, string table, long streamed, long recomputed);

    [LoggerMessage(5405, LogLevel.Information, "The warehouse was recomputed from the lake: {Tables} tables, equal: {IsEqual}, in {Milliseconds} ms")]
    public static partial void Verified(this ILogger logger, int tables, bool isEqual, double milliseconds);

    [LoggerMessage(5406, LogLevel.Error, "The warehouse could not be recomputed from the lake; it is tried again at the next interval")]
    public static partial void VerificationFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5407, LogLevel.Warning, "The warehouse is emptied and filled again from {Files} files of the lake, as ordered")]
    public static partial void RebuildBegun(this ILogger logger, int files);

    [LoggerMessage(5408, LogLevel.Information, "The warehouse is filled again with {Rows} changes, in {Milliseconds} ms")]
    public static partial void Rebuilt(this ILogger logger, long rows, double milliseconds);

    [LoggerMessage(5409, LogLevel.Error, "The warehouse could not be filled again and is incomplete: that is tried every ten seconds, and changes wait meanwhile")]
    public static partial void RebuildFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5403, LogLevel.Error, "The lake could not be written; what is missing there stays in the warehouse until the next time")]
    public static partial void ExportFailed(this ILogger logger, Exception exception);
}
