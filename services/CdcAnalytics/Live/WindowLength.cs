namespace Platform.CdcAnalytics.Live;

/// <summary>The lengths that windows can have, as a question names them.</summary>
internal static class WindowLength
{
    /// <summary>The longest one.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The length of that name, or null: <c>10s</c>, <c>1m</c>, <c>5m</c>.</summary>
    public static TimeSpan? Parse(string name) => name switch
    {
        "10s" => TimeSpan.FromSeconds(10),
        "1m" => TimeSpan.FromMinutes(1),
        "5m" => Longest,
        _ => null,
    };
}
