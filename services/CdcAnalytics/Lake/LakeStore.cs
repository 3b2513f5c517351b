using System.Globalization;
using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;
using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// Brings what the warehouse has applied into the lake, each change once. The changes are numbered, and the versions that they made tell them; one transaction
/// lists the files that have them and notes up to which number. A file on no list was written by an export that did not end, and is removed at the start.
/// Whoever calls has the turn to write.
/// </summary>
internal sealed class LakeStore(WarehouseStore warehouse, LakeFolder folder, ContractSet contracts)
{
    /// <summary>Changes that wait, of all entities.</summary>
    public long Waiting()
    {
        using var connection = warehouse.OpenReader();
        return contracts.Entities.Sum(entity => Convert.ToInt64(Scalar(connection, $"SELECT count(*) FROM ({Unexported(connection, entity)})")));
    }

    /// <summary>The files on the list, relative to the folder.</summary>
    public IReadOnlyList<string> Files(EntityContract? entity = null)
    {
        using var connection = warehouse.OpenReader();
        return Files(connection, entity);
    }

    /// <summary>Exports what waits.</summary>
    /// <returns>The new files.</returns>
    public IReadOnlyList<string> Export()
    {
        List<string> all = [];
        foreach (var entity in contracts.Entities)
        {
            var table = warehouse.Table(entity);
            warehouse.InTransaction(connection =>
            {
                var changes = Unexported(connection, entity);
                if (Convert.ToInt64(Scalar(connection, $"SELECT count(*) FROM ({changes})")) == 0) return;
                Copy(connection, changes, entity);
                var files = folder.Publish(NewName());
                foreach (var file in files) Add(connection, entity, file);
                Execute(connection, $"DELETE FROM {table.Waiting}");
                MarkExported(connection, entity);
                all.AddRange(files);
            });
        }

        return all;
    }

    /// <summary>Makes one file of many where a day of a tenant has more than so many.</summary>
    public void Compact(int most)
    {
        foreach (var entity in contracts.Entities)
        {
            foreach (var day in Files(entity).GroupBy(file => Path.GetDirectoryName(file), StringComparer.Ordinal).Where(day => day.Count() > most))
            {
                var old = day.ToList();
                warehouse.InTransaction(connection =>
                {
                    Copy(connection, $"SELECT * FROM {Source(old)}", entity);
                    foreach (var file in old) Execute(connection, "DELETE FROM _lake_files WHERE path = $path", ("path", file));
                    foreach (var file in folder.Publish(NewName())) Add(connection, entity, file);
                });
                folder.Delete(old);
            }
        }
    }

    /// <summary>Removes files that are on no list.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveOrphans()
    {
        var orphans = folder.Files().Except(Files(), StringComparer.Ordinal).ToList();
        folder.Delete(orphans);
        return orphans.Count;
    }

    /// <summary>How many of these files are not there.</summary>
    public int Missing(IEnumerable<string> files) => files.Count(file => !File.Exists(folder[file]));

    /// <summary>Takes the files that are there as this warehouse's own, which is new.</summary>
    /// <param name="files">The files, relative to the folder.</param>
    public void Adopt(IReadOnlyList<string> files) => warehouse.InTransaction(connection =>
    {
        foreach (var file in files)
        {
            if (contracts.Entities.FirstOrDefault(entity => file.StartsWith($"entity={entity.Name}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) is { } entity)
                Add(connection, entity, file);
        }
    });

    /// <summary>Every change of an entity that the warehouse has is in the files: it came from there.</summary>
    public void MarkExported(EntityContract entity) => warehouse.InTransaction(connection => MarkExported(connection, entity));

    /// <summary>What reads these files in SQL. Files from before sources were told apart have no column for them.</summary>
    public string Source(IEnumerable<string> files) =>
        $"""
        (SELECT * REPLACE (coalesce(_source, '{ChangeSource.Default}') AS _source)
         FROM (FROM read_parquet([{string.Join(", ", files.Select(file => Text(folder[file])))}], union_by_name = true, hive_partitioning = false)
               UNION ALL BY NAME SELECT CAST(NULL AS VARCHAR) AS _source WHERE false))
        """;

    private string Unexported(DuckDBConnection connection, EntityContract entity)
    {
        var after = Convert.ToInt64(Scalar(connection, $"SELECT coalesce(max(last), 0) FROM _lake_exported WHERE entity = {Text(entity.Name)}"), CultureInfo.InvariantCulture);
        return warehouse.Table(entity).Merge.ForLake.Replace("$after", after.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private void MarkExported(DuckDBConnection connection, EntityContract entity)
    {
        Execute(connection, "DELETE FROM _lake_exported WHERE entity = $entity", ("entity", entity.Name));
        Execute(connection, "INSERT INTO _lake_exported VALUES ($entity, $last)", ("entity", entity.Name), ("last", warehouse.Sequence));
    }

    private static List<string> Files(DuckDBConnection connection, EntityContract? entity)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT path FROM _lake_files WHERE $entity IS NULL OR entity = $entity ORDER BY path";
        command.Parameters.Add(new DuckDBParameter("entity", (object?)entity?.Name ?? DBNull.Value));
        using var reader = command.ExecuteReader();
        List<string> files = [];
        while (reader.Read()) files.Add(reader.GetString(0));
        return files;
    }

    // Values in paths are escaped by DuckDB as Hive does it, so that no tenant's id leads out of its folder.
    private void Copy(DuckDBConnection connection, string select, EntityContract entity) => Execute(
        connection,
        $"""
        COPY (
            SELECT *, '{entity.Name}' AS entity, CASE WHEN _operation = 't' THEN '_all' ELSE tenant_id END AS tenant, CAST(_committed_at AS DATE) AS day
            FROM ({select}) ORDER BY _sequence, _commit_lsn, _ordinal)
        TO {Text(folder.NewStaging())} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (entity, tenant, day), OVERWRITE_OR_IGNORE)
        """);

    private static void Add(DuckDBConnection connection, EntityContract entity, string file) =>
        Execute(connection, "INSERT INTO _lake_files VALUES ($path, $entity)", ("path", file), ("entity", entity.Name));

    private static string NewName() => Guid.CreateVersion7().ToString("N");

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static object? Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Execute(DuckDBConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        command.ExecuteNonQuery();
    }
}
