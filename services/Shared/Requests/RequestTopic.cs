namespace Platform.Requests;

/// <summary>The topic of the gateway's requests, keyed by tenant.</summary>
public static class RequestTopic
{
    /// <summary>Its name.</summary>
    public const string Name = "platform.requests";
}
