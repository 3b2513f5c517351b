namespace Platform.Native.Processes;

/// <summary>Waiting for a server.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when <paramref name="server"/> has no problem any more.</summary>
    /// <param name="server">The server.</param>
    /// <param name="process">Its process; null when it runs in this one.</param>
    /// <param name="time">Clock of the checks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NativeServerException">The process cannot run on this machine.</exception>
    public static async Task WaitAsync(INativeServer server, SupervisedProcess? process, TimeProvider time, CancellationToken cancellationToken)
    {
        while (await server.FindProblemAsync(cancellationToken) is not null)
        {
            if (process is { Running.IsFaulted: true }) await process.Running;
            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
