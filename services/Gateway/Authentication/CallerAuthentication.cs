using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Gateway.Authentication;

/// <summary>Verification of the tokens that callers bring: an identity provider's, or in Development the gateway's own.</summary>
internal static class CallerAuthentication
{
    private const string Scheme = "Caller";

    public static void AddCallerAuthentication(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<CallerOptions>, CallerOptionsValidator>();
        services.AddSingleton<IValidateOptions<DevTokenOptions>, DevTokenOptionsValidator>();
        services.AddOptions<DevTokenOptions>()
            .BindConfiguration("DevTokens", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        var development = builder.Environment.IsDevelopment();
        services.AddOptions<CallerOptions>()
            .BindConfiguration("Authentication", binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate<IOptions<DevTokenOptions>>(
                (caller, tokens) => caller.Authority is not null || (development && tokens.Value.SigningKey is not null),
                "Nobody could sign in: set Authentication:Authority to the issuer of the callers' tokens, or in Development DevTokens:SigningKey.")
            .ValidateOnStart();
        services.AddSingleton<DevTokenIssuer>();

        // The internal identity that other services accept is not accepted from outside.
        services.AddAuthentication(Scheme).AddJwtBearer(Scheme, _ => { });
        services.AddOptions<JwtBearerOptions>(Scheme).Configure<IOptions<CallerOptions>, IOptions<DevTokenOptions>>((bearer, caller, tokens) =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters.ValidAudience = caller.Value.Audience;
            bearer.TokenValidationParameters.NameClaimType = "sub";
            bearer.TokenValidationParameters.RoleClaimType = caller.Value.RoleClaim;
            if (caller.Value.Authority is { } authority)
            {
                bearer.Authority = authority;
                return;
            }

            bearer.TokenValidationParameters.ValidIssuer = DevTokenIssuer.Issuer;
            bearer.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
            bearer.TokenValidationParameters.IssuerSigningKey = DevTokenIssuer.KeyOf(tokens.Value.SigningKey!);
        });
    }
}
