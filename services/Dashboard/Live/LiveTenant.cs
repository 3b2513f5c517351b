using Platform.Dashboard.Charts;
using Platform.Dashboard.Overview;
using Platform.Tenancy;

namespace Platform.Dashboard.Live;

/// <summary>A tenant's last seconds.</summary>
/// <param name="Placement">Who it is.</param>
/// <param name="Requests">Its requests a second.</param>
/// <param name="Errors">Share of them that failed.</param>
/// <param name="P95">95th percentile of their durations in milliseconds.</param>
/// <param name="Changes">Its changes a second.</param>
/// <param name="Revenue">By how much its revenue moved.</param>
/// <param name="History">Its requests a second while somebody watched.</param>
public sealed record LiveTenant(TenantPlacement Placement, double Requests, double Errors, double? P95, double Changes, decimal Revenue, History History)
{
    /// <summary>Every tenant, the busiest first.</summary>
    public static IReadOnlyList<LiveTenant> From(TenantDirectorySnapshot directory, PlatformState state)
    {
        if (state.Live.Value is not { } live) return [];
        var windows = live.Windows.Where(window => window.Tenant is not null).ToLookup(window => window.Tenant!, StringComparer.Ordinal);
        return [.. directory.Tenants.Select(tenant => Of(tenant, [.. windows[tenant.Id]], live.Seconds, state.LiveTrends.Of(tenant.Id)))
            .OrderByDescending(row => row.Requests).ThenBy(row => row.Placement.Id, StringComparer.Ordinal)];
    }

    private static LiveTenant Of(TenantPlacement tenant, IReadOnlyList<LiveWindow> windows, double seconds, History history)
    {
        var requests = windows.FirstOrDefault(window => window.Metric == "requests");
        return new(
            tenant,
            (requests?.Count ?? 0) / seconds,
            requests is { Count: > 0 } ? requests.Errors / requests.Count : 0,
            requests?.P95,
            (windows.FirstOrDefault(window => window.Metric == "changes")?.Count ?? 0) / seconds,
            windows.FirstOrDefault(window => window.Metric == "orders")?.Amount ?? 0,
            history);
    }
}
