using Npgsql;
using Platform.SchemaService.Tenants;
using Platform.Tenancy;

namespace Platform.SchemaService.Directory;

/// <summary>Reads the directory: every tenant and the version, from one snapshot.</summary>
internal sealed class DirectoryReader(NpgsqlDataSource database)
{
    private static readonly string Query =
        $"SELECT {TenantRow.Columns}, version FROM control.directory LEFT JOIN control.tenants ON true ORDER BY id";

    public async Task<TenantDirectorySnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Query);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<TenantPlacement>();
        var version = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            version = reader.GetInt64(TenantRow.ColumnCount);
            if (!await reader.IsDBNullAsync(0, cancellationToken)) tenants.Add(TenantRow.Read(reader));
        }

        return new(version, tenants);
    }
}
