namespace Platform.Integration.SchemaService;

/// <summary>A clock that stands at a day until it is set to another one; waits take as long as they do.</summary>
internal sealed class FixedClock(DateOnly today) : TimeProvider
{
    public DateOnly Today { get; set; } = today;

    public override DateTimeOffset GetUtcNow() => new(Today, new TimeOnly(12, 0), TimeSpan.Zero);
}
