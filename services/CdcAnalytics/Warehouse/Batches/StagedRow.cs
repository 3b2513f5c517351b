using Platform.CdcAnalytics.Warehouse.Events;

namespace Platform.CdcAnalytics.Warehouse.Batches;

/// <summary>A change in a batch, and the changes of the same row around it.</summary>
internal struct StagedRow
{
    public ChangeHeader Header;

    /// <summary>The row's values in the contract's order.</summary>
    public Cell[] Values;

    /// <summary>Index of the change of the same row before it; -1 for the first.</summary>
    public int Previous;

    /// <summary>True when there is none after it, which would end this version.</summary>
    public bool IsLast;
}
