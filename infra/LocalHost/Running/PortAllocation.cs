using Aspire.Hosting.ApplicationModel;
using Platform.Loopback;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint a port before anything starts.</summary>
internal static class PortAllocation
{
    /// <exception cref="DistributedApplicationException">A wanted port is taken.</exception>
    public static void Allocate(IEnumerable<IResource> resources)
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

            endpoint.AllocatedPort = wanted;
        }

        foreach (var (_, endpoint) in endpoints.Where(pair => pair.Endpoint.AllocatedPort is null))
        {
            int port;
            do port = LoopbackPort.Free();
            while (!given.Add(port));
            endpoint.AllocatedPort = port;
        }
    }
}
