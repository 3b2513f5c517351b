using Aspire.Npgsql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Clients;

namespace Microsoft.Extensions.Hosting;

/// <summary>Postgres data sources, named and configured as Aspire.Npgsql does it.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>Registers the <see cref="NpgsqlDataSource"/> of a connection, with a health check, spans and metrics.</summary>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureDataSourceBuilder);

    /// <summary>As <see cref="AddNpgsqlDataSource"/>, registered under the connection's name as key.</summary>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null) =>
        Add(builder, name, name, configureSettings, configureDataSourceBuilder);

    private static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<NpgsqlSettings>? configureSettings,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder)
    {
        var settings = ClientSettings.Read(
            builder.Configuration, Section, name, (s, connection) => s.ConnectionString = connection, configureSettings);

        builder.Services.AddNpgsqlDataSource(
            settings.ConnectionString ?? "",
            source =>
            {
                _ = ClientSettings.Require(settings.ConnectionString, name, Section);
                configureDataSourceBuilder?.Invoke(source);
            },
            serviceKey: serviceKey);

        if (!settings.DisableHealthChecks)
        {
            var check = serviceKey is null ? "PostgreSql" : $"PostgreSql_{name}";
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                check,
                provider => new NpgsqlHealthCheck(serviceKey is null
                    ? provider.GetRequiredService<NpgsqlDataSource>()
                    : provider.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey)),
                failureStatus: null, tags: null));
        }

        if (!settings.DisableTracing) builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddNpgsql());
        if (!settings.DisableMetrics) builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("Npgsql"));
    }

    private sealed class NpgsqlHealthCheck(NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = source.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException exception)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
            }
        }
    }
}
