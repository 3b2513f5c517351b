using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.DemoLoad.Traffic;

/// <summary>How busy the demo's shops are. Section <c>Demo</c>.</summary>
public sealed class TrafficOptions
{
    /// <summary>Visits to all shops together; each makes about six requests. Default: 4 a second.</summary>
    [Range(0.01, 500)]
    public double VisitsPerSecond { get; set; } = 4;

    /// <summary>Most visits at the same time; when the platform is slow, visitors stay away. Default: 32.</summary>
    [Range(1, 256)]
    public int MostVisitors { get; set; } = 32;
}

[OptionsValidator]
internal sealed partial class TrafficOptionsValidator : IValidateOptions<TrafficOptions>;
