using Microsoft.Extensions.Options;

namespace Platform.SchemaService.Partitions;

/// <summary>Registration of the partitions made in advance.</summary>
internal static class PartitionExtensions
{
    public static IServiceCollection AddPartitions(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PartitionOptions>, PartitionOptionsValidator>();
        services.AddOptions<PartitionOptions>()
            .BindConfiguration("Schema:Partitions", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddHostedService<PartitionPremaker>();
        return services;
    }
}
