using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Star;

/// <summary>
/// A star schema over the warehouse's versions, derived from the contracts as views. An entity that others refer to is a dimension, with a surrogate key
/// for each version; one that refers to others is a fact, at the grain of its rows, with the keys of the versions that were in force when the row was written.
/// </summary>
internal sealed class StarSchema(ContractSet contracts)
{
    private const string Place = "CAST(_commit_lsn AS UHUGEINT) * 9223372036854775808 + CAST(_ordinal AS UHUGEINT)";

    private const string Dates = """
        CREATE VIEW star.dim_date AS
        SELECT CAST(strftime(day, '%Y%m%d') AS INTEGER) AS date_key, CAST(day AS DATE) AS date, year(day) AS year, quarter(day) AS quarter, month(day) AS month,
            monthname(day) AS month_name, weekofyear(day) AS iso_week, isodow(day) AS iso_day_of_week, dayname(day) AS day_name, isodow(day) > 5 AS is_weekend
        FROM range(TIMESTAMP '2000-01-01', TIMESTAMP '2051-01-01', INTERVAL 1 DAY) AS days(day);
        """;

    private readonly HashSet<string> _dimensions = [.. contracts.Entities.SelectMany(entity => entity.References).Select(reference => reference.Entity)];

    /// <summary>The statements that make the views, after everything of the same schemas was dropped.</summary>
    public IEnumerable<string> Statements()
    {
        yield return "CREATE SCHEMA star;";
        yield return Dates;
        foreach (var entity in contracts.Entities.Where(IsDimension)) yield return Dimension(entity);
        foreach (var entity in contracts.Entities.Where(IsFact)) yield return Fact(entity);
        foreach (var mart in contracts.Entities.Where(entity => entity.Domain.Length > 0).GroupBy(entity => entity.Domain, StringComparer.Ordinal))
        {
            var schema = EntityTable.Quote($"mart_{mart.Key}");
            yield return $"CREATE SCHEMA {schema}; CREATE VIEW {schema}.dim_date AS SELECT * FROM star.dim_date;";
            foreach (var view in mart.SelectMany(ViewsOf)) yield return $"CREATE VIEW {schema}.{view} AS SELECT * FROM star.{view};";
        }
    }

    private bool IsDimension(EntityContract entity) => _dimensions.Contains(entity.Name);

    private static bool IsFact(EntityContract entity) => entity.References.Count > 0;

    private IEnumerable<string> ViewsOf(EntityContract entity)
    {
        if (IsDimension(entity)) yield return EntityTable.Quote($"dim_{entity.Name}");
        if (IsFact(entity)) yield return EntityTable.Quote($"fact_{entity.Name}");
    }

    private static string Dimension(EntityContract entity)
    {
        var key = EntityTable.Quote(entity.Key.Name);
        return $"""
            CREATE VIEW star.{EntityTable.Quote($"dim_{entity.Name}")} AS
            SELECT md5_number_lower(_source || '|' || tenant_id || '|' || CAST({key} AS VARCHAR) || '|' || CAST(_commit_lsn AS VARCHAR) || '#' || CAST(_ordinal AS VARCHAR)) AS _sk,
                tenant_id, {string.Join(", ", entity.Columns.Select(Field))}, _valid_from, _valid_to, _is_current, _source, {Place} AS _place
            FROM versions.{EntityTable.Quote(entity.Name)};
            """;
    }

    private string Fact(EntityContract entity)
    {
        List<string> fields = ["f.tenant_id"], joins = [];
        var references = entity.References.Select(reference => reference.Column).ToHashSet(StringComparer.Ordinal);
        fields.AddRange(entity.Columns.Where(column => !references.Contains(column.Name)).Select(column => Field(column, "f.")));
        var time = entity.Analytics is { } own ? $"f.{EntityTable.Quote(own.Time)}" : null;
        Follow(entity, "f", []);
        if (time is not null) fields.Add($"CAST(strftime({time}, '%Y%m%d') AS INTEGER) AS _date_key");
        fields.Add("1 AS _rows");
        fields.AddRange(Products(entity));
        return $"""
            CREATE VIEW star.{EntityTable.Quote($"fact_{entity.Name}")} AS
            SELECT {string.Join(", ", fields)}
            FROM (SELECT *, {Place} AS _place FROM main.{EntityTable.Quote(entity.Name)}) AS f{string.Concat(joins)};
            """;

        void Follow(EntityContract from, string alias, HashSet<string> seen)
        {
            foreach (var reference in from.References.Where(reference => seen.Add(reference.Entity)))
            {
                var (name, target) = ($"d{joins.Count}", contracts.Find(reference.Entity)!);
                joins.Add($"""

                    ASOF LEFT JOIN star.{EntityTable.Quote($"dim_{target.Name}")} AS {name} ON {name}.tenant_id = f.tenant_id
                        AND {name}.{EntityTable.Quote(reference.TargetColumn)} = {alias}.{EntityTable.Quote(reference.Column)} AND {name}._source = f._source AND f._place >= {name}._place
                    """);
                fields.Add($"{name}._sk AS {EntityTable.Quote($"_{target.Name}_sk")}");
                if (time is null && target.Analytics is { } theirs) time = $"{name}.{EntityTable.Quote(theirs.Time)}";
                Follow(target, name, seen);
            }
        }
    }

    // A price does not add up over rows; what does is the price times how many.
    private static IEnumerable<string> Products(EntityContract entity)
    {
        var prices = entity.Columns.Where(column => column.Type == ColumnType.Money);
        var counts = entity.Columns.Where(column => column.Type == ColumnType.Integer && column != entity.Key && entity.References.All(reference => reference.Column != column.Name)).ToList();
        return from price in prices
               from count in counts
               select $"{Units(price, $"f.{EntityTable.Quote(price.Name)} * f.{EntityTable.Quote(count.Name)}")} AS {EntityTable.Quote($"{price.Name}_x_{count.Name}")}";
    }

    private static string Field(ColumnContract column) => Field(column, "");

    private static string Field(ColumnContract column, string prefix) => $"{Units(column, prefix + EntityTable.Quote(column.Name))} AS {EntityTable.Quote(column.Name)}";

    private static string Units(ColumnContract column, string sql) => column is { Type: ColumnType.Money, Scale: > 0 and var scale }
        ? $"CAST({sql} AS DECIMAL(30, 0)) * CAST('0.{new string('0', scale - 1)}1' AS DECIMAL({scale + 1}, {scale}))"
        : sql;
}
