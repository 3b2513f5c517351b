namespace Platform.SchemaService.Ddl;

/// <summary>Compares a table's foreign keys.</summary>
internal static class ForeignKeyComparison
{
    public static void Compare(TableDesign design, TableState state, bool isNew, TableChanges changes)
    {
        foreach (var wanted in design.ForeignKeys)
        {
            var present = state.Constraints.FirstOrDefault(constraint => constraint.Kind == "f" && constraint.Name == wanted.Name);
            if (present is null) Add(design, wanted, state, isNew, changes);
            else if (present.Target != wanted.TargetTable
                || !(present.Columns ?? []).SequenceEqual([DatabaseNames.TenantColumn, wanted.Column], StringComparer.Ordinal)
                || !(present.TargetColumns ?? []).SequenceEqual([DatabaseNames.TenantColumn, wanted.TargetColumn], StringComparer.Ordinal))
            {
                changes.Refuse(
                    $"{design.Schema}.{design.Name}.{wanted.Column} refers to {present.Target}, the contract makes it {wanted.TargetTable}",
                    "put the relationship back into the contract, or change it by a migration");
            }
        }

        foreach (var surplus in state.Constraints.Where(constraint =>
            constraint.Kind == "f" && design.ForeignKeys.All(key => key.Name != constraint.Name)))
        {
            changes.Refuse($"the foreign key {surplus.Name} of {design.Schema}.{design.Name} is not in the contract",
                "put the relationship back into the contract, or remove the foreign key by a migration");
        }
    }

    private static void Add(TableDesign design, ForeignKeyDesign wanted, TableState state, bool isNew, TableChanges changes)
    {
        // A new column is empty, so nothing in it can fail. For the owner, who sees no tenant's rows, Postgres would not find what fails.
        if (!isNew && state.Columns.Any(column => column.Name == wanted.Column))
        {
            changes.Refuse($"{design.Schema}.{design.Name}.{wanted.Column} has rows and is to refer to {wanted.TargetTable}",
                "leave the relationship out, or add it by a migration that checks the rows");
            return;
        }

        changes.Add(
            $"ALTER TABLE {design.QualifiedName} ADD CONSTRAINT {Sql.Name(wanted.Name)} " +
            $"FOREIGN KEY ({Sql.Names([DatabaseNames.TenantColumn, wanted.Column])}) " +
            $"REFERENCES {Sql.Name(design.Schema, wanted.TargetTable)} ({Sql.Names([DatabaseNames.TenantColumn, wanted.TargetColumn])})");
    }
}
