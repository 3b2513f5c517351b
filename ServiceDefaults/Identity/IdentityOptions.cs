using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Identity;

/// <summary>The identity that travels between services. Section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>Secret with which services sign and verify identities: at least 32 characters, the same for all of them.</summary>
    [Required, MinLength(32, ErrorMessage = "Identity:Key must have at least 32 characters; the AppHost generates one.")]
    public string Key { get; set; } = "";

    /// <summary>How long an identity is valid. Default: 60 s, so that one taken from a log is worthless soon.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(60);
}

[OptionsValidator]
internal sealed partial class IdentityOptionsValidator : IValidateOptions<IdentityOptions>;
