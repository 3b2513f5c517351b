using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.DataService.Nodes;

/// <summary>The Postgres node that this service stands beside. Section <c>Node</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>Name of this node in answers (<c>X-Served-By</c>) and on the dashboard.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Cluster that the node belongs to, as tenants' placements name it. Default: <c>postgres</c>.</summary>
    [Required]
    public string Cluster { get; set; } = "postgres";

    /// <summary>Service beside the primary, named to a caller who sent a write here. Default: <c>data</c>.</summary>
    [Required]
    public string PrimaryService { get; set; } = "data";

    /// <summary>How long a read waits for this node to replay the position it asks for. Default: 5 ms, many times a usual replay.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan LongestReplayWait { get; set; } = TimeSpan.FromMilliseconds(5);
}

[OptionsValidator]
internal sealed partial class NodeOptionsValidator : IValidateOptions<NodeOptions>;
