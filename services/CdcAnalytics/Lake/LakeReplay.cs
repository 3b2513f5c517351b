using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// Applies the lake's changes again, in the order in which they were applied first, to a warehouse that is empty. The statements are those of the
/// stream, so the tables come out the same. Whoever calls has the turn to write.
/// </summary>
internal sealed class LakeReplay(WarehouseStore warehouse, LakeStore lake, ContractSet contracts)
{
    private const long RowsAtOnce = 200_000;

    /// <summary>Fills the tables of all entities, and the rollups.</summary>
    /// <param name="progress">Is told the number of changes applied so far.</param>
    public void Run(Action<long>? progress = null)
    {
        var applied = 0L;
        foreach (var entity in contracts.Entities)
        {
            var files = lake.Files(entity);
            if (files.Count == 0) continue;
            var (table, source) = (warehouse.Table(entity), lake.Source(files));
            foreach (var (first, last, rows) in Portions(source))
            {
                warehouse.InTransaction(_ => warehouse.Replay(table, source, first, last));
                progress?.Invoke(applied += rows);
            }

            lake.MarkExported(entity);
        }

        warehouse.RecomputeRollups();
    }

    // Rows of a snapshot, an emptied table, and rows that came from one source to another are judged against what was there then, so what has them is applied alone.
    private List<(long First, long Last, long Rows)> Portions(string source)
    {
        using var connection = warehouse.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            WITH moved AS (SELECT tenant_id FROM {source} WHERE _operation <> 't' GROUP BY tenant_id HAVING min(_source) <> max(_source))
            SELECT _sequence, count(*), bool_or(_operation IN ('r', 't') OR tenant_id IN (FROM moved)) FROM {source} GROUP BY _sequence ORDER BY _sequence
            """;
        using var reader = command.ExecuteReader();
        List<(long First, long Last, long Rows)> portions = [];
        var isOpen = false;
        while (reader.Read())
        {
            var (sequence, count, isAlone) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2));
            if (isOpen && !isAlone && portions[^1].Rows + count <= RowsAtOnce) portions[^1] = (portions[^1].First, sequence, portions[^1].Rows + count);
            else portions.Add((sequence, sequence, count));

            isOpen = !isAlone;
        }

        return portions;
    }
}
