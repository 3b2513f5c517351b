using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>Registration of the warehouse.</summary>
internal static class WarehouseExtensions
{
    public static void AddWarehouse(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<WarehouseOptions>, WarehouseOptionsValidator>();
        services.AddOptions<WarehouseOptions>()
            .BindConfiguration("Warehouse", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<WarehouseStore>();
        services.AddSingleton<WarehouseTelemetry>();
        services.AddSingleton<Analytics.AnalyticsQueries>();
        services.AddHostedService<ChangeConsumer>();
    }
}
