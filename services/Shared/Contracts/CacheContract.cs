namespace Platform.Contracts;

/// <summary>How single rows of an entity are cached.</summary>
/// <param name="TimeToLive">Longest time that an entry is kept in the shared cache.</param>
public sealed record CacheContract(TimeSpan TimeToLive);
