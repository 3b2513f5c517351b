namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>A receiver did not take a message.</summary>
internal sealed class AlertDeliveryException(string message, Exception? inner = null) : Exception(message, inner);
