using Npgsql;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>
/// A streaming replica with a replication slot of its own. It is cloned from the primary when it has no data, and again when it can no
/// longer follow: another cluster's data, or a slot that the primary gave up. Ready when it is in recovery and streaming.
/// </summary>
public sealed class PostgresReplica : PostgresServer
{
    private const string Role = "platform_replication";
    private static readonly TimeSpan DriftCheckInterval = TimeSpan.FromSeconds(15);

    private readonly int _primaryPort;
    private readonly string _password;
    private readonly NpgsqlDataSource _checks;
    private readonly NpgsqlDataSource _primary;
    private string _passwordFile = "";
    private long _nextDriftCheck;

    /// <summary>A replica that is not started yet.</summary>
    /// <param name="folder">Its own folder; made when missing.</param>
    /// <param name="port">Port of the loopback address to listen on.</param>
    /// <param name="primaryPort">Port of its primary, which may be another one at every start.</param>
    /// <param name="replicationPassword">Password of <c>platform_replication</c>.</param>
    /// <param name="log">Gets what the server writes, line by line, from several threads.</param>
    /// <param name="name">Its name; the replication slot is called so too, with <c>_</c> for <c>-</c>.</param>
    /// <param name="time">Clock of restarts.</param>
    public PostgresReplica(
        string folder, int port, int primaryPort, string replicationPassword, TextWriter log, string name = "postgres-replica-1", TimeProvider? time = null)
        : base(name, folder, port, log, time ?? TimeProvider.System)
    {
        (_primaryPort, _password) = (primaryPort, replicationPassword);
        const string check = ";Maximum Pool Size=1;Application Name=native-health";
        _checks = NpgsqlDataSource.Create(ConnectionString(Role, replicationPassword) + check);
        _primary = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString(Role, replicationPassword) + check) { Port = primaryPort });
    }

    private string Slot => Name.Replace('-', '_');

    private protected override IEnumerable<string> Settings =>
    [
        $"primary_conninfo=host=127.0.0.1 port={_primaryPort} user={Role} passfile='{_passwordFile}' application_name={Name}",
        $"primary_slot_name={Slot}",
    ];

    private protected override async Task PrepareDataAsync(CancellationToken cancellationToken)
    {
        _passwordFile = await Folder.WriteSecretAsync("passfile", $"*:*:*:{Role}:{_password}\n", cancellationToken);
        if (!Folder.HasData) await CloneAsync("it has no data", cancellationToken);
        else if (await FindDriftAsync(cancellationToken) is { } drift) await CloneAsync(drift, cancellationToken);
    }

    private protected override async ValueTask<string?> FindProblemOfRunningAsync(CancellationToken cancellationToken)
    {
        await using var command = _checks.CreateCommand(
            "SELECT pg_is_in_recovery(), coalesce((SELECT status FROM pg_stat_wal_receiver), 'not connected')");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0)) return "not in recovery: it was promoted, and does not follow the primary any more";
        if (reader.GetString(1) is var status && status == "streaming") return null;

        await reader.DisposeAsync();
        if (Time.GetTimestamp() >= _nextDriftCheck)
        {
            _nextDriftCheck = Time.GetTimestamp() + (long)(DriftCheckInterval.TotalSeconds * Time.TimestampFrequency);
            if (await FindDriftAsync(cancellationToken) is not null) Restart();
        }

        return $"not streaming from the primary: {status}";
    }

    private protected override async ValueTask DisposeConnectionsAsync()
    {
        await _checks.DisposeAsync();
        await _primary.DisposeAsync();
    }

    /// <summary>Why this replica's data can never follow the primary; null when it can, or when the primary cannot be asked now.</summary>
    private async Task<string?> FindDriftAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _primary.CreateCommand(
                "SELECT (SELECT system_identifier::text FROM pg_control_system()), (SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1)");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Slot });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var cluster = reader.GetString(0);
            var slot = reader.IsDBNull(1) ? null : reader.GetString(1);

            if (await OwnClusterAsync(cancellationToken) is { } own && own != cluster) return "its data is another cluster's";
            if (slot is null) return $"the primary has no slot {Slot}";
            return slot == "lost" ? $"the primary gave up slot {Slot}, which was too far behind" : null;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private async Task<string?> OwnClusterAsync(CancellationToken cancellationToken)
    {
        var command = Installation.Command("pg_controldata", "-D", Folder.Data);
        command.Environment["LC_ALL"] = "C";
        var lines = (await Tool.RunAsync(command, Folder.Account, cancellationToken)).Split('\n');
        return Array.Find(lines, line => line.StartsWith("Database system identifier:", StringComparison.Ordinal))?.Split(':')[1].Trim();
    }

    private async Task CloneAsync(string reason, CancellationToken cancellationToken)
    {
        await LogAsync($"cloning the primary at port {_primaryPort}, because {reason}");
        // The slot is made first, and holds what the clone will need.
        await using (var command = _primary.CreateCommand(
            """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active;
            SELECT pg_create_physical_replication_slot($1, true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1);
            """.Replace("$1", $"'{Slot}'", StringComparison.Ordinal)))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await Folder.CreateDataAsync(async data =>
        {
            var copy = Installation.Command(
                "pg_basebackup", "--no-password", "--checkpoint=fast", "--wal-method=stream", $"--slot={Slot}", "-D", data,
                "-d", $"host=127.0.0.1 port={_primaryPort} user={Role} application_name={Name}-clone");
            copy.Environment["PGPASSFILE"] = _passwordFile;
            await Tool.RunAsync(copy, Folder.Account, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(data, "standby.signal"), "", cancellationToken);
        });
    }
}
