namespace Platform.SchemaService.Ddl;

/// <summary>What a table is, from Postgres' catalogue.</summary>
internal sealed record TableState
{
    public required string Name { get; init; }

    /// <summary>The table that it is a partition of, or null.</summary>
    public string? PartitionOf { get; init; }

    /// <summary>The columns that divide it, or null when nothing does.</summary>
    public IReadOnlyList<string>? PartitionColumns { get; init; }

    public bool RowSecurity { get; init; }

    public bool RowSecurityForced { get; init; }

    public bool ReplicaIdentityFull { get; init; }

    public bool Published { get; init; }

    public IReadOnlyList<Column> Columns { get; init; } = [];

    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>Its indexes but the primary key's.</summary>
    public IReadOnlyList<Index> Indexes { get; init; } = [];

    public IReadOnlyList<Policy> Policies { get; init; } = [];

    /// <summary>What others than its owner may do.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    public IReadOnlyList<Trigger> Triggers { get; init; } = [];

    public sealed record Column(string Name, string Type, bool Required);

    /// <summary>A primary key (<c>p</c>), check (<c>c</c>) or foreign key (<c>f</c>) that is the table's own.</summary>
    public sealed record Constraint(
        string Name,
        string Kind,
        string Definition,
        bool Validated,
        IReadOnlyList<string>? Columns,
        string? Target,
        IReadOnlyList<string>? TargetColumns);

    /// <summary>An index; <c>PartOf</c> is the index of the divided table that it belongs to.</summary>
    public sealed record Index(string Name, bool Valid, IReadOnlyList<string>? Columns, string? PartOf);

    public sealed record Policy(string Name, bool Permissive, bool ForAll, bool ForEverybody, string? Visible, string? Writable);

    public sealed record Grant(string Role, string Privilege);

    public sealed record Trigger(string Name, bool Enabled, string Body);
}
