using System.Collections.Immutable;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>A rule's condition that is or was true, for the platform or a tenant. Immutable.</summary>
public sealed record Alert
{
    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>The tenant; null for the platform.</summary>
    public string? Tenant { get; init; }

    /// <summary>The series.</summary>
    public required string Series { get; init; }

    /// <summary>How soon somebody should look.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>The rule's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What the rule is about.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where it is in its life.</summary>
    public required AlertState State { get; init; }

    /// <summary>What was last seen, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The value that was last seen; null when there was none.</summary>
    public double? Value { get; init; }

    /// <summary>Since when the condition is true.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it began to fire.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>When it was resolved.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What each receiver was told last, and when.</summary>
    public ImmutableDictionary<string, Told> Told { get; init; } = ImmutableDictionary<string, Told>.Empty;

    /// <summary>Names the alert: its rule and tenant.</summary>
    public string Id => Tenant is null ? Rule : $"{Rule}/{Tenant}";
}

/// <summary>A message that a receiver has taken.</summary>
/// <param name="State">The state that it told.</param>
/// <param name="At">When.</param>
public sealed record Told(AlertState State, DateTimeOffset At);
