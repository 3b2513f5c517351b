using System.Collections.Frozen;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Platform.Contracts;

namespace Platform.Changes;

/// <summary>The change topics of all entities, <c>cdc.{schema}.{table}</c>, as one client's broker has them.</summary>
public sealed class ChangeTopics : IDisposable
{
    /// <summary>
    /// Begins the name of a topic that only a broker without a disk has. The rest of the name is made at each of its starts, when it has
    /// forgotten everything.
    /// </summary>
    public const string InMemoryMark = "in-memory-broker.";

    /// <summary>The schema of the tables that the contracts describe.</summary>
    public const string Schema = "app";

    /// <summary>How every topic of changes is named, for telemetry that speaks of several.</summary>
    public const string Template = "cdc.{schema}.{table}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IAdminClient _admin;
    private readonly FrozenDictionary<string, EntityContract> _entities;
    private bool _isDurable;

    /// <summary>
    /// Asks on connections of its own: a broker answers the questions on a connection one after the other, and behind a reader's, which waits for news, all others would wait.
    /// </summary>
    public ChangeTopics(string bootstrapServers, ContractSet contracts)
    {
        // What goes wrong with the broker is in the readers' log.
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).SetLogHandler((_, _) => { }).Build();
        _entities = contracts.Entities.ToFrozenDictionary(entity => NameOf(Schema, entity.Name), StringComparer.Ordinal);
    }

    /// <summary>The topic of a table's changes.</summary>
    public static string NameOf(string schema, string table) => $"cdc.{schema}.{table}";

    /// <summary>The entity whose changes a topic holds.</summary>
    public EntityContract EntityOf(string topic) => _entities[topic];

    /// <summary>Every partition of the topics; a topic that does not exist yet is created by the broker when it is asked for.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or does not create topics by itself.</exception>
    public IReadOnlyList<TopicPartition> Partitions()
    {
        // One question for those that are there, and one more for each that has to be made.
        var known = _admin.GetMetadata(Patience).Topics.Where(topic => topic.Partitions.Count > 0).ToDictionary(topic => topic.Topic, topic => topic.Partitions, StringComparer.Ordinal);
        List<TopicPartition> partitions = [];
        foreach (var topic in _entities.Keys)
        {
            var found = known.TryGetValue(topic, out var there) ? there : Find(topic);
            partitions.AddRange(found.OrderBy(p => p.PartitionId).Select(p => new TopicPartition(topic, p.PartitionId)));
        }

        return partitions;
    }

    /// <summary>The partition of the <see cref="PositionMark"/>s; created like the others.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or does not create topics by itself.</exception>
    public TopicPartition Marks()
    {
        _ = Find(PositionMark.Partition.Topic);
        return PositionMark.Partition;
    }

    /// <summary>The partition of the <see cref="SnapshotMark"/>s; created like the others.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or does not create topics by itself.</exception>
    public TopicPartition Snapshots()
    {
        _ = Find(SnapshotMark.Partition.Topic);
        return SnapshotMark.Partition;
    }

    /// <summary>
    /// Creates the topics that a broker with a disk does not have yet. Those of changes keep everything for a while, and then the last change of each row for ever
    /// (compaction), so that a new reader gets the whole table; those of marks keep the last marks.
    /// </summary>
    /// <param name="partitions">Partitions of a topic of changes.</param>
    /// <param name="history">How long every change is kept.</param>
    /// <param name="largestMessage">Largest message in bytes.</param>
    /// <param name="replicas">Copies of each partition; the broker's default when it is -1.</param>
    /// <exception cref="KafkaException">The broker does not answer, or refuses.</exception>
    public async Task CreateMissingAsync(int partitions, TimeSpan history, int largestMessage, short replicas)
    {
        var known = _admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
        // A broker in memory makes topics when they are asked for, and knows no other way.
        if (known.Any(topic => topic.StartsWith(InMemoryMark, StringComparison.Ordinal))) return;
        List<TopicSpecification> missing =
        [
            .. _entities.Keys.Select(topic => Specification(topic, partitions, new()
            {
                ["cleanup.policy"] = "compact", ["min.compaction.lag.ms"] = Milliseconds(history), ["delete.retention.ms"] = Milliseconds(history),
                ["max.message.bytes"] = largestMessage.ToString(CultureInfo.InvariantCulture),
            })),
            .. new[] { PositionMark.Partition.Topic, SnapshotMark.Partition.Topic }.Select(topic => Specification(topic, 1, new()
            {
                ["cleanup.policy"] = "delete", ["retention.ms"] = Milliseconds(history),
            })),
        ];
        missing.RemoveAll(topic => known.Contains(topic.Name));
        if (missing.Count == 0) return;
        try
        {
            await _admin.CreateTopicsAsync(missing, new() { RequestTimeout = Patience, OperationTimeout = Patience });
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Somebody else was as fast.
        }

        TopicSpecification Specification(string topic, int count, Dictionary<string, string> settings) =>
            new() { Name = topic, NumPartitions = count, ReplicationFactor = replicas, Configs = settings };

        static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Names the broker's data: as long as the name is the same, an offset means the same event. It is the cluster's id, or the mark of a
    /// broker without a disk.
    /// </summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<string> ReadIdentityAsync(CancellationToken cancellationToken)
    {
        if (!_isDurable)
        {
            var topics = await Task.Run(() => _admin.GetMetadata(Patience).Topics, cancellationToken);
            if (topics.Find(t => t.Topic.StartsWith(InMemoryMark, StringComparison.Ordinal)) is { } mark) return mark.Topic;
        }

        var cluster = await _admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = Patience }).WaitAsync(cancellationToken);
        _isDurable = true;
        return cluster.ClusterId;
    }

    /// <inheritdoc />
    public void Dispose() => _admin.Dispose();

    private List<PartitionMetadata> Find(string topic)
    {
        var found = _admin.GetMetadata(topic, Patience).Topics.Find(t => t.Topic == topic)?.Partitions ?? [];
        return found.Count > 0 ? found
            : throw new KafkaException(new Error(ErrorCode.UnknownTopicOrPart, $"The broker has no topic {topic} and has not created it."));
    }
}
