using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Alerts.Delivery;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>Alert rules, and who is told. Section <c>Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>The rules by their names; <c>appsettings.json</c> has those that come with the platform.</summary>
    public IDictionary<string, AlertRule> Rules { get; set; } = new Dictionary<string, AlertRule>(StringComparer.Ordinal);

    /// <summary>Time between looks at the series. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first alert waits for others that are told with it. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan GroupWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Least time between two messages to one receiver; whatever happens meanwhile is in the next one. Default: 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan GroupInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After how long an alert that still fires is told again. Default: 4 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan RepeatInterval { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How long a resolved alert is listed. Default: 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan ResolvedRetention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The webhook that is told; none without an address.</summary>
    public WebhookOptions Webhook { get; set; } = new();

    /// <summary>The mailbox that is told; none without a server.</summary>
    [ValidateObjectMembers]
    public MailOptions Mail { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class AlertOptionsValidator : IValidateOptions<AlertOptions>;
