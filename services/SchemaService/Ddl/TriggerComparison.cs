namespace Platform.SchemaService.Ddl;

/// <summary>Compares the triggers that the platform gives a table.</summary>
internal static class TriggerComparison
{
    public static void Compare(TableDesign design, TableState state, TableChanges changes)
    {
        foreach (var wanted in design.Triggers)
        {
            var present = state.Triggers.FirstOrDefault(trigger => trigger.Name == wanted.Name);
            var function = Sql.Name(design.Schema, wanted.Name);
            if (present?.Body != wanted.Body)
            {
                changes.Add($"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {Sql.Literal(wanted.Body)}");
                changes.Add($"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC");
            }

            if (present is null)
                changes.Add($"CREATE TRIGGER {Sql.Name(wanted.Name)} {wanted.Event} FOR EACH STATEMENT EXECUTE FUNCTION {function}()");
            else if (!present.Enabled) changes.Add($"ALTER TABLE {design.QualifiedName} ENABLE TRIGGER {Sql.Name(wanted.Name)}");
        }
    }
}
