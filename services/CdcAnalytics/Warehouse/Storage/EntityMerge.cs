namespace Platform.CdcAnalytics.Warehouse.Storage;

/// <summary>
/// The statements that apply staged changes to an entity's tables. A change counts for a row if it is later than all that is known of the
/// row from the same source: its version now, and the end of its last one. That makes every change a no-op the second time, and lets rows of a snapshot
/// come at any time. No primary key or unique index is needed, and none grows slower with the table.
/// </summary>
internal sealed class EntityMerge
{
    private readonly string _guardHistory;

    public EntityMerge(EntityTable table)
    {
        var (name, history, columns) = (table.Name, table.History, table.Columns);
        StageTable = $"stage_{table.Entity.Name}";
        Stage = EntityTable.Quote(StageTable);
        var open = Open = EntityTable.Quote($"open_{table.Entity.Name}");
        var key = EntityTable.Quote(table.Entity.Key.Name);
        string SameRow(string other) => $"s.tenant_id = {other}.tenant_id AND s.{key} = {other}.{key}";

        // Rows of a table are put together in parallel and then copied once more, unless one of the sources cannot be divided.
        var directly = $"UNION ALL SELECT {string.Join(", ", Enumerable.Repeat("NULL", table.Entity.Columns.Count + 7))} FROM range(0)";

        CreateStage = $"""
            CREATE OR REPLACE TEMP TABLE {Stage} (
                tenant_id VARCHAR, {table.Definitions}, _source VARCHAR, _commit_lsn UBIGINT, _ordinal BIGINT, _committed_at TIMESTAMP, _operation VARCHAR, _sequence BIGINT,
                _to_source VARCHAR, _to_lsn UBIGINT, _to_ordinal BIGINT, _to_at TIMESTAMP, _to_operation VARCHAR, _to_sequence BIGINT, _previous_lsn UBIGINT, _previous_ordinal BIGINT);
            """;

        Leaving = $"(SELECT o.* FROM {open} AS o SEMI JOIN {Stage} AS s ON {SameRow("o")})";
        Coming = $"(SELECT * FROM {Stage} WHERE _to_lsn IS NULL AND _operation <> 'd')";

        // The open versions of the rows that change, so that the table is searched once. A join gives few rows at a time, and tables are slow to take these one by one:
        // materialised, they come together.
        FindOpen = $"""
            CREATE OR REPLACE TEMP TABLE {open} AS
            WITH found AS MATERIALIZED (SELECT rowid AS _row, o.* FROM {name} AS o SEMI JOIN {Stage} AS s ON {SameRow("o")})
            SELECT * FROM found;
            """;
        GuardOpen = $"DELETE FROM {Stage} AS s USING {open} AS o WHERE {SameRow("o")} AND s._source = o._source AND NOT {Later("s._commit_lsn", "s._ordinal", "o._commit_lsn", "o._ordinal")};";

        // The ends in history grow, so all but its last part is left out by the least and greatest values that DuckDB keeps of each part.
        _guardHistory = $"""
            DELETE FROM {Stage} AS s USING {history} AS h
            WHERE h._to_lsn >= $first AND {SameRow("h")} AND s._source = h._to_source AND NOT {Later("s._commit_lsn", "s._ordinal", "h._to_lsn", "h._to_ordinal")};
            """;
        var same = string.Join(" AND ", table.Entity.Columns.Select(c => EntityTable.Quote(c.Name)).Select(c => $"s.{c} IS NOT DISTINCT FROM o.{c}").Prepend("s._source = o._source"));
        DropUnchanged = $"""
            INSERT INTO {table.Seen} SELECT s.tenant_id, s.{key}, s._commit_lsn, s._source FROM {Stage} AS s JOIN {open} AS o ON {SameRow("o")} WHERE s._operation = 'r' AND {same};
            DELETE FROM {Stage} AS s USING {open} AS o WHERE s._operation = 'r' AND {SameRow("o")} AND {same};
            """;
        StageUnseen = $"""
            INSERT INTO {Stage}
            SELECT tenant_id, {columns}, $source, $lsn, 0, $at, 'd', $sequence, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 FROM {name} AS o
            WHERE _source = $source AND _commit_lsn < $lsn AND NOT EXISTS (SELECT 1 FROM {table.Seen} AS s WHERE {SameRow("o")} AND s._source = $source AND s._commit_lsn >= $lsn);
            """;

        // A row has come to another source. What that source deletes first it has not brought yet, so it says nothing about the row that is here; such a deletion is
        // remembered. Of the changes that are left, the first one begins a version whatever its place is, and what was known of the row's former source is kept.
        var (first, earlierOf) = ("NOT EXISTS (SELECT 1 FROM", Later("s._commit_lsn", "s._ordinal", "p._commit_lsn", "p._ordinal"));
        var moved = $"SELECT s.rowid FROM {Stage} AS s JOIN {open} AS o ON {SameRow("o")} AND s._source <> o._source";
        var deletions = $"""{moved} WHERE s._operation = 'd' AND {first} {Stage} AS p WHERE {SameRow("p")} AND p._operation <> 'd' AND {earlierOf})""";
        FindMoved = $"SELECT EXISTS ({moved})";
        // It is no change, so it has no number and the lake does not get it.
        var known = "o._source, o._commit_lsn, o._ordinal, o._committed_at, 'd', NULL";
        TakeOver = $"""
            INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})
            SELECT tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.BeginStored} FROM {Stage} WHERE rowid IN ({deletions});
            DELETE FROM {Stage} WHERE rowid IN ({deletions});
            UPDATE {Stage} SET _previous_lsn = 0, _previous_ordinal = 0 WHERE rowid IN ({moved} WHERE {first} {Stage} AS p WHERE {SameRow("p")} AND {earlierOf}));
            INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})
            SELECT o.tenant_id, {Of("o", columns)}, {known}, {known} FROM {open} AS o SEMI JOIN {Stage} AS s ON {SameRow("o")} AND s._source <> o._source;
            """;

        // Of several changes of a row the first one that counts ends the open version; the others end each other.
        CloseOpen = $"""
            INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})
            WITH ended AS MATERIALIZED (
                SELECT o.tenant_id, {Of("o", columns)}, {Of("o", EntityTable.BeginStored)}, {Of("s", EntityTable.BeginStored)}
                FROM {open} AS o JOIN {Stage} AS s ON {SameRow("o")}
                WHERE CASE WHEN s._source = o._source THEN NOT {Later("s._previous_lsn", "s._previous_ordinal", "o._commit_lsn", "o._ordinal")} ELSE s._previous_lsn = 0 END)
            SELECT * FROM ended;
            DELETE FROM {name} WHERE rowid IN (SELECT o._row FROM {open} AS o SEMI JOIN {Stage} AS s ON {SameRow("o")});
            """;

        // The deletion of a row that is not there is remembered by a version that ended where it began.
        RememberDeletes = $"""
            INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})
            SELECT s.tenant_id, {Of("s", columns)}, {Of("s", EntityTable.BeginStored)}, {Of("s", EntityTable.BeginStored)}
            FROM {Stage} AS s
            LEFT JOIN {Stage} AS p ON {SameRow("p")} AND p._commit_lsn = s._previous_lsn AND p._ordinal = s._previous_ordinal
            LEFT JOIN {open} AS o ON {SameRow("o")}
            WHERE s._operation = 'd' AND CASE WHEN p.tenant_id IS NULL THEN o.tenant_id IS NULL ELSE p._operation = 'd' END;
            """;
        AddVersions = $"""
            INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})
            SELECT tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored} FROM {Stage} WHERE _to_lsn IS NOT NULL AND _operation <> 'd';
            INSERT INTO {name} (tenant_id, {columns}, {EntityTable.BeginStored})
            SELECT tenant_id, {columns}, {EntityTable.BeginStored} FROM {Stage} WHERE _to_lsn IS NULL AND _operation <> 'd'
            {directly};
            """;
        UnchangedToLake = $"""
            INSERT INTO {table.Waiting} (tenant_id, {columns}, {EntityTable.BeginStored})
            SELECT s.tenant_id, {Of("s", columns)}, {Of("s", EntityTable.BeginStored)} FROM {Stage} AS s JOIN {open} AS o ON {SameRow("o")} WHERE s._operation = 'r' AND {same};
            """;
        AppendTruncationToLake = $"""
            INSERT INTO {table.Waiting} (tenant_id, {EntityTable.BeginStored}) VALUES ('', $source, $lsn, $ordinal, $at, 't', $sequence);
            """;
        var place = "CAST(_commit_lsn AS UHUGEINT) * 9223372036854775808 + CAST(_ordinal AS UHUGEINT)";
        Restage = $"""
            INSERT INTO {Stage}
            WITH changes AS (SELECT *, {place} AS _place FROM $source WHERE _sequence BETWEEN $first AND $last AND _operation <> 't'),
            counting AS (
                SELECT * FROM changes
                QUALIFY _place > coalesce(max(_place) OVER (
                    PARTITION BY tenant_id, {key} ORDER BY _sequence, _place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))
            SELECT tenant_id, {columns}, {EntityTable.BeginStored},
                lead(_source) OVER row, lead(_commit_lsn) OVER row, lead(_ordinal) OVER row, lead(_committed_at) OVER row, lead(_operation) OVER row, lead(_sequence) OVER row,
                coalesce(lag(_commit_lsn) OVER row, 0), coalesce(lag(_ordinal) OVER row, 0)
            FROM counting WINDOW row AS (PARTITION BY tenant_id, {key} ORDER BY _place);
            """;
        // Each change that counted is where a version begins, or is the deletion that ends one: nothing is written a second time for the lake.
        ForLake = $"""
            SELECT tenant_id, {columns}, {EntityTable.BeginStored} FROM {table.Waiting}
            UNION ALL SELECT tenant_id, {columns}, {EntityTable.BeginStored} FROM {name} WHERE _sequence > $after
            UNION ALL SELECT tenant_id, {columns}, {EntityTable.BeginStored} FROM {history} WHERE _sequence > $after
            UNION ALL SELECT tenant_id, {columns}, {EntityTable.EndStored} FROM {history} WHERE _to_sequence > $after AND _to_operation = 'd' AND _operation <> 'd'
            """;
        var earlier = Later("$lsn", "$ordinal", "_commit_lsn", "_ordinal");
        CloseAll = $"""
            INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})
            SELECT tenant_id, {columns}, {EntityTable.BeginStored}, $source, $lsn, $ordinal, $at, 't', $sequence FROM {name} WHERE _source = $source AND {earlier}
            """;
        StageAll = $"""
            INSERT INTO {Stage}
            SELECT tenant_id, {columns}, _source, _commit_lsn, _ordinal, _committed_at, 'd', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 FROM {name} WHERE _source = $source AND {earlier}
            """;
        RemoveAll = $"DELETE FROM {name} WHERE _source = $source AND {earlier}";
    }

