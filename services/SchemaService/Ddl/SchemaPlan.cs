namespace Platform.SchemaService.Ddl;

/// <summary>What has to be done so that the tables are as designed, and what stands against it.</summary>
internal sealed record SchemaPlan(IReadOnlyList<SchemaStep> Steps, IReadOnlyList<SchemaConflict> Conflicts);
