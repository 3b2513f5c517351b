namespace Platform.Contracts;

/// <summary>One column of an entity.</summary>
public sealed record ColumnContract
{
    /// <summary>The column's name in the API, the table, the topic and the warehouse.</summary>
    public required string Name { get; init; }

    /// <summary>What values it holds.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>What the column means, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>True when a row without a value is refused.</summary>
    public bool Required { get; init; }

    /// <summary>Longest text in characters; null where the type has no length.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Smallest number allowed, in the API's units (1.5 for money means one and a half).</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Largest number allowed, in the API's units.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>Regular expression that the whole of a text value must match, or null.</summary>
    public string? Pattern { get; init; }

    /// <summary>
    /// Digits after the decimal point for <see cref="ColumnType.Money"/>; the stored integer is the amount times 10 to this power.
    /// </summary>
    public int Scale { get; init; }

    /// <summary>True when the column is filtered or sorted by, and so has an index.</summary>
    public bool Indexed { get; init; }

    /// <summary>How sensitive the values are.</summary>
    public Classification Classification { get; init; } = Classification.Internal;

    /// <summary>The key column gets a time-ordered value when a row is created without one.</summary>
    public bool Generated { get; init; }
}
