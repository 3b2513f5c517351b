using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Identity;

namespace Platform.Dashboard.Access;

/// <summary>
/// Who may look: on a developer's machine everybody who reaches the loopback address, elsewhere an operator who signed in at the
/// identity provider.
/// </summary>
internal static class OperatorSignIn
{
    /// <summary>The policy of every page.</summary>
    public const string Policy = "dashboard";

    public static void AddOperatorSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        if (builder.Environment.IsDevelopment())
        {
            services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.RequireAssertion(_ => true));
            return;
        }

        services.AddSingleton<IValidateOptions<OperatorSignInOptions>, OperatorSignInOptionsValidator>();
        services.AddOptions<OperatorSignInOptions>()
            .BindConfiguration("Authentication", binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(options => options.Authority is not null, "Nobody could sign in: set Authentication:Authority to the issuer of the operators' identities.")
            .ValidateOnStart();
        services.AddAuthentication()
            .AddCookie(CookieAuthenticationDefaults.AuthenticationScheme, cookie => cookie.Cookie.Name = "dashboard")
            .AddOpenIdConnect(OpenIdConnectDefaults.AuthenticationScheme, _ => { });
        services.AddOptions<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme).Configure<IOptions<OperatorSignInOptions>>((oidc, options) =>
        {
            oidc.Authority = options.Value.Authority;
            oidc.ClientId = options.Value.ClientId;
            oidc.ClientSecret = options.Value.ClientSecret;
            oidc.ResponseType = "code";
            oidc.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            oidc.MapInboundClaims = false;
            oidc.TokenValidationParameters.RoleClaimType = options.Value.RoleClaim;
        });
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy
            .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme)
            .RequireRole(Policies.Operator));
    }
}
