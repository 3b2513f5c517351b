using System.Buffers;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.DataService.Values;

/// <summary>Writes a row of a result as JSON, in the order of its columns.</summary>
internal static class RowWriter
{
    /// <summary>Letters of every language stand as they are: the answer is JSON and never part of a page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] ToJson(DbDataReader reader, IReadOnlyList<ColumnContract> columns)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options)) Write(json, reader, columns);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, DbDataReader reader, IReadOnlyList<ColumnContract> columns)
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (reader.IsDBNull(i))
            {
                json.WriteNull(column.Name);
                continue;
            }

            switch (column.Type)
            {
                case ColumnType.Text: json.WriteString(column.Name, reader.GetString(i)); break;
                case ColumnType.Integer: json.WriteNumber(column.Name, reader.GetInt64(i)); break;
                case ColumnType.Money: json.WriteNumber(column.Name, reader.GetInt64(i) / ValueReader.ScaleFactor(column.Scale)); break;
                case ColumnType.Number: json.WriteNumber(column.Name, reader.GetDouble(i)); break;
                case ColumnType.Boolean: json.WriteBoolean(column.Name, reader.GetBoolean(i)); break;
                case ColumnType.Date: json.WriteString(column.Name, reader.GetFieldValue<DateOnly>(i).ToString("yyyy-MM-dd")); break;
                case ColumnType.Timestamp: json.WriteString(column.Name, reader.GetDateTime(i)); break;
                case ColumnType.Uuid: json.WriteString(column.Name, reader.GetGuid(i)); break;
                default: throw new InvalidOperationException($"Column type {column.Type} has no JSON form.");
            }
        }

        json.WriteEndObject();
    }
}
