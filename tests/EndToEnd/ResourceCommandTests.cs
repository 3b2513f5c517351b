using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Npgsql;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>Commands of resources, as Aspire's dashboard and command line tool execute them.</summary>
public sealed class ResourceCommandTests(PlatformFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sql_for_a_tenant_sees_that_tenants_rows_only_and_values_as_Postgres_writes_them()
    {
        var jane = await SucceedsAsync("postgres", "psql", ("tenant", "jane"), ("sql", "SELECT count(*), min(tenant_id), max(tenant_id), 'a|b' AS pipe, NULL AS nothing FROM orders"));
        var orders = fixture.Shop.Totals.Single(totals => totals.Tenant == "jane").Orders;
        Assert.Contains($"| {orders} | jane | jane | a\\|b | *null* |", jane.Data?.Value, StringComparison.Ordinal);

        var wrong = await fixture.Platform.ExecuteCommandAsync("postgres", "psql", ("tenant", "jane"), ("sql", "SELECT * FROM nowhere"));
        Assert.False(wrong.Success);
        Assert.Contains("relation \"nowhere\" does not exist", wrong.Message, StringComparison.Ordinal);
        var forTerminal = await SucceedsAsync("postgres", "psql", ("tenant", "jane"));
        Assert.Equal("./platform psql jane", forTerminal.Data?.Value);
    }

    [Fact]
    public async Task A_tenant_is_made_suspended_and_resumed_and_a_refusal_says_why()
    {
        await SucceedsAsync("schema", "create-tenant", ("id", "commanded"), ("name", "Commanded Ltd"));
        using var tenant = await fixture.Platform.TenantAsync("commanded");
        await AnswersAsync(tenant, HttpStatusCode.OK);
        await SucceedsAsync("schema", "suspend-tenant", ("id", "commanded"));
        await AnswersAsync(tenant, HttpStatusCode.Forbidden);
        await SucceedsAsync("schema", "resume-tenant", ("id", "commanded"));
        await AnswersAsync(tenant, HttpStatusCode.OK);

        var refused = await fixture.Platform.ExecuteCommandAsync("schema", "create-tenant", ("id", "No Slug"), ("name", "x"));
        Assert.False(refused.Success);
        Assert.Contains("must be 3 to 40 lower-case letters", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_taken_and_an_unknown_entity_is_named()
    {
        var ordered = await SucceedsAsync("cdc", "take-snapshot", ("entities", "products, customers"), ("tenant", "steve"));
        using var snapshot = JsonDocument.Parse(ordered.Data!.Value);
        Assert.Equal(2, snapshot.RootElement.GetProperty("parts").GetArrayLength());
        var refused = await fixture.Platform.ExecuteCommandAsync("cdc", "take-snapshot", ("entities", "product"), ("tenant", ""));
        Assert.Contains("There is no entity 'product'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flushed_cache_is_filled_again_and_still_follows_changes()
    {
        await fixture.Platform.CreateTenantAsync("flushed");
        using var tenant = await fixture.Platform.TenantAsync("flushed");
        using var made = await tenant.PostAsJsonAsync(
            "/data/customers", new { first_name = "Before", last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "a@example.com" }, Cancellation);
        await made.RequireSuccessAsync();
        var customer = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("customer_id").GetInt64();
        Assert.Equal("Before", await NameAsync(tenant, customer));
        var flushes = await FlushesAsync();
        await SucceedsAsync("cache", "flush");
        Assert.True(await FlushesAsync() > flushes);
        Assert.Equal("Before", await NameAsync(tenant, customer));

        // Changed behind the API's back: only the invalidation takes it out of the cache.
        await fixture.Platform.ExecuteAsync("flushed", $"UPDATE app.customers SET first_name = 'After' WHERE customer_id = {customer}");
        await Eventually.HoldsAsync(
            async () =>
            {
                var name = await NameAsync(tenant, customer);
                return (name == "After", name);
            },
            Patience,
            Cancellation);
    }

    [Fact]
    public async Task A_resource_that_crashes_is_started_again_on_its_address_and_one_that_is_stopped_is_not()
    {
        const string name = "data-replica-2";
        var before = await fixture.Platform.ResourceAsync(name);
        await fixture.Platform.KillAsync(name);
        await ShowsAsync(name, now => now.Restarts > before.Restarts && now.Pid is { } id && id != before.Pid);
        await fixture.Platform.WaitUntilHealthyAsync(name);
        Assert.Equal(before.Urls, (await fixture.Platform.ResourceAsync(name)).Urls);

        var restarts = (await fixture.Platform.ResourceAsync(name)).Restarts;
        await SucceedsAsync(name, KnownResourceCommands.StopCommand);
        await ShowsAsync(name, now => now.State == KnownResourceStates.Finished);
        await SucceedsAsync(name, KnownResourceCommands.StartCommand);
        await fixture.Platform.WaitUntilHealthyAsync(name);
        Assert.Equal(restarts, (await fixture.Platform.ResourceAsync(name)).Restarts);
    }

    [Fact]
    public async Task A_resource_that_says_it_cannot_run_is_not_started_again_and_its_log_says_why()
    {
        // The fixture gives it a setting that does not exist.
        await fixture.Platform.ExecuteCommandAsync(PlatformFixture.Misconfigured, KnownResourceCommands.StartCommand);
        await ShowsAsync(PlatformFixture.Misconfigured, now => now.ExitCode == 78 && now.State == KnownResourceStates.Finished);
        Assert.Equal(0, (await fixture.Platform.ResourceAsync(PlatformFixture.Misconfigured)).Restarts);
        await Eventually.HoldsAsync(
            async () => ((await fixture.Platform.LogAsync(PlatformFixture.Misconfigured)).Any(line => line.Contains("NoSuchSetting", StringComparison.Ordinal)), "its log does not name the setting"),
            Patience,
            Cancellation);
    }

    [Fact]
    public async Task Log_files_have_no_secret_and_no_colour()
    {
        // What a server refuses, it may log with the password that it was given.
        var password = new NpgsqlConnectionStringBuilder(await fixture.Platform.PostgresAsync("api")).Password!;
        await fixture.Platform.ExecuteCommandAsync("postgres", "psql", ("tenant", "jane"), ("sql", $"SELECT {password}"));
        await Eventually.HoldsAsync(
            async () => ((await fixture.Platform.LogAsync("postgres")).Any(line => line.Contains("***", StringComparison.Ordinal)), "no line was redacted"), Patience, Cancellation);
        foreach (var resource in await fixture.Platform.ResourcesAsync())
        {
            var log = await fixture.Platform.LogAsync(resource.Name);
            Assert.DoesNotContain(log, line => line.Contains(password, StringComparison.Ordinal) || line.Contains('\x1b', StringComparison.Ordinal));
        }
    }

    private static async Task<string> NameAsync(HttpClient tenant, long customer) =>
        (await tenant.GetFromJsonAsync<JsonElement>($"/data/customers/{customer}", Cancellation)).GetProperty("first_name").GetString()!;

    private Task ShowsAsync(string resource, Func<RunningPlatform.Resource, bool> condition) => Eventually.HoldsAsync(
        async () =>
        {
            var now = await fixture.Platform.ResourceAsync(resource);
            return (condition(now), now.ToString());
        },
        Patience,
        Cancellation);

    private async Task<long> FlushesAsync()
    {
        using var @operator = await fixture.Platform.OperatorAsync();
        return (await @operator.GetFromJsonAsync<JsonElement>("/invalidations", Cancellation)).GetProperty("flushes").GetInt64();
    }

    // The tenant directory reaches every service within seconds.
    private static Task AnswersAsync(HttpClient tenant, HttpStatusCode expected) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await tenant.GetAsync("/data/orders", Cancellation);
            return (answer.StatusCode == expected, answer.StatusCode.ToString());
        },
        Patience,
        Cancellation);

    private async Task<ExecuteCommandResult> SucceedsAsync(string resource, string command, params (string Name, string Value)[] arguments)
    {
        var result = await fixture.Platform.ExecuteCommandAsync(resource, command, arguments);
        Assert.True(result.Success, result.Message);
        return result;
    }
}
