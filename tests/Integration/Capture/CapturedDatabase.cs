using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.Contracts;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>A database with a publication of all its tables and a slot, whose log is read into a broker; and what the broker got.</summary>
internal sealed class CapturedDatabase : IAsyncDisposable
{
    private const string Publication = "everything";

    private readonly ScratchDatabase _database;
    private readonly ChangeProducer _producer;
    private readonly LogReader _reader;
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _bootstrapServers, _connectionString;
    private Task _reading = Task.CompletedTask;

    private CapturedDatabase(PlatformServers servers, ScratchDatabase database, string bootstrapServers, CaptureOptions options)
    {
        _database = database;
        _bootstrapServers = bootstrapServers;
        Options = options;
        _connectionString = servers.Primary.ConnectionString("platform_cdc", PlatformServers.Password, database.Name);
        Progress = new LogProgress(TimeProvider.System);
        _producer = new ChangeProducer(bootstrapServers, new ProducerOptions(), Progress);
        _reader = new LogReader(
            _producer, Progress, new ContractSet([]), TimeProvider.System, Microsoft.Extensions.Options.Options.Create(options), NullLogger<LogReader>.Instance);
    }

    public CaptureOptions Options { get; }

    public LogProgress Progress { get; }

    /// <summary>Connections that may do everything.</summary>
    public NpgsqlDataSource Superuser => _database.Superuser;

    /// <summary>Makes the database and its slot.</summary>
    /// <param name="servers">Where.</param>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="tables">Statements that make what is there before the slot.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="configure">Changes how it is captured.</param>
    public static async Task<CapturedDatabase> CreateAsync(
        PlatformServers servers, string bootstrapServers, string tables, CancellationToken cancellationToken, Action<CaptureOptions>? configure = null)
    {
        var database = await ScratchDatabase.CreateAsync(servers, cancellationToken);
        var options = new CaptureOptions { Slot = database.Name, Publication = Publication, TopicPrefix = database.Name, ConfirmAfter = ConfirmAfter.BrokerAcknowledgement };
        configure?.Invoke(options);
        await database.Superuser.ExecuteAsync(tables, cancellationToken);
        await database.Superuser.ExecuteAsync($"CREATE PUBLICATION {Publication} FOR ALL TABLES", cancellationToken);
        await database.Superuser.ExecuteAsync("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", cancellationToken, options.Slot);
        return new(servers, database, bootstrapServers, options);
    }

    /// <summary>Begins to read the log.</summary>
    public void Start() => _reading = _reader.ReadAsync(_connectionString, _stopping.Token);

    /// <summary>Runs statements, each in its own transaction but for those between BEGIN and COMMIT.</summary>
    public async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await Superuser.OpenConnectionAsync(cancellationToken);
        foreach (var statement in sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the broker has everything committed until now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Deadline.Usual);
        var lsn = await Superuser.ReadAsync<NpgsqlTypes.NpgsqlLogSequenceNumber>("SELECT pg_current_wal_lsn()", patience.Token);
        var delivered = Progress.WaitForDeliveredAsync((ulong)lsn, patience.Token);
        if (await Task.WhenAny(delivered, _reading) == _reading) await _reading;
        await delivered;
        Assert.Null(Progress.Failure);
    }

    /// <summary>Every message of a topic in the order in which it was sent: by the change's place in the log, and tombstones behind their deletion.</summary>
    public IReadOnlyList<CapturedMessage> Read(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = _bootstrapServers, GroupId = "test", FetchWaitMaxMs = 20 })
            .SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        List<CapturedMessage> messages = [];
        foreach (var partition in admin.GetMetadata(topic, Deadline.Usual).Topics[0].Partitions.Select(p => new TopicPartition(topic, p.PartitionId)))
        {
            var end = consumer.QueryWatermarkOffsets(partition, Deadline.Usual).High;
            consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
            (ulong, long) place = default;
            for (var next = 0L; next < end;)
            {
                var consumed = consumer.Consume(Deadline.Usual) ?? throw new TimeoutException($"{partition} ends before offset {end}.");
                next = consumed.Offset + 1;
                var message = CapturedMessage.Of(consumed, place);
                place = message.Place;
                messages.Add(message);
            }
        }

        // A tombstone without a key may be in any partition; all of them are alike.
        var anywhere = new Queue<CapturedMessage>(messages.Where(message => message is { Key: null, Value: null }));
        List<CapturedMessage> ordered = [];
        foreach (var message in messages.Where(message => message.Key is not null || message.Value is not null).OrderBy(message => message.Place).ThenBy(message => message.IsTombstone))
        {
            ordered.Add(message);
            if (message.Key is null && message.Operation == "d" && anywhere.TryDequeue(out var tombstone)) ordered.Add(tombstone);
        }

        return [.. ordered, .. anywhere];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _producer.Dispose();
        await _database.Superuser.ExecuteAsync(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", CancellationToken.None, Options.Slot);
        await _database.DisposeAsync();
        _stopping.Dispose();
    }
}

/// <summary>A message of a change topic.</summary>
/// <param name="Place">The change's commit position and place in its transaction.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record CapturedMessage((ulong Commit, long Ordinal) Place, JsonNode? Key, JsonNode? Value, IReadOnlyDictionary<string, string> Headers)
{
    public bool IsTombstone => Value is null;

    /// <summary>Debezium's letter; null where there is none.</summary>
    public string? Operation => Payload?["op"]?.GetValue<string>();

    /// <summary>The value without its schema.</summary>
    public JsonNode? Payload => Value is JsonObject { Count: 2 } both && both.ContainsKey("schema") ? both["payload"] : Value;

    public static CapturedMessage Of(ConsumeResult<byte[], byte[]> consumed, (ulong, long) before)
    {
        var value = Parse(consumed.Message.Value);
        var message = new CapturedMessage(
            before, Parse(consumed.Message.Key), value, consumed.Message.Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()), StringComparer.Ordinal));
        return message.Payload is not { } payload ? message : message with { Place = PlaceOf(payload) };
    }

    // Begin and end of a transaction stand before and behind everything else in it.
    private static (ulong, long) PlaceOf(JsonNode payload) => payload["transaction"] is { } transaction
        ? (CommitOf(transaction["id"]), transaction["total_order"]!.GetValue<long>())
        : (CommitOf(payload["id"]), payload["status"]?.GetValue<string>() == "END" ? long.MaxValue : 0);

    private static ulong CommitOf(JsonNode? id) =>
        id?.GetValue<string>() is { } text ? ulong.Parse(text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture) : 0;

    private static JsonNode? Parse(byte[]? json) => json is null ? null : JsonNode.Parse(json);
}
