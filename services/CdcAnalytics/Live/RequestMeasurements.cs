using Platform.Requests;

namespace Platform.CdcAnalytics.Live;

/// <summary>What a request adds to the metrics.</summary>
internal static class RequestMeasurements
{
    /// <summary>The metric of requests.</summary>
    public const string Requests = "requests";

    public static Measurement Of(RequestEvent request) => new(
        Requests, request.Tenant, request.Time, request.Weight,
        Errors: request.Status >= 500 ? request.Weight : 0,
        Duration: request.IsStream ? null : request.Duration);
}
