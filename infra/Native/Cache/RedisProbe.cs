using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Native.Cache;

/// <summary>Authenticates and sends PING, over a connection of its own.</summary>
internal static class RedisProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async ValueTask<string?> FindProblemAsync(int port, string password, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            var stream = client.GetStream();
            var request = $"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password)}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), patience.Token);

            using var reader = new StreamReader(stream, Encoding.UTF8);
            var auth = await reader.ReadLineAsync(patience.Token);
            if (auth != "+OK") return $"AUTH was answered by {auth}";
            var ping = await reader.ReadLineAsync(patience.Token);
            return ping == "+PONG" ? null : $"PING was answered by {ping}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds} s";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return exception.Message;
        }
    }
}
