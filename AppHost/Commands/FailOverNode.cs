using Npgsql;
using NpgsqlTypes;
using Platform.AppHost.Resources;
using Platform.Cluster;

namespace Platform.AppHost.Commands;

/// <summary>A node as the fail-over works with it: its server, as the superuser, and its folder.</summary>
/// <param name="Node">The node.</param>
/// <param name="Folder">Its folder.</param>
internal sealed record FailOverNode(PostgresNode Node, string Folder)
{
    private const string Status = """
        SELECT pg_is_in_recovery(), coalesce((SELECT status FROM pg_stat_wal_receiver) = 'streaming', false),
               pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()
        """;

    public string Name => Node.Name;

    public IResource Resource => Node.Server.Resource;

    /// <summary>What its data folder says.</summary>
    public PostgresData Data => new(Path.Combine(Folder, "data"));

    /// <summary>How the server is now; null when it does not answer.</summary>
    public async Task<NodeStatus?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Status, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return new(
                !reader.GetBoolean(0), reader.GetBoolean(1),
                await reader.IsDBNullAsync(2, cancellationToken) ? default : reader.GetFieldValue<NpgsqlLogSequenceNumber>(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? default : reader.GetFieldValue<NpgsqlLogSequenceNumber>(3));
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Writes what has changed to the data files.</summary>
    /// <exception cref="FailOverException">The server does not do it.</exception>
    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("CHECKPOINT", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new FailOverException($"{Name} makes no checkpoint: {exception.Message}", exception);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = Node.Endpoint.Port, Username = "postgres", Database = "postgres", Pooling = false, Timeout = 3, ApplicationName = "fail-over",
            Password = await Node.Secrets.Postgres.Resource.GetValueAsync(cancellationToken),
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}

/// <summary>How a node is.</summary>
/// <param name="IsPrimary">True when it takes writes.</param>
/// <param name="IsStreaming">True for a replica that follows the primary.</param>
/// <param name="Received">End of the log that a replica has received.</param>
/// <param name="Replayed">End of the log that a replica has replayed.</param>
internal sealed record NodeStatus(bool IsPrimary, bool IsStreaming, NpgsqlLogSequenceNumber Received, NpgsqlLogSequenceNumber Replayed);
