using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>The warehouse's file and its limits. Section <c>Warehouse</c>.</summary>
public sealed class WarehouseOptions
{
    /// <summary>The DuckDB file; its folder is created. Default: <c>.data/warehouse/warehouse.duckdb</c> below the working directory.</summary>
    [Required]
    public string Path { get; set; } = ".data/warehouse/warehouse.duckdb";

    /// <summary>Most memory that DuckDB uses. Default: 256MB.</summary>
    [Required, RegularExpression("^[0-9]+(MB|GB)$")]
    public string MemoryLimit { get; set; } = "256MB";

    /// <summary>Most events committed together. Default: 10,000; bigger batches are faster, and are seen later.</summary>
    [Range(1, 100_000)]
    public int LargestBatch { get; set; } = 10_000;

    /// <summary>
    /// Longest time that events are gathered before they are committed; when none is waiting, those that are there are committed at once.
    /// Default: 250 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan LongestBatch { get; set; } = TimeSpan.FromMilliseconds(250);
}

[OptionsValidator]
internal sealed partial class WarehouseOptionsValidator : IValidateOptions<WarehouseOptions>;
