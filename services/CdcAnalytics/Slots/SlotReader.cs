using System.Globalization;
using Npgsql;
using Npgsql.Replication;
using NpgsqlTypes;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Reads the state of a slot.</summary>
internal static class SlotReader
{
    private static readonly string Query = SqlFile.Read("Slots/slot.sql");

    /// <exception cref="NpgsqlException">The server does not answer.</exception>
    public static async Task<SlotState> ReadAsync(NpgsqlDataSource database, LogicalReplicationConnection replication, string slot, CancellationToken cancellationToken)
    {
        var system = await replication.IdentifySystem(cancellationToken);
        await using var command = database.CreateCommand(Query);
        command.Parameters.Add(new() { Value = slot });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return new(system.SystemId, system.Timeline, Exists: false, IsUsable: false, IsOurs: false, ConfirmedLsn: 0);
        var confirmed = await reader.IsDBNullAsync(2, cancellationToken) ? 0 : (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(2);
        return new(system.SystemId, system.Timeline, Exists: true, reader.GetBoolean(0), reader.GetBoolean(1), confirmed);
    }

    /// <summary>Where the log ends, bytes of it that the slot holds back, and the most that it may; null without a limit.</summary>
    public static async Task<(ulong Current, long Retained, long? Limit)> ReadRetentionAsync(NpgsqlDataSource database, string slot, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT pg_current_wal_lsn(), pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint, nullif(current_setting('max_slot_wal_keep_size'), '-1')::text
            FROM pg_replication_slots WHERE slot_name = $1 AND restart_lsn IS NOT NULL
            """);
        command.Parameters.Add(new() { Value = slot });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (0, 0, null);
        var limit = await reader.IsDBNullAsync(2, cancellationToken) ? (long?)null : BytesOf(reader.GetString(2));
        return ((ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(0), reader.GetInt64(1), limit);
    }

    // Postgres shows the setting with the largest unit that divides it.
    private static long BytesOf(string size) => size switch
    {
        [.. var number, 'T', 'B'] => long.Parse(number, CultureInfo.InvariantCulture) << 40,
        [.. var number, 'G', 'B'] => long.Parse(number, CultureInfo.InvariantCulture) << 30,
        [.. var number, 'M', 'B'] => long.Parse(number, CultureInfo.InvariantCulture) << 20,
        [.. var number, 'k', 'B'] => long.Parse(number, CultureInfo.InvariantCulture) << 10,
        _ => long.Parse(size, CultureInfo.InvariantCulture) << 20,
    };
}
