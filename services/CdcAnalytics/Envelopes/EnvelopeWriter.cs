using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>
/// Writes changes in Debezium's envelope
/// (<see href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events">its documentation</see>), so that consumers written
/// for Debezium read them. <c>transaction.id</c> carries the position of the transaction's commit, <c>xid:LSN</c>, and <c>transaction.total_order</c> the
/// change's place in the transaction: together with the timeline, which a header carries, the change's place in the log. Not thread-safe.
/// </summary>
internal sealed class EnvelopeWriter(TimeProvider clock)
{
    /// <summary>What stands for a large value that the log does not carry since the update did not touch it.</summary>
    public static ReadOnlySpan<byte> Unavailable => "\"__debezium_unavailable_value\""u8;

    private static readonly byte[] UnavailableBytes = [.. "\""u8, .. System.Text.Encoding.UTF8.GetBytes(Convert.ToBase64String("__debezium_unavailable_value"u8)), .. "\""u8];

    /// <summary>The key of a row, as the topic has it.</summary>
    /// <param name="json">Gets it.</param>
    /// <param name="table">The row's table, which has a key.</param>
    /// <param name="row">The row.</param>
    public static void WriteKey(JsonBuffer json, CapturedTable table, LogRow row)
    {
        json.Raw(table.Parts.KeySchema);
        WriteKeyPayload(json, table, row);
        if (table.Parts.KeySchema.Length > 0) json.Raw((byte)'}');
    }

    /// <summary>The key without its schema, as headers have it.</summary>
    public static void WriteKeyPayload(JsonBuffer json, CapturedTable table, LogRow row)
    {
        var next = 0;
        for (var i = 0; next < table.Key.Length; i++)
        {
            var kind = row.Next(out var value);
            if (i != table.Key[next]) continue;
            var column = table.Columns[i];
            json.Raw(column.NameJson(isFirst: next++ == 0));
            if (kind == LogRow.Null) json.Null();
            else WriteValue(json, column, kind, value);
        }

        json.Raw((byte)'}');
    }

    /// <summary>A row of which the log carries everything, but for large values that did not change: those are the ones of <paramref name="before"/>.</summary>
    public static void WriteRow(JsonBuffer json, CapturedTable table, LogRow row, LogRow before)
    {
        var columns = table.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            json.Raw(column.NameJson(isFirst: i == 0));
            var kind = row.Next(out var value);
            if (kind == LogRow.Unchanged && !before.IsMissing) kind = before.At(i, out value);
            if (kind == LogRow.Null) json.Null();
            else if (kind == LogRow.Unchanged) json.Raw(UnavailableOf(column));
            else WriteValue(json, column, kind, value);
        }

        json.Raw((byte)'}');
    }

    /// <summary>A row of which the log carries the columns of the key only.</summary>
    public static void WriteKeyRow(JsonBuffer json, CapturedTable table, LogRow row)
    {
        for (var i = 0; i < row.Columns; i++)
        {
            var column = table.Columns[i];
            json.Raw(column.NameJson(isFirst: i == 0));
            if (row.Next(out var value) is var kind and (LogRow.Text or LogRow.Binary)) WriteValue(json, column, kind, value);
            else json.Raw(column.Missing);
        }

        json.Raw((byte)'}');
    }

    /// <summary>What an envelope begins with.</summary>
    public static void Begin(JsonBuffer json, CapturedTable table)
    {
        json.Raw(table.Parts.ValueSchema);
        json.Raw("{\"before\":"u8);
    }

    /// <summary>What stands between the row before the change and the row after it.</summary>
    public static void BeginAfter(JsonBuffer json) => json.Raw(",\"after\":"u8);

    /// <summary>Everything behind the rows.</summary>
    /// <param name="json">Gets it.</param>
    /// <param name="table">The change's table.</param>
    /// <param name="operation">Debezium's letter: c, u, d, r, t.</param>
    /// <param name="place">Where in the log the change stands.</param>
    /// <param name="snapshot">Debezium's word for rows of a snapshot, <c>false</c> for others.</param>
    public void End(JsonBuffer json, CapturedTable table, byte operation, in ChangePlace place, ReadOnlySpan<byte> snapshot)
    {
        var parts = table.Parts;
        json.Raw(parts.SourceStart);
        json.Number(place.CommittedMicros / 1000);
        json.Raw(",\"snapshot\":\""u8);
        json.Raw(snapshot);
        json.Raw(parts.SourceDatabase);
        if (place.PreviousCommitLsn == 0) json.Null();
        else WriteQuoted(json, place.PreviousCommitLsn);
        json.Raw((byte)',');
        WriteQuoted(json, place.Lsn);
        json.Raw("]\",\"ts_us\":"u8);
        json.Number(place.CommittedMicros);
        json.Raw(",\"ts_ns\":"u8);
        json.Number(place.CommittedMicros * 1000);
        json.Raw(parts.SourceTable);
        if (place.Xid == 0) json.Null();
        else json.Number((ulong)place.Xid);
        json.Raw(",\"lsn\":"u8);
        json.Number(place.Lsn);
        json.Raw(",\"xmin\":null},\"transaction\":"u8);
        WriteTransaction(json, place);
        json.Raw(",\"op\":\""u8);
        json.Raw(operation);
        json.Raw("\",\"ts_ms\":"u8);
        var now = (clock.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks) * (1_000_000_000 / TimeSpan.TicksPerSecond);
        json.Number(now / 1_000_000);
        json.Raw(",\"ts_us\":"u8);
        json.Number(now / 1000);
        json.Raw(",\"ts_ns\":"u8);
        json.Number(now);
        json.Raw((byte)'}');
        if (parts.ValueSchema.Length > 0) json.Raw((byte)'}');
    }

    private static void WriteTransaction(JsonBuffer json, in ChangePlace place)
    {
        if (place.Ordinal == 0)
        {
            json.Null();
            return;
        }

        json.Raw("{\"id\":\""u8);
        json.Number((ulong)place.Xid);
        json.Raw((byte)':');
        json.Number(place.CommitLsn);
        json.Raw("\",\"total_order\":"u8);
        json.Number(place.Ordinal);
        json.Raw(",\"data_collection_order\":"u8);
        json.Number(place.OrdinalInTable);
        json.Raw((byte)'}');
    }

    private static void WriteQuoted(JsonBuffer json, ulong lsn)
    {
        json.Raw("\\\""u8);
        json.Number(lsn);
        json.Raw("\\\""u8);
    }

    private static void WriteValue(JsonBuffer json, CapturedColumn column, byte kind, ReadOnlySpan<byte> value)
    {
        if (kind == LogRow.Binary) column.Writer.WriteBinary(json, value);
        else column.Writer.Write(json, value);
    }

    private static ReadOnlySpan<byte> UnavailableOf(CapturedColumn column) => column.Writer.ConnectType switch
    {
        "bytes" => UnavailableBytes,
        "array" => "[\"__debezium_unavailable_value\"]"u8,
        _ => Unavailable,
    };
}
