using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Authentication;

/// <summary>Who may call the platform. Section <c>Authentication</c>.</summary>
public sealed class CallerOptions
{
    /// <summary>Issuer of the callers' tokens (OpenID Connect); null in Development, where the gateway issues them itself.</summary>
    public string? Authority { get; set; }

    /// <summary>Audience that the issuer's tokens must have. Default: <c>platform</c>.</summary>
    [Required]
    public string Audience { get; set; } = "platform";

    /// <summary>Claim that names the caller's tenant. Default: <c>tenant</c>. The tenant is taken from nowhere else.</summary>
    [Required]
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>Claim that names the caller's role, <c>tenant</c> or <c>operator</c>. Default: <c>role</c>.</summary>
    [Required]
    public string RoleClaim { get; set; } = "role";
}

[OptionsValidator]
internal sealed partial class CallerOptionsValidator : IValidateOptions<CallerOptions>;
