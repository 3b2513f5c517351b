namespace Platform.Integration.Servers;

/// <summary>How long tests wait for what must come. Long enough for a machine that is busy with something else; nothing waits longer than it has to.</summary>
internal static class Deadline
{
    /// <summary>For an answer, a change that travels, a server that starts again.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(60);
}
