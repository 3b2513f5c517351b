using System.Globalization;
using System.Text.Json;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Values as Debezium's JSON converter writes them (with <c>time.precision.mode=adaptive</c>).</summary>
internal static class JsonValue
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    public static void Write(Utf8JsonWriter json, CapturedColumn column, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(column.Name); break;
            case string text: json.WriteString(column.Name, text); break;
            case long number: json.WriteNumber(column.Name, number); break;
            case double number: json.WriteNumber(column.Name, number); break;
            case bool flag: json.WriteBoolean(column.Name, flag); break;
            case Guid uuid: json.WriteString(column.Name, uuid); break;
            // io.debezium.time.Date: days since 1970.
            case DateOnly date: json.WriteNumber(column.Name, date.DayNumber - Epoch.DayNumber); break;
            // io.debezium.time.MicroTimestamp: microseconds since 1970.
            case DateTime time when column.TypeOid == PostgresType.Timestamp:
                json.WriteNumber(column.Name, (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
                break;
            // io.debezium.time.ZonedTimestamp: ISO 8601 in UTC, with six decimals as Postgres has them.
            case DateTime time:
                json.WriteString(column.Name, time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
                break;
            default: throw new NotSupportedException($"A value of {value.GetType().Name} has no form in a change event.");
        }
    }
}
