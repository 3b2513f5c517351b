namespace Platform.Native.Processes;

/// <summary>Waiting for a server.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when <paramref name="server"/> has no problem any more.</summary>
    public static async Task WaitAsync(INativeServer server, TimeProvider time, CancellationToken cancellationToken)
    {
        while (await server.FindProblemAsync(cancellationToken) is not null)
            await Task.Delay(Interval, time, cancellationToken);
    }
}
