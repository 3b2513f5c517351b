using System.Text;
using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>The parts of an envelope that are the same for every change of a table.</summary>
internal sealed class EnvelopeParts
{
    /// <summary>Version of this capture as <c>source.version</c> tells it; Debezium's own consumers do not look at it.</summary>
    public const string Version = "platform-1.0";

    private const string SnapshotSchema =
        """{"type":"string","optional":true,"name":"io.debezium.data.Enum","version":1,"parameters":{"allowed":"true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"},"default":"false","field":"snapshot"}""";

    private static readonly string SourceSchema = ConnectSchema.Struct(
        [
            ConnectSchema.Field("string", isOptional: false, "version"), ConnectSchema.Field("string", isOptional: false, "connector"),
            ConnectSchema.Field("string", isOptional: false, "name"), ConnectSchema.Field("int64", isOptional: false, "ts_ms"), SnapshotSchema,
            ConnectSchema.Field("string", isOptional: false, "db"), ConnectSchema.Field("string", isOptional: true, "sequence"),
            ConnectSchema.Field("int64", isOptional: true, "ts_us"), ConnectSchema.Field("int64", isOptional: true, "ts_ns"),
            ConnectSchema.Field("string", isOptional: false, "schema"), ConnectSchema.Field("string", isOptional: false, "table"),
            ConnectSchema.Field("int64", isOptional: true, "txId"), ConnectSchema.Field("int64", isOptional: true, "lsn"),
            ConnectSchema.Field("int64", isOptional: true, "xmin"),
        ],
        isOptional: false, "io.debezium.connector.postgresql.Source", version: 1, field: "source");

    private static readonly string TransactionSchema = ConnectSchema.Struct(
        [
            ConnectSchema.Field("string", isOptional: false, "id"), ConnectSchema.Field("int64", isOptional: false, "total_order"),
            ConnectSchema.Field("int64", isOptional: false, "data_collection_order"),
        ],
        isOptional: true, "event.block", version: 1, field: "transaction");

    /// <param name="prefix">Logical name of the source: <c>source.name</c>.</param>
    /// <param name="database">The database.</param>
    /// <param name="schema">The table's schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="key">Ordinals of the columns that identify a row.</param>
    /// <param name="withSchemas">True to send the schema along with each message.</param>
    public EnvelopeParts(
        string prefix, string database, string schema, string table, IReadOnlyList<CapturedColumn> columns, IReadOnlyList<int> key, bool withSchemas)
    {
        var start = $$""","source":{"version":"{{Version}}","connector":"postgresql","name":{{ConnectSchema.Quote(prefix)}},"ts_ms":""";
        SourceStart = Encoding.UTF8.GetBytes(start);
        SourceDatabase = Encoding.UTF8.GetBytes($"\",\"db\":{ConnectSchema.Quote(database)},\"sequence\":\"[");
        SourceTable = Encoding.UTF8.GetBytes($",\"schema\":{ConnectSchema.Quote(schema)},\"table\":{ConnectSchema.Quote(table)},\"txId\":");
        if (!withSchemas) return;

        var name = $"{prefix}.{schema}.{table}";
        string[] fields = [.. columns.Select(column => ConnectSchema.Of(column.Writer, !column.IsRequired, column.Name, column.DefaultJson))];
        var envelope = ConnectSchema.Struct(
            [
                ConnectSchema.Struct(fields, isOptional: true, $"{name}.Value", field: "before"),
                ConnectSchema.Struct(fields, isOptional: true, $"{name}.Value", field: "after"),
                SourceSchema, TransactionSchema, ConnectSchema.Field("string", isOptional: false, "op"), ConnectSchema.Field("int64", isOptional: true, "ts_ms"),
                ConnectSchema.Field("int64", isOptional: true, "ts_us"), ConnectSchema.Field("int64", isOptional: true, "ts_ns"),
            ],
            isOptional: false, $"{name}.Envelope", version: 2);
        ValueSchema = Encoding.UTF8.GetBytes($$"""{"schema":{{envelope}},"payload":""");
        var keySchema = ConnectSchema.Struct(key.Select(ordinal => fields[ordinal]), isOptional: false, $"{name}.Key");
        KeySchema = Encoding.UTF8.GetBytes($$"""{"schema":{{keySchema}},"payload":""");
    }

    /// <summary>From behind the row to the commit's milliseconds.</summary>
    public byte[] SourceStart { get; }

    /// <summary>From behind the snapshot's kind to the sequence.</summary>
    public byte[] SourceDatabase { get; }

    /// <summary>From behind the nanoseconds to the transaction's number.</summary>
    public byte[] SourceTable { get; }

    /// <summary>What stands before a key and a value whose schema is sent along; empty otherwise.</summary>
    public byte[] KeySchema { get; } = [];

    public byte[] ValueSchema { get; } = [];
}
