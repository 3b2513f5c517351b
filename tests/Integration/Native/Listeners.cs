using System.Net;
using System.Net.NetworkInformation;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>Where servers of this machine listen.</summary>
internal static class Listeners
{
    /// <summary>Fails unless something listens at the port of the loopback address, and at no other address's.</summary>
    public static void RequireLoopbackOnly(int port)
    {
        var addresses = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(endpoint => endpoint.Port == port).Select(endpoint => endpoint.Address).ToList();
        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.True(IPAddress.IsLoopback(address), $"port {port} is open at {address}"));
    }
}
