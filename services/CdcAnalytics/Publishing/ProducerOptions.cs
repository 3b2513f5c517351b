using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Publishing;

/// <summary>How changes are sent. Section <c>Publishing</c>.</summary>
public sealed class ProducerOptions
{
    /// <summary>Most bytes that may be on their way to the broker; reading of the log waits beyond it. Default: 64 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int LargestBacklogBytes { get; set; } = 64 << 20;

    /// <summary>How long a message waits for others that travel with it. Default: 1 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Compression: none, gzip, snappy, lz4 or zstd. Default: lz4.</summary>
    [RegularExpression("none|gzip|snappy|lz4|zstd")]
    public string Compression { get; set; } = "lz4";

    /// <summary>Partitions of a topic of changes where capture creates it. Default: 4.</summary>
    [Range(1, 1000)]
    public int Partitions { get; set; } = 4;

    /// <summary>Copies of each partition where capture creates the topic; -1 for the broker's default. Default: -1.</summary>
    [Range(-1, 10)]
    public int Replicas { get; set; } = -1;

    /// <summary>How long a topic that capture creates keeps every change; after that it keeps the last one of each row. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan History { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Largest message in bytes; a larger change is refused by the client. Default: 8 MiB, which the topics are made for.</summary>
    [Range(1 << 20, 1 << 27)]
    public int LargestMessageBytes { get; set; } = 8 << 20;
}

[OptionsValidator]
internal sealed partial class ProducerOptionsValidator : IValidateOptions<ProducerOptions>;
