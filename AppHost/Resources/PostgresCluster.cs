namespace Platform.AppHost.Resources;

/// <summary>A primary and its streaming replicas.</summary>
/// <param name="Name">Name of the cluster, which is the primary's too.</param>
/// <param name="Nodes">The primary, then the replicas.</param>
internal sealed record PostgresCluster(string Name, IReadOnlyList<PostgresNode> Nodes)
{
    public PostgresNode Primary => Nodes[0];
}
