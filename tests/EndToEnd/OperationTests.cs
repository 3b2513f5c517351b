using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>Operators run capture, dead letters and the lake through the gateway; nobody else does.</summary>
public sealed class OperationTests(PlatformFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/capture")]
    [InlineData("/dead-letters")]
    [InlineData("/lake")]
    [InlineData("/verification")]
    public async Task Operators_see_it_and_tenants_do_not(string path)
    {
        using var tenant = await fixture.Platform.TenantAsync("jane");
        Assert.Equal(HttpStatusCode.Forbidden, (await tenant.GetAsync(path, Cancellation)).StatusCode);
        using var @operator = await fixture.Platform.OperatorAsync();
        using var answer = await @operator.GetAsync(path, Cancellation);
        await answer.RequireSuccessAsync();
    }

    [Fact]
    public async Task Each_source_is_shown_held_and_let_go_by_itself_and_the_default_one_stays()
    {
        using var @operator = await fixture.Platform.OperatorAsync();
        var capture = await @operator.GetFromJsonAsync<JsonElement>("/capture", Cancellation);
        var source = Assert.Single(capture.GetProperty("sources").EnumerateArray().ToList());
        Assert.Equal(("postgres", "platform", "platform_cdc"), (Text(source, "cluster"), Text(source, "database"), Text(source, "slot")));
        Assert.Contains("jane", source.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetString()));

        await OrderAsync("pause", HttpStatusCode.NoContent);
        await ShowsAsync("paused");
        await OrderAsync("resume", HttpStatusCode.NoContent);
        await ShowsAsync("streaming");
        using var unknown = await @operator.PostAsync("/capture/north/platform/pause", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var refused = await @operator.DeleteAsync("/capture/postgres/platform", Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);

        async Task OrderAsync(string order, HttpStatusCode expected)
        {
            using var answer = await @operator.PostAsync($"/capture/postgres/platform/{order}", content: null, Cancellation);
            Assert.Equal(expected, answer.StatusCode);
        }

        Task ShowsAsync(string activity) => Eventually.HoldsAsync(
            async () =>
            {
                var shown = Text(await @operator.GetFromJsonAsync<JsonElement>("/capture/postgres/platform", Cancellation), "activity");
                return (shown == activity, shown);
            },
            TimeSpan.FromSeconds(60),
            Cancellation);

        static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task A_snapshot_is_ordered_and_done_and_a_wrong_order_is_explained()
    {
        using var @operator = await fixture.Platform.OperatorAsync();
        using var refused = await @operator.PostAsJsonAsync(
            "/capture/snapshots", new { entities = new[] { "customer" }, filters = new[] { new { column = "tenant_id", @operator = "like", value = "j" } } }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("There is no entity 'customer'", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        using var ordered = await @operator.PostAsJsonAsync(
            "/capture/snapshots", new { entities = new[] { "customers" }, filters = new[] { new { column = "tenant_id", @operator = "eq", value = "jane" } } }, Cancellation);
        await ordered.RequireSuccessAsync();
        var id = (await ordered.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetString();
        await Eventually.HoldsAsync(
            async () =>
            {
                var all = await @operator.GetFromJsonAsync<JsonElement>("/capture/snapshots", Cancellation);
                var status = all.EnumerateArray().Single(snapshot => snapshot.GetProperty("id").GetString() == id).GetProperty("status").GetString();
                return (status == "done", status!);
            },
            TimeSpan.FromSeconds(60),
            Cancellation);
    }

    [Fact]
    public async Task The_warehouse_is_filled_again_from_the_lake_and_equals_the_database()
    {
        using var @operator = await fixture.Platform.OperatorAsync();
        using var ordered = await @operator.PostAsync("/lake/rebuild", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        await Eventually.HoldsAsync(
            async () =>
            {
                var rebuild = (await @operator.GetFromJsonAsync<JsonElement>("/lake", Cancellation)).GetProperty("rebuild");
                return (rebuild.GetProperty("endedAt").ValueKind != JsonValueKind.Null && rebuild.GetProperty("failure").ValueKind == JsonValueKind.Null, rebuild.ToString());
            },
            TimeSpan.FromSeconds(60),
            Cancellation);

        var rebuilt = TimeProvider.System.GetUtcNow();
        using var compared = await @operator.PostAsync("/verification", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, compared.StatusCode);
        await Eventually.HoldsAsync(
            async () =>
            {
                var last = (await @operator.GetFromJsonAsync<JsonElement>("/verification", Cancellation)).GetProperty("last");
                if (last.ValueKind == JsonValueKind.Null || last.GetProperty("at").GetDateTimeOffset() < rebuilt) return (false, last.ToString());
                Assert.True(last.GetProperty("isEqual").GetBoolean(), last.ToString());
                return (true, "");
            },
            TimeSpan.FromSeconds(60),
            Cancellation);
    }
}