    /// <summary>The temporary table that changes go through.</summary>
    public string StageTable { get; }

    /// <summary>The same, quoted.</summary>
    public string Stage { get; }

    /// <summary>The temporary table, quoted, of the versions that changes on the stage find.</summary>
    public string Open { get; }

    /// <summary>The rows that changes on the stage replace or delete, once what does not count is left out.</summary>
    public string Leaving { get; }

    /// <summary>The rows as those changes leave them.</summary>
    public string Coming { get; }

    /// <summary>An empty stage.</summary>
    public string CreateStage { get; }

    public string FindOpen { get; }

    public string GuardOpen { get; }

    /// <summary>Leaves out rows of a snapshot that are as the warehouse has them.</summary>
    public string DropUnchanged { get; }

    /// <summary>Brings deletions of the rows that a snapshot has not brought: its $source, its position $lsn, the time $at, the number $sequence.</summary>
    public string StageUnseen { get; }

    /// <summary>Whether a row that changes has been brought by another source before.</summary>
    public string FindMoved { get; }

    /// <summary>Prepares changes of such rows.</summary>
    public string TakeOver { get; }

    public string CloseOpen { get; }

    public string RememberDeletes { get; }

    public string AddVersions { get; }

    /// <summary>Notes for the lake what <see cref="DropUnchanged"/> leaves out, which no version shows.</summary>
    public string UnchangedToLake { get; }

