using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Alerts;
using Platform.CdcAnalytics.Alerts.Delivery;
using Platform.CdcAnalytics.Series;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Alerts;

/// <summary>Rules over a source of series, told to a real web server and a real mail server, over restarts.</summary>
public sealed class AlertTests : IDisposable
{
    private const string Secret = "a secret that only these tests know: 0123456789";

    private readonly TemporaryFolder _folder = new();
    private readonly Levels _levels = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_webhook_is_told_once_and_signed_of_all_that_fire_together_and_of_their_end_although_it_refuses_at_first()
    {
        await using var webhook = await WebhookEndpoint.StartAsync(refusals: 2);
        using var host = await StartAsync(("Alerts:Webhook:Url", webhook.Url));
        _levels.Set(("jane", 20), ("steve", 30), ("margaret", 1));
        await Eventually.HoldsAsync(() => Task.FromResult((webhook.Deliveries.Count == 3, $"{webhook.Deliveries.Count} deliveries")), Deadline.Usual, Cancellation);
        Assert.Equal([true, true, false], webhook.Deliveries.Select(delivery => delivery.IsRefused));
        Assert.Single(webhook.Deliveries.Select(delivery => delivery.Id).Distinct());
        var told = webhook.Deliveries.Last();
        var alerts = JsonDocument.Parse(told.Body).RootElement.GetProperty("alerts").EnumerateArray().ToList();
        Assert.Equal(["level-high/jane", "level-high/steve"], alerts.Select(alert => alert.GetProperty("id").GetString()).Order());
        Assert.All(alerts, alert => Assert.Equal(("firing", "critical"), (alert.GetProperty("state").GetString(), alert.GetProperty("severity").GetString())));
        var seconds = long.Parse(told.Signature.Split(',')[0][2..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(told.Signature, WebhookReceiver.Sign(Secret, seconds, told.Body));

        _levels.Set(("jane", 2), ("steve", 30), ("margaret", 1));
        await Eventually.HoldsAsync(() => Task.FromResult((webhook.Deliveries.Count == 4, $"{webhook.Deliveries.Count} deliveries")), Deadline.Usual, Cancellation);
        var end = Assert.Single(JsonDocument.Parse(webhook.Deliveries.Last().Body).RootElement.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("level-high/jane", "resolved"), (end.GetProperty("id").GetString(), end.GetProperty("state").GetString()));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_mailbox_is_told_although_its_server_is_busy_at_first()
    {
        await using var mail = new SmtpServer(busy: 1);
        using var host = await StartAsync(
            ("Alerts:Mail:Host", "127.0.0.1"), ("Alerts:Mail:Port", $"{mail.Port}"), ("Alerts:Mail:Security", "None"),
            ("Alerts:Mail:From", "platform@example.com"), ("Alerts:Mail:To:0", "oncall@example.com"));
        _levels.Set(("jane", 20));
        await Eventually.HoldsAsync(() => Task.FromResult((mail.Mails.Count == 1, $"{mail.Mails.Count} mails, {mail.Refused} refused")), Deadline.Usual, Cancellation);
        Assert.Equal(1, mail.Refused);
        var text = mail.Mails.Single();
        Assert.Contains("Subject: [platform] 1 firing: level-high/jane", text, StringComparison.Ordinal);
        Assert.Contains("To: oncall@example.com", text, StringComparison.Ordinal);
        Assert.Contains("FIRING critical level-high/jane", text, StringComparison.Ordinal);
        Assert.Contains("level is 20, above 10", text, StringComparison.Ordinal);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_fires_and_what_was_told_and_silenced_is_known_after_a_restart()
    {
        await using var webhook = await WebhookEndpoint.StartAsync();
        DateTimeOffset since;
        using (var first = await StartAsync(("Alerts:Webhook:Url", webhook.Url)))
        {
            _levels.Set(("jane", 20));
            await ToldAsync(first, "level-high/jane");
            since = Book(first).Alerts.Single().Since;
            var silence = new Silence(Guid.NewGuid(), null, "steve", new Dictionary<string, string>(), TimeProvider.System.GetUtcNow().AddHours(1), "a test", "a test");
            Book(first).Add(silence);
            first.Services.GetRequiredService<AlertStore>().Write(Book(first).Alerts, [silence]);
            await first.StopAsync(Cancellation);
        }

        using var second = await StartAsync(("Alerts:Webhook:Url", webhook.Url));
        _levels.Set(("jane", 20), ("steve", 40), ("margaret", 50));
        await ToldAsync(second, "level-high/margaret");
        // Jane's was told by the first one, and nobody is told of Steve's.
        var told = webhook.Deliveries.Select(delivery => JsonDocument.Parse(delivery.Body).RootElement.GetProperty("alerts")[0].GetProperty("id").GetString());
        Assert.Equal(["level-high/jane", "level-high/margaret"], told);
        Assert.Equal(since, Book(second).Alerts.Single(alert => alert.Tenant == "jane").Since);
        Assert.Equal(AlertState.Firing, Book(second).Alerts.Single(alert => alert.Tenant == "steve").State);
        await second.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Rules_that_mean_nothing_are_told_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            ("Alerts:Rules:level-high:Above", ""), ("Alerts:Rules:other:Kind", "Anomaly"), ("Alerts:Webhook:Url", "http://localhost"), ("Alerts:Webhook:Secret", "short")));
        Assert.Equal(
            ["Alerts:Rules:level-high is a threshold and must have Above or Below.", "Alerts:Rules:other:Series is missing.", "Alerts:Webhook:Secret must have at least 32 characters: the receiver knows by it who sent the message."],
            refused.Failures.Order(StringComparer.Ordinal));
    }

    private static AlertBook Book(IHost host) => host.Services.GetRequiredService<AlertBook>();

    private static Task ToldAsync(IHost host, string alert) => Eventually.HoldsAsync(
        () => Task.FromResult((Book(host).Alerts.Any(known => known.Id == alert && known.Told.ContainsKey("webhook")), string.Join("; ", Book(host).Alerts))),
        Deadline.Usual,
        Cancellation);

    private async Task<IHost> StartAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Alerts:Interval"] = "00:00:00.050",
            ["Alerts:GroupWait"] = "00:00:00.200",
            ["Alerts:GroupInterval"] = "00:00:00",
            ["Alerts:Webhook:Secret"] = Secret,
            ["Alerts:Rules:level-high:Series"] = "level",
            ["Alerts:Rules:level-high:Scope"] = "Tenants",
            ["Alerts:Rules:level-high:Above"] = "10",
            ["Alerts:Rules:level-high:For"] = "00:00:00.100",
            ["Alerts:Rules:level-high:Severity"] = "Critical",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value.Length == 0 ? null : setting.Value, StringComparer.Ordinal));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => new WarehouseStore(new ContractSet([]), Options.Create(new WarehouseOptions { Path = _folder["alerts.duckdb"] })));
        builder.Services.AddSingleton<MetricHistory>();
        builder.Services.AddSingleton<IMetricSource>(_levels);
        builder.AddAlerts();
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    private sealed class Levels : IMetricSource
    {
        private (string Tenant, double Value)[] _values = [];

        public void Set(params (string Tenant, double Value)[] values) => Volatile.Write(ref _values, values);

        public IEnumerable<MetricPoint> Read(DateTimeOffset from, DateTimeOffset to) => Volatile.Read(ref _values).Select(level => new MetricPoint("level", level.Tenant, level.Value));
    }
}
