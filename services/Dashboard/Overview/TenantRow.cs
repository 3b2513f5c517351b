using Platform.Tenancy;

namespace Platform.Dashboard.Overview;

/// <summary>A tenant as the overview lists it.</summary>
/// <param name="Placement">Who it is and where its rows live.</param>
/// <param name="Customers">Its customers in the warehouse.</param>
/// <param name="Orders">Its orders there.</param>
/// <param name="Revenue">Sum of the orders.</param>
/// <param name="Days">Revenue of each of the last 30 days, oldest first.</param>
public sealed record TenantRow(TenantPlacement Placement, long Customers, long Orders, decimal Revenue, IReadOnlyList<double> Days)
{
    private const int DayCount = 30;

    /// <summary>Every tenant, the one with the highest revenue first.</summary>
    public static IReadOnlyList<TenantRow> From(TenantDirectorySnapshot directory, PlatformState state)
    {
        var figures = (state.Figures.Value ?? []).ToLookup(figure => figure.Tenant, StringComparer.Ordinal);
        var days = (state.Days.Value ?? []).Where(day => day.Entity == "orders").ToLookup(day => day.Tenant, StringComparer.Ordinal);
        var today = DateOnly.FromDateTime(state.At.UtcDateTime);
        return [.. directory.Tenants.Select(tenant => Of(tenant, [.. figures[tenant.Id]], [.. days[tenant.Id]], today)).OrderByDescending(row => row.Revenue)];
    }

    private static TenantRow Of(TenantPlacement tenant, IReadOnlyList<TenantFigures> figures, IReadOnlyList<TenantDay> days, DateOnly today)
    {
        var orders = figures.FirstOrDefault(figure => figure.Entity == "orders");
        var byDay = days.ToDictionary(day => day.Day, day => (double)day.Total);
        return new(
            tenant,
            figures.FirstOrDefault(figure => figure.Entity == "customers")?.Rows ?? 0,
            orders?.Rows ?? 0,
            orders?.Total ?? 0,
            [.. Enumerable.Range(0, DayCount).Select(i => byDay.GetValueOrDefault(today.AddDays(i + 1 - DayCount)))]);
    }
}
