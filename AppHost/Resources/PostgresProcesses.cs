namespace Platform.AppHost.Resources;

/// <summary>Postgres servers as processes of an installed Postgres, run by <c>infra/Native</c>.</summary>
internal static class PostgresProcesses
{
    /// <summary>
    /// Adds the nodes of a cluster: <paramref name="name"/>, <c>{name}-replica-1</c> and so on. Which one is the primary is in their data;
    /// the first one is, until another one takes its place. So none waits for another.
    /// </summary>
    public static IReadOnlyList<PostgresNode> AddNodes(IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets, int replicas)
    {
        List<PostgresNode> nodes = [];
        for (var i = 0; i <= replicas; i++)
        {
            var (node, dataService) = i == 0 ? (name, "data") : ($"{name}-replica-{i}", $"data-replica-{i}");
            var server = builder.AddNativeServer(node, "postgres")
                .WithIconName(i == 0 ? "DatabaseMultiple" : "Database")
                .WithArgs("--name", node)
                .WithArgs(i == 0 ? ["--first"] : [])
                .WithEnvironment("POSTGRES_PASSWORD", secrets.Postgres)
                .WithEnvironment("PLATFORM_OWNER_PASSWORD", secrets.Owner)
                .WithEnvironment("PLATFORM_API_PASSWORD", secrets.Api)
                .WithEnvironment("PLATFORM_READONLY_PASSWORD", secrets.Readonly)
                .WithEnvironment("PLATFORM_REPLICATION_PASSWORD", secrets.Replication)
                .WithEnvironment("PLATFORM_CDC_PASSWORD", secrets.Cdc)
                .WithArgs(context =>
                {
                    foreach (var peer in nodes.Where(peer => peer.Name != node))
                    {
                        context.Args.Add("--peer");
                        context.Args.Add(ReferenceExpression.Create($"{peer.Name}:{peer.Endpoint.Property(EndpointProperty.TargetPort)}:{builder.DataPath(peer.Name)}"));
                    }
                });
            if (i > 0) server.WithParentRelationship(nodes[0].Server);
            nodes.Add(new PostgresNode(node, dataService, server, server.GetEndpoint("tcp"), secrets));
        }

        foreach (var node in nodes) node.Server.WithAnnotation(new PostgresClusterAnnotation(nodes));
        return nodes;
    }
}
