namespace Platform.AppHost.Resources;

/// <summary>A primary and its streaming replicas.</summary>
/// <param name="Name">Name of the cluster, which is the first node's too.</param>
/// <param name="Nodes">The node that is the primary at first, then the replicas.</param>
/// <param name="CanFailOver">True when a replica may take the primary's place.</param>
internal sealed record PostgresCluster(string Name, IReadOnlyList<PostgresNode> Nodes, bool CanFailOver)
{
    private readonly Dictionary<PostgresRole, IResourceBuilder<ConnectionStringResource>> _connections = [];

    public PostgresNode First => Nodes[0];

    /// <summary>The connection string of a role on the primary: where that may change, it names every node.</summary>
    public IResourceBuilder<ConnectionStringResource> PrimaryConnection(PostgresRole role)
    {
        if (!CanFailOver) return First.Connection(role);
        if (_connections.TryGetValue(role, out var known)) return known;

        var hosts = new ReferenceExpressionBuilder();
        foreach (var node in Nodes)
        {
            if (node != First) hosts.AppendLiteral(",");
            hosts.Append($"{node.Endpoint.Property(EndpointProperty.IPV4Host)}:{node.Endpoint.Property(EndpointProperty.Port)}");
        }

        return _connections[role] = First.AddConnection(
            $"{Name}-primary-{role.ToString().ToLowerInvariant()}", role, ReferenceExpression.Create($"Host={hosts.Build()};Target Session Attributes=primary"));
    }
}
