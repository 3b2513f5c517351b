using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Gateway.Authentication;

/// <summary>Stands in for an identity provider on a developer's machine.</summary>
internal sealed class DevTokenIssuer(IOptions<DevTokenOptions> options, IOptions<CallerOptions> caller, TimeProvider clock)
{
    public const string Issuer = "platform-development";

    public static SymmetricSecurityKey KeyOf(string signingKey) => new(Encoding.UTF8.GetBytes(signingKey));

    public (string Token, DateTimeOffset ExpiresAt) Issue(string role, string? tenant)
    {
        var now = clock.GetUtcNow();
        var expires = now + options.Value.Lifetime;
        List<Claim> claims = [new(JwtRegisteredClaimNames.Sub, $"developer@{tenant ?? role}"), new(caller.Value.RoleClaim, role)];
        if (tenant is not null) claims.Add(new(caller.Value.TenantClaim, tenant));
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = caller.Value.Audience,
            Subject = new ClaimsIdentity(claims),
            NotBefore = now.UtcDateTime.AddSeconds(-5),
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(KeyOf(options.Value.SigningKey!), SecurityAlgorithms.HmacSha256),
        });
        return (token, expires);
    }
}
