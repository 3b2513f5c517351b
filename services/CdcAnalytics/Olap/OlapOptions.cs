using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Olap;

/// <summary>What a question may cost. Section <c>Olap</c>.</summary>
public sealed class OlapOptions
{
    /// <summary>Longest time that a question may take; it is interrupted then. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan LongestQuery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most rows of an answer. Default: 10,000.</summary>
    [Range(1, 1_000_000)]
    public int LargestAnswer { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class OlapOptionsValidator : IValidateOptions<OlapOptions>;
