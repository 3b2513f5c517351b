using Npgsql;
using Platform.Tenancy;

namespace Platform.SchemaService.Tenants;

/// <summary>A tenant as a row of <c>control.tenants</c>.</summary>
internal static class TenantRow
{
    public const string Columns = "id, name, status, cluster, database, schema, mode";

    public const int ColumnCount = 7;

    public static TenantPlacement Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        Enum.Parse<TenantStatus>(reader.GetString(2), ignoreCase: true),
        reader.GetString(3),
        reader.GetString(4),
        reader.GetString(5),
        Enum.Parse<TenantMode>(reader.GetString(6), ignoreCase: true));

    public static string Text(TenantStatus status) => status.ToString().ToLowerInvariant();

    public static string Text(TenantMode mode) => mode.ToString().ToLowerInvariant();
}
