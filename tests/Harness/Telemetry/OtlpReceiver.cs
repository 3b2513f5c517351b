using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Harness.Telemetry;

/// <summary>A collector: takes traces, metrics and logs by OTLP over HTTP, in protobuf, and keeps them.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentDictionary<ReceivedMetric, bool> _metrics = new();
    private readonly ConcurrentQueue<ReceivedLog> _logs = new();

    private OtlpReceiver(WebApplication application)
    {
        _application = application;
        application.MapPost("/v1/traces", request => Take(request, body => Add(_spans, OtlpDecoder.Spans(body))));
        application.MapPost("/v1/logs", request => Take(request, body => Add(_logs, OtlpDecoder.Logs(body))));
        application.MapPost("/v1/metrics", request => Take(request, body =>
        {
            foreach (var metric in OtlpDecoder.Metrics(body)) _metrics.TryAdd(metric, true);
        }));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_application.Urls.First());

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>The metrics so far, each once.</summary>
    public IReadOnlyList<ReceivedMetric> Metrics => [.. _metrics.Keys];

    /// <summary>The log records so far.</summary>
    public IReadOnlyList<ReceivedLog> Logs => [.. _logs];

    /// <summary>Listens on a free port of the loopback address.</summary>
    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._application.StartAsync();
        return receiver;
    }

    /// <summary>Has every service of a platform send its telemetry here.</summary>
    public void Collect(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(project)
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", Address.ToString()).WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                // As in production; in Development the host has everything sampled, whatever the caller says.
                .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static async Task Take(HttpContext request, Action<ReadOnlySpan<byte>> add)
    {
        using var body = new MemoryStream();
        await request.Request.Body.CopyToAsync(body, request.RequestAborted);
        add(body.GetBuffer().AsSpan(0, (int)body.Length));
        request.Response.ContentType = "application/x-protobuf";
    }

    private static void Add<T>(ConcurrentQueue<T> received, List<T> records) => records.ForEach(received.Enqueue);
}
