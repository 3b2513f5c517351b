namespace Platform.Caching;

/// <summary>Keys and channels in the shared store that are not rows.</summary>
public static class CacheLayout
{
    /// <summary>
    /// Channel on which every invalidation is told: <c>transaction id|tenant:entity:id</c>, or <c>*</c> for everything; and, behind the
    /// invalidations up to there, how far a database's log has been followed: <c>@lsn cluster/database</c>.
    /// </summary>
    public const string Invalidations = "cache:invalidations";

    /// <summary>
    /// Set when the cache was emptied: rows of databases that have no <see cref="HorizonOf"/> of their own since are refused.
    /// </summary>
    public const string Horizon = "cache:horizon";

    /// <summary>A horizon that refuses every row: nobody knows which changes were missed.</summary>
    public const ulong UnknownHorizon = 1UL << 53;

    /// <summary>How far each partition of the change topics has been applied to the cache.</summary>
    public const string Offsets = "cache:offsets";

    /// <summary>How long an invalidation is remembered. A replica that lags more than this fills nothing.</summary>
    public static TimeSpan MarkLifetime { get; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// LSN up to which marks of a database's rows may have expired: a row read at an earlier position is not stored, since nobody remembers any longer
    /// whether it was changed.
    /// </summary>
    public static string HorizonOf(string source) => $"{Horizon}:{source}";
}
