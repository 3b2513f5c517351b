using Npgsql;
using Platform.Faults.Campaign;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>The command <c>fail-over</c> under writes.</summary>
public sealed class FailOverTests
{
    private const string Tenant = "mover";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_write_is_there_once_after_a_fail_over_a_restart_and_a_fail_over_back()
    {
        using var data = new TemporaryFolder();
        var journal = new ApiWriters();
        await using (var first = await RunningPlatform.StartAsync(data.FullPath))
        {
            await first.CreateTenantAsync(Tenant);
            await FailOverAsync(first, journal, from: "postgres", to: "postgres-replica-2");
            await RequireAsync(first, journal, primary: "postgres-replica-2");
            await first.StopAsync();
        }

        await using var second = await RunningPlatform.StartAsync(data.FullPath);
        await RequireAsync(second, journal, primary: "postgres-replica-2");
        await FailOverAsync(second, journal, from: "postgres-replica-2", to: "postgres");
        await RequireAsync(second, journal, primary: "postgres");
    }

    private static async Task FailOverAsync(RunningPlatform platform, ApiWriters writers, string from, string to)
    {
        using var tenant = await platform.TenantAsync(Tenant);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = writers.RunAsync(tenant, enough.Token);
        await writers.AcknowledgedAsync(50, Cancellation);
        writers.BeginMeasuring();
        var result = await platform.ExecuteCommandAsync(from, "fail-over", ("replica", to));
        Assert.True(result.Success, result.Message);
        await writers.AcknowledgedAsync(50, Cancellation);
        await enough.CancelAsync();
        await writing;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{result.Message}\nNo write was acknowledged for {writers.LongestPause.TotalSeconds:F2} s; {writers.Refused} were refused meanwhile, {writers.Acknowledged.Count} acknowledged in all.");
    }

    private static async Task RequireAsync(RunningPlatform platform, ApiWriters journal, string primary)
    {
        await platform.WaitUntilHealthyAsync();
        foreach (var node in new[] { "postgres", "postgres-replica-1", "postgres-replica-2" })
        {
            await using var connection = new NpgsqlConnection(await platform.SuperuserAsync(node));
            await connection.OpenAsync(Cancellation);
            await using var role = new NpgsqlCommand("SELECT NOT pg_is_in_recovery()", connection);
            Assert.Equal(node == primary, await role.ExecuteScalarAsync(Cancellation));
        }

        await using var database = new NpgsqlConnection(await platform.SuperuserAsync());
        await database.OpenAsync(Cancellation);
        await using var rows = new NpgsqlCommand("SELECT array_agg(first_name ORDER BY first_name) FROM app.customers WHERE tenant_id = $1", database) { Parameters = { new() { Value = Tenant } } };
        var found = (string[])(await rows.ExecuteScalarAsync(Cancellation))!;
        Assert.Empty(journal.Acknowledged.Except(found, StringComparer.Ordinal));
        Assert.Equal(found.Distinct(StringComparer.Ordinal).Count(), found.Length);
        await Comparison.RequireEqualAsync(platform, Cancellation);
    }
}
