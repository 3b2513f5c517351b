using System.Text;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Tells where transactions begin and end
/// (<see href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-transaction-metadata">Debezium's transaction
/// metadata</see>), for who wants to see a transaction's changes together. Not thread-safe.
/// </summary>
internal sealed class TransactionTopic(ChangeProducer producer, LogProgress progress, CaptureOptions options)
{
    private static readonly byte[] KeySchema = Encoding.UTF8.GetBytes($$"""{"schema":{{ConnectSchema.Struct(
        [ConnectSchema.Field("string", isOptional: false, "id")], isOptional: false, "io.debezium.connector.common.TransactionMetadataKey", version: 1)}},"payload":""");

    private static readonly byte[] ValueSchema = Encoding.UTF8.GetBytes($$"""{"schema":{{ConnectSchema.Struct(
        [
            ConnectSchema.Field("string", isOptional: false, "status"), ConnectSchema.Field("string", isOptional: false, "id"),
            ConnectSchema.Field("int64", isOptional: true, "event_count"),
            $$"""{"type":"array","items":{{ConnectSchema.Struct(
                [ConnectSchema.Field("string", isOptional: false, "data_collection"), ConnectSchema.Field("int64", isOptional: false, "event_count")],
                isOptional: true, "event.collection", version: 1)}},"optional":true,"field":"data_collections"}""",
            ConnectSchema.Field("int64", isOptional: false, "ts_ms"),
        ],
        isOptional: false, "io.debezium.connector.common.TransactionMetadataValue", version: 1)}},"payload":""");

    private readonly TopicHandle _topic = producer.Topic($"{options.SourceName}.transaction");
    private readonly JsonBuffer _key = new(256), _value = new(1024);

    /// <summary>A transaction's first change is about to be sent.</summary>
    public void Begin(in ChangePlace transaction, long ticket)
    {
        BeginValue(transaction, "BEGIN"u8);
        _value.Raw("null,\"data_collections\":null"u8);
        Send(transaction, ticket);
    }

    /// <summary>A transaction's last change has been sent.</summary>
    /// <param name="transaction">The place of that change.</param>
    /// <param name="tables">How many changes each table had.</param>
    /// <param name="ticket">What the message is sent with.</param>
    public void End(in ChangePlace transaction, IReadOnlyDictionary<string, long> tables, long ticket)
    {
        BeginValue(transaction, "END"u8);
        _value.Number(transaction.Ordinal);
        var separator = ",\"data_collections\":["u8;
        foreach (var (table, changes) in tables)
        {
            _value.Raw(separator);
            separator = ","u8;
            _value.Raw("{\"data_collection\":"u8);
            _value.Text(Encoding.UTF8.GetBytes(table));
            _value.Raw(",\"event_count\":"u8);
            _value.Number(changes);
            _value.Raw((byte)'}');
        }

        _value.Raw((byte)']');
        Send(transaction, ticket);
    }

    private void BeginValue(in ChangePlace transaction, ReadOnlySpan<byte> status)
    {
        _value.Clear();
        if (options.WithSchemas) _value.Raw(ValueSchema);
        _value.Raw("{\"status\":\""u8);
        _value.Raw(status);
        _value.Raw("\",\"id\":"u8);
        WriteId(_value, transaction);
        _value.Raw(",\"event_count\":"u8);
    }

    private void Send(in ChangePlace transaction, long ticket)
    {
        _value.Raw(",\"ts_ms\":"u8);
        _value.Number(transaction.CommittedMicros / 1000);
        _value.Raw((byte)'}');
        if (options.WithSchemas) _value.Raw((byte)'}');
        _key.Clear();
        if (options.WithSchemas) _key.Raw(KeySchema);
        _key.Raw("{\"id\":"u8);
        WriteId(_key, transaction);
        _key.Raw((byte)'}');
        if (options.WithSchemas) _key.Raw((byte)'}');
        progress.Sent(ticket, _topic, _key.Length + _value.Length);
        producer.Send(_topic, ChangeProducer.ByKey, _key.Written, _value.Written, isTombstone: false, MessageHeaders.None, ticket);
    }

    private static void WriteId(JsonBuffer json, in ChangePlace transaction)
    {
        json.Raw((byte)'"');
        json.Number((ulong)transaction.Xid);
        json.Raw((byte)':');
        json.Number(transaction.CommitLsn);
        json.Raw((byte)'"');
    }
}
