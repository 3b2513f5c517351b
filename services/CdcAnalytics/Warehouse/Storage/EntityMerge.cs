namespace Platform.CdcAnalytics.Warehouse.Storage;

/// <summary>
/// The statements that apply staged changes to an entity's tables. A change counts for a row if it is later than all that is known of the
/// row from the same source: its version now, and the end of its last one. That makes every change a no-op the second time, and lets rows of a snapshot
/// come at any time. No primary key or unique index is needed, and none grows slower with the table. Tables are slow to take few rows at a time, as joins and filters give
/// them, and to take them from several threads: so what goes into one is materialised first.
/// </summary>
internal sealed class EntityMerge
{
    private readonly string _guardHistory, _endVersions, _rememberDeletes;

    public EntityMerge(EntityTable table)
    {
        var (name, history, columns) = (table.Name, table.History, table.Columns);
        StageTable = $"stage_{table.Entity.Name}";
        Stage = EntityTable.Quote(StageTable);
        var open = Open = EntityTable.Quote($"open_{table.Entity.Name}");
        var key = EntityTable.Quote(table.Entity.Key.Name);
        string SameRow(string other) => $"s.tenant_id = {other}.tenant_id AND s.{key} = {other}.{key}";
        var intoHistory = $"INSERT INTO {history} (tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored})";

        CreateStage = $"""
            CREATE OR REPLACE TEMP TABLE {Stage} (
                tenant_id VARCHAR, {table.Definitions}, _source VARCHAR, _commit_lsn UBIGINT, _ordinal BIGINT, _committed_at TIMESTAMP, _operation VARCHAR, _sequence BIGINT,
                _n BIGINT, _is_last BOOLEAN, _previous_n BIGINT, _previous_lsn UBIGINT, _previous_ordinal BIGINT);
            """;

        // The ends in history grow, so all but its last part is left out by the least and greatest values that DuckDB keeps of each part.
        _guardHistory = $"""
            DELETE FROM {Stage} AS s USING {history} AS h
            WHERE h._to_lsn >= $first AND {SameRow("h")} AND s._source = h._to_source AND NOT {Later("s._commit_lsn", "s._ordinal", "h._to_lsn", "h._to_ordinal")};
            """;

        // The open version of each row that changes, beside the change that ends it: of several changes of a row that is the first one that counts, the others end each
        // other. With it come those that are late. The table is searched once, and everything after it goes by number.
        var pair = $"o.rowid AS _row, o.*, {Ends("s")}, s._n, o._source = s._source AND NOT {Later("s._commit_lsn", "s._ordinal", "o._commit_lsn", "o._ordinal")} AS _is_late";
        FindOpen = $"""
            CREATE OR REPLACE TEMP TABLE {open} AS
            WITH found AS MATERIALIZED (
                SELECT {pair}
                FROM {name} AS o JOIN {Stage} AS s ON {SameRow("o")} AND (s._source <> o._source OR NOT {Later("s._previous_lsn", "s._previous_ordinal", "o._commit_lsn", "o._ordinal")}))
            SELECT * FROM found;
            """;
        IsAnyOpen = $"SELECT EXISTS (SELECT 1 FROM {name} AS o JOIN {Stage} AS s ON {SameRow("o")})";
        NoneOpen = $"CREATE OR REPLACE TEMP TABLE {open} AS SELECT {pair} FROM {name} AS o, {Stage} AS s LIMIT 0;";
        CountOpen = $"SELECT count(*), count(*) FILTER (_is_late), count(*) FILTER (_source <> _to_source) FROM {open}";
        DropLate = $"""
            DELETE FROM {Stage} WHERE _n IN (SELECT _n FROM {open} WHERE _is_late);
            DELETE FROM {open} WHERE _is_late;
            """;

        var same = string.Join(" AND ", table.Entity.Columns.Select(c => EntityTable.Quote(c.Name)).Select(c => $"s.{c} IS NOT DISTINCT FROM o.{c}").Prepend("s._source = o._source"));
        var unchanged = $"FROM {Stage} AS s JOIN {open} AS o ON s._n = o._n WHERE s._operation = 'r' AND {same}";
        DropUnchanged = $"""
            INSERT INTO {table.Seen} SELECT s.tenant_id, s.{key}, s._commit_lsn, s._source {unchanged};
            DELETE FROM {Stage} WHERE _n IN (SELECT s._n {unchanged});
            DELETE FROM {open} WHERE _n NOT IN (SELECT _n FROM {Stage});
            """;
        UnchangedToLake = $"""
            INSERT INTO {table.Waiting} (tenant_id, {columns}, {EntityTable.BeginStored})
            SELECT s.tenant_id, {Of("s", columns)}, {Of("s", EntityTable.BeginStored)} {unchanged};
            """;
        StageUnseen = $"""
            INSERT INTO {Stage}
            SELECT tenant_id, {columns}, $source, $lsn, 0, $at, 'd', $sequence, {Alone} FROM {name} AS o
            WHERE _source = $source AND _commit_lsn < $lsn AND NOT EXISTS (SELECT 1 FROM {table.Seen} AS s WHERE {SameRow("o")} AND s._source = $source AND s._commit_lsn >= $lsn);
            """;

        // A row has come to another source. What that source deletes first it has not brought yet, so it says nothing about the row that is here; such a deletion is
        // remembered. Of the changes that are left, the first one begins a version whatever its place is, and what was known of the row's former source is kept.
        var moved = $"_n IN (SELECT _n FROM {open} WHERE _source <> _to_source)";
        var before = $"NOT EXISTS (SELECT 1 FROM {Stage} AS p WHERE {SameRow("p")} AND {Later("s._commit_lsn", "s._ordinal", "p._commit_lsn", "p._ordinal")}";
        var deletions = $"SELECT _n FROM {Stage} AS s WHERE {moved} AND _operation = 'd' AND {before} AND p._operation <> 'd')";
        // It is no change, so it has no number and the lake does not get it.
        const string Known = "_source, _commit_lsn, _ordinal, _committed_at, 'd', NULL";
        TakeOver = $"""
            {intoHistory} SELECT tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.BeginStored} FROM {Stage} WHERE _n IN ({deletions});
            DELETE FROM {Stage} WHERE _n IN ({deletions});
            UPDATE {Stage} SET _previous_lsn = 0, _previous_ordinal = 0 WHERE _n IN (SELECT _n FROM {Stage} AS s WHERE {moved} AND {before}));
            {FindOpen}
            DELETE FROM {open} WHERE _source <> _to_source AND _n IN (SELECT _n FROM {Stage} WHERE _previous_lsn > 0);
            {intoHistory} SELECT tenant_id, {columns}, {Known}, {Known} FROM {open} WHERE _source <> _to_source;
            """;

        _endVersions = $"""
            {intoHistory}
            WITH ended AS MATERIALIZED (
                SELECT tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.EndStored} FROM {open}
                UNION ALL SELECT s.tenant_id, {Of("s", columns)}, {Of("s", EntityTable.BeginStored)}, {Of("n", EntityTable.BeginStored)}
                FROM {Stage} AS s JOIN {Stage} AS n ON n._previous_n = s._n WHERE NOT s._is_last AND s._operation <> 'd'
            """;

        // The deletion of a row that is not there is remembered by a version that ended where it began.
        _rememberDeletes = $"""

                UNION ALL SELECT tenant_id, {columns}, {EntityTable.BeginStored}, {EntityTable.BeginStored} FROM {Stage} WHERE _n IN (
                    SELECT s._n FROM {Stage} AS s LEFT JOIN (SELECT _n, _operation FROM {Stage} WHERE NOT _is_last) AS p ON p._n = s._previous_n LEFT JOIN {open} AS o ON o._n = s._n
                    WHERE s._operation = 'd' AND CASE WHEN p._n IS NULL THEN o._n IS NULL ELSE p._operation = 'd' END)
            """;
        RemoveEnded = $"DELETE FROM {name} WHERE rowid IN (SELECT _row FROM {open});";
        AddCurrent = $"""
            INSERT INTO {name} (tenant_id, {columns}, {EntityTable.BeginStored})
            WITH coming AS MATERIALIZED (SELECT tenant_id, {columns}, {EntityTable.BeginStored} FROM {Coming}) SELECT * FROM coming;
            """;
        AppendTruncationToLake = $"""
            INSERT INTO {table.Waiting} (tenant_id, {EntityTable.BeginStored}) VALUES ('', $source, $lsn, $ordinal, $at, 't', $sequence);
            """;
        var place = "CAST(_commit_lsn AS UHUGEINT) * 9223372036854775808 + CAST(_ordinal AS UHUGEINT)";
        Restage = $"""
            INSERT INTO {Stage}
            WITH changes AS (SELECT *, {place} AS _place FROM $source WHERE _sequence BETWEEN $first AND $last AND _operation <> 't'),
            counting AS (
                SELECT *, row_number() OVER () AS _n FROM changes
                QUALIFY _place > coalesce(max(_place) OVER (
                    PARTITION BY tenant_id, {key} ORDER BY _sequence, _place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))
            SELECT tenant_id, {columns}, {EntityTable.BeginStored},
                _n, lead(_n) OVER row IS NULL, lag(_n) OVER row, coalesce(lag(_commit_lsn) OVER row, 0), coalesce(lag(_ordinal) OVER row, 0)
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
            SELECT tenant_id, {columns}, _source, $lsn, $ordinal, _committed_at, 'd', NULL, {Alone} FROM {name} WHERE _source = $source AND {earlier}
            """;
        RemoveAll = $"DELETE FROM {name} WHERE _source = $source AND {earlier}";
    }

