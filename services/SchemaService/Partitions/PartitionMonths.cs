using System.Globalization;
using Platform.Contracts;
using Platform.SchemaService.Ddl;

namespace Platform.SchemaService.Partitions;

/// <summary>Which months of a divided table there have to be.</summary>
internal static class PartitionMonths
{
    /// <summary>Every month from the contract's first to its number of months after today's.</summary>
    public static IReadOnlyList<PartitionDesign> Of(EntityContract entity, PartitioningContract partitioning, DateOnly today)
    {
        var isDate = entity.Find(partitioning.Column)!.Type == ColumnType.Date;
        var last = new DateOnly(today.Year, today.Month, 1).AddMonths(partitioning.Premake);
        var months = new List<PartitionDesign>();
        for (var month = partitioning.From; month <= last; month = month.AddMonths(1))
            months.Add(new(NameOf(entity.Name, month), Literal(month, isDate), Literal(month.AddMonths(1), isDate)));
        return months;
    }

    /// <summary>Name of a month's partition: <c>orders_p2025_12</c>.</summary>
    public static string NameOf(string table, DateOnly month) => $"{table}_p{month.ToString("yyyy_MM", CultureInfo.InvariantCulture)}";

    private static string Literal(DateOnly day, bool isDate) =>
        Sql.Literal(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + (isDate ? "" : " 00:00:00+00"));
}
