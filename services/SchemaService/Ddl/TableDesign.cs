namespace Platform.SchemaService.Ddl;

/// <summary>What a table has to be.</summary>
internal sealed record TableDesign
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>The contract that it comes from, and its version.</summary>
    public required string Contract { get; init; }

    public required string ContractVersion { get; init; }

    public required IReadOnlyList<ColumnDesign> Columns { get; init; }

    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>Column by whose month it is divided, or null.</summary>
    public string? PartitionColumn { get; init; }

    /// <summary>The months that need a partition.</summary>
    public IReadOnlyList<PartitionDesign> Partitions { get; init; } = [];

    public IReadOnlyList<IndexDesign> Indexes { get; init; } = [];

    public IReadOnlyList<ForeignKeyDesign> ForeignKeys { get; init; } = [];

    /// <summary>Triggers that keep the table of keys; empty for a table that is not divided.</summary>
    public IReadOnlyList<TriggerDesign> Triggers { get; init; } = [];

    /// <summary>True when its changes go to the change capture.</summary>
    public bool Published { get; init; } = true;

    public string QualifiedName => Sql.Name(Schema, Name);
}
