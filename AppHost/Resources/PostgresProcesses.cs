namespace Platform.AppHost.Resources;

/// <summary>Postgres servers as processes of an installed Postgres, run by <c>infra/Native</c>.</summary>
internal static class PostgresProcesses
{
    public static PostgresNode AddPrimary(IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets)
    {
        var server = builder.AddNativeServer(name, "postgres-primary")
            .WithIconName("DatabaseMultiple")
            .WithEnvironment("POSTGRES_PASSWORD", secrets.Postgres)
            .WithEnvironment("PLATFORM_OWNER_PASSWORD", secrets.Owner)
            .WithEnvironment("PLATFORM_API_PASSWORD", secrets.Api)
            .WithEnvironment("PLATFORM_READONLY_PASSWORD", secrets.Readonly)
            .WithEnvironment("PLATFORM_REPLICATION_PASSWORD", secrets.Replication)
            .WithEnvironment("PLATFORM_CDC_PASSWORD", secrets.Cdc);
        return new PostgresNode(name, "data", server, server.GetEndpoint("tcp"), secrets);
    }

    public static PostgresNode AddReplica(IDistributedApplicationBuilder builder, string name, string dataService, PostgresNode primary, PlatformSecrets secrets)
    {
        var server = builder.AddNativeServer(name, "postgres-replica")
            .WithIconName("Database")
            .WithArgs("--name", name)
            .WithArgs(context =>
            {
                context.Args.Add("--primary-port");
                context.Args.Add(primary.Endpoint.Property(EndpointProperty.Port));
            })
            .WithEnvironment("PLATFORM_REPLICATION_PASSWORD", secrets.Replication)
            .WithParentRelationship(primary.Server)
            .WaitFor(primary.Server);
        return new PostgresNode(name, dataService, server, server.GetEndpoint("tcp"), secrets);
    }
}
