using System.Globalization;
using Npgsql;
using Platform.SchemaService.Ddl;

namespace Platform.SchemaService.Control;

/// <summary>
/// The control plane's own tables, made by the numbered <c>.sql</c> files beside this class. A file that was released never changes; a
/// new one follows it.
/// </summary>
internal static class ControlSchema
{
    private const string Folder = "Control/";

    private const string Versions = """
        CREATE SCHEMA IF NOT EXISTS control;
        REVOKE ALL ON SCHEMA control FROM PUBLIC;
        CREATE TABLE IF NOT EXISTS control.versions (
            version int PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
        """;

    /// <summary>Applies the files that this database does not have yet, each in a transaction of its own.</summary>
    /// <returns>The files applied.</returns>
    public static async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, cancellationToken)) await ExecuteAsync(connection, Versions, cancellationToken);

        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM control.versions", connection);
        var present = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        var applied = new List<string>();
        foreach (var file in SqlFile.In(Folder).Where(file => VersionOf(file) > present))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, SqlFile.Read(file), cancellationToken);
            await using var record = new NpgsqlCommand("INSERT INTO control.versions (version, file) VALUES ($1, $2)", connection)
            {
                Parameters = { new() { Value = VersionOf(file) }, new() { Value = file } },
            };
            await record.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            applied.Add(file);
        }

        return applied;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('control.versions') IS NOT NULL", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static int VersionOf(string file) => int.Parse(file.AsSpan(Folder.Length, 4), CultureInfo.InvariantCulture);
}
