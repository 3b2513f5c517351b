namespace Platform.DemoLoad.Seeding;

/// <summary>Registration of the demo's data.</summary>
internal static class SeedingExtensions
{
    public static IServiceCollection AddSeeding(this IServiceCollection services)
    {
        services.AddSingleton<SeedingState>();
        services.AddHostedService<Seeder>();
        services.AddHealthChecks().AddCheck<SeedingState>("demo-data");
        return services;
    }
}
