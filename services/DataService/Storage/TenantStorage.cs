using System.Collections.Concurrent;
using Npgsql;
using Platform.Contracts;
using Platform.Tenancy;

namespace Platform.DataService.Storage;

/// <summary>Finds the connections and statements for a tenant, by its placement in the directory.</summary>
internal sealed class TenantStorage(NpgsqlDataSource platform) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> _databases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Schema, string Entity), EntitySql> _statements = new();
    private readonly NpgsqlConnectionStringBuilder _platformAddress = new(platform.ConnectionString);

    /// <summary>The connections to the tenant's database on this service's node.</summary>
    public NpgsqlDataSource Connections(TenantPlacement placement) => placement.Database == _platformAddress.Database
        ? platform
        : _databases.GetOrAdd(placement.Database, database => new(() => Open(database))).Value;

    /// <summary>The statements of an entity in the tenant's schema.</summary>
    public EntitySql Statements(TenantPlacement placement, EntityContract entity) =>
        _statements.GetOrAdd((placement.Schema, entity.Name), static (key, e) => new EntitySql(key.Schema, e), entity);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values.Where(d => d.IsValueCreated)) await database.Value.DisposeAsync();
    }

    private NpgsqlDataSource Open(string database) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(platform.ConnectionString)
        {
            Database = database,
            Password = _platformAddress.Password,
        });
}
