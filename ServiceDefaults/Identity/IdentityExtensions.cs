using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Verification of the internal identity, and what a handler reads from it.</summary>
public static class IdentityExtensions
{
    internal static void AddInternalIdentity(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>();
        services.AddOptions<IdentityOptions>()
            .BindConfiguration("Identity", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<InternalIdentity>();
        services.AddTransient<ServiceIdentityHandler>();

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<IdentityOptions>>((bearer, identity) =>
            {
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = InternalIdentity.Issuer,
                    ValidAudience = InternalIdentity.Audience,
                    IssuerSigningKey = InternalIdentity.KeyOf(identity.Value),
                    ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                    NameClaimType = InternalIdentity.SubjectClaim,
                    RoleClaimType = InternalIdentity.RoleClaim,
                    ClockSkew = TimeSpan.FromSeconds(10),
                };
            });
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Tenant, policy => policy.RequireRole(Policies.Tenant).RequireClaim(InternalIdentity.TenantClaim))
            .AddPolicy(Policies.Operator, policy => policy.RequireRole(Policies.Operator))
            .AddPolicy(Policies.Service, policy => policy.RequireRole(Policies.Service, Policies.Operator));
    }

    /// <summary>
    /// The tenant that the verified identity acts for.
    /// </summary>
    /// <exception cref="InvalidOperationException">The endpoint lacks <see cref="Policies.Tenant"/>.</exception>
    public static string TenantId(this ClaimsPrincipal user) =>
        user.FindFirstValue(InternalIdentity.TenantClaim)
        ?? throw new InvalidOperationException("The caller's identity names no tenant; require Policies.Tenant on this endpoint.");

    /// <summary>
    /// Adds a named client of another service: <c>http://{service}</c>, found by service discovery, retried as is safe, and signed
    /// with this service's identity.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient(this IServiceCollection services, string service)
    {
        var client = services.AddHttpClient(service, http => http.BaseAddress = new Uri($"http://{service}"));
        client.AddStandardResilienceHandler();
        return client.AddServiceIdentity();
    }

    /// <summary>Signs the client's requests with this service's identity.</summary>
    public static IHttpClientBuilder AddServiceIdentity(this IHttpClientBuilder client) =>
        client.AddHttpMessageHandler<ServiceIdentityHandler>();

    /// <summary>
    /// As <see cref="AddServiceClient"/>, for requests that the other side holds open until there is news: the caller retries, and
    /// nothing but <see cref="HttpClient.Timeout"/> ends a wait.
    /// </summary>
    public static IHttpClientBuilder AddLongPollClient(this IServiceCollection services, string name, string service) =>
        services.AddHttpClient(name, http => http.BaseAddress = new Uri($"http://{service}")).AddServiceIdentity();
}
