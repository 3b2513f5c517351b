using System.Collections.Immutable;
using Platform.Dashboard.Charts;

namespace Platform.Dashboard.Live;

/// <summary>How the live metrics moved while somebody watched. Immutable.</summary>
public sealed record LiveTrends
{
    private ImmutableDictionary<string, History> _byTenant = ImmutableDictionary<string, History>.Empty;

    /// <summary>Requests a second of all tenants.</summary>
    public History Requests { get; private init; } = History.Empty;

    /// <summary>Failed requests a second.</summary>
    public History Errors { get; private init; } = History.Empty;

    /// <summary>95th percentile of the requests' durations, in milliseconds.</summary>
    public History P95 { get; private init; } = History.Empty;

    /// <summary>Changes a second.</summary>
    public History Changes { get; private init; } = History.Empty;

    /// <summary>Requests a second of a tenant.</summary>
    public History Of(string tenant) => _byTenant.GetValueOrDefault(tenant, History.Empty);

    /// <summary>The trends with one more reading.</summary>
    public LiveTrends Next(LiveFigures? figures)
    {
        if (figures is null) return this;
        var next = this;
        foreach (var window in figures.Windows)
        {
            var rate = window.Count / figures.Seconds;
            next = window switch
            {
                { Metric: "requests", Tenant: { } tenant } => next with { _byTenant = next._byTenant.SetItem(tenant, Of(tenant).With(rate)) },
                { Metric: "requests" } => next with
                {
                    Requests = Requests.With(rate),
                    Errors = Errors.With(window.Errors / figures.Seconds),
                    P95 = window.P95 is { } p95 ? P95.With(p95) : P95,
                },
                { Metric: "changes", Tenant: null } => next with { Changes = Changes.With(rate) },
                _ => next,
            };
        }

        return next;
    }
}
