using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Olap;

/// <summary>Runs questions, and interrupts those that take too long or that nobody waits for any more.</summary>
internal sealed class OlapRunner(WarehouseStore warehouse, IOptions<OlapOptions> options, TimeProvider clock)
{
    /// <summary>Runs a statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="progress">Where the changes of its tenant's source stand; null when they are not captured.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OlapException">A value does not fit its column.</exception>
    /// <exception cref="TimeoutException">It took longer than allowed.</exception>
    public OlapAnswer Run(OlapStatement statement, LogProgress? progress, CancellationToken cancellationToken)
    {
        // Read before the question, so the answer has at least everything up to there.
        var report = progress?.Report();
        using var connection = warehouse.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = statement.Sql;
        foreach (var (name, value) in statement.Parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        using var patience = new CancellationTokenSource(options.Value.LongestQuery, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var interrupt = either.Token.Register(command.Cancel);
        try
        {
            using var reader = command.ExecuteReader();
            var columns = Enumerable.Range(0, reader.FieldCount).Select(i => new OlapField(reader.GetName(i), reader.GetFieldType(i))).ToList();
            List<object?[]> rows = [];
            while (reader.Read())
            {
                either.Token.ThrowIfCancellationRequested();
                rows.Add([.. columns.Select((_, i) => reader.IsDBNull(i) ? null : Plain(reader.GetValue(i)))]);
            }

            return new(report?.AppliedLsn ?? 0, report?.LagMilliseconds ?? 0, columns, rows, statement.Rollup);
        }
        catch (Exception exception) when (either.IsCancellationRequested && exception is DuckDBException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The question took longer than {options.Value.LongestQuery.TotalSeconds:0.###} s; ask for less.", exception);
        }
        catch (DuckDBException exception) when (exception.Message.Contains("Conversion Error", StringComparison.Ordinal))
        {
            throw new OlapException("A value does not fit the type of its column.");
        }
    }

    private static object Plain(object value) => value switch
    {
        System.Numerics.BigInteger big => (decimal)big,
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        _ => value,
    };
}
