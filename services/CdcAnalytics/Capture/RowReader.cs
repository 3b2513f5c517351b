using Npgsql.Replication.PgOutput;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Copies the values of a row out of a message, whose buffers Npgsql reuses for the next one.</summary>
internal static class RowReader
{
    /// <summary>What stands for a large value that the update did not touch and that the log therefore does not carry, as Debezium writes it.</summary>
    public const string UnavailableValue = "__debezium_unavailable_value";

    /// <param name="row">The row in the message; read once, in order.</param>
    /// <param name="relation">Its table.</param>
    /// <param name="before">The row before the change, from which untouched large values are carried over.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<object?[]> ReadAsync(
        ReplicationTuple row, CapturedRelation relation, object?[]? before, CancellationToken cancellationToken)
    {
        var values = new object?[relation.Columns.Count];
        var i = 0;
        await foreach (var value in row.WithCancellation(cancellationToken))
        {
            values[i] = value.IsDBNull ? null
                : value.IsUnchangedToastedValue ? before?[i] ?? UnavailableValue
                : await PostgresType.ReadAsync(value, relation.Columns[i], cancellationToken);
            i++;
        }

        return values;
    }
}
