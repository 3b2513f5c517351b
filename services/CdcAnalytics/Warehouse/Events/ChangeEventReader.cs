using Confluent.Kafka;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>Reads messages of the change topics. Not thread-safe.</summary>
internal sealed class ChangeEventReader(ContractSet contracts)
{
    private readonly Dictionary<string, EnvelopeReader> _readers = contracts.Entities.ToDictionary(entity => entity.Name, entity => new EnvelopeReader(entity), StringComparer.Ordinal);

    /// <summary>Reads one. What is wrong with it is in the result.</summary>
    public ChangeEvent Read(TopicPartitionOffset at, EntityContract entity, byte[]? key, byte[]? value)
    {
        if (value is null) return new(at, entity, key, value);
        var values = new Cell[entity.Columns.Count];
        try
        {
            return new(at, entity, key, value) { Header = _readers[entity.Name].Read(value, values), Values = values };
        }
        catch (EnvelopeException exception)
        {
            return new(at, entity, key, value) { Error = exception };
        }
    }
}
