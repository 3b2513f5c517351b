using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>Passwords of a cluster's login roles. They must stay the same as long as the data does.</summary>
public sealed record PostgresPasswords
{
    /// <summary>Of the superuser <c>postgres</c>.</summary>
    public required string Superuser { get; init; }

    /// <summary>Of <c>platform_owner</c>, who owns the database.</summary>
    public required string Owner { get; init; }

    /// <summary>Of <c>platform_api</c>.</summary>
    public required string Api { get; init; }

    /// <summary>Of <c>platform_readonly</c>.</summary>
    public required string Readonly { get; init; }

    /// <summary>Of <c>platform_replication</c>, as which replicas follow the primary.</summary>
    public required string Replication { get; init; }

    /// <summary>Of <c>platform_cdc</c>, who captures changes.</summary>
    public required string Cdc { get; init; }

    /// <summary>Passwords for a cluster that lives only as long as a test: one value for every role.</summary>
    public static PostgresPasswords Same(string password) => new()
    {
        Superuser = password, Owner = password, Api = password, Readonly = password, Replication = password, Cdc = password,
    };

    /// <summary>Reads them from the environment variables that the postgres image and <c>bootstrap.sql</c> use too.</summary>
    /// <exception cref="NativeServerException">One is missing.</exception>
    public static PostgresPasswords FromEnvironment() => new()
    {
        Superuser = Secrets.Require("POSTGRES_PASSWORD"),
        Owner = Secrets.Require("PLATFORM_OWNER_PASSWORD"),
        Api = Secrets.Require("PLATFORM_API_PASSWORD"),
        Readonly = Secrets.Require("PLATFORM_READONLY_PASSWORD"),
        Replication = Secrets.Require("PLATFORM_REPLICATION_PASSWORD"),
        Cdc = Secrets.Require("PLATFORM_CDC_PASSWORD"),
    };
}
