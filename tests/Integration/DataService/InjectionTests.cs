using System.Net;
using System.Text;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>SQL in everything a caller can write: it is a name that no column has, or a value like any other.</summary>
public sealed class InjectionTests(PlatformServers servers) : IAsyncLifetime
{
    private const string Secret = "Known to the other tenant only";

    private TestTenant _victim = null!, _attacker = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Attacks =>
    [
        "'; DROP TABLE app.customers; --",
        "\"; DROP TABLE app.customers; --",
        "x' OR '1'='1",
        "1 OR tenant_id <> ''",
        "customer_id\" = 1 OR \"tenant_id\" <> '",
        "') OR tenant_id <> $1; --",
        "$1",
        "\\'; DELETE FROM app.customers; --",
        "'||(SELECT string_agg(last_name, ',') FROM app.customers)||'",
        "'; SELECT set_config('app.tenant_id', 'steve', false); --",
        "1; COMMIT; BEGIN; UPDATE app.customers SET city = 'taken'",
        "{\"$gt\": \"\"}",
        "\u2019; DROP TABLE app.customers; --",
    ];

    public async ValueTask InitializeAsync()
    {
        _victim = await TestTenant.CreateAsync(servers.Services, Cancellation);
        _attacker = await TestTenant.CreateAsync(servers.Services, Cancellation);
        await _victim.Primary.CreateAsync("customers", "customer_id", Written.Customer(Secret).With("customer_id", 1), Cancellation);
        await _attacker.Primary.CreateAsync("customers", "customer_id", Written.Customer().With("customer_id", 2), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(Secret, (await _victim.Primary.AskAsync("/data/customers", Cancellation)).Items.Single().GetProperty("last_name").GetString());
        _victim.Dispose();
        _attacker.Dispose();
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_name_is_refused(string attack)
    {
        var written = Uri.EscapeDataString(attack);
        foreach (var query in new[] { $"{written}=eq.1", $"select={written}", $"order={written}", $"order=-{written}", $"country={written}.x", $"limit={written}", $"cursor={written}" })
            await RefusedAsync(HttpMethod.Get, $"customers?{query}", body: null, HttpStatusCode.BadRequest);

        await RefusedAsync(HttpMethod.Get, $"{written}", body: null, HttpStatusCode.NotFound);
        await RefusedAsync(HttpMethod.Post, "customers", Written.Customer().With(attack, "x"), HttpStatusCode.BadRequest);
        await RefusedAsync(HttpMethod.Patch, "customers/2", Written.Customer().With(attack, "x"), HttpStatusCode.BadRequest);
        using var csv = new StringContent($"customer_id,\"{attack.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n3,4\n", Encoding.UTF8, "text/csv");
        await RefusedAsync(HttpMethod.Post, "customers/bulk", csv, HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_key_or_a_number_is_refused(string attack)
    {
        var written = Uri.EscapeDataString(attack);
        await RefusedAsync(HttpMethod.Get, $"customers/{written}", body: null, HttpStatusCode.NotFound);
        await RefusedAsync(HttpMethod.Delete, $"customers/{written}", body: null, HttpStatusCode.NotFound);
        await RefusedAsync(HttpMethod.Put, $"customers/{written}", Written.Customer(), HttpStatusCode.BadRequest);
        await RefusedAsync(HttpMethod.Get, $"customers?customer_id=eq.{written}", body: null, HttpStatusCode.BadRequest);
        await RefusedAsync(HttpMethod.Get, $"customers?customer_id=in.(1,{written})", body: null, HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_text_is_stored_and_found_as_it_was_written(string attack)
    {
        var row = Written.Customer(attack).With("customer_id", 3).With("company", attack);
        Assert.Equal(3, await _attacker.Primary.CreateAsync("customers", "customer_id", row, Cancellation));
        var changed = await _attacker.Primary.AskAsync(HttpMethod.Patch, "/data/customers/3", new { address = attack }, Cancellation);
        Assert.Equal((attack, attack), (changed.Body.GetProperty("last_name").GetString(), changed.Body.GetProperty("address").GetString()));

        foreach (var query in new[] { $"last_name=eq.{Uri.EscapeDataString(attack)}", $"last_name=gte.{Uri.EscapeDataString(attack)}&last_name=lte.{Uri.EscapeDataString(attack)}" })
            Assert.Equal(3, (await _attacker.Replica.AskAsync($"/data/customers?{query}", Cancellation)).Items.Single().GetProperty("customer_id").GetInt64());

        var first = await _attacker.Replica.AskAsync("/data/customers?order=-company&limit=1", Cancellation);
        var second = await _attacker.Replica.AskAsync($"/data/customers?order=-company&limit=1&cursor={first.Body.GetProperty("next")}", Cancellation);
        Assert.Equal([3, 2], first.Items.Concat(second.Items).Select(item => item.GetProperty("customer_id").GetInt64()));
    }

    private async Task RefusedAsync(HttpMethod method, string path, object? body, HttpStatusCode expected)
    {
        var answer = await _attacker.Primary.AskAsync(method, $"/data/{path}", body, Cancellation);
        Assert.True(answer.Status == expected, $"{method} {path}: {answer}");
        Assert.DoesNotContain(Secret, answer.ToString(), StringComparison.Ordinal);
    }
}
