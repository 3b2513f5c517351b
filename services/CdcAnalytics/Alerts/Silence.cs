namespace Platform.CdcAnalytics.Alerts;

/// <summary>Alerts that nobody wants to be told of for a while. They are listed all the same.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Rule">The rule; null for any.</param>
/// <param name="Tenant">The tenant; null for any, and for the platform.</param>
/// <param name="Labels">Labels that an alert must have.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Comment">Why.</param>
/// <param name="By">Who made it.</param>
public sealed record Silence(Guid Id, string? Rule, string? Tenant, IReadOnlyDictionary<string, string> Labels, DateTimeOffset Until, string Comment, string By)
{
    /// <summary>True when it is about the alert and has not ended.</summary>
    public bool Covers(Alert alert, DateTimeOffset now) =>
        now < Until
        && (Rule is null || Rule == alert.Rule)
        && (Tenant is null || Tenant == alert.Tenant)
        && Labels.All(label => alert.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
