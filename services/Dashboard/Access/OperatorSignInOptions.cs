using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Dashboard.Access;

/// <summary>How operators sign in, outside of Development. Section <c>Authentication</c>.</summary>
public sealed class OperatorSignInOptions
{
    /// <summary>Issuer of the operators' identities (OpenID Connect).</summary>
    public string? Authority { get; set; }

    /// <summary>This dashboard's id at the issuer. Default: <c>platform-dashboard</c>.</summary>
    [Required]
    public string ClientId { get; set; } = "platform-dashboard";

    /// <summary>This dashboard's secret at the issuer; null for a public client, which proves itself by PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Claim that names the role, which must be <c>operator</c>. Default: <c>role</c>.</summary>
    [Required]
    public string RoleClaim { get; set; } = "role";
}

[OptionsValidator]
internal sealed partial class OperatorSignInOptionsValidator : IValidateOptions<OperatorSignInOptions>;
