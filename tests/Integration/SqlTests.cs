using DuckDB.NET.Data;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.SchemaService.Control;
using Xunit;

namespace Platform.Integration;

/// <summary>
/// Every <c>.sql</c> file of the services is understood by the engine that runs it. A new file is looked for, not listed: it is prepared on
/// Postgres with the platform's tables, unless it is one of those named here.
/// </summary>
public sealed class SqlTests(PlatformServers servers)
{
    private const string ControlSchemas = "SchemaService/Control/", TriggerBodies = "SchemaService/Ddl/keys-", Warehouse = "CdcAnalytics/", WarehouseFile = "/schema.sql";

    private static readonly string Services = Path.Combine(RepositoryFolder.Root, "services");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(Services, "*.sql", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Services, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_is_understood_by_the_engine_that_runs_it(string file)
    {
        var sql = await File.ReadAllTextAsync(Path.Combine(Services, file), Cancellation);
        if (file.StartsWith(ControlSchemas, StringComparison.Ordinal)) await ApplyAsync(file);
        else if (file.StartsWith(TriggerBodies, StringComparison.Ordinal)) await CompileAsync(sql);
        else if (file.StartsWith(Warehouse, StringComparison.Ordinal) && file.EndsWith(WarehouseFile, StringComparison.Ordinal)) ExecuteTwice(sql);
        else await servers.Superuser.ExecuteAsync($"PREPARE file AS {sql}", Cancellation);
    }

    [Fact]
    public void There_are_files() => Assert.NotEmpty(Files);

    // By the class that numbers them, after those that come before.
    private async Task ApplyAsync(string file)
    {
        await using var database = await ScratchDatabase.CreateAsync(servers, Cancellation);
        await using var connection = await database.Owner.OpenConnectionAsync(Cancellation);
        Assert.Contains(file["SchemaService/".Length..], await ControlSchema.ApplyAsync(connection, Cancellation));
        Assert.Empty(await ControlSchema.ApplyAsync(connection, Cancellation));
    }

    // Postgres reads every statement of the body when the function is made.
    private Task CompileAsync(string body)
    {
        foreach (var (name, value) in new[] { ("{keys}", "app.orders_keys"), ("{key}", "order_id"), ("{moment}", "ordered_at"), ("{entity}", "orders") })
            body = body.Replace(name, value, StringComparison.Ordinal);
        return servers.Superuser.ExecuteAsync($"CREATE FUNCTION pg_temp.body() RETURNS trigger LANGUAGE plpgsql AS $body$ {body} $body$", Cancellation);
    }

    // The warehouse runs its files at every start, on the file of the start before.
    private static void ExecuteTwice(string sql)
    {
        using var warehouse = new DuckDBConnection("Data Source=:memory:");
        warehouse.Open();
        for (var start = 1; start <= 2; start++)
        {
            using var command = warehouse.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
