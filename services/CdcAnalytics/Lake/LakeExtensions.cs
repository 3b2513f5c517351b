using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Lake;

/// <summary>Registration of the lake. It begins before the warehouse applies changes, so it is registered before it.</summary>
internal static class LakeExtensions
{
    public static void AddLake(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<LakeOptions>, LakeOptionsValidator>();
        services.AddOptions<LakeOptions>()
            .BindConfiguration("Lake", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<LakeFolder>();
        services.AddSingleton<LakeStore>();
        services.AddSingleton<LakeReplay>();
        services.AddSingleton<LakeRebuild>();
        services.AddSingleton<LakeVerification>();
        services.AddHostedService<LakeService>();
    }
}
