using System.ComponentModel.DataAnnotations;

namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>A mailbox that is told, by SMTP. Section <c>Alerts:Mail</c>.</summary>
public sealed class MailOptions
{
    /// <summary>The SMTP server; no mail is sent when it is missing.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default: 587.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected. Default: StartTls; None only within one machine.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Who signs in; nobody when it is missing.</summary>
    public string? User { get; set; }

    /// <summary>The password of that user.</summary>
    public string? Password { get; set; }

    /// <summary>The sender.</summary>
    public string? From { get; set; }

    /// <summary>Who gets it.</summary>
    public string[] To { get; set; } = [];
}

/// <summary>How a connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>TLS that begins within the connection; refused when the server has none.</summary>
    StartTls,

    /// <summary>TLS from the first byte on.</summary>
    Tls,

    /// <summary>Not at all.</summary>
    None,
}