    /// <summary>Applied changes that are not in the lake's files, with their number: those greater than the text $after.</summary>
    public string ForLake { get; }

    /// <summary>Notes that the entity was emptied: $source, $lsn, $ordinal, $at, $sequence.</summary>
    public string AppendTruncationToLake { get; }

    /// <summary>Brings changes of the lake to the stage as they were applied: the texts $source, $first and $last are to be replaced.</summary>
    public string Restage { get; }

    /// <summary>Ends every version that began before a position: $source, $lsn, $ordinal, $at, $sequence.</summary>
    public string CloseAll { get; }

    /// <summary>Brings a deletion of each of those rows to the stage: $source, $lsn, $ordinal.</summary>
    public string StageAll { get; }

    /// <summary>Removes the rows of those versions: $source, $lsn, $ordinal.</summary>
    public string RemoveAll { get; }

    /// <summary>Leaves out changes that came before the end of the row's last version.</summary>
    /// <param name="firstLsn">The earliest commit on the stage.</param>
    public string GuardHistory(ulong firstLsn) => _guardHistory.Replace("$first", $"{firstLsn}::UBIGINT", StringComparison.Ordinal);

    private static string Later(string lsn, string ordinal, string otherLsn, string otherOrdinal) =>
        $"({lsn} > {otherLsn} OR ({lsn} = {otherLsn} AND {ordinal} > {otherOrdinal}))";

    private static string Of(string alias, string columns) => $"{alias}.{columns.Replace(", ", $", {alias}.", StringComparison.Ordinal)}";
}
