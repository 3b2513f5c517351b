using Platform.Contracts;

namespace Platform.DataService.Queries;

/// <summary>One column that a list is sorted by; rows without a value come last either way.</summary>
internal sealed record SortKey(ColumnContract Column, bool Descending);
