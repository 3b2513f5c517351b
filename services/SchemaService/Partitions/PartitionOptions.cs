using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.SchemaService.Partitions;

/// <summary>When partitions are made in advance. Section <c>Schema:Partitions</c>.</summary>
public sealed class PartitionOptions
{
    /// <summary>Time between two looks at the months ahead; each makes what is missing by then. Default: 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromHours(1);
}

[OptionsValidator]
internal sealed partial class PartitionOptionsValidator : IValidateOptions<PartitionOptions>;
