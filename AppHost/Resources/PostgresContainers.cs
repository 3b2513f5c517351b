using Platform.AppHost.Hosting;

namespace Platform.AppHost.Resources;

/// <summary>Postgres servers as containers of the official image, with the same configuration and bootstrap as the native ones.</summary>
internal static class PostgresContainers
{
    private const string Tag = "17.6";
    private const string ConfigurationFolder = "/etc/platform-postgres";
    private const string Volume = "/var/lib/postgresql/data";
    private const string ReplicaScript = "/usr/local/bin/replica-entrypoint.sh";

    // The image runs these servers in a network of its own, where they listen on every address; the host sees what is published.
    private static readonly string[] Settings =
        ["-c", $"config_file={ConfigurationFolder}/postgresql.conf", "-c", $"hba_file={ConfigurationFolder}/pg_hba.conf", "-c", "listen_addresses=*"];

    public static PostgresNode AddPrimary(IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets)
    {
        var server = AddServer(builder, name, secrets)
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth=scram-sha-256 --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 --data-checksums")
            .WithEnvironment("PLATFORM_OWNER_PASSWORD", secrets.Owner)
            .WithEnvironment("PLATFORM_API_PASSWORD", secrets.Api)
            .WithEnvironment("PLATFORM_READONLY_PASSWORD", secrets.Readonly)
            .WithEnvironment("PLATFORM_REPLICATION_PASSWORD", secrets.Replication)
            .WithEnvironment("PLATFORM_CDC_PASSWORD", secrets.Cdc)
            .WithBindMount("../infra/postgres/bootstrap.sql", "/docker-entrypoint-initdb.d/bootstrap.sql", isReadOnly: true)
            .WithArgs(["postgres", .. Settings]);
        return new PostgresNode(name, "data", server, server.Resource.PrimaryEndpoint, secrets);
    }

    public static PostgresNode AddReplica(IDistributedApplicationBuilder builder, string name, string dataService, PostgresNode primary, PlatformSecrets secrets)
    {
        var host = primary.Endpoint.Property(EndpointProperty.Host);
        var port = primary.Endpoint.Property(EndpointProperty.Port);
        var server = AddServer(builder, name, secrets)
            .WithBindMount("../infra/postgres/replica-entrypoint.sh", ReplicaScript, isReadOnly: true)
            .WithEntrypoint("/bin/bash")
            .WithEnvironment("PGDATA", $"{Volume}/replica")
            .WithEnvironment("REPLICA_NAME", name)
            .WithEnvironment("PRIMARY_HOST", ReferenceExpression.Create($"{host}"))
            .WithEnvironment("PRIMARY_PORT", ReferenceExpression.Create($"{port}"))
            .WithEnvironment("PLATFORM_REPLICATION_PASSWORD", secrets.Replication)
            .WithArgs([ReplicaScript, .. Settings])
            .WithParentRelationship(primary.Server)
            .WaitFor(primary.Server);
        return new PostgresNode(name, dataService, server, server.Resource.PrimaryEndpoint, secrets);
    }

    private static IResourceBuilder<PostgresServerResource> AddServer(IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets) =>
        builder.AddPostgres(name, password: secrets.Postgres)
            .WithImageTag(Tag)
            .WithDataVolume(builder.VolumeName(name))
            .WithBindMount("../infra/postgres/postgresql.conf", $"{ConfigurationFolder}/postgresql.conf", isReadOnly: true)
            .WithBindMount("../infra/postgres/pg_hba.conf", $"{ConfigurationFolder}/pg_hba.conf", isReadOnly: true);
}
