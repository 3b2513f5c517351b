using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>Operators see and silence alerts through the gateway; nobody else does.</summary>
public sealed class AlertTests(PlatformFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_lists_and_silences_alerts_and_a_tenant_does_neither()
    {
        using var tenant = await fixture.Platform.TenantAsync("jane");
        Assert.Equal(HttpStatusCode.Forbidden, (await tenant.GetAsync("/alerts", Cancellation)).StatusCode);
        using var @operator = await fixture.Platform.OperatorAsync();
        Assert.Equal(JsonValueKind.Array, (await @operator.GetFromJsonAsync<JsonElement>("/alerts", Cancellation)).ValueKind);

        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        foreach (var refused in new object[] { new { until, comment = "of everything" }, new { rule = "some-rule", until }, new { rule = "some-rule", until = until.AddHours(-2), comment = "over" } })
            Assert.Equal(HttpStatusCode.BadRequest, (await @operator.PostAsJsonAsync("/alerts/silences", refused, Cancellation)).StatusCode);
        using var made = await @operator.PostAsJsonAsync("/alerts/silences", new { rule = "some-rule", until, comment = "planned maintenance" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var silences = await @operator.GetFromJsonAsync<JsonElement>("/alerts/silences", Cancellation);
        var silence = Assert.Single(silences.EnumerateArray(), silence => silence.GetProperty("rule").GetString() == "some-rule");
        Assert.Equal(("planned maintenance", "developer@operator"), (silence.GetProperty("comment").GetString(), silence.GetProperty("by").GetString()));
        var path = made.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.NoContent, (await @operator.DeleteAsync(path, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await @operator.DeleteAsync(path, Cancellation)).StatusCode);
    }
}
