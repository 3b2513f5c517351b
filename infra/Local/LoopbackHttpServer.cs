using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Local;

/// <summary>
/// Answers GET requests with JSON on the loopback address: enough for a health check or a state page in a process that should
/// not carry a web server. One request a connection; no TLS, no other method.
/// </summary>
public sealed class LoopbackHttpServer : IAsyncDisposable
{
    private const int LongestHead = 8 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener;
    private readonly Func<string, CancellationToken, ValueTask<LoopbackResponse>> _answer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    private LoopbackHttpServer(TcpListener listener, Func<string, CancellationToken, ValueTask<LoopbackResponse>> answer)
    {
        _listener = listener;
        _answer = answer;
        _accepting = AcceptAsync();
    }

    /// <summary>Port it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Listens on <paramref name="port"/> (0: any free one).</summary>
    /// <param name="port">Port of the loopback address.</param>
    /// <param name="answer">Gets path and query (<c>/resources?tail=5</c>), and gives the answer.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static LoopbackHttpServer Start(int port, Func<string, CancellationToken, ValueTask<LoopbackResponse>> answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return new LoopbackHttpServer(listener, answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = AnswerAsync(client, _stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopped, or a client that left before it was accepted.
            }
        }
    }

    private async Task AnswerAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var target = await ReadTargetAsync(stream, patience.Token);
                var response = target is null
                    ? new LoopbackResponse(400, """{"error":"only GET is answered here"}""")
                    : await _answer(target, patience.Token);
                var body = Encoding.UTF8.GetBytes(response.Json);
                var head = Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {response.Status} {(HttpStatusCode)response.Status}\r\nContent-Type: application/json\r\n" +
                    $"Content-Length: {body.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
                await stream.WriteAsync(head, patience.Token);
                await stream.WriteAsync(body, patience.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // The client left or was too slow; it asks again.
            }
        }
    }

    /// <summary>Reads the head of a request; null when it is no GET.</summary>
    private static async Task<string?> ReadTargetAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return null;
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0) break;
        }

        var line = Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n", 2, StringSplitOptions.None)[0].Split(' ');
        return line is ["GET", { Length: > 0 } target, _] ? target : null;
    }
}
