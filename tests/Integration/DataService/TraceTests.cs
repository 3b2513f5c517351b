using System.Net.Http.Headers;
using System.Net.Http.Json;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>The trace of a request goes into the log with what it writes, so that whoever follows the log can go on with it.</summary>
public sealed class TraceTests(PlatformServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/data/customers", "01", 1)]
    [InlineData("/data/customers", "00", 0)]
    [InlineData("/data/customers/bulk", "01", 1)]
    [InlineData("/data/customers/bulk", "00", 0)]
    public async Task A_traced_write_carries_its_trace_and_an_untraced_one_does_not(string path, string flags, long expected)
    {
        using var shop = await TestTenant.CreateAsync(servers.Services, Cancellation);
        var slot = $"trace_{Guid.NewGuid():N}";
        await servers.Superuser.ExecuteAsync("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", Cancellation, slot);
        try
        {
            var trace = Guid.NewGuid().ToString("N");
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                // One object is a row, and a line of NDJSON.
                Content = JsonContent.Create(new { first_name = "A", last_name = "B", address = "C", city = "Oslo", country = "Norway", email = "a@example.com" }, new MediaTypeHeaderValue(path.EndsWith("bulk", StringComparison.Ordinal) ? "application/x-ndjson" : "application/json")),
                Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-{flags}" } },
            };
            using var answer = await shop.Primary.SendAsync(request, Cancellation);
            await answer.RequireSuccessAsync();
            var found = await servers.Superuser.ReadAsync<long>(
                """
                SELECT count(*) FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL, 'proto_version', '1', 'publication_names', 'platform', 'messages', 'true')
                WHERE position(convert_to('platform.trace', 'UTF8') IN data) > 0 AND position(convert_to($2, 'UTF8') IN data) > 0
                """,
                Cancellation, slot, trace);
            Assert.Equal(expected, found);
        }
        finally
        {
            await servers.Superuser.ExecuteAsync("SELECT pg_drop_replication_slot($1)", CancellationToken.None, slot);
        }
    }
}
