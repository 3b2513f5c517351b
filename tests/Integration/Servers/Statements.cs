using Npgsql;

namespace Platform.Integration.Servers;

/// <summary>Single statements of tests, with <c>$1</c>, <c>$2</c> ... for the values.</summary>
internal static class Statements
{
    public static async Task ExecuteAsync(this NpgsqlDataSource database, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first value of the first row.</summary>
    public static async Task<T> ReadAsync<T>(this NpgsqlDataSource database, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
