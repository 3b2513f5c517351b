using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Polly;
using Polly.Retry;

namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>Sends messages as mail, in plain text.</summary>
internal sealed class MailReceiver(IOptions<AlertOptions> options, TimeProvider clock) : IAlertReceiver
{
    private readonly ResiliencePipeline _retrying = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsOfTheMoment),
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    public string Name => "mail";

    private MailOptions Mail => options.Value.Mail;

    public async Task TellAsync(AlertMessage message, CancellationToken cancellationToken)
    {
        using var mail = Write(message);
        try
        {
            await _retrying.ExecuteAsync(async token => await SendAsync(mail, token), cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException)
        {
            throw new AlertDeliveryException(exception.Message, exception);
        }
    }

    // What the server refuses for good (5xx), and a wrong password, it refuses the next time as well.
    private static bool IsOfTheMoment(Exception exception) => exception switch
    {
        SmtpCommandException refused => (int)refused.StatusCode < 500,
        _ => exception is SocketException or IOException or ProtocolException,
    };

    private async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient { Timeout = 10_000 };
        var security = Mail.Security switch
        {
            MailSecurity.StartTls => SecureSocketOptions.StartTls,
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        };
        await client.ConnectAsync(Mail.Host!, Mail.Port, security, cancellationToken);
        if (Mail.User is { } user) await client.AuthenticateAsync(user, Mail.Password ?? "", cancellationToken);
        await client.SendAsync(mail, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    private MimeMessage Write(AlertMessage message)
    {
        var mail = new MimeMessage { Subject = message.Subject, MessageId = $"{message.Id}@platform", Date = message.SentAt };
        mail.From.Add(MailboxAddress.Parse(Mail.From!));
        mail.To.AddRange(Mail.To.Select(MailboxAddress.Parse));
        mail.Body = new TextPart("plain") { Text = string.Join("\n\n", message.Alerts.Select(Paragraph)) + "\n" };
        return mail;
    }

    private static string Paragraph(Alert alert)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"{alert.Since:yyyy-MM-dd HH:mm:ss} UTC");
        var text = $"{alert.State.ToString().ToUpperInvariant()} {alert.Severity.ToString().ToLowerInvariant()} {alert.Id}\n{alert.Summary}, since {since}";
        return alert.Description.Length == 0 ? text : $"{text}\n{alert.Description}";
    }
}
