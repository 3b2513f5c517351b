using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Anomalies;

/// <summary>How sensitive the detection of unusual values is. Section <c>Anomalies</c>. The defaults are measured: docs/performance.md.</summary>
public sealed class AnomalyOptions
{
    /// <summary>Robust standard deviations that a single minute may be off. Default: 6.</summary>
    [Range(2.0, 100.0)]
    public double Limit { get; set; } = 6;

    /// <summary>Weight of the newest minute in the mean of the last ones, 0 to 1. Default: 0.2; the mean covers about nine minutes.</summary>
    [Range(0.01, 1.0)]
    public double Smoothing { get; set; } = 0.2;

    /// <summary>Standard deviations of that mean that it may be off. Default: 6.</summary>
    [Range(2.0, 100.0)]
    public double ShiftLimit { get; set; } = 6;

    /// <summary>How far off a minute must be itself to belong to a shift. Default: 1.5.</summary>
    [Range(0.0, 100.0)]
    public double ShiftResidual { get; set; } = 1.5;

    /// <summary>Largest residual that enters the mean. Default: 5.</summary>
    [Range(1.0, 100.0)]
    public double Clip { get; set; } = 5;

    /// <summary>How fast a level that stays becomes the usual one: share of the residual a minute. Default: 0.002, most of it within eight hours.</summary>
    [Range(0.0, 0.5)]
    public double Adaptation { get; set; } = 0.002;

    /// <summary>Smallest standard deviation in the series' own unit: what moves by less is of no interest. Default: 1.</summary>
    [Range(0.0, double.MaxValue)]
    public double SmallestDeviation { get; set; } = 1;

    /// <summary>Smallest standard deviation as a share of the usual value. Default: 0.03.</summary>
    [Range(0.0, 10.0)]
    public double SmallestShare { get; set; } = 0.03;
}

[OptionsValidator]
internal sealed partial class AnomalyOptionsValidator : IValidateOptions<AnomalyOptions>;
