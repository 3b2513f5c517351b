using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Verification;

/// <summary>Registration, and the comparison for those who run the platform.</summary>
internal static class VerificationEndpoints
{
    public static void AddVerification(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<VerificationOptions>, VerificationOptionsValidator>();
        services.AddOptions<VerificationOptions>()
            .BindConfiguration("Verification", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<SourceVerification>();
        services.AddSingleton<VerificationService>();
        services.AddHostedService(provider => provider.GetRequiredService<VerificationService>());
    }

    public static void MapVerification(this IEndpointRouteBuilder routes)
    {
        var verification = routes.MapGroup("/verification").RequireAuthorization(Policies.Service);
        verification.MapGet("", (VerificationService service) => TypedResults.Ok(service.State));
        verification.MapPost("", (VerificationService service) =>
        {
            service.Order();
            return TypedResults.Accepted("/verification");
        });
    }
}
