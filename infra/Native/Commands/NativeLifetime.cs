using System.Runtime.InteropServices;

namespace Platform.Native.Commands;

/// <summary>How long this process lives: until SIGTERM, which a host sends, or Ctrl-C.</summary>
internal sealed class NativeLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public NativeLifetime()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
    }

    /// <summary>Cancelled when the process shall end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopping.Cancel();
    }
}
