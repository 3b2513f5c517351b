using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Lake;

/// <summary>Where every change is kept as Parquet files, and how they are written. Section <c>Lake</c>.</summary>
public sealed class LakeOptions
{
    /// <summary>Folder of the files. Default: <c>lake</c> beside the warehouse's file.</summary>
    public string? Path { get; set; }

    /// <summary>
    /// Time between two exports. Until then changes are kept in the warehouse; shorter means more and smaller files. Default: 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time between two recomputations of the warehouse from the lake, which tell whether the stream has gone wrong. Default: one day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan VerificationInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Files of one day of a tenant from which on they are made into one. Default: 16.</summary>
    [Range(2, 10_000)]
    public int MostFilesOfADay { get; set; } = 16;
}

[OptionsValidator]
internal sealed partial class LakeOptionsValidator : IValidateOptions<LakeOptions>;
