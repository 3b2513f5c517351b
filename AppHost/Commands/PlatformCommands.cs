using Platform.AppHost.Resources;

namespace Platform.AppHost.Commands;

/// <summary>What an operator does with resources, in Aspire's dashboard and command line tool. Nothing of it is published.</summary>
internal static class PlatformCommands
{
    public static void AddPlatformCommands(
        this IDistributedApplicationBuilder builder, PostgresCluster postgres, CacheServer cache, IResourceBuilder<ProjectResource> schema,
        IResourceBuilder<ProjectResource> cdc, IResourceBuilder<ProjectResource> gateway)
    {
        if (builder.ExecutionContext.IsPublishMode) return;
        var client = new OperatorClient(gateway.GetEndpoint("http"));
        builder.AddFailOver();
        postgres.AddPsqlCommand();
        postgres.First.Server.AddResetCommand();
        schema.AddTenantCommands(client);
        cdc.AddCaptureCommands(client);
        cache.Server.AddCacheCommands(client);
    }
}
