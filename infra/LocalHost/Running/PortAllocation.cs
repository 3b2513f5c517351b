using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Platform.Loopback;

namespace Aspire.Hosting.Running;

/// <summary>
/// The ports of a run's endpoints, given before anything starts and kept until the run ends. A service may take its port long after
/// that, or again after a crash. On Linux a socket that is bound but does not listen keeps others from being given the port meanwhile,
/// as a server's or as the near end of a connection, and does not hinder the service itself; elsewhere a bound port could not be
/// listened on by another process, so there a port is only looked for.
/// </summary>
internal sealed class PortAllocation : IDisposable
{
    private readonly List<Socket> _kept = [];

    private PortAllocation()
    {
    }

    /// <exception cref="DistributedApplicationException">A wanted port is taken.</exception>
    public static PortAllocation Allocate(IEnumerable<IResource> resources)
    {
        var allocation = new PortAllocation();
        try
        {
            allocation.Give(resources);
            return allocation;
        }
        catch
        {
            allocation.Dispose();
            throw;
        }
    }

    public void Dispose() => _kept.ForEach(socket => socket.Dispose());

    private void Give(IEnumerable<IResource> resources)
    {
        var given = new HashSet<int>();
        var endpoints = resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (Resource: resource, Endpoint: endpoint)))
            .Where(pair => pair.Resource is not ContainerResource)
            .ToList();
        foreach (var (resource, endpoint) in endpoints)
        {
            if ((endpoint.Port ?? endpoint.TargetPort) is not { } wanted) continue;
            if (!given.Add(wanted) || !LoopbackPort.IsFree(wanted))
            {
                var setting = $"{char.ToUpperInvariant(resource.Name[0])}{resource.Name[1..]}:Port";
                throw new DistributedApplicationException(
                    $"Port {wanted} of {resource.Name} is taken by another program. Stop that program, or choose another port: --{setting}=<port> (0 for any free one).");
            }

            endpoint.AllocatedPort = Keep(wanted);
        }

        foreach (var (_, endpoint) in endpoints.Where(pair => pair.Endpoint.AllocatedPort is null))
        {
            int port;
            do port = OperatingSystem.IsLinux() ? Keep(0) : LoopbackPort.Free();
            while (!given.Add(port));
            endpoint.AllocatedPort = port;
        }
    }

    private int Keep(int port)
    {
        if (!OperatingSystem.IsLinux()) return port;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _kept.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
