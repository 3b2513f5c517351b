namespace Platform.Gateway.Tracking;

/// <summary>What became of the requests since the gateway started.</summary>
/// <param name="Sent">Events that the broker has.</param>
/// <param name="SampledOut">Requests for which another one stands, by its weight.</param>
/// <param name="Overflowed">Requests that found the queue full: no event stands for them.</param>
/// <param name="Undelivered">Events that the broker did not take: nothing stands for them.</param>
public sealed record TrackingCounts(long Sent, long SampledOut, long Overflowed, long Undelivered);
