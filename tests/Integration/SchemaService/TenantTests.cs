using System.Net;
using Platform.Harness;
using Platform.Integration.DataService;
using Platform.Integration.Servers;
using Platform.SchemaService.Ddl;
using Platform.ServiceDefaults.Identity;
using Xunit;

namespace Platform.Integration.SchemaService;

/// <summary>Tenants and their directory, as operators and services see them.</summary>
public sealed class TenantTests(PlatformServers servers) : IDisposable
{
    private readonly HttpClient _operator = servers.Services.Schema.ClientOf(Policies.Operator);
    private readonly HttpClient _service = servers.Services.Schema.ClientOf(Policies.Service);
    private readonly string _id = $"test-{Guid.NewGuid():N}"[..30];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _operator.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task A_tenant_is_created_listed_suspended_resumed_and_deleted()
    {
        var created = await CreateAsync(_id, "  A shop  ");
        Assert.Equal((HttpStatusCode.Created, $"/tenants/{_id}"), (created.Status, created.Headers.Location!.ToString()));
        Assert.Equal(("A shop", "active", "shared"), (Text(created, "name"), Text(created, "status"), Text(created, "mode")));
        Assert.Equal(("postgres", "platform", "app"), (Text(created, "cluster"), Text(created, "database"), Text(created, "schema")));
        Assert.Contains(_id, (await _operator.AskAsync("/tenants", Cancellation)).Body.EnumerateArray().Select(tenant => tenant.GetProperty("id").GetString()));

        foreach (var (action, status) in new[] { ("suspend", "suspended"), ("suspend", "suspended"), ("resume", "active") })
        {
            Assert.Equal(status, Text(await ActAsync(action), "status"));
            Assert.Equal(status, Text(await _operator.AskAsync($"/tenants/{_id}", Cancellation), "status"));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync()).Status);
        foreach (var gone in new[] { await DeleteAsync(), await ActAsync("suspend"), await ActAsync("resume"), await _operator.AskAsync($"/tenants/{_id}", Cancellation) })
            Assert.Equal(HttpStatusCode.NotFound, gone.Status);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(_id, "Another one of that name")).Status);
    }

    [Theory]
    [InlineData(null, "A shop", "id")]
    [InlineData("", "A shop", "id")]
    [InlineData("ab", "A shop", "id")]
    [InlineData("Jane", "A shop", "id")]
    [InlineData("1jane", "A shop", "id")]
    [InlineData("jane-", "A shop", "id")]
    [InlineData("jane_1", "A shop", "id")]
    [InlineData("jane\n", "A shop", "id")]
    [InlineData("jane'; DROP TABLE control.tenants; --", "A shop", "id")]
    [InlineData("a-name-of-more-than-forty-characters-is-too-long", "A shop", "id")]
    [InlineData("some-shop", null, "name")]
    [InlineData("some-shop", "   ", "name")]
    [InlineData("some-shop", "a\0shop", "name")]
    [InlineData("some-shop", "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua", "name")]
    public async Task A_tenant_that_cannot_be_is_refused_by_its_field(string? id, string? name, string field)
    {
        var answer = await CreateAsync(id, name);
        Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.ToString());
        Assert.Equal([field], answer.Fields);
        Assert.Equal(HttpStatusCode.NotFound, (await _operator.AskAsync($"/tenants/{Uri.EscapeDataString(id is { Length: > 0 } ? id : "none")}", Cancellation)).Status);
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_and_the_tenant_stays_as_it_is()
    {
        await CreateAsync(_id, "The first");
        Assert.Equal(HttpStatusCode.Conflict, (await CreateAsync(_id, "The second")).Status);
        Assert.Equal("The first", Text(await _operator.AskAsync($"/tenants/{_id}", Cancellation), "name"));
    }

    [Fact]
    public async Task Only_operators_manage_tenants_and_only_services_follow_the_directory()
    {
        using var tenant = servers.Services.Schema.ClientOf(Policies.Tenant, "jane");
        using var nobody = servers.Services.Schema.ClientOf(Policies.Tenant, "jane");
        nobody.DefaultRequestHeaders.Authorization = null;
        foreach (var path in new[] { "/tenants", $"/tenants/{_id}", "/changes" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await tenant.AskAsync(path, Cancellation)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await _service.AskAsync(path, Cancellation)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.AskAsync(path, Cancellation)).Status);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await tenant.AskAsync("/directory", Cancellation)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.AskAsync("/directory", Cancellation)).Status);
    }

    [Fact]
    public async Task A_service_that_waits_for_the_directory_is_answered_by_every_change_and_not_by_the_clock()
    {
        await using var schema = RunningService<SchemaApplier>.Start([("ConnectionStrings:platform", servers.Primary.OwnerConnectionString)], new StoppedClock());
        await schema.ReadyAsync(Cancellation);
        using var @operator = schema.ClientOf(Policies.Operator);
        using var service = schema.ClientOf(Policies.Service);

        var known = await service.AskAsync("/directory", Cancellation);
        foreach (var (method, path) in new[] { ("POST", "/tenants"), ("POST", $"/tenants/{_id}/suspend"), ("POST", $"/tenants/{_id}/resume"), ("DELETE", $"/tenants/{_id}") })
        {
            var following = FollowAsync(known);
            await @operator.AskAsync(new HttpMethod(method), path, path == "/tenants" ? new { id = _id, name = "A shop" } : null, Cancellation);
            known = await following.WaitAsync(Deadline.Usual, Cancellation);
        }

        // Other tests change the directory too, so what is waited for is a change of this tenant.
        async Task<Answer> FollowAsync(Answer before)
        {
            var answer = before;
            while (Shown(answer) == Shown(before)) answer = await service.AskAsync($"/directory?after={answer.Body.GetProperty("version")}", Cancellation);
            return answer;
        }

        string Shown(Answer directory) => string.Concat(
            directory.Body.GetProperty("tenants").EnumerateArray().Where(tenant => tenant.GetProperty("id").GetString() == _id));
    }

    [Fact]
    public async Task A_suspended_tenant_is_refused_until_it_is_resumed_and_keeps_its_rows()
    {
        using var shop = await TestTenant.CreateAsync(servers.Services, Cancellation);
        await shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation);
        await _operator.AskAsync(HttpMethod.Post, $"/tenants/{shop.Id}/suspend", null, Cancellation);
        await AnsweredAsync(shop, HttpStatusCode.Forbidden);

        await _operator.AskAsync(HttpMethod.Post, $"/tenants/{shop.Id}/resume", null, Cancellation);
        await AnsweredAsync(shop, HttpStatusCode.OK);
        Assert.Single((await shop.Replica.AskAsync("/data/customers", Cancellation)).Items);
    }

    [Fact]
    public async Task A_deleted_tenants_rows_are_gone_from_every_table_and_nobody_elses()
    {
        using var leaving = await TestTenant.CreateAsync(servers.Services, Cancellation);
        using var staying = await TestTenant.CreateAsync(servers.Services, Cancellation);
        foreach (var shop in new[] { leaving, staying }) await FillAsync(shop);

        Assert.Equal(HttpStatusCode.NoContent, (await _operator.AskAsync(HttpMethod.Delete, $"/tenants/{leaving.Id}", null, Cancellation)).Status);
        foreach (var table in new[] { "order_lines", "orders", "orders_keys", "products", "customers" })
        {
            Assert.Equal((table, 0L), (table, await RowsAsync(table, leaving)));
            Assert.Equal((table, 1L), (table, await RowsAsync(table, staying)));
        }

        await AnsweredAsync(leaving, HttpStatusCode.Forbidden);
        await AnsweredAsync(staying, HttpStatusCode.OK);
    }

    private static async Task FillAsync(TestTenant shop)
    {
        var customer = await shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation);
        var order = await shop.Primary.CreateAsync("orders", "order_id", Written.Order(customer), Cancellation);
        var product = await shop.Primary.CreateAsync("products", "product_id", Written.Product(), Cancellation);
        await shop.Primary.CreateAsync("order_lines", "order_line_id", Written.OrderLine(order, product), Cancellation);
    }

    private static async Task AnsweredAsync(TestTenant shop, HttpStatusCode expected)
    {
        foreach (var client in new[] { shop.Primary, shop.Replica })
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    var answer = await client.AskAsync("/data/customers", Cancellation);
                    return (answer.Status == expected, answer.ToString());
                },
                Deadline.Usual,
                Cancellation);
        }
    }

    private Task<long> RowsAsync(string table, TestTenant shop) =>
        servers.Superuser.ReadAsync<long>($"SELECT count(*) FROM app.{table} WHERE tenant_id = $1", Cancellation, shop.Id);

    private Task<Answer> CreateAsync(string? id, string? name) => _operator.AskAsync(HttpMethod.Post, "/tenants", new { id, name }, Cancellation);

    private Task<Answer> ActAsync(string action) => _operator.AskAsync(HttpMethod.Post, $"/tenants/{_id}/{action}", null, Cancellation);

    private Task<Answer> DeleteAsync() => _operator.AskAsync(HttpMethod.Delete, $"/tenants/{_id}", null, Cancellation);

    private static string? Text(Answer answer, string field) => answer.Body.GetProperty(field).GetString();
}
