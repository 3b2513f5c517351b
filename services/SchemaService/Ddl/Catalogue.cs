using System.Text.Json;
using Npgsql;

namespace Platform.SchemaService.Ddl;

/// <summary>Reads what the tables are.</summary>
internal static class Catalogue
{
    private static readonly string Query = SqlFile.Read("Ddl/catalogue.sql");

    public static async Task<IReadOnlyList<TableState>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection)
        {
            Parameters = { new() { Value = DatabaseNames.AppSchema }, new() { Value = DatabaseNames.Publication } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<TableState>();
        while (await reader.ReadAsync(cancellationToken))
            tables.Add(JsonSerializer.Deserialize<TableState>(reader.GetString(0), JsonSerializerOptions.Web)!);
        return tables;
    }
}
