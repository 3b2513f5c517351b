namespace Platform.CdcAnalytics.Warehouse.Batches;

/// <summary>What became of a row that was to be added.</summary>
internal enum Placed
{
    /// <summary>It is one of the rows.</summary>
    Added,

    /// <summary>A newer change of the row is there already, so it is passed over.</summary>
    Late,

    /// <summary>It can only be judged after these rows are applied.</summary>
    NeedsNext,
}
