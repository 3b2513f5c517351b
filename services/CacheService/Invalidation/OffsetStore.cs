using System.Globalization;
using Confluent.Kafka;
using Platform.Caching;
using StackExchange.Redis;

namespace Platform.CacheService.Invalidation;

/// <summary>
/// How far the change topics have been applied to the cache, kept in the cache: they share their fate, so a cache that lost its rows
/// needs no history either.
/// </summary>
internal sealed class OffsetStore(IConnectionMultiplexer store)
{
    private const string BrokerField = "broker";

    /// <summary>The next offset of each partition; null when none are known for this broker, so that changes may have been missed.</summary>
    public async Task<Dictionary<TopicPartition, long>?> ReadAsync(string broker)
    {
        var entries = await store.GetDatabase().HashGetAllAsync(CacheLayout.Offsets);
        Dictionary<TopicPartition, long> offsets = [];
        var isSameBroker = false;
        foreach (var entry in entries)
        {
            var name = entry.Name.ToString();
            if (name == BrokerField)
            {
                isSameBroker = entry.Value == broker;
                continue;
            }

            var slash = name.LastIndexOf('/');
            offsets[new(name[..slash], int.Parse(name.AsSpan(slash + 1), CultureInfo.InvariantCulture))] = (long)entry.Value;
        }

        return isSameBroker ? offsets : null;
    }

    /// <summary>Keeps the next offset of each partition.</summary>
    public Task WriteAsync(string broker, IReadOnlyDictionary<TopicPartition, long> offsets) => store.GetDatabase().HashSetAsync(
        CacheLayout.Offsets,
        [new(BrokerField, broker), .. offsets.Select(o => new HashEntry($"{o.Key.Topic}/{o.Key.Partition.Value}", o.Value))]);
}
