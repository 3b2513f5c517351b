using Npgsql;

namespace Platform.Integration.SchemaService;

/// <summary>Looks through a database's catalogue for ways around row-level security.</summary>
internal static class RowLevelSecuritySweep
{
    private static readonly string Query = ReadQuery();

    /// <summary>What it finds, as <c>rule: object</c>; nothing when tenants are kept apart.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(NpgsqlConnection superuser, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, superuser);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> holes = [];
        while (await reader.ReadAsync(cancellationToken)) holes.Add($"{reader.GetString(0)}: {reader.GetString(1)}");
        return holes;
    }

    private static string ReadQuery()
    {
        using var stream = typeof(RowLevelSecuritySweep).Assembly.GetManifestResourceStream("SchemaService/row-level-security.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
