namespace Platform.DataService.Storage;

/// <summary>Registration of the tenants' storage.</summary>
internal static class StorageExtensions
{
    // A request that waits longer than this for a lock or a plan is told so; a token promises what is durable, so commits are synchronous.
    private const string SessionSettings = "-c statement_timeout=30s -c lock_timeout=5s -c synchronous_commit=on";

    public static void AddTenantStorage(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource("platform", configureDataSourceBuilder: source =>
        {
            var connection = source.ConnectionStringBuilder;
            connection.Options = SessionSettings;
            connection.MaxAutoPrepare = 100;
            connection.AutoPrepareMinUsages = 2;
            // Kept in the data source for the connections to tenants' own databases.
            connection.PersistSecurityInfo = true;
        });
        builder.Services.AddSingleton<TenantStorage>();
        builder.Services.AddSingleton<RowStore>();
    }
}