    /// <summary>The temporary table that changes go through.</summary>
    public string StageTable { get; }

    /// <summary>The same, quoted.</summary>
    public string Stage { get; }

    /// <summary>The temporary table, quoted, of the versions that changes on the stage end, once what does not count is left out.</summary>
    public string Open { get; }

    /// <summary>The rows as the changes on the stage leave them.</summary>
    public string Coming => $"(SELECT * FROM {Stage} WHERE _is_last AND _operation <> 'd')";

    /// <summary>An empty stage.</summary>
    public string CreateStage { get; }

    public string FindOpen { get; }

    /// <summary>Whether <see cref="FindOpen"/> would find anything, which reads three columns instead of all.</summary>
    public string IsAnyOpen { get; }

    /// <summary>What it leaves when it finds nothing.</summary>
    public string NoneOpen { get; }

    /// <summary>Reads how many versions were found, by how many changes that are late, and by how many that another source than the version's has brought.</summary>
    public string CountOpen { get; }

    /// <summary>Leaves out changes that came before the row's version.</summary>
    public string DropLate { get; }

    /// <summary>Leaves out rows of a snapshot that are as the warehouse has them.</summary>
    public string DropUnchanged { get; }

    /// <summary>Notes for the lake what <see cref="DropUnchanged"/> leaves out, which no version shows.</summary>
    public string UnchangedToLake { get; }

