using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Tracking;

/// <summary>How requests become events. Section <c>Tracking</c>.</summary>
public sealed class TrackingOptions
{
    /// <summary>Secret of the hash that callers' addresses become: at least 32 characters. Whoever has it can test whether an address was here.</summary>
    [Required(ErrorMessage = "Tracking:AddressKey is missing; the AppHost generates one."), MinLength(32, ErrorMessage = "Tracking:AddressKey must have at least 32 characters.")]
    public string AddressKey { get; set; } = "";

    /// <summary>
    /// Most requests that wait to be sent. From half of it on only one of so many is kept, beyond it none. Default: 8192, a few MB.
    /// </summary>
    [Range(16, 1 << 20)]
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>Most bytes that wait for the broker's acknowledgement. Default: 16 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int LargestBacklogBytes { get; set; } = 16 << 20;

    /// <summary>How long the broker is given for an event before it counts as lost. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class TrackingOptionsValidator : IValidateOptions<TrackingOptions>;
