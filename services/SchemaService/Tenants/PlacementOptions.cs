using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.SchemaService.Tenants;

/// <summary>Where new tenants are put. Section <c>Schema:Placement</c>.</summary>
public sealed class PlacementOptions
{
    /// <summary>Name of the Postgres cluster, as the data services know it. Default: <c>postgres</c>.</summary>
    [Required]
    public string Cluster { get; set; } = "postgres";

    /// <summary>Database on that cluster. Default: <c>platform</c>.</summary>
    [Required]
    public string Database { get; set; } = "platform";
}

[OptionsValidator]
internal sealed partial class PlacementOptionsValidator : IValidateOptions<PlacementOptions>;
