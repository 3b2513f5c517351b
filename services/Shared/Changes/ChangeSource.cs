namespace Platform.Changes;

/// <summary>
/// Names where changes come from: a database of a cluster, as change events tell it in <c>source.name</c> and <c>source.db</c>. Positions in the log order the changes
/// of one source only.
/// </summary>
public static class ChangeSource
{
    /// <summary>The source where nothing else is configured, and of everything that was stored when there was no other.</summary>
    public const string Default = "cdc/platform";

    /// <summary>The source of events with that <c>source.name</c> and <c>source.db</c>.</summary>
    public static string NameOf(string name, string database) => $"{name}/{database}";
}
