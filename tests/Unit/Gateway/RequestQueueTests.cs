using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Gateway.Tracking;
using Xunit;

namespace Platform.Unit.Gateway;

public sealed class RequestQueueTests
{
    private const string Key = "a key that only these tests know: 0123456789";

    [Fact]
    public void A_queue_that_nobody_empties_never_holds_up_a_request_and_every_one_of_them_is_accounted_for()
    {
        using var queue = QueueOf(1024);
        const int requests = 100_000;
        for (var i = 0; i < requests; i++) Offer(queue);
        var waiting = 0;
        while (queue.Waiting.TryRead(out _)) waiting++;
        Assert.Equal(1024, waiting);
        Assert.Equal(requests, waiting + queue.Counts.SampledOut + queue.Counts.Overflowed);
    }

    [Fact]
    public void Until_half_of_the_queue_is_used_every_request_is_kept_with_weight_one()
    {
        using var queue = QueueOf(1000);
        for (var i = 0; i < 500; i++) Offer(queue);
        Assert.Equal((1, 500), (queue.SampleRate, queue.Waiting.Count));
        Offer(queue);
        Assert.Equal(2, queue.SampleRate);
        while (queue.Waiting.TryRead(out var request)) Assert.True(request.Weight is 1 or 2);
        Offer(queue);
        Assert.Equal(1, queue.SampleRate);
    }

    [Fact]
    public void The_sum_of_weights_estimates_all_requests_while_one_of_several_is_kept()
    {
        using var queue = QueueOf(16_384);
        var (offered, weights) = (0, 0L);
        // One leaves for each two that come, so the queue settles where one of two is kept.
        for (; offered < 200_000; offered++)
        {
            Offer(queue);
            if (offered % 2 == 0 && queue.Waiting.TryRead(out var request)) weights += request.Weight;
        }

        while (queue.Waiting.TryRead(out var rest)) weights += rest.Weight;
        Assert.Equal(0, queue.Counts.Overflowed);
        Assert.InRange(weights, offered * 0.98, offered * 1.02);
    }

    [Fact]
    public void An_address_has_one_name_a_day_and_another_one_on_the_next()
    {
        var hash = new AddressHash(Options.Create(new TrackingOptions { AddressKey = Key }));
        var address = IPAddress.Parse("203.0.113.7");
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(hash.Of(address, noon), hash.Of(address.MapToIPv6(), noon.AddHours(11)));
        Assert.NotEqual(hash.Of(address, noon), hash.Of(address, noon.AddDays(1)));
        Assert.NotEqual(hash.Of(address, noon), hash.Of(IPAddress.Parse("203.0.113.8"), noon));
        Assert.NotEqual(hash.Of(address, noon), new AddressHash(Options.Create(new TrackingOptions { AddressKey = Key + "!" })).Of(address, noon));
    }

    private static RequestQueue QueueOf(int capacity) =>
        new(Options.Create(new TrackingOptions { AddressKey = Key, QueueCapacity = capacity }), NullLogger<RequestQueue>.Instance);

    private static void Offer(RequestQueue queue)
    {
        if (queue.Keeps(out var weight)) queue.Add(new(default, default, null, null, "GET", null, "/", null, 200, false, null, null, null, weight));
    }
}
