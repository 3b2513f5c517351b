using System.Net;
using System.Net.Sockets;

namespace Platform.Native.Kafka;

/// <summary>Passes connections to one port of the loopback address on to another.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    private TcpRelay(TcpListener listener, int target)
    {
        (_listener, _target) = (listener, target);
        _accepting = AcceptAsync(_stopping.Token);
    }

    public static TcpRelay Start(int port, int target)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return new TcpRelay(listener, target);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopped, or a client that left before it was accepted.
            }
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, cancellationToken);
                client.NoDelay = server.NoDelay = true;
                var (left, right) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(left.CopyToAsync(right, cancellationToken), right.CopyToAsync(left, cancellationToken));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // Either side left; the other is closed too.
            }
        }
    }
}
