using Platform.AppHost.Commands;
using Platform.AppHost.Hosting;
using Platform.AppHost.Resources;

return await PlatformHost.RunAsync(args, (builder, secrets) =>
{
    // The data stores: containers, or plain processes of what is installed; the same names and connection strings either way.
    var postgres = builder.AddPostgresCluster("postgres", secrets, replicas: 2);
    var cache = builder.AddCacheServer("cache", secrets);
    var kafka = builder.AddKafkaBroker("kafka");

    // The control plane: tenants, contracts, tables.
    var schema = builder.AddService("schema", "SchemaService", secrets)
        .WithPostgres(postgres, PostgresRole.Owner);

    // The tenants' data, one service beside each Postgres node, so that whoever calls can choose the node.
    var data = postgres.Nodes.Select(node => builder.AddService(node.DataServiceName, "DataService", secrets)
        .WithPostgres(node, PostgresRole.Api)
        .WithCache(cache)
        .WithService(schema)
        .WithEnvironment("Node__Name", node.Name)
        .WithEnvironment("Node__Cluster", postgres.Name)).ToList();
    foreach (var replica in data.Skip(1)) replica.WithReference(data[0]);

    // What follows from the log: change topics, warehouse, cache invalidation.
    var cdc = builder.AddService("cdc", "CdcAnalytics", secrets)
        .WithPostgres(postgres, PostgresRole.Cdc)
        .WithKafka(kafka)
        .WithService(schema)
        .WithEnvironment("Capture__Enabled", builder.Configuration["Capture:Enabled"] ?? "true")
        .WithEnvironment("Capture__ConfirmAfter", kafka.IsDurable ? "BrokerAcknowledgement" : "WarehouseCommit")
        .WithDataFiles(("Capture__StatePath", "capture.json"), ("Warehouse__Path", "warehouse/warehouse.duckdb"));

    var cacheService = builder.AddService("cache-service", "CacheService", secrets)
        .WithCache(cache)
        .WithKafka(kafka)
        .WithService(schema);

    // The edge, and the page that shows it all.
    var gateway = builder.AddService("gateway", "Gateway", secrets, port: builder.Port("Gateway", 8080))
        .WithCallers(secrets)
        .WithEnvironment("Tracking__AddressKey", secrets.AddressKey)
        .WithKafka(kafka)
        .WithDataNodes(data)
        .WithServices([schema, cdc, cacheService])
        .WithPage("API");

    builder.AddService("dashboard", "Dashboard", secrets, port: builder.Port("Dashboard", 8090))
        .WithServicesToShow([gateway, schema, .. data, cdc, cacheService])
        .WithOperators()
        .WithPage("Dashboard");

    builder.AddDemo(gateway, secrets);
    builder.AddPlatformCommands(postgres, cache, schema, cdc, gateway);
});
