namespace Platform.Dashboard.Overview;

/// <summary>What a service told when it was last asked, or why it did not.</summary>
/// <param name="Value">Its last answer; null before the first.</param>
/// <param name="Problem">Why it does not answer now, or null.</param>
public sealed record Reading<T>(T? Value = null, string? Problem = null) where T : class;
