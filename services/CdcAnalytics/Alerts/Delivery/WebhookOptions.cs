namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>A web address that is told. Section <c>Alerts:Webhook</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Where messages are posted; none when it is missing.</summary>
    public Uri? Url { get; set; }

    /// <summary>Secret that signs them: at least 32 characters, known to the receiver.</summary>
    public string Secret { get; set; } = "";
}
