using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Verification;

/// <summary>
/// A row as a number that Postgres and DuckDB compute alike: the first 60 bits of the MD5 of its values, each in a form of text that both engines write the same way. The
/// sum over rows is the same in whichever order they lie.
/// </summary>
internal static class RowChecksum
{
    // Control characters, which no contract's text is likely to hold: between values, and for a value that is not there.
    private const string Separator = "\\x1f", Missing = "\\x1e";

    /// <summary>The expression for Postgres, over the entity's table: a bigint.</summary>
    public static string InPostgres(EntityContract entity) =>
        $"('x' || substr(md5(concat_ws(E'{Separator}', {Values(entity, PostgresText, $"E'{Missing}'")})), 1, 15))::bit(60)::bigint";

    /// <summary>The expression for DuckDB, over the entity's table in the warehouse: a BIGINT.</summary>
    public static string InDuckDb(EntityContract entity) =>
        $"CAST('0x' || substr(md5(concat_ws(chr(31), {Values(entity, DuckDbText, "chr(30)")})), 1, 15) AS BIGINT)";

    private static string Values(EntityContract entity, Func<ColumnType, string, string> text, string missing) =>
        string.Join(", ", entity.Columns.Select(column => $"coalesce({text(column.Type, EntityTable.Quote(column.Name))}, {missing})"));

    private static string PostgresText(ColumnType type, string column) => type switch
    {
        ColumnType.Number => $"CASE WHEN {column} = 0 THEN '0' ELSE ltrim(to_char({column}, '9.99999999999999EEEE')) END",
        ColumnType.Boolean => $"({column}::int)::text",
        ColumnType.Date => $"({column} - DATE '1970-01-01')::text",
        ColumnType.Timestamp => $"(extract(epoch FROM {column}) * 1000000)::bigint::text",
        _ => $"{column}::text",
    };

    private static string DuckDbText(ColumnType type, string column) => type switch
    {
        // The fifteen digits that every double has.
        ColumnType.Number => $"CASE WHEN {column} = 0 THEN '0' ELSE printf('%.14e', {column}) END",
        ColumnType.Boolean => $"CAST(CAST({column} AS INTEGER) AS VARCHAR)",
        ColumnType.Date => $"CAST(date_diff('day', DATE '1970-01-01', {column}) AS VARCHAR)",
        ColumnType.Timestamp => $"CAST(epoch_us({column}) AS VARCHAR)",
        _ => $"CAST({column} AS VARCHAR)",
    };
}
