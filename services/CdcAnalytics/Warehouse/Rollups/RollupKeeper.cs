using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Rollups;

/// <summary>
/// Keeps the rollups exactly as the rows are, within the transaction that changes these, and writes no group that the changes did not touch.
/// </summary>
internal sealed class RollupKeeper(DuckDBConnection writer, ContractSet contracts)
{
    private readonly List<RollupTable> _tables =
        [.. contracts.Entities.SelectMany(entity => entity.Rollups.Select(rollup => new RollupTable(entity, rollup, contracts)))];

    private readonly HashSet<RollupTable> _noted = [];

    public IReadOnlyList<RollupTable> Tables => _tables;

    /// <summary>Computes what is missing or was declared differently, and removes what is not declared any more.</summary>
    public void Prepare()
    {
        var known = ReadDefinitions();
        foreach (var name in known.Keys.Except(_tables.Select(table => table.Rollup.Name), StringComparer.Ordinal))
        {
            Execute($"DROP TABLE IF EXISTS rollup.{EntityTable.Quote(name)}");
            Execute("DELETE FROM _rollups WHERE name = $name", ("name", name));
        }

        foreach (var table in _tables.Where(table => known.GetValueOrDefault(table.Rollup.Name) != table.Fill))
        {
            Execute($"DROP TABLE IF EXISTS {table.Name}");
            Execute(table.Create);
            Execute(table.Fill);
            Execute("DELETE FROM _rollups WHERE name = $name", ("name", table.Rollup.Name));
            Execute("INSERT INTO _rollups VALUES ($name, $definition)", ("name", table.Rollup.Name), ("definition", table.Fill));
        }
    }

    /// <summary>A transaction begins: what one that did not end has noted is forgotten.</summary>
    public void Begin() => _noted.Clear();

    /// <summary>True when a change of the entity can change a rollup.</summary>
    public bool Concerns(EntityContract entity) => _tables.Exists(table => table.Entity == entity || table.Others.Contains(entity));

    /// <summary>True when a change of the entity can move rows of another one from a group to another.</summary>
    public bool Follow(EntityContract entity) => _tables.Exists(table => table.Others.Contains(entity));

    /// <summary>Notes what the changes on an entity's stage, which are about to be applied, take away.</summary>
    /// <param name="changing">The entity's tables.</param>
    /// <param name="isAnyOpen">False when no row is there that changes.</param>
    public void Before(EntityTable changing, bool isAnyOpen)
    {
        foreach (var table in _tables)
        {
            if (isAnyOpen && table.Entity == changing.Entity) Execute(Noted(table).Note(changing.Merge.Open, areAdded: false));
            if (!table.Others.Contains(changing.Entity)) continue;
            Execute(table.FindMoved(changing));
            if (HasMoved(table, changing.Entity)) Execute(Noted(table).NoteReferring(changing.Entity, areAdded: false));
        }
    }

    /// <summary>Notes what they add, now that they are applied.</summary>
    public void After(EntityTable changed)
    {
        foreach (var table in _tables)
        {
            if (table.Entity == changed.Entity) Execute(Noted(table).Note(changed.Merge.Coming, areAdded: true));
            if (table.Others.Contains(changed.Entity) && HasMoved(table, changed.Entity)) Execute(Noted(table).NoteReferring(changed.Entity, areAdded: true));
        }
    }

    /// <summary>Writes the groups that what was noted changes.</summary>
    public void Refresh()
    {
        foreach (var table in _noted)
        {
            Execute(table.Next);
            Execute(table.Replace);
        }

        _noted.Clear();
    }

    /// <summary>Computes everything anew.</summary>
    public void Recompute()
    {
        foreach (var table in _tables)
        {
            Execute($"DELETE FROM {table.Name}");
            Execute(table.Fill);
        }
    }

    private RollupTable Noted(RollupTable table)
    {
        if (_noted.Add(table)) Execute(table.CreateDelta);
        return table;
    }

    private bool HasMoved(RollupTable table, EntityContract other)
    {
        using var command = Command($"SELECT count(*) > 0 FROM {table.Moved(other)}");
        return command.ExecuteScalar() is true;
    }

    private Dictionary<string, string> ReadDefinitions()
    {
        Dictionary<string, string> definitions = new(StringComparer.Ordinal);
        using var command = Command("SELECT name, definition FROM _rollups");
        using var reader = command.ExecuteReader();
        while (reader.Read()) definitions[reader.GetString(0)] = reader.GetString(1);
        return definitions;
    }

    private void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(sql);
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        command.ExecuteNonQuery();
    }

    private DuckDBCommand Command(string sql)
    {
        var command = writer.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
