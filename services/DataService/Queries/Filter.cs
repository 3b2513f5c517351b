using Platform.Contracts;

namespace Platform.DataService.Queries;

/// <summary>One condition of a list.</summary>
/// <param name="Column">The column it is about.</param>
/// <param name="Operator">A key of <see cref="FilterOperator.Sql"/>, or <see cref="FilterOperator.In"/> or <see cref="FilterOperator.Is"/>.</param>
/// <param name="Values">The stored values compared with: one; for <c>in</c> any number; for <c>is</c> true when null is wanted.</param>
internal sealed record Filter(ColumnContract Column, string Operator, IReadOnlyList<object> Values);
