using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Series;

/// <summary>The minutes of every series, in the warehouse table <c>metric_minutes</c>, over a connection of its own. Thread-safe.</summary>
internal sealed class MetricHistory : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DuckDBConnection _connection;

    public MetricHistory(WarehouseStore warehouse)
    {
        _connection = warehouse.OpenReader();
        using var command = Command(SqlFile.Read("Series/schema.sql"));
        command.ExecuteNonQuery();
    }

    /// <summary>Keeps the values of a minute, in one transaction.</summary>
    public void Append(DateTimeOffset minute, IEnumerable<MetricPoint> points)
    {
        lock (_gate)
        {
            using var appender = _connection.CreateAppender("metric_minutes");
            foreach (var point in points)
                appender.CreateRow().AppendValue(point.Series).AppendValue(point.Tenant).AppendValue((DateTime?)minute.UtcDateTime).AppendValue((double?)point.Value).EndRow();
        }
    }

    /// <summary>The values of a series by minute, oldest first.</summary>
    public IReadOnlyList<(DateTimeOffset Minute, double Value)> Read(string series, string? tenant)
    {
        lock (_gate)
        {
            using var command = Command(
                "SELECT minute, value FROM metric_minutes WHERE series = $series AND tenant_id IS NOT DISTINCT FROM $tenant ORDER BY minute",
                ("series", series), ("tenant", tenant));
            using var reader = command.ExecuteReader();
            List<(DateTimeOffset, double)> minutes = [];
            while (reader.Read()) minutes.Add((Utc(reader.GetDateTime(0)), reader.GetDouble(1)));
            return minutes;
        }
    }

    /// <summary>Every series and tenant that has a minute.</summary>
    public IReadOnlyList<(string Series, string? Tenant)> ReadKnown()
    {
        lock (_gate)
        {
            using var command = Command("SELECT DISTINCT series, tenant_id FROM metric_minutes");
            using var reader = command.ExecuteReader();
            List<(string, string?)> known = [];
            while (reader.Read()) known.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
            return known;
        }
    }

    /// <summary>Removes what is older.</summary>
    public void RemoveBefore(DateTimeOffset time)
    {
        lock (_gate)
        {
            using var command = Command("DELETE FROM metric_minutes WHERE minute < $time", ("time", time.UtcDateTime));
            command.ExecuteNonQuery();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private DuckDBCommand Command(string sql, params (string Name, object? Value)[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
        return command;
    }
}
