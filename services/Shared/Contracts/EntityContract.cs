namespace Platform.Contracts;

/// <summary>
/// One entity of the platform as its contract describes it: everything a service derives from
/// <c>contracts/&lt;entity&gt;.odcs.yaml</c>. Immutable; only valid contracts become one.
/// </summary>
public sealed record EntityContract
{
    /// <summary>The entity's name: path segment of the API, table name and last part of its change topic.</summary>
    public required string Name { get; init; }

    /// <summary>The contract's semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>What one row of it is, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The domain whose data mart it is part of; empty when it is part of none.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Every column in the contract's order. The tenant's column is not one of them: the platform adds it.</summary>
    public required IReadOnlyList<ColumnContract> Columns { get; init; }

    /// <summary>The one column that, with the tenant, identifies a row.</summary>
    public required ColumnContract Key { get; init; }

    /// <summary>Columns that name a row of another entity of the same tenant.</summary>
    public IReadOnlyList<ReferenceContract> References { get; init; } = [];

    /// <summary>How the table is divided, or null when it is one table.</summary>
    public PartitioningContract? Partitioning { get; init; }

    /// <summary>Whether and how long single rows are cached; null means never.</summary>
    public CacheContract? Cache { get; init; }

    /// <summary>True when every version of a row is to be kept.</summary>
    public bool Temporal { get; init; }

    /// <summary>How long a row is kept, or null for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The figures that analytics sums up, or null when there are none.</summary>
    public AnalyticsContract? Analytics { get; init; }

    /// <summary>Figures that the warehouse keeps ready.</summary>
    public IReadOnlyList<RollupContract> Rollups { get; init; } = [];

    /// <summary>What must hold for the data, checked by the data quality service.</summary>
    public IReadOnlyList<QualityContract> Quality { get; init; } = [];

    /// <summary>The column of that name, or null.</summary>
    public ColumnContract? Find(string column) => Columns.FirstOrDefault(c => c.Name == column);
}
