namespace Platform.SchemaService.Ddl;

/// <summary>An index that a table has to have.</summary>
internal sealed record IndexDesign(string Name, IReadOnlyList<string> Columns);
