namespace Platform.Contracts.Reading;

/// <summary>What was read of one column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsKey">Whether it says that it is the primary key.</param>
/// <param name="Reference">What it refers to, as written: <c>customers.customer_id</c>.</param>
/// <param name="Contract">The column, or null when its type could not be read.</param>
/// <param name="Quality">Its quality rules.</param>
internal sealed record ColumnDraft(
    Located<string> Name, bool IsKey, Located<string>? Reference, ColumnContract? Contract, IReadOnlyList<QualityContract> Quality);
