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

        // Not "localhost": where that is ::1 first, each connection would first try an address on which nothing listens.
        var host = Endpoint.Property(EndpointProperty.IPV4Host);
        var port = Endpoint.Property(EndpointProperty.Port);
        return _connections[role] = AddConnection($"{Name}-{role.ToString().ToLowerInvariant()}", role, ReferenceExpression.Create($"Host={host};Port={port}"));
    }

    /// <summary>Adds a connection string of a role.</summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="role">The role.</param>
    /// <param name="address">The part that says where the server is.</param>
    public IResourceBuilder<ConnectionStringResource> AddConnection(string name, PostgresRole role, ReferenceExpression address)
    {
        var (user, password) = role switch
        {
            PostgresRole.Owner => ("platform_owner", Secrets.Owner),
            PostgresRole.Readonly => ("platform_readonly", Secrets.Readonly),
            PostgresRole.Cdc => ("platform_cdc", Secrets.Cdc),
            _ => ("platform_api", Secrets.Api),
        };
        return Server.ApplicationBuilder.AddHiddenConnectionString(name, ReferenceExpression.Create($"{address};Database=platform;Username={user};Password={password}"));
    }
}
