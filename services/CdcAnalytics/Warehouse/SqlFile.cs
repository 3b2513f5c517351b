namespace Platform.CdcAnalytics.Warehouse;

/// <summary>The SQL files that lie beside their callers, embedded under their path.</summary>
internal static class SqlFile
{
    public static string Read(string path)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"The SQL file {path} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
