namespace Platform.SchemaService.Ddl;

/// <summary>The contracts ask for changes that could lose data or break clients. Nothing was changed.</summary>
internal sealed class SchemaConflictException(IReadOnlyList<SchemaConflict> conflicts) : Exception(string.Join(
    Environment.NewLine,
    conflicts.Select(conflict => conflict.ToString())
        .Prepend("The contracts differ from the database in ways that are not applied by themselves:")))
{
    public IReadOnlyList<SchemaConflict> Conflicts { get; } = conflicts;
}
