using DuckDB.NET.Data;
using Xunit;

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

    /// <summary>Every row and every version is what was to happen to the rows, nothing less and nothing more.</summary>
    /// <param name="expected">What was to happen to each row, in order.</param>
    /// <param name="dataFolder">The platform's folder.</param>
    public static void RequireVersions(IReadOnlyDictionary<string, List<string>> expected, string dataFolder)
    {
        var actual = ReadVersions(dataFolder);
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (row, images) in expected) Assert.True(images.SequenceEqual(actual[row]), $"{row}\nis     {string.Join(", ", actual[row])}\nshould {string.Join(", ", images)}");
    }

    // What happened to each row according to its versions, in order.
    private static SortedDictionary<string, List<string>> ReadVersions(string dataFolder)
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
