using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Gateway.Authentication;
using Platform.Gateway.Tracking;

namespace Platform.Benchmarks.Tracking;

/// <summary>What noting a request costs the request: when there is room, and when the queue is full because nothing is sent.</summary>
internal sealed class TrackingCommand : Command
{
    private const int Requests = 1_000_000;

    public TrackingCommand() : base("tracking", "Measures what request tracking adds to a request.") => SetAction((_, _) => RunAsync());

    private static async Task<int> RunAsync()
    {
        var table = new ResultTable("request", "time added", "bytes allocated");
        foreach (var (name, isRead) in new[] { ("the queue is emptied", true), ("the queue is full: no broker answers", false) })
        {
            using var queue = new RequestQueue(Microsoft.Extensions.Options.Options.Create(new TrackingOptions()), NullLogger<RequestQueue>.Instance);
            var tracker = new RequestTracker(queue, Microsoft.Extensions.Options.Options.Create(new CallerOptions()), TimeProvider.System);
            var context = Context();
            await MeasureAsync(tracker, queue, context, isRead);
            var (tracked, bytes) = await MeasureAsync(tracker, queue, context, isRead);
            table.Add(name, string.Create(CultureInfo.InvariantCulture, $"{tracked.TotalMicroseconds / Requests:0.00} µs"), (bytes / Requests).ToString(CultureInfo.InvariantCulture));
        }

        Console.WriteLine(table);
        return 0;
    }

    private static async Task<(TimeSpan Time, long Bytes)> MeasureAsync(RequestTracker tracker, RequestQueue queue, HttpContext context, bool isRead)
    {
        var (bytes, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var i = 0; i < Requests; i++)
        {
            await tracker.InvokeAsync(context, static _ => Task.CompletedTask);
            if (isRead) queue.Waiting.TryRead(out _);
        }

        return (Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/data/orders";
        context.Request.QueryString = new("?total=gt.9&limit=3");
        context.Request.Headers.UserAgent = "curl/8.0";
        context.Request.Headers.Referer = "https://shop.example.com/cart?session=1";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        return context;
    }
}
