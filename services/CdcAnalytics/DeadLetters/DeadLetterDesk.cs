using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>Looks at dead letters, tries them again, or drops them.</summary>
internal sealed class DeadLetterDesk(WarehouseStore warehouse, HeldRows held, ContractSet contracts, ILogger<DeadLetterDesk> logger)
{
    public IReadOnlyList<DeadLetter> List(string? entity, long after, int limit)
    {
        using var connection = warehouse.OpenReader();
        return DeadLetterTable.Read(connection, entity, after, limit);
    }

    public DeadLetter? Find(long id)
    {
        using var connection = warehouse.OpenReader();
        return DeadLetterTable.Find(connection, id);
    }

    /// <summary>
    /// Applies the letters of the row that this one is of, in order, until one cannot be applied. Null when there is no such letter.
    /// </summary>
    public async Task<RetryResult?> RetryAsync(long id, CancellationToken cancellationToken)
    {
        using var turn = await warehouse.TurnAsync(cancellationToken);
        using var connection = warehouse.OpenReader();
        if (DeadLetterTable.Find(connection, id) is not { } letter) return null;
        var letters = DeadLetterTable.OfSameRow(connection, letter);
        // How far the partitions are has passed these events already; whether they are new is judged row by row.
        var batch = new ChangeBatch(contracts, new Dictionary<Confluent.Kafka.TopicPartition, PartitionState>(), warehouse.ReadTruncated(), new HeldRows());
        var reader = new ChangeEventReader(contracts);
        string? reason = null;
        foreach (var next in letters)
        {
            reason = TryAdd(batch, reader, next);
            if (reason is not null) break;
        }

        warehouse.Apply(batch, broker: null);
        if (reason is null) held.Release(letter.Row);
        logger.Retried(batch.Released.Count, letter.Topic, letters.Count - batch.Released.Count);
        return new(batch.Released.Count, letters.Count - batch.Released.Count, reason);
    }

    /// <summary>Gives a letter up for good; those of the same row stay and can be tried. False when there is no such letter.</summary>
    public async Task<bool> DropAsync(long id, CancellationToken cancellationToken)
    {
        using var turn = await warehouse.TurnAsync(cancellationToken);
        using var connection = warehouse.OpenReader();
        if (DeadLetterTable.Find(connection, id) is not { } letter) return false;
        var batch = new ChangeBatch(contracts, new Dictionary<Confluent.Kafka.TopicPartition, PartitionState>(), new Dictionary<(string Entity, string Source), LogPosition>(), new HeldRows());
        batch.Released.Add(id);
        warehouse.Apply(batch, broker: null);
        if (DeadLetterTable.OfSameRow(connection, letter).Count == 0) held.Release(letter.Row);
        logger.Dropped(id, letter.Topic, letter.Partition, letter.Offset);
        return true;
    }

    // Why it still cannot be applied; it is not part of the batch then.
    private string? TryAdd(ChangeBatch batch, ChangeEventReader reader, DeadLetter letter)
    {
        if (contracts.Find(letter.Entity) is not { } entity) return $"There is no contract of {letter.Entity} any more.";
        var read = reader.Read(new(letter.Topic, letter.Partition, letter.Offset), entity, letter.Key, letter.Value);
        if (read.Error is null) batch.Retry(letter, read);
        return read.Error?.Message;
    }
}
