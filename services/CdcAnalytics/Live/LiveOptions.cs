using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Live;

/// <summary>Metrics over the last seconds and minutes. Section <c>Live</c>.</summary>
public sealed class LiveOptions
{
    /// <summary>How much later than its successors an event may come and still count. Default: 5 s. Windows close this much later.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan AllowedLateness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a partition may be silent before windows close without it. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Idle { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most events of each partition that are read again at the start, to fill the windows that are open. Default: 2000.</summary>
    [Range(0, 1_000_000)]
    public int Replay { get; set; } = 2000;

    /// <summary>How long minutes are kept in the warehouse; the baseline of unusual values is made of them. Default: 36 days, five weeks and a day.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(36);
}

[OptionsValidator]
internal sealed partial class LiveOptionsValidator : IValidateOptions<LiveOptions>;
