using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Requests;

/// <summary>The requests in the warehouse. Section <c>Requests</c>.</summary>
public sealed class RequestOptions
{
    /// <summary>How long a request is kept: they say who did what, so no longer than they are of use. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Most events committed together. Default: 10,000.</summary>
    [Range(1, 100_000)]
    public int LargestBatch { get; set; } = 10_000;

    /// <summary>Least time between commits: requests come all the time, and each commit writes to disk. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

[OptionsValidator]
internal sealed partial class RequestOptionsValidator : IValidateOptions<RequestOptions>;
