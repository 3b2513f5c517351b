using System.Globalization;
using Npgsql;
using Platform.CdcAnalytics.Warehouse.Storage;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>
/// What of a table is read, in the order of its key, or as it lies in the table's file. COPY takes no parameters, so values are handed over as settings of the
/// session, which the statement reads.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="After">The key, as text, behind which to begin, or the place in the file (<c>ctid</c>); null for the beginning.</param>
/// <param name="Filters">Conditions on its rows.</param>
/// <param name="Limit">Most rows; null for all.</param>
internal sealed record SnapshotQuery(SnapshotTable Table, IReadOnlyList<string>? After, IReadOnlyList<RowFilter> Filters, int? Limit)
{
    private const string Setting = "platform.snapshot_";

    /// <summary>
    /// True when rows are read as they lie. In the order of its key, a table that tenants share is read from end to end for each of them, or sorted as a whole.
    /// </summary>
    public bool IsByFile { get; init; }

    /// <summary>The file's block before which to end; null for its end.</summary>
    public long? BeforeBlock { get; init; }

    /// <summary>Begins to read on a connection whose session has the settings that <see cref="Envelopes.ValueWriter"/> asks for.</summary>
    public async Task<CopiedRows> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<string> values = [], conditions = [];
        if (IsByFile)
        {
            if (After is [var last]) conditions.Add($"t.ctid > {Value(values, last, "tid")}");
            if (BeforeBlock is { } block) conditions.Add(string.Create(CultureInfo.InvariantCulture, $"t.ctid < '({block},0)'"));
        }
        else if (After is { Count: > 0 })
        {
            var key = string.Join(", ", Table.Key.Select(Name));
            conditions.Add($"({key}) > ({string.Join(", ", Table.Key.Select((ordinal, i) => Value(values, After[i], Table.TypeNames[ordinal])))})");
        }

        conditions.AddRange(Filters.Select(filter => $"{Name(filter.Ordinal)} {filter.Operator} {Value(values, filter.Value, Table.TypeNames[filter.Ordinal])}"));
        await SetAsync(connection, values, cancellationToken);

        // Behind the columns comes the place, so that reading can go on behind any row.
        string[] places = IsByFile ? ["t.ctid"] : [.. Table.Key.Select(ordinal => $"{Name(ordinal)}::text")];
        var columns = string.Join(", ", [.. Enumerable.Range(0, Table.Table.Columns.Length).Select(Column), .. places]);
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        var order = IsByFile || Table.Key.Count == 0 ? "" : $" ORDER BY {string.Join(", ", Table.Key.Select(Name))}";
        var limit = Limit is { } most ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {most}") : "";
        var sql = $"COPY (SELECT {columns} FROM {EntityTable.Quote(Table.Table.Schema)}.{EntityTable.Quote(Table.Table.Name)} AS t{where}{order}{limit}) TO STDOUT (FORMAT binary)";
        return new(
            await connection.BeginRawBinaryCopyAsync(sql, cancellationToken), Table.Table.Columns.Length,
            [.. Table.Table.Columns.Select(column => column.Writer.ReadsBinary), .. places.Select(_ => IsByFile)]);
    }

    // Types whose binary form nobody reads here come as the text that their output function makes.
    private string Column(int ordinal) => Table.Table.Columns[ordinal].Writer.ReadsBinary
        ? Name(ordinal)
        : $"CASE WHEN {Name(ordinal)} IS NOT NULL THEN format('%s', {Name(ordinal)}) END";

    private string Name(int ordinal) => $"t.{EntityTable.Quote(Table.Table.Columns[ordinal].Name)}";

    private static string Value(List<string> values, string value, string type)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"current_setting('{Setting}{values.Count}')::{type}");
    }

    private async Task SetAsync(NpgsqlConnection connection, List<string> values, CancellationToken cancellationToken)
    {
        if (values.Count == 0 && !IsByFile) return;
        await using var batch = connection.CreateBatch();
        if (IsByFile)
        {
            // Several workers, or a scan that joins another one in its midst, would bring rows in another order.
            batch.BatchCommands.Add(new("SET max_parallel_workers_per_gather = 0"));
            batch.BatchCommands.Add(new("SET synchronize_seqscans = off"));
        }

        for (var i = 0; i < values.Count; i++)
        {
            batch.BatchCommands.Add(new("SELECT set_config($1, $2, false)")
            {
                Parameters = { new() { Value = string.Create(CultureInfo.InvariantCulture, $"{Setting}{i + 1}") }, new() { Value = values[i] } },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
