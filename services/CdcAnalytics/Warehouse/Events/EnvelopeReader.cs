using System.Text.Json;
using Platform.Changes;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>
/// Reads change events in Debezium's envelope, with or without their schema, in one pass over the bytes. Not thread-safe.
/// </summary>
internal sealed class EnvelopeReader(EntityContract entity)
{
    private readonly RowReader _rows = new(entity);
    private byte[] _lastName = [], _lastDatabase = [];
    private string _lastSource = ChangeSource.NameOf("", "");

    /// <summary>Reads an event.</summary>
    /// <param name="envelope">The message's value, which the row's texts are parts of afterwards.</param>
    /// <param name="values">Gets the row's values in the contract's order: after the change, or before a deletion. Untouched by a truncation.</param>
    /// <exception cref="EnvelopeException">It is no event that can be applied.</exception>
    public ChangeHeader Read(byte[] envelope, Span<Cell> values)
    {
        string? source = null;
        LogPosition? position = null;
        try
        {
            var parts = Scan(envelope);
            source = SourceOf(parts.Source);
            position = PositionOf(parts);
            if (parts.Operation == 't') return new(source, position.Value, 't', parts.Source.CommittedMicros, null);
            if (parts.Operation is not ('c' or 'u' or 'd' or 'r')) throw new FormatException($"op '{parts.Operation}' is no change of a row");
            var start = parts.Operation == 'd' ? parts.Before : parts.After;
            if (start < 0) throw new FormatException($"it has no row {(parts.Operation == 'd' ? "before" : "after")} the change");
            var tenant = _rows.Read(envelope, start, values);
            return new(source, position.Value, parts.Operation, parts.Source.CommittedMicros, tenant);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new EnvelopeException($"It is no change event of {entity.Name}: {exception.Message}", source, position, exception);
        }
    }

    // One after the other, events mostly come from the same source.
    private string SourceOf(in SourceFields source)
    {
        if (source.Name.SequenceEqual(_lastName) && source.Database.SequenceEqual(_lastDatabase)) return _lastSource;
        (_lastName, _lastDatabase) = (source.Name.ToArray(), source.Database.ToArray());
        return _lastSource = string.Intern(ChangeSource.NameOf(Text(_lastName), Text(_lastDatabase)));

        static string Text(byte[] escaped) => JsonSerializer.Deserialize<string>([.. "\""u8, .. escaped, .. "\""u8])!;
    }

    private static Parts Scan(ReadOnlySpan<byte> envelope)
    {
        var parts = new Parts { Before = -1, After = -1 };
        var reader = new Utf8JsonReader(envelope);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("it is no JSON object");
        while (reader.Read())
        {
            // With its schema, the envelope is the field payload: its fields are read as if they stood here.
            if (reader.TokenType != JsonTokenType.PropertyName || reader.ValueTextEquals("payload"u8)) continue;
            if (reader.ValueTextEquals("before"u8)) parts.Before = SkipRow(ref reader);
            else if (reader.ValueTextEquals("after"u8)) parts.After = SkipRow(ref reader);
            else if (reader.ValueTextEquals("source"u8)) parts.Source = SourceFields.Read(ref reader);
            else if (reader.ValueTextEquals("transaction"u8)) parts.Transaction = TransactionFields.Read(ref reader);
            else if (reader.ValueTextEquals("op"u8)) parts.Operation = reader.Read() && reader.GetString() is { Length: 1 } op ? op[0] : '?';
            else reader.Skip();
        }

        return parts;
    }

    private static int SkipRow(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return -1;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start;
    }

    // Debezium's transaction.id names the transaction's first change, so the commit before it, which no other transaction shares, stands for it.
    private static LogPosition PositionOf(in Parts parts)
    {
        if (parts.Operation == 'r') return parts.Source.Lsn > 0 ? new(parts.Source.Lsn, 0) : throw new FormatException("a row of a snapshot has no source.lsn");
        if (parts.Transaction.Ordinal == 0)
            throw new FormatException("it names no transaction, so its place in the log is not known (Debezium: provide.transaction.metadata=true)");
        var commit = parts.Source.IsPlatform ? parts.Transaction.Lsn : parts.Source.PreviousCommitLsn;
        return commit > 0 ? new(commit, parts.Transaction.Ordinal) : throw new FormatException("its transaction has no position in the log");
    }

    private ref struct Parts
    {
        public int Before, After;
        public char Operation;
        public SourceFields Source;
        public TransactionFields Transaction;
    }
}
