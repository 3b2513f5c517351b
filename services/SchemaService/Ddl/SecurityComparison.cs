using System.Text.RegularExpressions;

namespace Platform.SchemaService.Ddl;

/// <summary>
/// Compares who sees and changes a table's rows: row-level security, its one policy, grants, and what goes to the change capture.
/// A difference is put right whatever made it, default privileges of the server for instance.
/// </summary>
internal static partial class SecurityComparison
{
    private static readonly string[] ApiPrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE"];
    private static readonly string[] ReadonlyPrivileges = ["SELECT"];
    private static readonly string[] CapturePrivileges = ["SELECT"];

    public static void Compare(TableDesign design, TableState state, TableChanges changes)
    {
        if (Protect(design.QualifiedName, state, replicaIdentityFull: design.Published) is { } protection) changes.Add(protection);
        ComparePolicies(design, state, changes);
        CompareGrants(design.QualifiedName, state,
            [
                .. ApiPrivileges.Select(privilege => new TableState.Grant(DatabaseNames.ApiRole, privilege)),
                .. ReadonlyPrivileges.Select(privilege => new TableState.Grant(DatabaseNames.ReadonlyRole, privilege)),
                .. CapturePrivileges.Where(_ => design.Published).Select(privilege => new TableState.Grant(DatabaseNames.CaptureRole, privilege)),
            ],
            changes);
        if (design.Published && !state.Published)
            changes.Add($"ALTER PUBLICATION {Sql.Name(DatabaseNames.Publication)} ADD TABLE {design.QualifiedName}");
        else if (!design.Published && state.Published)
            changes.Add($"ALTER PUBLICATION {Sql.Name(DatabaseNames.Publication)} DROP TABLE {design.QualifiedName}");
    }

    /// <summary>
    /// A partition is reached through its table only. Policies do not descend, so its own row-level security without a policy and the lack
    /// of grants close the way around.
    /// </summary>
    public static void ComparePartition(string schema, TableState state, TableChanges changes)
    {
        var name = Sql.Name(schema, state.Name);
        if (Protect(name, state, replicaIdentityFull: true) is { } protection) changes.Add(protection);
        CompareGrants(name, state, [], changes);
    }

    /// <summary>The one statement that protects a table, or null when it is protected.</summary>
    public static string? Protect(string table, TableState state, bool replicaIdentityFull)
    {
        List<string> actions = [];
        if (!state.RowSecurity) actions.Add("ENABLE ROW LEVEL SECURITY");
        if (!state.RowSecurityForced) actions.Add("FORCE ROW LEVEL SECURITY");
        if (replicaIdentityFull && !state.ReplicaIdentityFull) actions.Add("REPLICA IDENTITY FULL");
        return actions.Count == 0 ? null : $"ALTER TABLE {table} {string.Join(", ", actions)}";
    }

    private static void ComparePolicies(TableDesign design, TableState state, TableChanges changes)
    {
        var good = state.Policies.FirstOrDefault(IsTenantIsolation);
        foreach (var other in state.Policies.Where(policy => policy != good))
            changes.Add($"DROP POLICY {Sql.Name(other.Name)} ON {design.QualifiedName}");
        if (good is not null) return;

        changes.Add(
            $"CREATE POLICY {Sql.Name(DatabaseNames.TenantPolicy)} ON {design.QualifiedName} " +
            $"USING ({DatabaseNames.TenantCondition}) WITH CHECK ({DatabaseNames.TenantCondition})");
    }

    private static bool IsTenantIsolation(TableState.Policy policy) =>
        policy is { Name: DatabaseNames.TenantPolicy, Permissive: true, ForAll: true, ForEverybody: true }
        && Plain(policy.Visible) == Plain(DatabaseNames.TenantCondition)
        && Plain(policy.Writable) == Plain(DatabaseNames.TenantCondition);

    // Postgres writes an expression back with casts, parentheses and an alias of its own.
    private static string Plain(string? expression) =>
        Decoration().Replace(expression ?? "", "").ToLowerInvariant();

    private static void CompareGrants(string table, TableState state, IReadOnlyList<TableState.Grant> wanted, TableChanges changes)
    {
        foreach (var missing in wanted.Except(state.Grants).GroupBy(grant => grant.Role))
            changes.Add($"GRANT {Privileges(missing)} ON {table} TO {Role(missing.Key)}");
        foreach (var surplus in state.Grants.Except(wanted).GroupBy(grant => grant.Role))
            changes.Add($"REVOKE {Privileges(surplus)} ON {table} FROM {Role(surplus.Key)}");
    }

    private static string Privileges(IEnumerable<TableState.Grant> grants) => string.Join(", ", grants.Select(grant => grant.Privilege));

    private static string Role(string role) => role == "PUBLIC" ? role : Sql.Name(role);

    [GeneratedRegex(
        """::text|AS "?nullif"?|[\s()]""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decoration();
}
