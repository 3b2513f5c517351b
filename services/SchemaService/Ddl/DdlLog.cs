namespace Platform.SchemaService.Ddl;

/// <summary>Events 3000–3099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class DdlLog
{
    [LoggerMessage(3000, LogLevel.Information, "The tables are as the contracts say: {Statements} statements in {Milliseconds:F0} ms")]
    public static partial void Applied(this ILogger logger, int statements, double milliseconds);

    [LoggerMessage(3001, LogLevel.Warning, "The contracts are not applied yet ({Reason}); trying again in {Seconds} s")]
    public static partial void Waiting(this ILogger logger, string reason, double seconds);

    [LoggerMessage(3002, LogLevel.Critical, "Not applied: {Conflict}")]
    public static partial void Refused(this ILogger logger, SchemaConflict conflict);

    [LoggerMessage(3003, LogLevel.Information, "Another instance applies the contracts; waiting for it")]
    public static partial void WaitingForLock(this ILogger logger);

    [LoggerMessage(3004, LogLevel.Information, "Control schema: {File} applied")]
    public static partial void ControlSchemaApplied(this ILogger logger, string file);

    [LoggerMessage(3005, LogLevel.Information, "{Contract}: a table is in use, attempt {Attempt} gave way ({Reason})")]
    public static partial void LockBusy(this ILogger logger, string contract, int attempt, string reason);
}
