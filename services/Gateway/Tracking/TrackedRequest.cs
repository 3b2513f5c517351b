using System.Net;

namespace Platform.Gateway.Tracking;

/// <summary>What the request's own thread notes; everything that costs time happens later.</summary>
internal readonly record struct TrackedRequest(
    DateTimeOffset Time,
    TimeSpan Duration,
    string? Tenant,
    string? User,
    string Method,
    string? Route,
    string Path,
    string? Query,
    int Status,
    bool IsStream,
    string? UserAgent,
    IPAddress? Address,
    string? Referrer,
    int Weight);
