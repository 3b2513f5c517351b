using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;
using Platform.Requests;

namespace Platform.CdcAnalytics.Requests;

/// <summary>
/// The warehouse table <c>requests</c>, over a connection of its own: rows and offsets commit together, so each event is there once. Not thread-safe.
/// </summary>
internal sealed class RequestTable : IDisposable
{
    private readonly DuckDBConnection _connection;

    public RequestTable(WarehouseStore warehouse)
    {
        _connection = warehouse.OpenReader();
        Execute(SqlFile.Read("Requests/schema.sql"));
    }

    /// <summary>The next offset of each partition of this broker; another one's say nothing.</summary>
    public Dictionary<int, long> ReadOffsets(string broker)
    {
        Dictionary<int, long> offsets = [];
        using var command = Command("SELECT partition, next_offset FROM _request_offsets WHERE broker = $broker", ("broker", broker));
        using var reader = command.ExecuteReader();
        while (reader.Read()) offsets[reader.GetInt32(0)] = reader.GetInt64(1);
        return offsets;
    }

    /// <summary>Commits events and how far they were read, or nothing.</summary>
    public void Append(IReadOnlyCollection<RequestEvent> events, string broker, IReadOnlyDictionary<int, long> nextOffsets)
    {
        using var transaction = _connection.BeginTransaction();
        using (var appender = _connection.CreateAppender("requests"))
        {
            foreach (var request in events) Append(appender.CreateRow(), request);
        }

        Execute("DELETE FROM _request_offsets WHERE broker <> $broker", ("broker", broker));
        foreach (var (partition, next) in nextOffsets)
        {
            Execute("DELETE FROM _request_offsets WHERE partition = $partition", ("partition", partition));
            Execute("INSERT INTO _request_offsets VALUES ($broker, $partition, $next)", ("broker", broker), ("partition", partition), ("next", next));
        }

        transaction.Commit();
    }

    /// <summary>Removes what is older.</summary>
    /// <returns>How many rows.</returns>
    public int RemoveBefore(DateTimeOffset time) => Execute("DELETE FROM requests WHERE time < $time", ("time", time.UtcDateTime));

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private static void Append(IDuckDBAppenderRow row, RequestEvent request) => row
        .AppendValue((Guid?)request.Id)
        .AppendValue((DateTime?)request.Time.UtcDateTime)
        .AppendValue(request.Tenant)
        .AppendValue(request.User)
        .AppendValue(request.Method)
        .AppendValue(request.Route)
        .AppendValue(request.Path)
        .AppendValue(request.Query)
        .AppendValue((int?)request.Status)
        .AppendValue((double?)request.Duration)
        .AppendValue((bool?)request.IsStream)
        .AppendValue(request.UserAgent)
        .AppendValue(request.Client)
        .AppendValue(request.Referrer)
        .AppendValue((double?)request.Weight)
        .EndRow();

    private int Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private DuckDBCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }
}
