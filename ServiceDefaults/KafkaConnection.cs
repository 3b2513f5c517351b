using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>Where the broker is.</summary>
public static class KafkaConnection
{
    /// <summary>The broker's addresses, as its clients take them.</summary>
    /// <exception cref="InvalidOperationException">They are not configured.</exception>
    public static string KafkaAddresses(this IConfiguration configuration) =>
        configuration.GetConnectionString("kafka") ?? throw new InvalidOperationException("Set ConnectionStrings:kafka to the broker's addresses.");
}
