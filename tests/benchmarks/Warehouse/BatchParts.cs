using System.Diagnostics;
using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Storage;

namespace Platform.Benchmarks.Warehouse;

/// <summary>What each statement that applies a batch costs, and what the least would cost that leaves the same current rows.</summary>
internal sealed class BatchParts
{
    private readonly List<(string Name, List<double> Times)> _parts = [];

    /// <summary>Applies the batch's only group statement by statement.</summary>
    public void Measure(WarehouseStore store, ChangeBatch batch)
    {
        var (table, rows) = Only(store, batch);
        var ended = 0L;
        store.InTransaction(connection =>
        {
            Time("to the stage", () => Stage(connection, table, rows));
            Time("leaving out what is older than history", () => Execute(connection, table.Merge.GuardHistory(rows.Content.FirstLsn)));
            Time("finding the open versions", () => Execute(connection, table.Merge.FindOpen));
            Time("adding them to history", () => Execute(connection, table.Merge.EndVersions(hasDeletes: false)));
            Time("removing them", () => Execute(connection, table.Merge.RemoveEnded));
            Time("adding the new versions", () => Execute(connection, table.Merge.AddCurrent));
            ended = Stopwatch.GetTimestamp();
        });
        Add("the commit", Stopwatch.GetElapsedTime(ended).TotalMilliseconds);
    }

    /// <summary>The same rows, without history and without looking whether they are newer: milliseconds of the statements, and of these with the commit.</summary>
    public static (double Statements, double Committed) CurrentOnly(WarehouseStore store, ChangeBatch batch)
    {
        var (table, rows) = Only(store, batch);
        store.InTransaction(connection => Stage(connection, table, rows));
        var (began, statements) = (Stopwatch.GetTimestamp(), 0.0);
        store.InTransaction(connection =>
        {
            var key = EntityTable.Quote(table.Entity.Key.Name);
            Execute(connection, $"DELETE FROM {table.Name} AS o USING {table.Merge.Stage} AS s WHERE s.tenant_id = o.tenant_id AND s.{key} = o.{key};");
            Execute(connection, table.Merge.AddCurrent);
            statements = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        });
        return (statements, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    public IEnumerable<(string Name, double Milliseconds)> Medians() => _parts.Select(part => (part.Name, part.Times.Order().ElementAt(part.Times.Count / 2)));

    private static (EntityTable Table, StagedRows Rows) Only(WarehouseStore store, ChangeBatch batch)
    {
        var changes = batch.Entities.Single(entity => entity.Groups.Any());
        return (store.Table(changes.Entity), changes.Groups.Single());
    }

    private static void Stage(DuckDBConnection connection, EntityTable table, StagedRows rows)
    {
        Execute(connection, table.Merge.CreateStage);
        StageWriter.Append(connection, table, rows, sequence: 0);
    }

    private void Time(string name, Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        Add(name, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    private void Add(string name, double milliseconds)
    {
        if (!_parts.Exists(part => part.Name == name)) _parts.Add((name, []));
        _parts.Find(part => part.Name == name).Times.Add(milliseconds);
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
