using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Analytics;

/// <summary>Questions to the warehouse. Every one about a tenant's rows has the tenant as parameter.</summary>
internal sealed class AnalyticsQueries(WarehouseStore warehouse, ContractSet contracts)
{
    public EntitySummary Summary(EntityContract entity, string tenant)
    {
        var figures = entity.Analytics is { } analytics
            ? $"sum({EntityTable.Quote(analytics.Measure)}), min({EntityTable.Quote(analytics.Time)}), max({EntityTable.Quote(analytics.Time)})"
            : "NULL, NULL, NULL";
        using var connection = warehouse.OpenReader();
        using var command = Command(connection, $"SELECT count(*), {figures} FROM {warehouse.Table(entity).Name} WHERE tenant_id = $tenant", ("tenant", tenant));
        using var reader = command.ExecuteReader();
        reader.Read();
        return new(
            entity.Name,
            reader.GetInt64(0),
            entity.Analytics is null ? null : Amount(entity, entity.Analytics, reader.IsDBNull(1) ? 0 : reader.GetValue(1)),
            reader.IsDBNull(2) ? null : Utc(reader.GetDateTime(2)),
            reader.IsDBNull(3) ? null : Utc(reader.GetDateTime(3)));
    }

    public DailyFigures Daily(EntityContract entity, AnalyticsContract analytics, string tenant, DateOnly? from, DateOnly? to)
    {
        var day = $"CAST({EntityTable.Quote(analytics.Time)} AS DATE)";
        var dimensions = string.Concat(analytics.Dimensions.Select(d => $", {EntityTable.Quote(d)}"));
        using var connection = warehouse.OpenReader();
        using var command = Command(
            connection,
            $"""
            SELECT {day} AS day, count(*), sum({EntityTable.Quote(analytics.Measure)}){dimensions}
            FROM {warehouse.Table(entity).Name}
            WHERE tenant_id = $tenant AND {day} >= CAST($from AS DATE) AND {day} <= CAST($to AS DATE)
            GROUP BY day{dimensions} ORDER BY day{dimensions}
            """,
            ("tenant", tenant),
            ("from", (from ?? DateOnly.MinValue).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("to", (to ?? DateOnly.MaxValue).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        using var reader = command.ExecuteReader();
        List<DailyFigure> items = [];
        while (reader.Read())
        {
            var values = analytics.Dimensions
                .Select((d, i) => (d, Value: reader.IsDBNull(i + 3) ? null : Convert.ToString(reader.GetValue(i + 3), CultureInfo.InvariantCulture)))
                .ToDictionary(d => d.d, d => d.Value, StringComparer.Ordinal);
            items.Add(new(reader.GetFieldValue<DateOnly>(0), values, reader.GetInt64(1), Amount(entity, analytics, reader.GetValue(2))));
        }

        return new(analytics.Measure, analytics.Dimensions, items);
    }

    public IReadOnlyList<TenantFigures> AllTenants()
    {
        List<TenantFigures> figures = [];
        using var connection = warehouse.OpenReader();
        foreach (var entity in contracts.Entities)
        {
            var sum = entity.Analytics is { } analytics ? $"sum({EntityTable.Quote(analytics.Measure)})" : "0";
            using var command = Command(connection, $"SELECT tenant_id, count(*), {sum} FROM {warehouse.Table(entity).Name} GROUP BY tenant_id ORDER BY tenant_id");
            using var reader = command.ExecuteReader();
            while (reader.Read())
                figures.Add(new(reader.GetString(0), entity.Name, reader.GetInt64(1), entity.Analytics is null ? 0 : Amount(entity, entity.Analytics, reader.GetValue(2))));
        }

        return figures;
    }

    /// <summary>Every tenant's sum of each contract's measure by day, from a day on.</summary>
    public IReadOnlyList<TenantDay> AllTenantsDaily(DateOnly from)
    {
        List<TenantDay> days = [];
        using var connection = warehouse.OpenReader();
        foreach (var entity in contracts.Entities)
        {
            if (entity.Analytics is not { } analytics) continue;
            var day = $"CAST({EntityTable.Quote(analytics.Time)} AS DATE)";
            using var command = Command(
                connection,
                $"""
                SELECT tenant_id, {day} AS day, sum({EntityTable.Quote(analytics.Measure)}) FROM {warehouse.Table(entity).Name}
                WHERE {day} >= CAST($from AS DATE) GROUP BY tenant_id, day ORDER BY tenant_id, day
                """,
                ("from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
            using var reader = command.ExecuteReader();
            while (reader.Read()) days.Add(new(reader.GetString(0), entity.Name, reader.GetFieldValue<DateOnly>(1), Amount(entity, analytics, reader.GetValue(2))));
        }

        return days;
    }

    // The warehouse sums minor units, exactly; the answer has the API's units.
    private static decimal Amount(EntityContract entity, AnalyticsContract analytics, object sum)
    {
        var column = entity.Find(analytics.Measure)!;
        var total = sum switch
        {
            BigInteger big => (decimal)big,
            double number => (decimal)number,
            DBNull => 0m,
            _ => Convert.ToDecimal(sum, CultureInfo.InvariantCulture),
        };
        for (var i = 0; column.Type == ColumnType.Money && i < column.Scale; i++) total /= 10;
        return total;
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }
}
