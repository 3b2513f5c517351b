using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Writes changes in Debezium's envelope
/// (<see href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events">its documentation</see>), so that
/// consumers written for Debezium read them. <c>transaction.id</c> carries the commit's position and <c>transaction.total_order</c> the ordinal: together
/// the change's place in the log.
/// </summary>
internal sealed class ChangeEnvelope(string database, TimeProvider clock)
{
    // As Kafka's own converter, it writes letters of every language as they are.
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public byte[] Key(CapturedRelation relation, object?[] row)
    {
        using var json = Begin();
        json.WriteStartObject();
        foreach (var i in relation.Key) JsonValue.Write(json, relation.Columns[i], row[i]);
        json.WriteEndObject();
        return End(json);
    }

    public byte[] Value(
        CapturedRelation relation, CapturedTransaction transaction, ulong changeLsn, string operation, object?[]? before, object?[]? after)
    {
        var (inTransaction, inTable) = transaction.Number(relation.Table);
        using var json = Begin();
        json.WriteStartObject();
        WriteRow(json, "before", relation, before);
        WriteRow(json, "after", relation, after);
        WriteSource(json, relation, transaction, changeLsn);
        json.WriteString("op", operation);
        json.WriteNumber("ts_ms", clock.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteStartObject("transaction");
        json.WriteString("id", $"{transaction.Xid}:{transaction.CommitLsn}");
        json.WriteNumber("total_order", inTransaction);
        json.WriteNumber("data_collection_order", inTable);
        json.WriteEndObject();
        json.WriteEndObject();
        return End(json);
    }

    private void WriteSource(Utf8JsonWriter json, CapturedRelation relation, CapturedTransaction transaction, ulong changeLsn)
    {
        json.WriteStartObject("source");
        json.WriteString("version", "1");
        json.WriteString("connector", "postgresql");
        json.WriteString("name", "cdc");
        json.WriteNumber("ts_ms", transaction.CommittedAt.ToUnixTimeMilliseconds());
        json.WriteString("snapshot", "false");
        json.WriteString("db", database);
        json.WriteString("sequence", $"[\"{transaction.PreviousCommitLsn}\",\"{changeLsn}\"]");
        json.WriteString("schema", relation.Schema);
        json.WriteString("table", relation.Table);
        json.WriteNumber("txId", transaction.Xid);
        json.WriteNumber("lsn", changeLsn);
        json.WriteNull("xmin");
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, string name, CapturedRelation relation, object?[]? row)
    {
        if (row is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        for (var i = 0; i < row.Length; i++) JsonValue.Write(json, relation.Columns[i], row[i]);
        json.WriteEndObject();
    }

    private Utf8JsonWriter Begin()
    {
        _buffer.ResetWrittenCount();
        return new Utf8JsonWriter(_buffer, Options);
    }

    private byte[] End(Utf8JsonWriter json)
    {
        json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }
}
