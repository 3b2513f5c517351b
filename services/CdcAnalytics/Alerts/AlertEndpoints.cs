using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>The alerts and the silences, for those who run the platform.</summary>
internal static class AlertEndpoints
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(30);

    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        var alerts = routes.MapGroup("/alerts").RequireAuthorization(Policies.Service);
        alerts.MapGet("", (AlertBook book, TimeProvider clock) =>
        {
            var silences = book.Silences(clock.GetUtcNow());
            return TypedResults.Ok(book.Alerts
                .OrderByDescending(alert => alert.State == AlertState.Firing).ThenByDescending(alert => alert.Severity).ThenBy(alert => alert.Id, StringComparer.Ordinal)
                .Select(alert => new AlertReport(alert, silences.FirstOrDefault(silence => silence.Covers(alert, clock.GetUtcNow()))?.Id)));
        });
        alerts.MapGet("/silences", (AlertBook book, TimeProvider clock) => TypedResults.Ok(book.Silences(clock.GetUtcNow())));
        alerts.MapPost("/silences", Silence);
        alerts.MapDelete("/silences/{id:guid}", Unsilence);
    }

    private static Results<Created<Silence>, ValidationProblem> Silence(NewSilence request, HttpContext http, AlertBook book, AlertStore store, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (request.Until <= now || request.Until > now + LongestSilence) return Invalid("until", $"It must be a moment within the next {LongestSilence.TotalDays} days.");
        if (string.IsNullOrWhiteSpace(request.Comment)) return Invalid("comment", "Say why, for whoever wonders later.");
        if (request is { Rule: null, Tenant: null, Labels: null or { Count: 0 } }) return Invalid("rule", "Name a rule, a tenant or a label; a silence of everything would hide what nobody thought of.");
        var silence = new Silence(
            Guid.CreateVersion7(now), request.Rule, request.Tenant, request.Labels ?? [], request.Until, request.Comment, http.User.Identity?.Name ?? "unknown");
        book.Add(silence);
        store.Write(book.Alerts, book.Silences(now));
        return TypedResults.Created($"/alerts/silences/{silence.Id}", silence);
    }

    private static Results<NoContent, NotFound> Unsilence(Guid id, AlertBook book, AlertStore store, TimeProvider clock)
    {
        if (!book.Remove(id)) return TypedResults.NotFound();
        store.Write(book.Alerts, book.Silences(clock.GetUtcNow()));
        return TypedResults.NoContent();
    }

    private static ValidationProblem Invalid(string field, string reason) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    private sealed record NewSilence(string? Rule, string? Tenant, Dictionary<string, string>? Labels, DateTimeOffset Until, string? Comment);

    private sealed record AlertReport(
        string Id, string Rule, string? Tenant, string Series, AlertSeverity Severity, AlertState State, string Summary, string Description, double? Value,
        DateTimeOffset Since, DateTimeOffset? FiredAt, DateTimeOffset? ResolvedAt, IReadOnlyDictionary<string, string> Labels, Guid? SilencedBy)
    {
        public AlertReport(Alert alert, Guid? silencedBy) : this(
            alert.Id, alert.Rule, alert.Tenant, alert.Series, alert.Severity, alert.State, alert.Summary, alert.Description, alert.Value,
            alert.Since, alert.FiredAt, alert.ResolvedAt, alert.Labels, silencedBy)
        {
        }
    }
}
