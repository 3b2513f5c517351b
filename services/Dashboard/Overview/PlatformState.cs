using Platform.Dashboard.Live;
using Platform.Dashboard.Services;

namespace Platform.Dashboard.Overview;

/// <summary>The whole platform at one moment. Immutable; the next one replaces it.</summary>
public sealed record PlatformState
{
    public DateTimeOffset At { get; init; }

    public Reading<IReadOnlyList<ServiceHealth>> Services { get; init; } = new();

    public Reading<IReadOnlyList<NodeReport>> Nodes { get; init; } = new();

    public Reading<PipelineReport> Pipeline { get; init; } = new();

    public Reading<InvalidationReport> Invalidation { get; init; } = new();

    public Reading<IReadOnlyList<TenantFigures>> Figures { get; init; } = new();

    public Reading<IReadOnlyList<TenantDay>> Days { get; init; } = new();

    public Reading<LiveFigures> Live { get; init; } = new();

    public Reading<IReadOnlyList<AlertReport>> Alerts { get; init; } = new();

    public Trends Trends { get; init; } = new();

    public LiveTrends LiveTrends { get; init; } = new();

    /// <summary>Who does not answer, and why.</summary>
    public IEnumerable<string> Problems => new[] { Nodes.Problem, Pipeline.Problem, Invalidation.Problem, Figures.Problem }
        .OfType<string>().Distinct(StringComparer.Ordinal);
}
