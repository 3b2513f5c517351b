using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Integration.Servers;
using Platform.ServiceDefaults.Identity;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>Rows of a tenant by the data API: written, read, refused.</summary>
public sealed class DataApiTests(PlatformServers servers) : IAsyncLifetime
{
    private TestTenant _shop = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _shop = await TestTenant.CreateAsync(servers.Services, Cancellation);

    public ValueTask DisposeAsync()
    {
        _shop.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_row_is_created_changed_replaced_and_removed_and_each_answer_shows_it_as_it_then_is()
    {
        var created = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", Written.Customer().With("company", "Hansen AS"), Cancellation);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var path = created.Headers.Location!.ToString();
        Assert.Equal($"/data/customers/{created.Body.GetProperty("customer_id")}", path);

        var changed = await _shop.Primary.AskAsync(HttpMethod.Patch, path, new { city = "Bergen" }, Cancellation);
        Assert.Equal(("Bergen", "Hansen AS"), (changed.Body.GetProperty("city").GetString(), changed.Body.GetProperty("company").GetString()));

        var replaced = await _shop.Primary.AskAsync(HttpMethod.Put, path, Written.Customer("Berg"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, "Berg", null), (replaced.Status, replaced.Body.GetProperty("last_name").GetString(), replaced.Body.GetProperty("company").GetString()));
        foreach (var client in new[] { _shop.Primary, _shop.Replica })
            Assert.Equal(replaced.Body.ToString(), (await client.AskAsync(path, Cancellation)).Body.ToString());

        Assert.Equal(HttpStatusCode.NoContent, (await _shop.Primary.AskAsync(HttpMethod.Delete, path, null, Cancellation)).Status);
        foreach (var client in new[] { _shop.Primary, _shop.Replica })
            Assert.Equal(HttpStatusCode.NotFound, (await client.AskAsync(path, Cancellation)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.Primary.AskAsync(HttpMethod.Delete, path, null, Cancellation)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.Primary.AskAsync(HttpMethod.Patch, path, new { city = "Oslo" }, Cancellation)).Status);
    }

    [Fact]
    public async Task A_row_that_moves_to_another_month_keeps_its_key_and_what_refers_to_it()
    {
        var order = await OrderAsync();
        var product = await _shop.Primary.CreateAsync("products", "product_id", Written.Product(), Cancellation);
        var line = await _shop.Primary.CreateAsync("order_lines", "order_line_id", Written.OrderLine(order, product), Cancellation);

        var moved = await _shop.Primary.AskAsync(HttpMethod.Patch, $"/data/orders/{order}", new { ordered_at = "2024-01-31T23:59:59Z" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, moved.Status);
        var read = await _shop.Replica.AskAsync($"/data/orders/{order}", Cancellation);
        Assert.Equal("2024-01-31T23:59:59Z", read.Body.GetProperty("ordered_at").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _shop.Replica.AskAsync($"/data/order_lines/{line}", Cancellation)).Status);
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("orders")]
    public async Task Of_many_callers_who_put_the_same_new_row_at_once_one_creates_it_and_the_others_replace_it(string entity)
    {
        var row = entity == "customers" ? Written.Customer() : Written.Order(await CustomerAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _shop.Primary.AskAsync(HttpMethod.Put, $"/data/{entity}/77", row, Cancellation)));
        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(11, answers.Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Keys_that_the_platform_makes_grow_with_time_and_are_exact_in_every_json_reader()
    {
        List<long> keys = [];
        for (var i = 0; i < 20; i++) keys.Add(await CustomerAsync());
        Assert.All(keys, key => Assert.InRange(key, 1, 1L << 53));
        Assert.Equal(keys.Order().Select(Millisecond), keys.Select(Millisecond));

        static long Millisecond(long key) => key >> 12;
    }

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "colour", "\"red\"", "has no column 'colour'" },
        { "tenant_id", "\"steve\"", "has no column 'tenant_id'" },
        { "city", "7", "must be text" },
        { "city", "null", "is required" },
        { "city", "\"\\u0000\"", "U+0000" },
        { "city", "\"\\ud800\"", "must be text" },
        { "country", $"\"{new string('x', 61)}\"", "at most 60 characters" },
        { "email", "\"no address\"", "must match" },
        { "customer_id", "0", "at least 1" },
        { "customer_id", "\"1\"", "whole number" },
        { "customer_id", "99999999999999999999", "whole number" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_value_that_the_contract_does_not_allow_is_refused_by_its_field(string column, string json, string reason)
    {
        // Written by hand: a serializer would not write some of these.
        var row = Written.Customer().Without(column).ToJsonString();
        using var body = new StringContent($"{row[..^1]}, \"{column}\": {json}}}", Encoding.UTF8, "application/json");
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", body, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([column], answer.Fields);
        Assert.Contains(reason, answer.Body.GetProperty("errors").GetProperty(column)[0].GetString(), StringComparison.Ordinal);
        Assert.Empty((await _shop.Primary.AskAsync("/data/customers", Cancellation)).Items);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_row_is_named_in_one_answer()
    {
        var row = Written.Customer().With("colour", "red").With("city", 7).Without("email").With("phone", new string('0', 41));
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", row, Cancellation);
        Assert.Equal(["city", "colour", "email", "phone"], answer.Fields.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"city\": ")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("")]
    public async Task A_body_that_is_no_json_object_is_refused_as_the_callers_mistake(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers", body, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(400, answer.Body.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_reference_to_a_row_that_is_not_there_is_refused_by_its_field()
    {
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/orders", Written.Order(customer: 404), Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "customer_id"), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Fact]
    public async Task Another_tenants_row_can_be_neither_read_nor_changed_nor_referred_to_and_its_key_is_free()
    {
        using var other = await TestTenant.CreateAsync(servers.Services, Cancellation);
        var foreign = await other.Primary.CreateAsync("customers", "customer_id", Written.Customer().With("customer_id", 5), Cancellation);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
            Assert.Equal(HttpStatusCode.NotFound, (await _shop.Primary.AskAsync(method, $"/data/customers/{foreign}", null, Cancellation)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _shop.Primary.AskAsync(HttpMethod.Patch, $"/data/customers/{foreign}", new { city = "Bergen" }, Cancellation)).Status);
        var order = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/orders", Written.Order(foreign), Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "customer_id"), (order.Status, Assert.Single(order.Fields)));

        Assert.Equal(foreign, await _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer("Berg").With("customer_id", foreign), Cancellation));
        Assert.Equal("Hansen", (await other.Primary.AskAsync($"/data/customers/{foreign}", Cancellation)).Body.GetProperty("last_name").GetString());
    }

    [Theory]
    [InlineData("2025-05-06T10:00:00Z")]
    [InlineData("2024-02-01T10:00:00Z")] // in another partition
    public async Task A_key_that_is_taken_is_refused_by_its_field_whichever_month_the_rows_are_in(string orderedAt)
    {
        var customer = await CustomerAsync();
        var order = await OrderAsync(customer);
        var row = Written.Order(customer).With("order_id", order).With("ordered_at", orderedAt);
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/orders", row, Cancellation);
        Assert.Equal((HttpStatusCode.Conflict, "order_id"), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Fact]
    public async Task A_row_that_others_refer_to_stays_and_the_refusal_says_who_they_are()
    {
        var customer = await CustomerAsync();
        var order = await OrderAsync(customer);
        var product = await _shop.Primary.CreateAsync("products", "product_id", Written.Product(), Cancellation);
        await _shop.Primary.CreateAsync("order_lines", "order_line_id", Written.OrderLine(order, product), Cancellation);
        foreach (var (path, referring) in new[] { ($"customers/{customer}", "orders"), ($"orders/{order}", "order_lines"), ($"products/{product}", "order_lines") })
        {
            var answer = await _shop.Primary.AskAsync(HttpMethod.Delete, $"/data/{path}", null, Cancellation);
            Assert.Equal(HttpStatusCode.Conflict, answer.Status);
            Assert.Contains($"still referred to by {referring};", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2020-12-31T23:59:59Z")]
    [InlineData("2999-01-01T00:00:00Z")]
    public async Task An_order_outside_the_months_that_are_kept_is_refused_by_the_field_that_decides_the_month(string orderedAt)
    {
        var order = Written.Order(await CustomerAsync()).With("ordered_at", orderedAt);
        var created = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/orders", order, Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "ordered_at"), (created.Status, Assert.Single(created.Fields)));

        var moved = await _shop.Primary.AskAsync(HttpMethod.Patch, $"/data/orders/{await OrderAsync()}", new { ordered_at = orderedAt }, Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "ordered_at"), (moved.Status, Assert.Single(moved.Fields)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.01")]
    [InlineData("9.99")]
    [InlineData("1234567.8")]
    [InlineData("92233720368547758.07")]
    public async Task Money_is_exact_a_decimal_in_the_api_and_minor_units_in_the_table(string total)
    {
        var amount = decimal.Parse(total, CultureInfo.InvariantCulture);
        var order = await OrderAsync(await CustomerAsync(), amount);
        Assert.Equal(amount, (await _shop.Replica.AskAsync($"/data/orders/{order}", Cancellation)).Body.GetProperty("total").GetDecimal());
        Assert.Equal("bigint", await StoredAsync<string>("pg_typeof(total)::text", order));
        Assert.Equal((long)(amount * 100), await StoredAsync<long>("total", order));
    }

    [Theory]
    [InlineData("0.001")]
    [InlineData("-0.01")]
    [InlineData("92233720368547758.08")]
    public async Task Money_that_the_table_cannot_hold_exactly_is_refused(string total)
    {
        var row = Written.Order(await CustomerAsync()).With("total", JsonNode.Parse(total));
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/orders", row, Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "total"), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Fact]
    public async Task A_row_that_the_caller_has_already_is_answered_without_it_until_it_changes()
    {
        var path = $"/data/customers/{await CustomerAsync()}";
        var tag = (await _shop.Primary.AskAsync(path, Cancellation)).Headers.ETag!.ToString();
        foreach (var client in new[] { _shop.Primary, _shop.Replica })
        {
            var unchanged = await client.AskAsync(path, Cancellation, ("If-None-Match", tag));
            Assert.Equal(HttpStatusCode.NotModified, unchanged.Status);
            Assert.Equal(default, unchanged.Body);
        }

        await _shop.Primary.AskAsync(HttpMethod.Patch, path, new { city = "Bergen" }, Cancellation);
        foreach (var client in new[] { _shop.Primary, _shop.Replica })
        {
            var changed = await client.AskAsync(path, Cancellation, ("If-None-Match", tag));
            Assert.Equal((HttpStatusCode.OK, "Bergen"), (changed.Status, changed.Body.GetProperty("city").GetString()));
        }
    }

    [Theory]
    [InlineData("POST", "/data/customers")]
    [InlineData("PUT", "/data/customers/1")]
    [InlineData("PATCH", "/data/customers/1")]
    [InlineData("DELETE", "/data/customers/1")]
    [InlineData("POST", "/data/customers/bulk")]
    public async Task A_write_at_a_replica_is_refused_with_the_address_of_the_primary(string method, string path)
    {
        var answer = await _shop.Replica.AskAsync(new HttpMethod(method), path, method == "DELETE" ? null : Written.Customer(), Cancellation);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.Status);
        Assert.Equal(servers.Services.Data.Address.ToString(), answer.Body.GetProperty("primary").GetString());
    }

    [Fact]
    public async Task Only_an_identity_that_the_platform_has_signed_for_a_tenant_gets_at_rows()
    {
        using var service = servers.Services.Data.ClientOf(Policies.Service);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.AskAsync("/data/customers", Cancellation)).Status);

        service.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync("/data/customers", Cancellation, ("X-Tenant", _shop.Id))).Status);

        // The identity of a tenant, changed after it was signed.
        var parts = _shop.Primary.DefaultRequestHeaders.Authorization!.Parameter!.Split('.');
        var claims = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace(_shop.Id, "steve", StringComparison.Ordinal);
        parts[1] = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        service.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", string.Join('.', parts));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync("/data/customers", Cancellation)).Status);
    }

    private Task<long> CustomerAsync() => _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation);

    private async Task<long> OrderAsync() => await OrderAsync(await CustomerAsync());

    private Task<long> OrderAsync(long customer, decimal total = 9.99m) =>
        _shop.Primary.CreateAsync("orders", "order_id", Written.Order(customer, total), Cancellation);

    private Task<T> StoredAsync<T>(string expression, long order) => servers.Superuser.ReadAsync<T>(
        $"SELECT {expression} FROM app.orders WHERE tenant_id = $1 AND order_id = $2", Cancellation, _shop.Id, order);
}
