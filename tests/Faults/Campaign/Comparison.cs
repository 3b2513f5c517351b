using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.Faults.Campaign;

/// <summary>The platform's own comparison of source and warehouse at a position of the log.</summary>
internal static class Comparison
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Orders one and returns what it has shown. An attempt that a fault has disturbed is followed by another.</summary>
    public static async Task<JsonElement> RunAsync(RunningPlatform platform, CancellationToken cancellationToken)
    {
        using var @operator = await platform.OperatorAsync();
        var before = await LastAsync(@operator, cancellationToken);
        JsonElement? found = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    var state = await @operator.GetFromJsonAsync<JsonElement>("/verification", cancellationToken);
                    var last = state.GetProperty("last");
                    if (last.ValueKind == JsonValueKind.Object && last.GetProperty("at").GetString() != before && last.GetProperty("sources").EnumerateArray().All(source => source.GetProperty("problem").ValueKind == JsonValueKind.Null)) found = last;
                    else if (!state.GetProperty("isRunning").GetBoolean()) await @operator.PostAsync("/verification", content: null, cancellationToken);
                    return (found is not null, state.ToString());
                }
                catch (HttpRequestException exception)
                {
                    return (false, exception.Message);
                }
            },
            Patience,
            cancellationToken);
        return found!.Value;
    }

    /// <summary>Requires that both have the same rows.</summary>
    public static async Task RequireEqualAsync(RunningPlatform platform, CancellationToken cancellationToken)
    {
        var report = await RunAsync(platform, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Source(report).GetProperty("position")}: {Source(report).GetProperty("entities").EnumerateArray().Sum(entity => entity.GetProperty("sourceRows").GetInt64())} rows compared");
        Assert.True(report.GetProperty("isEqual").GetBoolean(), report.ToString());
    }

    /// <summary>What a report says of the only source.</summary>
    public static JsonElement Source(JsonElement report) => report.GetProperty("sources").EnumerateArray().Single();

    private static async Task<string?> LastAsync(HttpClient @operator, CancellationToken cancellationToken)
    {
        string? at = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    var last = (await @operator.GetFromJsonAsync<JsonElement>("/verification", cancellationToken)).GetProperty("last");
                    at = last.ValueKind == JsonValueKind.Object ? last.GetProperty("at").GetString() : null;
                    return (true, "");
                }
                catch (HttpRequestException exception)
                {
                    return (false, exception.Message);
                }
            },
            Patience,
            cancellationToken);
        return at;
    }
}
