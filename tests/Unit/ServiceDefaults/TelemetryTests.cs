using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.Harness;
using Platform.Harness.Telemetry;
using Platform.Local;
using Xunit;

namespace Platform.Unit.ServiceDefaults;

public sealed class TelemetryTests
{
    // What a service may take to end; with the SDK's own limits it takes several times as long.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public Task A_service_whose_collector_is_down_ends_in_time(string protocol) => EndsInTimeAsync(LoopbackPort.Free(), protocol);

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_service_whose_collector_does_not_answer_ends_in_time(string protocol)
    {
        // Connections are made and nobody ever reads from them.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await EndsInTimeAsync(((IPEndPoint)silent.LocalEndpoint).Port, protocol);
    }

    [Fact]
    public async Task What_is_left_when_a_service_ends_is_sent()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var service = Service(collector.Address.ToString(), "http/protobuf"))
        {
            await service.StartAsync(Cancellation);
            await UseAsync(service);
            await service.StopAsync(Cancellation);
        }

        Assert.Contains(collector.Spans, span => span.Name == "GET /work");
        Assert.Contains(collector.Metrics, metric => metric.Name == "http.server.request.duration");
        Assert.Contains(collector.Logs, log => log.Body == "Working on 7" && log.Attributes["Piece"] == "7");
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_collected()
    {
        await using var service = Service(collector: "", "grpc", builder =>
        {
            builder.AddNpgsqlDataSource("platform");
            builder.AddRedisClient("cache");
        });
        Assert.Null(service.Services.GetService<TracerProvider>());
        Assert.Null(service.Services.GetService<MeterProvider>());
    }

    private static async Task EndsInTimeAsync(int port, string protocol)
    {
        await using var service = Service($"http://127.0.0.1:{port}", protocol);
        await service.StartAsync(Cancellation);
        await UseAsync(service);
        var began = Stopwatch.GetTimestamp();
        await service.StopAsync(Cancellation);
        await service.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, LongestEnd);
    }

    private static async Task UseAsync(WebApplication service)
    {
        using var client = new HttpClient { BaseAddress = new(service.Urls.First()) };
        using var answer = await client.GetAsync("/work", Cancellation);
        await answer.RequireSuccessAsync();
    }

    private static WebApplication Service(string collector, string protocol, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        builder.Configuration["Identity:Key"] = "a key that only these tests know: 0123456789";
        builder.Configuration["ConnectionStrings:platform"] = "Host=localhost";
        builder.Configuration["ConnectionStrings:cache"] = "localhost:1,abortConnect=false";
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var service = builder.Build();
        service.Urls.Add("http://127.0.0.1:0");
        service.MapGet("/work", (ILogger<TelemetryTests> logger) =>
        {
            logger.Working(7);
            return "done";
        });
        return service;
    }
}

internal static partial class WorkLog
{
    [LoggerMessage(1, LogLevel.Information, "Working on {Piece}")]
    public static partial void Working(this ILogger logger, int piece);
}
