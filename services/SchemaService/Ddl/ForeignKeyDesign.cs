namespace Platform.SchemaService.Ddl;

/// <summary>A foreign key. It has the tenant in it, so that no row can refer to another tenant's.</summary>
/// <param name="Name">The constraint's name.</param>
/// <param name="Column">The referring column.</param>
/// <param name="TargetTable">The table referred to: for a divided one, its table of keys.</param>
/// <param name="TargetColumn">That table's key.</param>
internal sealed record ForeignKeyDesign(string Name, string Column, string TargetTable, string TargetColumn);
