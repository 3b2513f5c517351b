namespace Platform.AppHost.Resources;

/// <summary>The Postgres cluster, in the form that this machine can run.</summary>
internal static class PostgresClusterExtensions
{
    /// <summary>Adds a primary named <paramref name="name"/> and replicas named <c>{name}-replica-1</c> and so on.</summary>
    public static PostgresCluster AddPostgresCluster(this IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets, int replicas)
    {
        var containers = builder.UsesContainers();
        var primary = containers ? PostgresContainers.AddPrimary(builder, name, secrets) : PostgresProcesses.AddPrimary(builder, name, secrets);
        List<PostgresNode> nodes = [primary];
        for (var i = 1; i <= replicas; i++)
        {
            var (replica, data) = ($"{name}-replica-{i}", $"data-replica-{i}");
            nodes.Add(containers
                ? PostgresContainers.AddReplica(builder, replica, data, primary, secrets)
                : PostgresProcesses.AddReplica(builder, replica, data, primary, secrets));
        }

        return new PostgresCluster(name, nodes);
    }
}
