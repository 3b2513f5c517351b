using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;
using Platform.CdcAnalytics.Pipeline;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Reads the write-ahead log through the slot, in commit order, and publishes every change. It keeps nothing: after a restart it reads
/// again from what the slot knows to be durable, and what that repeats is recognised by its position.
/// </summary>
internal sealed class LogReader(
    ChangePublisher publisher,
    LogProgress progress,
    ContractSet contracts,
    TimeProvider clock,
    IOptions<CaptureOptions> options,
    ILogger<LogReader> logger)
{
    private readonly Dictionary<uint, CapturedRelation> _relations = [];
    private ulong _previousCommit;

    /// <summary>Reads until the connection ends or the token is cancelled.</summary>
    public async Task ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new LogicalReplicationConnection(connectionString);
        // The positions to confirm are sent by ConfirmAsync; the receiver's own interval is the safety net for long quiet times.
        connection.WalReceiverStatusInterval = TimeSpan.FromSeconds(10);
        await connection.Open(cancellationToken);

        var envelope = new ChangeEnvelope(new NpgsqlConnectionStringBuilder(connectionString).Database!, clock);
        var slot = new PgOutputReplicationSlot(options.Value.Slot);
        var replication = new PgOutputReplicationOptions(options.Value.Publication, PgOutputProtocolVersion.V1, binary: true);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var confirming = ConfirmAsync(connection, ended.Token);
        try
        {
            logger.Streaming(options.Value.Slot);
            CapturedTransaction? transaction = null;
            TransactionProgress? underWay = null;
            await foreach (var message in connection.StartReplication(slot, replication, ended.Token))
            {
                switch (message)
                {
                    case RelationMessage relation:
                        _relations[relation.RelationId] = new CapturedRelation(relation, contracts);
                        break;
                    case BeginMessage begin:
                        var committedAt = new DateTimeOffset(begin.TransactionCommitTimestamp.ToUniversalTime());
                        transaction = new((uint)begin.TransactionXid!, (ulong)begin.TransactionFinalLsn, _previousCommit, committedAt);
                        underWay = progress.BeginTransaction(committedAt);
                        break;
                    case CommitMessage commit:
                        _previousCommit = (ulong)commit.CommitLsn;
                        progress.Commit(underWay!, (ulong)commit.TransactionEndLsn);
                        break;
                    default:
                        await PublishAsync(message, transaction!, underWay!, envelope, ended.Token);
                        break;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await confirming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask PublishAsync(
        PgOutputReplicationMessage message, CapturedTransaction transaction, TransactionProgress underWay, ChangeEnvelope envelope,
        CancellationToken cancellationToken)
    {
        var lsn = (ulong)message.WalStart;
        switch (message)
        {
            case InsertMessage insert:
            {
                var relation = _relations[insert.Relation.RelationId];
                var after = await RowReader.ReadAsync(insert.NewRow, relation, before: null, cancellationToken);
                await SendAsync(relation, "c", before: null, after);
                break;
            }

            case FullUpdateMessage update:
            {
                var relation = _relations[update.Relation.RelationId];
                var before = await RowReader.ReadAsync(update.OldRow, relation, before: null, cancellationToken);
                var after = await RowReader.ReadAsync(update.NewRow, relation, before, cancellationToken);
                await SendUpdateAsync(relation, before, after);
                break;
            }

            case FullDeleteMessage delete:
            {
                var relation = _relations[delete.Relation.RelationId];
                await SendDeleteAsync(relation, await RowReader.ReadAsync(delete.OldRow, relation, before: null, cancellationToken));
                break;
            }

            case UpdateMessage or KeyDeleteMessage:
                throw new InvalidOperationException(
                    "A change came without the row before it: the table lacks REPLICA IDENTITY FULL. The schema service sets it; start it and try again.");
            case TruncateMessage truncate:
                foreach (var relation in truncate.Relations.Select(r => _relations[r.RelationId]))
                {
                    var value = envelope.Value(relation, transaction, lsn, "t", before: null, after: null);
                    await publisher.SendAsync(underWay, relation.Topic, key: null, value, cancellationToken);
                }

                break;
        }

        async ValueTask SendUpdateAsync(CapturedRelation relation, object?[] before, object?[] after)
        {
            // Another key is another row: as Debezium does, the old one is deleted and the new one created.
            if (relation.Key.Any(i => !Equals(before[i], after[i])))
            {
                await SendDeleteAsync(relation, before);
                await SendAsync(relation, "c", before: null, after);
            }
            else
            {
                await SendAsync(relation, "u", before, after);
            }
        }

        async ValueTask SendDeleteAsync(CapturedRelation relation, object?[] before)
        {
            await SendAsync(relation, "d", before, after: null);
            await publisher.SendAsync(underWay, relation.Topic, envelope.Key(relation, before), value: null, cancellationToken);
        }

        ValueTask SendAsync(CapturedRelation relation, string operation, object?[]? before, object?[]? after) => publisher.SendAsync(
            underWay, relation.Topic, envelope.Key(relation, (after ?? before)!),
            envelope.Value(relation, transaction, lsn, operation, before, after), cancellationToken);
    }

    /// <summary>Tells Postgres how much of the log it may drop.</summary>
    private async Task ConfirmAsync(LogicalReplicationConnection connection, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.ConfirmInterval, clock);
        var confirmed = 0ul;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            progress.Idle((ulong)connection.LastReceivedLsn);
            var durable = options.Value.ConfirmAfter == ConfirmAfter.WarehouseCommit ? progress.AppliedLsn : progress.DeliveredLsn;
            if (durable <= confirmed) continue;
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(durable));
            await connection.SendStatusUpdate(cancellationToken);
            confirmed = durable;
        }
    }
}
