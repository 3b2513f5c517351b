using System.Net;
using System.Net.Sockets;

namespace Platform.Loopback;

/// <summary>Ports of the loopback address.</summary>
public static class LoopbackPort
{
    /// <summary>A port nothing listens on. Another process may take it before the caller does; then ask again.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
