using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Storage;

/// <summary>Brings changes to their entity's stage, through DuckDB's bulk appender.</summary>
internal static class StageWriter
{
    public static void Append(DuckDBConnection connection, EntityTable table, StagedRows rows, long sequence)
    {
        var types = table.Entity.Columns.Select(column => column.Type).ToArray();
        using var appender = connection.CreateAppender("temp", "main", table.Merge.StageTable);
        for (var i = 0; i < rows.Count; i++)
        {
            ref readonly var change = ref rows[i];
            var row = appender.CreateRow().AppendValue(change.Header.Tenant);
            var values = change.Values;
            for (var column = 0; column < types.Length; column++) Append(row, types[column], values[column]);
            AppendVersion(row, change.Header, sequence);
            var previous = rows.PreviousPosition(i);
            row.AppendValue((long?)i).AppendValue((bool?)change.IsLast).AppendValue(change.Previous < 0 ? null : (long?)change.Previous).AppendValue((ulong?)previous.CommitLsn).AppendValue((long?)previous.Ordinal).EndRow();
        }
    }

    public static DateTime Time(long micros) => DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    private static void AppendVersion(IDuckDBAppenderRow row, in ChangeHeader header, long sequence)
    {
        row.AppendValue(header.Source).AppendValue((ulong?)header.Position.CommitLsn).AppendValue((long?)header.Position.Ordinal).AppendValue((DateTime?)Time(header.CommittedMicros))
            .AppendValue(Letter(header.Operation)).AppendValue((long?)sequence);
    }

    private static string Letter(char operation) => operation switch
    {
        'c' => "c",
        'u' => "u",
        'd' => "d",
        't' => "t",
        _ => "r",
    };

    private static void Append(IDuckDBAppenderRow row, ColumnType type, in Cell value)
    {
        if (!value.HasValue)
        {
            row.AppendNullValue();
            return;
        }

        switch (type)
        {
            case ColumnType.Text: row.AppendValue(value.Text); break;
            case ColumnType.Integer or ColumnType.Money: row.AppendValue((long?)value.Number); break;
            case ColumnType.Number: row.AppendValue((double?)value.Fraction); break;
            case ColumnType.Boolean: row.AppendValue((bool?)value.Truth); break;
            case ColumnType.Date: row.AppendValue((DateOnly?)value.Date); break;
            case ColumnType.Timestamp: row.AppendValue((DateTime?)value.Time); break;
            case ColumnType.Uuid: row.AppendValue((Guid?)value.Uuid); break;
            default: throw new InvalidOperationException($"Column type {type} has no form in the warehouse.");
        }
    }
}
