using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Alerts.Delivery;
using Platform.CdcAnalytics.Anomalies;
using Platform.CdcAnalytics.Series;
using Polly;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>Registration of the alerts and of the detection of unusual values that they use.</summary>
internal static class AlertExtensions
{
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AnomalyOptions>, AnomalyOptionsValidator>();
        services.AddOptions<AnomalyOptions>()
            .BindConfiguration("Anomalies", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<AnomalyWatch>();
        services.AddSingleton<IMinuteListener>(provider => provider.GetRequiredService<AnomalyWatch>());

        services.AddSingleton<IValidateOptions<AlertOptions>, AlertOptionsValidator>();
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertRuleValidation>();
        services.AddOptions<AlertOptions>()
            .BindConfiguration("Alerts", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton(provider => new AlertBook(provider.GetRequiredService<IOptions<AlertOptions>>().Value.ResolvedRetention));
        services.AddSingleton<AlertStore>();
        services.AddSingleton<RuleReader>();
        services.AddHostedService<AlertEvaluator>();
        services.AddReceivers(builder.Configuration);
        services.AddHostedService<AlertDispatcher>();
    }

    private static void AddReceivers(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Alerts:Mail:Host"] is { Length: > 0 }) services.AddSingleton<IAlertReceiver, MailReceiver>();
        if (configuration["Alerts:Webhook:Url"] is not { Length: > 0 }) return;
        services.AddSingleton<IAlertReceiver, WebhookReceiver>();
        services.AddHttpClient(WebhookReceiver.ClientName)
            // A signed message goes where it was meant to go.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .AddResilienceHandler("retry", retry => retry
                .AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 4, Delay = TimeSpan.FromMilliseconds(500), BackoffType = DelayBackoffType.Exponential, UseJitter = true })
                .AddTimeout(TimeSpan.FromSeconds(10)));
    }
}
