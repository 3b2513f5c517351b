using System.Text.Json;
using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>Keeps the alert book over restarts, in the warehouse's file, over a connection of its own. Thread-safe.</summary>
internal sealed class AlertStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DuckDBConnection _connection;

    public AlertStore(WarehouseStore warehouse)
    {
        _connection = warehouse.OpenReader();
        Execute(SqlFile.Read("Alerts/schema.sql"));
    }

    public IReadOnlyList<Alert> ReadAlerts() => Read<Alert>("_alerts");

    public IReadOnlyList<Silence> ReadSilences() => Read<Silence>("_silences");

    /// <summary>Replaces what is kept, in one transaction.</summary>
    public void Write(IEnumerable<Alert> alerts, IEnumerable<Silence> silences)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            Execute("DELETE FROM _alerts");
            Execute("DELETE FROM _silences");
            foreach (var alert in alerts) Execute("INSERT INTO _alerts VALUES ($id, $document)", ("id", alert.Id), ("document", Json(alert)));
            foreach (var silence in silences) Execute("INSERT INTO _silences VALUES ($id, $document)", ("id", silence.Id.ToString()), ("document", Json(silence)));
            transaction.Commit();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    private List<T> Read<T>(string table)
    {
        lock (_gate)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = $"SELECT document FROM {table}";
            using var reader = command.ExecuteReader();
            List<T> values = [];
            while (reader.Read()) values.Add(JsonSerializer.Deserialize<T>(reader.GetString(0), JsonSerializerOptions.Web)!);
            return values;
        }
    }

    private void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        command.ExecuteNonQuery();
    }
}
