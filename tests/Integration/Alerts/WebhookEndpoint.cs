using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Integration.Alerts;

/// <summary>A web server that takes messages, and refuses the first ones when told to.</summary>
internal sealed class WebhookEndpoint : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _refusals;

    private WebhookEndpoint(int refusals)
    {
        _refusals = refusals;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapPost("/alerts", async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var isRefused = Interlocked.Decrement(ref _refusals) >= 0;
            Deliveries.Enqueue(new(body.ToArray(), http.Request.Headers["X-Platform-Signature"].ToString(), http.Request.Headers["X-Platform-Delivery"].ToString(), isRefused));
            http.Response.StatusCode = isRefused ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status204NoContent;
        });
    }

    public ConcurrentQueue<Delivery> Deliveries { get; } = [];

    public string Url => _server.Urls.Single() + "/alerts";

    public static async Task<WebhookEndpoint> StartAsync(int refusals = 0)
    {
        var endpoint = new WebhookEndpoint(refusals);
        await endpoint._server.StartAsync();
        return endpoint;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A message as it came.</summary>
    internal sealed record Delivery(byte[] Body, string Signature, string Id, bool IsRefused);
}
