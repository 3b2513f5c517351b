using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Capture;

/// <summary>What is captured, and when it may be forgotten. Section <c>Capture</c>.</summary>
public sealed class CaptureOptions
{
    /// <summary>The replication slot that remembers how far capture has come. Default: <c>platform_cdc</c>.</summary>
    [Required]
    public string Slot { get; set; } = "platform_cdc";

    /// <summary>The publication that names the captured tables. Default: <c>platform</c>.</summary>
    [Required]
    public string Publication { get; set; } = "platform";

    /// <summary>
    /// What makes a change durable, so that Postgres may drop its log: the broker's acknowledgement, or the warehouse's commit where the
    /// broker keeps everything in memory. Default: <see cref="Capture.ConfirmAfter.WarehouseCommit"/>, which is right with every broker.
    /// </summary>
    public ConfirmAfter ConfirmAfter { get; set; } = ConfirmAfter.WarehouseCommit;

    /// <summary>Most changes that may be on their way to the broker; reading of the log waits beyond it. Default: 50,000.</summary>
    [Range(100, 1_000_000)]
    public int LargestBacklog { get; set; } = 50_000;

    /// <summary>Time between two reports of what Postgres may drop. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ConfirmInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}

[OptionsValidator]
internal sealed partial class CaptureOptionsValidator : IValidateOptions<CaptureOptions>;
