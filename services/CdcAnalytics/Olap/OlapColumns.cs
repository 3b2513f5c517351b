using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Rollups;
using Platform.CdcAnalytics.Warehouse.Star;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Olap;

/// <summary>
/// The columns that a question may name, and the tables that they need: the entity's own, and those of the entities that it refers to, also over several
/// references. Whatever goes into SQL comes from here, never from the request.
/// </summary>
internal sealed class OlapColumns(EntityContract entity, WarehouseStore warehouse, ContractSet contracts)
{
    private readonly ColumnPaths _paths = new(entity, contracts);

    public EntityContract Entity => entity;

    /// <summary>The rollups that may answer instead.</summary>
    public IEnumerable<RollupTable> Rollups => warehouse.Rollups(entity);

    /// <summary>The tables, joined.</summary>
    public string From => _paths.From(warehouse.Table(entity).Name);

    /// <summary>Finds a column by its name in a request.</summary>
    /// <exception cref="OlapException">There is none.</exception>
    public OlapColumn Find(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (alias, owner) = dot < 0 ? (ColumnPaths.Own, entity) : Join(name[..dot]);
        var column = owner.Find(name[(dot + 1)..]) ?? throw new OlapException($"{owner.Name} has no column '{name[(dot + 1)..]}'; it has {string.Join(", ", owner.Columns.Select(c => c.Name))}.");
        return new(column, $"{alias}.{EntityTable.Quote(column.Name)}");
    }

    private (string Alias, EntityContract Entity) Join(string target)
    {
        if (contracts.Find(target) is null) throw new OlapException($"There is no entity '{target}'.");
        return _paths.Join(target) is { } join ? (join.Alias, join.Entity) : throw new OlapException($"{entity.Name} does not refer to {target}.");
    }
}

/// <summary>A column of a question.</summary>
/// <param name="Contract">The column.</param>
/// <param name="Sql">What it is in SQL.</param>
internal sealed record OlapColumn(ColumnContract Contract, string Sql)
{
    public bool IsNumber => Contract.Type is ColumnType.Integer or ColumnType.Money or ColumnType.Number;

    public bool IsTime => Contract.Type is ColumnType.Date or ColumnType.Timestamp;

    /// <summary>A value of the column in the API's units: money has decimals, which the warehouse does not store.</summary>
    public string InUnits(string sql) => Contract is { Type: ColumnType.Money, Scale: > 0 and var scale }
        ? $"CAST({sql} AS DECIMAL(30, 0)) * CAST('0.{new string('0', scale - 1)}1' AS DECIMAL({scale + 1}, {scale}))"
        : sql;

    /// <summary>The SQL type of what is compared with it.</summary>
    public string SqlType => Contract.Type == ColumnType.Money ? $"DECIMAL(18, {Contract.Scale})" : EntityTable.TypeOf(Contract);
}
