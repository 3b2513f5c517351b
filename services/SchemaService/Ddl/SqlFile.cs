namespace Platform.SchemaService.Ddl;

/// <summary>The <c>.sql</c> files that lie beside this service's classes, by their path in the project.</summary>
internal static class SqlFile
{
    /// <summary>The files of a folder (<c>Control/</c>), in order.</summary>
    public static IEnumerable<string> In(string folder) => typeof(SqlFile).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public static string Read(string name)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not embedded in {typeof(SqlFile).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
