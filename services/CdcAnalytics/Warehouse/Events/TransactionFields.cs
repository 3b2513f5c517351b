using System.Buffers.Text;
using System.Text.Json;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>An envelope's <c>transaction</c>.</summary>
internal struct TransactionFields
{
    /// <summary>The position that its id names, behind the colon.</summary>
    public ulong Lsn;

    /// <summary>The change's place in the transaction, from 1; 0 when the event belongs to none.</summary>
    public long Ordinal;

    /// <summary>Reads the object that follows the reader's property name, and leaves the reader at its end.</summary>
    public static TransactionFields Read(ref Utf8JsonReader reader)
    {
        TransactionFields transaction = default;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return transaction;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                var id = reader.ValueSpan;
                var colon = id.IndexOf((byte)':');
                if (reader.TokenType != JsonTokenType.String || !Utf8Parser.TryParse(id[(colon + 1)..], out transaction.Lsn, out var length) || colon + 1 + length != id.Length)
                    throw new FormatException("transaction.id is not xid:position");
            }
            else if (reader.ValueTextEquals("total_order"u8))
            {
                reader.Read();
                transaction.Ordinal = reader.GetInt64();
            }
            else
            {
                reader.Skip();
            }
        }

        return transaction;
    }
}
