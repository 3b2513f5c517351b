namespace Platform.SchemaService.Ddl;

/// <summary>What a column has to be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as Postgres' <c>format_type</c> writes it.</param>
/// <param name="Required">True when it is NOT NULL.</param>
/// <param name="Limits">What its values must keep to.</param>
internal sealed record ColumnDesign(string Name, string Type, bool Required, IReadOnlyList<LimitDesign> Limits);
