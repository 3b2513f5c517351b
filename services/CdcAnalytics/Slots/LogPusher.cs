using Npgsql;
using NpgsqlTypes;
using Platform.CdcAnalytics.Capture;
using Platform.Replication;

namespace Platform.CdcAnalytics.Slots;

/// <summary>
/// Writes into the log what means nothing and moves its end ahead. After the promotion of a replica the log goes on a little before the end of the old primary's, and positions that were given
/// to changes which nobody has any more would be given again. What orders by position must not see that: messages of no meaning are written into the log until it
/// is past them.
/// </summary>
internal static class LogPusher
{
    /// <summary>Most that is written. More than that is no promotion but another server.</summary>
    private const ulong Most = 1UL << 30;

    private const int MessageSize = 1 << 20;

    private const string Write = "SELECT pg_logical_emit_message(true, 'platform.position', repeat(' ', $1))";

    /// <summary>Returns when the log ends behind a position.</summary>
    /// <exception cref="LostChangesException">The position is too far away.</exception>
    public static async Task PushAsync(NpgsqlDataSource database, ulong position, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("SELECT pg_current_wal_insert_lsn()", connection);
        await using var write = new NpgsqlCommand(Write, connection) { Parameters = { new() { Value = MessageSize } } };
        while (true)
        {
            var end = (ulong)(NpgsqlLogSequenceNumber)(await ask.ExecuteScalarAsync(cancellationToken))!;
            if (end > position) return;
            if (position - end > Most)
            {
                throw new LostChangesException(
                    $"The server's log ends at {LsnText.Format(end)}, far before {LsnText.Format(position)}, up to where changes were captured: it is another server, or an old backup. "
                    + "Capture it into an empty warehouse and new topics.");
            }

            await write.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Writes the smallest transaction that there is: who reads the log comes to it behind everything committed until now.</summary>
    public static async Task TouchAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var write = database.CreateCommand(Write);
        write.Parameters.Add(new() { Value = 0 });
        await write.ExecuteNonQueryAsync(cancellationToken);
    }
}
