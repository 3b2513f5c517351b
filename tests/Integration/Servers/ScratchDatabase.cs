using Npgsql;

namespace Platform.Integration.Servers;

/// <summary>A database of one test on the shared primary, as the bootstrap leaves it: roles and a publication, no tables. Dropped when disposed.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly PlatformServers _servers;

    private ScratchDatabase(PlatformServers servers, string name)
    {
        (_servers, Name) = (servers, name);
        Owner = As("platform_owner");
        Superuser = As("postgres");
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Connections of the role that the schema service has.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>Connections that see every tenant's rows.</summary>
    public NpgsqlDataSource Superuser { get; }

    public static async Task<ScratchDatabase> CreateAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var name = $"scratch_{Guid.NewGuid():N}";
        await OnServerAsync(servers, $"CREATE DATABASE {name} TEMPLATE {PlatformServers.EmptyDatabase} OWNER platform_owner", cancellationToken);
        return new(servers, name);
    }

    /// <summary>Connections of a role.</summary>
    public NpgsqlDataSource As(string role) => NpgsqlDataSource.Create(_servers.Primary.ConnectionString(role, PlatformServers.Password, Name));

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await Superuser.DisposeAsync();
        await OnServerAsync(_servers, $"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task OnServerAsync(PlatformServers servers, string sql, CancellationToken cancellationToken)
    {
        await using var superuser = NpgsqlDataSource.Create(servers.Primary.ConnectionString("postgres", PlatformServers.Password, "postgres"));
        await superuser.ExecuteAsync(sql, cancellationToken);
    }
}
