using System.Text.Json;

namespace Platform.Requests;

/// <summary>
/// One request as the gateway answered it. It holds no secret: no header but the two named here, no query value, no body, and the caller's address only
/// as a keyed hash that changes every day.
/// </summary>
public sealed record RequestEvent
{
    /// <summary>Names the event; whoever sees it twice has it twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The tenant of the verified token; null for operators and for callers without a token.</summary>
    public string? Tenant { get; init; }

    /// <summary>Subject of the verified token; null without one.</summary>
    public string? User { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The pattern of the route that took it, as <c>/data/{entity}/{**path}</c>; null when none did.</summary>
    public string? Route { get; init; }

    /// <summary>The path asked for, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Names of the query's parameters, without their values, joined by <c>&amp;</c>; null without a query.</summary>
    public string? Query { get; init; }

    /// <summary>Status of the answer; 499 when the caller went away before there was one.</summary>
    public required int Status { get; init; }

    /// <summary>Milliseconds from the arrival to the end of the answer.</summary>
    public required double Duration { get; init; }

    /// <summary>True for an answer that goes on until the caller leaves; how long it took says nothing about the platform.</summary>
    public bool IsStream { get; init; }

    /// <summary>What the caller says it is.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Keyed hash of the caller's address: the same for one address on one day (UTC), and nothing else.</summary>
    public string? Client { get; init; }

    /// <summary>Where the caller says it comes from, without the query.</summary>
    public string? Referrer { get; init; }

    /// <summary>How many requests this one stands for: 1, or more while the gateway keeps only one of so many.</summary>
    public required double Weight { get; init; }

    /// <summary>The event as JSON.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <summary>Reads an event.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RequestEvent Decode(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<RequestEvent>(json, JsonSerializerOptions.Web) ?? throw new JsonException("The event is empty.");
}
