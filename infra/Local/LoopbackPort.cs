using System.Net;
using System.Net.Sockets;

namespace Platform.Local;

/// <summary>Ports of the loopback address.</summary>
public static class LoopbackPort
{
    /// <summary>A port nothing listens on. Another process may take it before the caller does; then ask again.</summary>
    public static int Free() => Free(count: 1)[0];

    /// <summary>As <see cref="Free()"/>, several that differ.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>True when a server can listen on <paramref name="port"/> of the loopback address.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
