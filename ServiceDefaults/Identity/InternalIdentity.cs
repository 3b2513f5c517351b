using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platform.ServiceDefaults.Identity;

/// <summary>
/// Signs the short-lived identity (a JWT) that a service shows to another. It says who calls and for which tenant; a bare
/// header never does.
/// </summary>
public sealed class InternalIdentity(IOptions<IdentityOptions> options, TimeProvider clock)
{
    /// <summary>Issuer and audience of the identity.</summary>
    public const string Issuer = "platform", Audience = "platform-internal";

    /// <summary>Claim types of the identity.</summary>
    public const string TenantClaim = "tenant", RoleClaim = "role", SubjectClaim = "sub";

    private readonly ConcurrentDictionary<(string Subject, string Role, string? Tenant), (string Token, DateTimeOffset RenewAt)> _signed = new();
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(KeyOf(options.Value), SecurityAlgorithms.HmacSha256);

    /// <summary>The key that <see cref="IdentityOptions.Key"/> stands for.</summary>
    public static SymmetricSecurityKey KeyOf(IdentityOptions options) => new(Encoding.UTF8.GetBytes(options.Key));

    /// <summary>
    /// The signed identity of a caller. Reused for half of its lifetime: signing costs more than the rest of a cached read.
    /// </summary>
    public string Sign(string subject, string role, string? tenant = null)
    {
        var now = clock.GetUtcNow();
        var caller = (subject, role, tenant);
        if (_signed.TryGetValue(caller, out var signed) && signed.RenewAt > now) return signed.Token;
        if (_signed.Count > 10_000) _signed.Clear();

        List<Claim> claims = [new(SubjectClaim, subject), new(RoleClaim, role)];
        if (tenant is not null) claims.Add(new(TenantClaim, tenant));
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Subject = new ClaimsIdentity(claims),
            NotBefore = now.UtcDateTime.AddSeconds(-5),
            Expires = now.UtcDateTime + options.Value.Lifetime,
            SigningCredentials = _credentials,
        });
        _signed[caller] = (token, now + options.Value.Lifetime / 2);
        return token;
    }
}
