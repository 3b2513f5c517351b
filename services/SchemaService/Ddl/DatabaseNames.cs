namespace Platform.SchemaService.Ddl;

/// <summary>What the cluster's bootstrap has made, and what every table has.</summary>
internal static class DatabaseNames
{
    /// <summary>Schema of the tables that tenants share.</summary>
    public const string AppSchema = "app";

    /// <summary>Role of the data API.</summary>
    public const string ApiRole = "platform_api";

    /// <summary>Role of reports.</summary>
    public const string ReadonlyRole = "platform_readonly";

    /// <summary>Role of the change capture, which policies do not bind: its snapshots read every tenant's rows, as the log has them.</summary>
    public const string CaptureRole = "platform_cdc";

    /// <summary>Publication that the change capture reads.</summary>
    public const string Publication = "platform";

    /// <summary>Column that names a row's tenant.</summary>
    public const string TenantColumn = "tenant_id";

    /// <summary>Policy that keeps tenants apart.</summary>
    public const string TenantPolicy = "tenant_isolation";

    /// <summary>
    /// The policy's condition. The subselect is evaluated once a statement and not once a row; outside a transaction that has set the
    /// variable it is '' or null, and then no row is visible.
    /// </summary>
    public const string TenantCondition = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), ''))";
}
