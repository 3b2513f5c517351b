namespace Platform.Contracts.Reading;

/// <summary>What was read of one contract, valid as far as its own file goes, with the places that rules across files name.</summary>
internal sealed record EntityDraft
{
    public required string File { get; init; }

    public required Located<string> Name { get; init; }

    public string Version { get; init; } = "";

    public string Description { get; init; } = "";

    public string Domain { get; init; } = "";

    public IReadOnlyList<ColumnDraft> Columns { get; init; } = [];

    public Located<PartitioningContract>? Partitioning { get; init; }

    public CacheContract? Cache { get; init; }

    public bool Temporal { get; init; }

    public Located<TimeSpan>? Retention { get; init; }

    public AnalyticsDraft? Analytics { get; init; }

    public IReadOnlyList<RollupDraft> Rollups { get; init; } = [];

    public IReadOnlyList<QualityContract> Quality { get; init; } = [];

    /// <summary>The key, when there is exactly one.</summary>
    public ColumnDraft? Key => Columns.Count(column => column.IsKey) == 1 ? Columns.First(column => column.IsKey) : null;

    public ColumnDraft? Find(string column) => Columns.FirstOrDefault(c => c.Name.Value == column);

    /// <summary>The contract; only for a draft of which nothing was reported.</summary>
    public EntityContract ToContract()
    {
        var columns = Columns.Select(column => column.Contract!).ToArray();
        return new EntityContract
        {
            Name = Name.Value,
            Version = Version,
            Description = Description,
            Domain = Domain,
            Columns = columns,
            Key = Key!.Contract!,
            References = [.. Columns.Where(column => column.Reference is not null).Select(ToReference)],
            Partitioning = Partitioning?.Value,
            Cache = Cache,
            Temporal = Temporal,
            Retention = Retention?.Value,
            Analytics = Analytics?.ToContract(),
            Rollups = [.. Rollups.Select(rollup => rollup.ToContract(Analytics))],
            Quality = Quality,
        };
    }

    private static ReferenceContract ToReference(ColumnDraft column)
    {
        var target = column.Reference!.Value.Value.Split('.');
        return new(column.Name.Value, target[0], target[1]);
    }
}
