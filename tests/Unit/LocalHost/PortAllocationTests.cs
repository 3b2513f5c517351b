using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Platform.Loopback;
using Xunit;

namespace Platform.Unit.LocalHost;

public sealed class PortAllocationTests
{
    [Fact]
    public void A_port_stays_its_services_own_until_the_run_ends_whether_the_service_listens_or_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a port cannot be kept for another process.");
        var services = Enumerable.Range(0, 50).Select(i => Service($"service-{i}", wanted: null)).ToList();
        using var allocation = PortAllocation.Allocate(services);
        var ports = services.Select(PortOf).ToHashSet();

        Assert.Equal(services.Count, ports.Count);
        for (var i = 0; i < 20_000; i++) Assert.DoesNotContain(LoopbackPort.Free(), ports);
        foreach (var port in ports) Assert.True(LoopbackPort.IsFree(port));
    }

    [Fact]
    public void A_wanted_port_that_another_program_listens_on_is_refused_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = Assert.Throws<DistributedApplicationException>(() => PortAllocation.Allocate([Service("gateway", taken)]));

        Assert.Contains($"Port {taken} of gateway is taken", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--Gateway:Port=", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wanted_port_is_given_as_it_is()
    {
        var wanted = LoopbackPort.Free();
        var service = Service("gateway", wanted);

        using var allocation = PortAllocation.Allocate([service]);

        Assert.Equal(wanted, PortOf(service));
    }

    private static ExecutableResource Service(string name, int? wanted)
    {
        var service = new ExecutableResource(name, "true", "/");
        service.Annotations.Add(new EndpointAnnotation("http", "http", wanted, targetPort: null, env: null));
        return service;
    }

    private static int PortOf(IResource service) => service.Annotations.OfType<EndpointAnnotation>().Single().AllocatedPort!.Value;
}
