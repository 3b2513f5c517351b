using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Tables;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>Finds the tables that a snapshot reads.</summary>
internal static class SnapshotCatalogue
{
    private static readonly string Query = SqlFile.Read("Snapshots/tables.sql");

    /// <summary>Every table of the publication.</summary>
    /// <exception cref="NpgsqlException">The catalogue cannot be read.</exception>
    public static async Task<IReadOnlyList<SnapshotTable>> ReadAsync(
        NpgsqlDataSource database, TableCatalogue catalogue, string publication, CancellationToken cancellationToken)
    {
        List<(LogRelation Relation, string[] TypeNames, string[] Key, long Rows, long Bytes, uint? File, long Blocks)> found = [];
        await using (var command = database.CreateCommand(Query))
        {
            command.Parameters.Add(new() { Value = publication });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var (names, types, modifiers) = (reader.GetFieldValue<string[]>(4), reader.GetFieldValue<uint[]>(5), reader.GetFieldValue<int[]>(6));
                var columns = names.Select((name, i) => new LogRelation.Column(name, types[i], modifiers[i], IsIdentity: false)).ToList();
                found.Add((
                    new(reader.GetFieldValue<uint>(2), reader.GetString(0), reader.GetString(1), reader.GetString(3)[0], columns),
                    reader.GetFieldValue<string[]>(7), reader.GetFieldValue<string[]>(8), reader.GetInt64(9), reader.GetInt64(10),
                    await reader.IsDBNullAsync(11, cancellationToken) ? null : reader.GetFieldValue<uint>(11), reader.GetInt64(12)));
            }
        }

        List<SnapshotTable> tables = [];
        foreach (var (relation, typeNames, key, rows, bytes, file, blocks) in found)
        {
            var table = await catalogue.DescribeAsync(relation, cancellationToken);
            tables.Add(new(table, typeNames, [.. key.Select(name => relation.Columns.ToList().FindIndex(c => c.Name == name))], rows, bytes, file, blocks));
        }

        return tables;
    }
}
