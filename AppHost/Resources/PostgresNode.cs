namespace Platform.AppHost.Resources;

/// <summary>One server of a cluster.</summary>
/// <param name="Name">Name of its resource.</param>
/// <param name="DataServiceName">Name of the data service beside it.</param>
/// <param name="Server">What to wait for.</param>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Secrets">Passwords of its roles.</param>
internal sealed record PostgresNode(
    string Name, string DataServiceName, IResourceBuilder<IResource> Server, EndpointReference Endpoint, PlatformSecrets Secrets)
{
    private readonly Dictionary<PostgresRole, IResourceBuilder<ConnectionStringResource>> _connections = [];

    /// <summary>The connection string of a role on this node: a resource of its own, made when first asked for.</summary>
    public IResourceBuilder<ConnectionStringResource> Connection(PostgresRole role)
    {
        if (_connections.TryGetValue(role, out var known)) return known;

        var (user, password) = role switch
        {
            PostgresRole.Owner => ("platform_owner", Secrets.Owner),
            PostgresRole.Readonly => ("platform_readonly", Secrets.Readonly),
            PostgresRole.Cdc => ("platform_cdc", Secrets.Cdc),
            _ => ("platform_api", Secrets.Api),
        };
        // Not "localhost": where that is ::1 first, each connection would first try an address on which nothing listens.
        var host = Endpoint.Property(EndpointProperty.IPV4Host);
        var port = Endpoint.Property(EndpointProperty.Port);
        return _connections[role] = Server.ApplicationBuilder.AddHiddenConnectionString(
            $"{Name}-{role.ToString().ToLowerInvariant()}",
            ReferenceExpression.Create($"Host={host};Port={port};Database=platform;Username={user};Password={password}"));
    }
}
