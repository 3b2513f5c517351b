using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Authentication;

/// <summary>Tokens that the gateway issues itself, in Development only. Section <c>DevTokens</c>.</summary>
public sealed class DevTokenOptions
{
    /// <summary>Secret that signs them: at least 32 characters. Without it none are issued or accepted.</summary>
    [MinLength(32, ErrorMessage = "DevTokens:SigningKey must have at least 32 characters; the AppHost generates one.")]
    public string? SigningKey { get; set; }

    /// <summary>How long one is valid. Default: 8 h, a working day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(8);
}

[OptionsValidator]
internal sealed partial class DevTokenOptionsValidator : IValidateOptions<DevTokenOptions>;
