namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>Somebody who is told of alerts.</summary>
internal interface IAlertReceiver
{
    /// <summary>Its name; what it has been told is kept under it.</summary>
    string Name { get; }

    /// <summary>Tells it; returns when it has taken the message, and tries again by itself for a while.</summary>
    /// <exception cref="AlertDeliveryException">It did not.</exception>
    Task TellAsync(AlertMessage message, CancellationToken cancellationToken);
}
