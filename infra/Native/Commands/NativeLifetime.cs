using System.Runtime.InteropServices;

namespace Platform.Native.Commands;

/// <summary>
/// How long this process lives: until SIGTERM or Ctrl-C; when a host started it (<c>LOCALHOST_STDIN_GUARD=1</c>), until SIGTERM or the
/// end of standard input, which comes when the host is gone. Ctrl-C is then the host's business, for it stops servers in order.
/// </summary>
internal sealed class NativeLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public NativeLifetime()
    {
        var guarded = Environment.GetEnvironmentVariable("LOCALHOST_STDIN_GUARD") == "1";
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, guarded ? context => context.Cancel = true : Stop));
        if (guarded) new Thread(StopAtEndOfInput) { IsBackground = true, Name = "host guard" }.Start();
    }

    /// <summary>Cancelled when the process shall end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopping.Cancel();
    }

    private void StopAtEndOfInput()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> buffer = stackalloc byte[16];
        while (input.Read(buffer) > 0)
        {
        }

        _stopping.Cancel();
    }
}
