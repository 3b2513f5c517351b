using System.Buffers.Text;
using System.Text.Json;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>What the warehouse needs of an envelope's <c>source</c>.</summary>
internal ref struct SourceFields
{
    /// <summary>The source's logical name, escaped as it stands in the JSON.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>Its database, likewise.</summary>
    public ReadOnlySpan<byte> Database;

    /// <summary>The event was written by this platform's own capture, whose <c>transaction.id</c> has the position of the commit.</summary>
    public bool IsPlatform;

    /// <summary>Position of the change.</summary>
    public ulong Lsn;

    /// <summary>Position of the commit before; where there is none, of the first change after the snapshot.</summary>
    public ulong PreviousCommitLsn;

    /// <summary>When the change was committed, in microseconds since 1970.</summary>
    public long CommittedMicros;

    /// <summary>Reads the object that follows the reader's property name, and leaves the reader at its end.</summary>
    public static SourceFields Read(scoped ref Utf8JsonReader reader)
    {
        SourceFields source = default;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return source;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("version"u8)) source.IsPlatform = reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("platform-"u8);
            else if (reader.ValueTextEquals("name"u8)) source.Name = TextAt(ref reader);
            else if (reader.ValueTextEquals("db"u8)) source.Database = TextAt(ref reader);
            else if (reader.ValueTextEquals("lsn"u8)) source.Lsn = NumberAt(ref reader);
            else if (reader.ValueTextEquals("ts_us"u8)) source.CommittedMicros = (long)NumberAt(ref reader);
            else if (reader.ValueTextEquals("ts_ms"u8))
            {
                var micros = (long)NumberAt(ref reader) * 1000;
                if (source.CommittedMicros == 0) source.CommittedMicros = micros;
            }
            else if (reader.ValueTextEquals("sequence"u8)) source.PreviousCommitLsn = SequenceAt(ref reader);
            else reader.Skip();
        }

        return source;
    }

    private static ReadOnlySpan<byte> TextAt(scoped ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;

    private static ulong NumberAt(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.Number ? reader.GetUInt64() : 0;

    // JSON in a string: ["lastCommitLsn","lsn"], the first of which may be null. The numbers are the only digits in it.
    private static ulong SequenceAt(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) return 0;
        var text = reader.ValueSpan;
        var start = text.IndexOfAnyInRange((byte)'0', (byte)'9');
        return start >= 0 && Utf8Parser.TryParse(text[start..], out ulong lsn, out _) ? lsn : 0;
    }
}
