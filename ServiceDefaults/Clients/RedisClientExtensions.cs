using Aspire.StackExchange.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.ServiceDefaults.Clients;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Redis connections, named and configured as Aspire.StackExchange.Redis does it.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>Registers the <see cref="IConnectionMultiplexer"/> of a connection, with a health check.</summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, registered under the connection's name as key.</summary>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, name, configureSettings, configureOptions);

    private static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        var settings = ClientSettings.Read(
            builder.Configuration, Section, name, (s, connection) => s.ConnectionString = connection, configureSettings);

        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (_, _) =>
        {
            var options = ConfigurationOptions.Parse(ClientSettings.Require(settings.ConnectionString, name, Section));
            // The store may start after this process; commands fail until it is there, and the multiplexer keeps trying.
            options.AbortOnConnectFail = false;
            configureOptions?.Invoke(options);
            return ConnectionMultiplexer.Connect(options);
        });
        if (settings.DisableHealthChecks) return;

        var check = serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{name}";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check,
            provider => new RedisHealthCheck(provider.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey)),
            failureStatus: null, tags: null));
    }

    private sealed class RedisHealthCheck(IConnectionMultiplexer connection) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
            }
        }
    }
}
