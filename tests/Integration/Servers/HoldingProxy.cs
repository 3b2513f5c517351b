using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Platform.Integration.Servers;

/// <summary>
/// Stands between a client and Postgres, and holds the first request that contains a word until it is told to let it through. Requests to cancel pass, as the server's would.
/// </summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    // A request to cancel: its length, its code, the process and its secret.
    private const int CancelSize = 16, CancelCode = 80_877_102;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _held = New(), _released = New(), _cancelled = New();
    private readonly byte[] _word;
    private readonly int _server;
    private readonly Task _accepting;

    /// <param name="server">The server's port.</param>
    /// <param name="word">What the request contains.</param>
    public HoldingProxy(int server, ReadOnlySpan<byte> word)
    {
        (_server, _word) = (server, word.ToArray());
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when the request is held.</summary>
    public Task Held => _held.Task;

    /// <summary>Completes when the server has dealt with a request to cancel.</summary>
    public Task Cancelled => _cancelled.Task;

    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true) connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _stopping.Token);
            var isCancel = false;
            var asking = CopyAsync(client.GetStream(), server.GetStream(), async request =>
            {
                isCancel |= request.Length == CancelSize && BinaryPrimitives.ReadInt32BigEndian(request.Span[4..]) == CancelCode;
                if (_held.Task.IsCompleted || request.Span.IndexOf(_word) < 0) return;
                _held.SetResult();
                await _released.Task.WaitAsync(_stopping.Token);
            });
            await CopyAsync(server.GetStream(), client.GetStream(), _ => Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            client.Close();
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isCancel) _cancelled.TrySetResult();
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task> seen)
    {
        var bytes = new byte[16 * 1024];
        for (int count; (count = await from.ReadAsync(bytes, _stopping.Token)) > 0;)
        {
            await seen(bytes.AsMemory(0, count));
            await to.WriteAsync(bytes.AsMemory(0, count), _stopping.Token);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
