using Platform.Replication;

namespace Platform.DataService.Bulk;

/// <summary>What a bulk load did.</summary>
/// <param name="Inserted">Rows inserted; 0 when any was refused.</param>
/// <param name="BadRows">The refused rows in order of their lines, the first ones only.</param>
/// <param name="Token">Position of the log that covers the commit.</param>
internal sealed record BulkResult(long Inserted, IReadOnlyList<BadRow> BadRows, ConsistencyToken Token);
