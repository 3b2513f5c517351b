using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>
/// Posts messages as JSON. <c>X-Platform-Signature: t=(seconds),v1=(hex)</c> is the HMAC-SHA256 of <c>(seconds).(body)</c>: the receiver checks it, and that the seconds are not long ago.
/// <c>X-Platform-Delivery</c> is the message's id.
/// </summary>
internal sealed class WebhookReceiver(IHttpClientFactory clients, IOptions<AlertOptions> options, TimeProvider clock) : IAlertReceiver
{
    public const string ClientName = "alert-webhook", SignatureHeader = "X-Platform-Signature", DeliveryHeader = "X-Platform-Delivery";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public string Name => "webhook";

    public async Task TellAsync(AlertMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new { message.Id, message.SentAt, message.Subject, Alerts = message.Alerts.Select(alert => new
            {
                alert.Id, alert.Rule, alert.Tenant, alert.Series, alert.Severity, alert.State, alert.Summary, alert.Description, alert.Value, alert.Labels,
                alert.Since, alert.FiredAt, alert.ResolvedAt,
            }) },
            Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Webhook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add(SignatureHeader, Sign(options.Value.Webhook.Secret, clock.GetUtcNow().ToUnixTimeSeconds(), body));
        request.Headers.Add(DeliveryHeader, message.Id.ToString());
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new AlertDeliveryException($"It answered {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.Timeout.TimeoutRejectedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AlertDeliveryException(exception.Message, exception);
        }
    }

    /// <summary>The signature of a body at a time.</summary>
    public static string Sign(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        var time = seconds.ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
