namespace Platform.AppHost.Resources;

/// <summary>Marks a node of a cluster in which each node can be the primary.</summary>
/// <param name="Nodes">All of them.</param>
internal sealed record PostgresClusterAnnotation(IReadOnlyList<PostgresNode> Nodes) : IResourceAnnotation;
