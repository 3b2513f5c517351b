using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Routing;

/// <summary>Where a tenant's requests may go. Section <c>Gateway:ReplicaRouting</c>.</summary>
public sealed class ReplicaRoutingOptions
{
    /// <summary>The data services, one beside each Postgres node, by their names in service discovery.</summary>
    [Required, MinLength(1, ErrorMessage = "Gateway:ReplicaRouting:Nodes must name at least one data service.")]
    public string[] Nodes { get; set; } = [];

    /// <summary>Oldest data a read without a token may see. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between probes of each node; below <see cref="MaxLag"/>. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class ReplicaRoutingOptionsValidator : IValidateOptions<ReplicaRoutingOptions>;
