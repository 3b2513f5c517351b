using Npgsql;

namespace Platform.Native.Postgres;

/// <summary>Replication slots on one server.</summary>
internal static class ReplicationSlots
{
    /// <summary>
    /// Makes a replica's slot when it is not there. It keeps the log from the server's last checkpoint on, also while the server is a
    /// replica itself.
    /// </summary>
    public static Task EnsureAsync(NpgsqlDataSource server, string slot, CancellationToken cancellationToken) => ExecuteAsync(
        server, "SELECT pg_create_physical_replication_slot($1, true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)", slot, cancellationToken);

    /// <summary>Makes a replica's slot anew, unless it is in use.</summary>
    public static async Task RenewAsync(NpgsqlDataSource server, string slot, CancellationToken cancellationToken)
    {
        await ExecuteAsync(server, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active", slot, cancellationToken);
        await EnsureAsync(server, slot, cancellationToken);
    }

    /// <summary>
    /// Drops what a former primary has, and what was copied from one: as nobody reads them, they would keep the log for ever, and by hot
    /// standby feedback old rows on the primary.
    /// </summary>
    public static async Task DropAllAsync(NpgsqlDataSource replica, CancellationToken cancellationToken)
    {
        await using var command = replica.CreateCommand("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource server, string sql, string slot, CancellationToken cancellationToken)
    {
        await using var command = server.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = slot });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
