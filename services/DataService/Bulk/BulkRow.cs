using Platform.DataService.Values;

namespace Platform.DataService.Bulk;

/// <summary>One row of a bulk load.</summary>
/// <param name="Line">Line of the input that it began on, from 1.</param>
/// <param name="Input">The row's values or errors.</param>
internal sealed record BulkRow(long Line, RowInput Input);
