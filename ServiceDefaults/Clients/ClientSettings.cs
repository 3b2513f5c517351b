using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults.Clients;

/// <summary>
/// Where a client's settings come from, in order, the last one winning: the section, the section of the connection's name,
/// <c>ConnectionStrings</c>, the caller's code.
/// </summary>
internal static class ClientSettings
{
    public static T Read<T>(
        IConfiguration configuration, string section, string connectionName, Action<T, string> setConnectionString, Action<T>? configure)
        where T : new()
    {
        var settings = new T();
        configuration.GetSection(section).Bind(settings);
        configuration.GetSection($"{section}:{connectionName}").Bind(settings);
        if (configuration.GetConnectionString(connectionName) is { Length: > 0 } connectionString)
            setConnectionString(settings, connectionString);
        configure?.Invoke(settings);
        return settings;
    }

    public static string Require(string? connectionString, string connectionName, string section) =>
        connectionString ?? throw new InvalidOperationException(
            $"No connection string for '{connectionName}'. Set ConnectionStrings:{connectionName} or {section}:{connectionName}:ConnectionString; " +
            "in the AppHost, add WithReference to the service.");
}
