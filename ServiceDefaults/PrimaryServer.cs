using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>
/// Connections to the primary of a cluster whose connection string names all of its nodes (<c>Host=a:1,b:2</c>), since any of them may be
/// promoted. A connection string with one host is used as it is.
/// </summary>
public static class PrimaryServer
{
    /// <summary>
    /// Registers an <see cref="NpgsqlDataSource"/> whose connections lead to the node that takes writes, with Aspire's settings, health
    /// check and telemetry.
    /// </summary>
    public static void AddPrimaryDataSource(this IHostApplicationBuilder builder, string connectionName)
    {
        // Npgsql's builder refuses a string that says which host is meant: a data source of several hosts is one for each kind of them.
        builder.AddNpgsqlDataSource(connectionName, settings => settings.ConnectionString = settings.ConnectionString is { } text ? WithoutTarget(text).ConnectionString : null);
        var nodes = builder.Services.Last(service => service.ServiceType == typeof(NpgsqlDataSource) && !service.IsKeyedService);
        var key = new object();
        builder.Services.Remove(nodes);
        builder.Services.Add(new ServiceDescriptor(typeof(NpgsqlDataSource), key, (services, _) => nodes.ImplementationFactory!(services), ServiceLifetime.Singleton));
        builder.Services.AddSingleton(services => ToPrimary(services.GetRequiredKeyedService<NpgsqlDataSource>(key)));
    }

    /// <summary>A data source whose connections lead to the node that takes writes.</summary>
    public static NpgsqlDataSource Open(string connectionString) => ToPrimary(NpgsqlDataSource.Create(WithoutTarget(connectionString)));

    /// <summary>
    /// The connection string with the node that takes writes now as its only host: for who needs several connections to the same server,
    /// and for replication connections.
    /// </summary>
    /// <exception cref="NpgsqlException">No node takes writes.</exception>
    public static async Task<string> FindAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = WithoutTarget(connectionString);
        if (!HasSeveralHosts(settings)) return connectionString;
        await using var nodes = Open(connectionString);
        await using var connection = await nodes.OpenConnectionAsync(cancellationToken);
        (settings.Host, settings.Port) = (connection.Host, connection.Port);
        return settings.ConnectionString;
    }

    private static NpgsqlDataSource ToPrimary(NpgsqlDataSource nodes) =>
        nodes is NpgsqlMultiHostDataSource several ? several.WithTargetSession(TargetSessionAttributes.Primary) : nodes;

    private static NpgsqlConnectionStringBuilder WithoutTarget(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!HasSeveralHosts(settings)) return settings;
        settings.Remove("Target Session Attributes");
        // A node that was promoted is known as a replica for so long.
        settings.HostRecheckSeconds = 1;
        return settings;
    }

    private static bool HasSeveralHosts(NpgsqlConnectionStringBuilder settings) => settings.Host?.Contains(',', StringComparison.Ordinal) == true;
}
