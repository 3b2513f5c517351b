using System.Globalization;
using System.Text;
using Npgsql;
using Platform.AppHost.Resources;

namespace Platform.AppHost.Commands;

/// <summary>Command of the Postgres cluster: SQL on the primary as the data API's role, with a tenant's rows in view.</summary>
internal static class PsqlCommand
{
    private const int MostRows = 200;

    public static void AddPsqlCommand(this PostgresCluster cluster)
    {
        var connection = cluster.PrimaryConnection(PostgresRole.Api).Resource;
        cluster.First.Server.WithCommand("psql", "SQL for a tenant", async context =>
        {
            var (tenant, sql) = (context.Arguments.GetString("tenant")!, context.Arguments.GetString("sql"));
            if (string.IsNullOrWhiteSpace(sql)) return CommandResults.Success("A terminal opens psql with this:", $"./platform psql {tenant}", CommandResultFormat.Text, displayImmediately: true);
            try
            {
                var table = await RunAsync((await connection.ConnectionStringExpression.GetValueAsync(context.CancellationToken))!, tenant, sql, context.CancellationToken);
                return CommandResults.Success($"As {tenant}:", table, CommandResultFormat.Markdown, displayImmediately: true);
            }
            catch (NpgsqlException exception)
            {
                return CommandResults.Failure(exception.Message);
            }
        }, new CommandOptions
        {
            Description = "Runs SQL under row-level security, as ./platform psql does, and commits it.",
            IconName = "DatabaseSearch",
            Arguments =
            [
                TenantCommands.Tenant("tenant"),
                new InteractionInput
                {
                    Name = "sql", Label = "SQL", InputType = InputType.Text, Placeholder = "SELECT * FROM customers LIMIT 10", Description = "Without any, the answer is the command for a terminal.",
                },
            ],
        });
    }

    private static async Task<string> RunAsync(string connectionString, string tenant, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "app" });
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var set = new NpgsqlCommand("SELECT set_config('app.tenant_id', $1, true), set_config('statement_timeout', '10s', true)", connection, transaction))
        {
            set.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
            await set.ExecuteNonQueryAsync(cancellationToken);
        }

        // As Postgres itself writes the values, whatever their types are.
        await using var command = new NpgsqlCommand(sql, connection, transaction) { AllResultTypesAreUnknown = true };
        string table;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken)) table = await TableAsync(reader, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return table;
    }

    private static async Task<string> TableAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (reader.FieldCount == 0) return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, reader.RecordsAffected)} rows");
        var columns = Enumerable.Range(0, reader.FieldCount).ToList();
        var table = new StringBuilder();
        AddLine(columns.Select(reader.GetName));
        AddLine(columns.Select(_ => "---"));
        var rows = 0;
        for (; rows < MostRows && await reader.ReadAsync(cancellationToken); rows++) AddLine(columns.Select(i => reader.IsDBNull(i) ? "*null*" : reader.GetString(i)));
        table.Append(CultureInfo.InvariantCulture, $"\n{rows} rows{(rows == MostRows ? ", and perhaps more: psql in a terminal shows all" : "")}");
        return table.ToString();

        void AddLine(IEnumerable<string> cells) =>
            table.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))).Append(" |\n");
    }
}
