namespace Platform.AppHost.Resources;

/// <summary>As whom a service works with Postgres; the roles are made by <c>infra/postgres/bootstrap.sql</c>.</summary>
internal enum PostgresRole
{
    /// <summary>Owns the database and does its DDL.</summary>
    Owner,

    /// <summary>Reads and writes the tenants' rows, under row-level security.</summary>
    Api,

    /// <summary>Reads the tenants' rows, under row-level security.</summary>
    Readonly,

    /// <summary>Captures changes from the log.</summary>
    Cdc,
}
