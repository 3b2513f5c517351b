namespace Platform.AppHost.Resources;

/// <summary>The Postgres cluster, in the form that this machine can run.</summary>
internal static class PostgresClusterExtensions
{
    /// <summary>Adds a primary named <paramref name="name"/> and replicas named <c>{name}-replica-1</c> and so on.</summary>
    public static PostgresCluster AddPostgresCluster(this IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets, int replicas)
    {
        if (!builder.UsesContainers()) return new PostgresCluster(name, PostgresProcesses.AddNodes(builder, name, secrets, replicas), CanFailOver: true);

        var primary = PostgresContainers.AddPrimary(builder, name, secrets);
        List<PostgresNode> nodes = [primary];
        for (var i = 1; i <= replicas; i++) nodes.Add(PostgresContainers.AddReplica(builder, $"{name}-replica-{i}", $"data-replica-{i}", primary, secrets));
        return new PostgresCluster(name, nodes, CanFailOver: false);
    }
}
