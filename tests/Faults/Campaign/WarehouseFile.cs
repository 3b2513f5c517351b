using DuckDB.NET.Data;

namespace Platform.Faults.Campaign;

/// <summary>The warehouse of a platform that was stopped.</summary>
internal static class WarehouseFile
{
    private const string Versions = """
        WITH all_versions AS (
            SELECT 'customers ' || tenant_id || ' ' || customer_id AS row, first_name || ' ' || city AS image, _commit_lsn, _ordinal, _to_operation FROM versions.customers
            UNION ALL
            SELECT 'products ' || tenant_id || ' ' || product_id, name || ' ' || unit_price, _commit_lsn, _ordinal, _to_operation FROM versions.products)
        SELECT row, image, _to_operation IS NOT DISTINCT FROM 'd' FROM all_versions ORDER BY row, _commit_lsn, _ordinal
        """;

    /// <summary>What happened to each row according to its versions, in order.</summary>
    public static SortedDictionary<string, List<string>> ReadVersions(string dataFolder)
    {
        using var connection = new DuckDBConnection($"Data Source={Path.Combine(dataFolder, "warehouse", "warehouse.duckdb")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Versions;
        using var reader = command.ExecuteReader();
        var rows = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        while (reader.Read())
        {
            if (!rows.TryGetValue(reader.GetString(0), out var images)) images = rows[reader.GetString(0)] = [];
            images.Add(reader.GetString(1));
            if (reader.GetBoolean(2)) images.Add("deleted");
        }

        return rows;
    }
}
