namespace Platform.Native.Processes;

/// <summary>A server kept running by this process. Disposing it stops the server cleanly.</summary>
public interface INativeServer : IAsyncDisposable
{
    /// <summary>Port of the loopback address that clients connect to.</summary>
    int Port { get; }

    /// <summary>Brings the server up; returns when it can be used.</summary>
    /// <exception cref="NativeServerException">It cannot run on this machine; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Null when the server can be used now; otherwise what is wrong, in words for a person.</summary>
    ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken);
}