    /// <summary>Brings deletions of the rows that a snapshot has not brought: its $source, its position $lsn, the time $at, the number $sequence.</summary>
    public string StageUnseen { get; }

    /// <summary>Prepares changes of rows that another source has brought before.</summary>
    public string TakeOver { get; }

    /// <summary>Removes the rows whose versions have ended.</summary>
    public string RemoveEnded { get; }

    /// <summary>Adds the rows as the changes leave them.</summary>
    public string AddCurrent { get; }

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

    /// <summary>Brings the versions that end into history.</summary>
    /// <param name="hasDeletes">Whether there are deletions on the stage.</param>
    public string EndVersions(bool hasDeletes) => $"{_endVersions}{(hasDeletes ? _rememberDeletes : "")}) SELECT * FROM ended;";

    // A change on the stage beside which no other one of its row is.
    private const string Alone = "row_number() OVER (), true, NULL, 0, 0";

    // What begins a version is what ends the one before.
    private static string Ends(string alias) => string.Join(", ", EntityTable.BeginStored.Split(", ").Zip(EntityTable.EndStored.Split(", "), (begin, end) => $"{alias}.{begin} AS {end}"));

    private static string Later(string lsn, string ordinal, string otherLsn, string otherOrdinal) =>
        $"({lsn} > {otherLsn} OR ({lsn} = {otherLsn} AND {ordinal} > {otherOrdinal}))";

    private static string Of(string alias, string columns) => $"{alias}.{columns.Replace(", ", $", {alias}.", StringComparison.Ordinal)}";
}
