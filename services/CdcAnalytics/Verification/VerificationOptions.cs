using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Verification;

/// <summary>When source and warehouse are compared. Section <c>Verification</c>.</summary>
public sealed class VerificationOptions
{
    /// <summary>Time between two comparisons. Default: one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a comparison waits until the warehouse has everything up to its position. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}

[OptionsValidator]
internal sealed partial class VerificationOptionsValidator : IValidateOptions<VerificationOptions>;
