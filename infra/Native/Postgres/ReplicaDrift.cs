using Npgsql;
using NpgsqlTypes;
using Platform.Cluster;

namespace Platform.Native.Postgres;

/// <summary>Why a replica's data can never follow the primary.</summary>
/// <param name="Reason">In words for a person.</param>
/// <param name="IsDivergence">True when the data have what the primary does not have.</param>
internal sealed record ReplicaDrift(string Reason, bool IsDivergence = false)
{
    /// <summary>
    /// By the data folders alone: log that the primary does not have. Null when there is none, or when that is not known.
    /// </summary>
    public static ReplicaDrift? FindDivergence(PostgresData own, ControlData control, PostgresData primary)
    {
        var history = primary.History();
        // What a base backup has came from the primary, and its control file says what the primary's said.
        if (control.CheckpointTimeline == history.Timeline || own.IsFreshClone) return null;
        // Nobody knows where the log of a primary ends that did not shut down.
        if (control.IsInProduction) return new($"it was the primary on timeline {control.CheckpointTimeline} and did not shut down before another node was promoted", IsDivergence: true);
        // A checkpoint that begins where a timeline ends is not of that timeline's log.
        var beginning = new NpgsqlLogSequenceNumber((ulong)control.Checkpoint + 1);
        var divergence = history.FindDivergence(control.CheckpointTimeline, beginning)
            ?? (control.LeastReplayedTimeline > 0 ? history.FindDivergence(control.LeastReplayedTimeline, control.LeastReplayed) : null);
        return divergence is null ? null : new(divergence, IsDivergence: true);
    }

    /// <summary>By what the primary says: another cluster, or a replication slot that is not there any more.</summary>
    /// <exception cref="NpgsqlException">The primary does not answer.</exception>
    public static async Task<ReplicaDrift?> FindOnPrimaryAsync(NpgsqlDataSource primary, string slot, string systemIdentifier, CancellationToken cancellationToken)
    {
        await using var command = primary.CreateCommand(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()), (SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = slot });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetString(0) != systemIdentifier) return new("its data is another cluster's");
        if (await reader.IsDBNullAsync(1, cancellationToken)) return new($"the primary has no slot {slot}");
        return reader.GetString(1) == "lost" ? new($"the primary gave up slot {slot}, which was too far behind") : null;
    }

    /// <summary>
    /// By how far a replica has come that does not stream: log that the primary does not have, or that the primary has no more.
    /// </summary>
    /// <exception cref="NpgsqlException">A server does not answer.</exception>
    public static async Task<ReplicaDrift?> FindOfRunningAsync(
        NpgsqlDataSource replica, TimelineHistory history, NpgsqlDataSource primary, string slot, CancellationToken cancellationToken)
    {
        uint timeline;
        NpgsqlLogSequenceNumber replayed;
        await using (var ask = replica.CreateCommand(
            "SELECT greatest((SELECT timeline_id FROM pg_control_checkpoint()), (SELECT min_recovery_end_timeline FROM pg_control_recovery()))::bigint, pg_last_wal_replay_lsn()"))
        await using (var reader = await ask.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (await reader.IsDBNullAsync(1, cancellationToken)) return null;
            (timeline, replayed) = ((uint)reader.GetInt64(0), reader.GetFieldValue<NpgsqlLogSequenceNumber>(1));
        }

        if (history.FindDivergence(timeline, replayed) is { } divergence) return new(divergence, IsDivergence: true);
        await using var find = primary.CreateCommand("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = $1 AND NOT active AND restart_lsn > $2");
        find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = slot });
        find.Parameters.Add(new NpgsqlParameter<NpgsqlLogSequenceNumber> { TypedValue = replayed });
        return await find.ExecuteScalarAsync(cancellationToken) is NpgsqlLogSequenceNumber kept ? new($"it has replayed up to {replayed}, and the primary keeps its log from {kept} on") : null;
    }
}
