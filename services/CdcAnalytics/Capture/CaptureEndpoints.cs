using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Sources;
using Platform.Changes;
using Platform.Contracts;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Operation of the capture: where each source stands, holding it and letting it go on, and snapshots.</summary>
internal static class CaptureEndpoints
{
    public static void MapCapture(this IEndpointRouteBuilder routes)
    {
        // Instruments are there from the start, not from the first question on.
        _ = routes.ServiceProvider.GetRequiredService<CaptureMetrics>();
        var capture = routes.MapGroup("/capture").RequireAuthorization(Policies.Service).AddEndpointFilter(RefuseOrdersWhenOff);
        capture.MapGet("", (CaptureSources sources) => TypedResults.Ok(new CaptureReport([.. sources.All.Select(source => SourceReport.Of(source, sources))])));
        foreach (var (order, give) in new (string, Action<CaptureState>)[] { ("pause", state => state.Pause()), ("resume", state => state.Resume()), ("start-over", state => state.StartOver()) })
        {
            capture.MapPost($"/{order}", (CaptureSources sources) =>
            {
                foreach (var source in sources.All) give(source.State);
                return TypedResults.NoContent();
            });
            capture.MapPost($"/{{cluster}}/{{database}}/{order}", Results<NoContent, ProblemHttpResult> (string cluster, string database, CaptureSources sources) =>
            {
                if (sources.Find(new(cluster, database)) is not { } source) return NoSource(cluster, database);
                give(source.State);
                return TypedResults.NoContent();
            });
        }

        capture.MapGet("/{cluster}/{database}", Results<Ok<SourceReport>, ProblemHttpResult> (string cluster, string database, CaptureSources sources) =>
            sources.Find(new(cluster, database)) is { } source ? TypedResults.Ok(SourceReport.Of(source, sources)) : NoSource(cluster, database));
        capture.MapDelete("/{cluster}/{database}", Remove);
        var snapshots = capture.MapGroup("/snapshots");
        snapshots.MapGet("", (CaptureSources sources) => TypedResults.Ok(sources.All.SelectMany(source => source.Snapshots.All.Select(run => SnapshotReport.Of(run, source.Address)))));
        snapshots.MapPost("", Order);
        snapshots.MapPost("/{id}/pause", (string id, CaptureSources sources) => Set(id, SnapshotStatus.Paused, sources));
        snapshots.MapPost("/{id}/resume", (string id, CaptureSources sources) => Set(id, SnapshotStatus.Running, sources));
        snapshots.MapPost("/{id}/cancel", (string id, CaptureSources sources) => Set(id, SnapshotStatus.Cancelled, sources));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string cluster, string database, CaptureSources sources, CancellationToken cancellationToken)
    {
        if (sources.Find(new(cluster, database)) is not { } source) return NoSource(cluster, database);
        return await sources.RemoveAsync(source, cancellationToken) is { } problem
            ? TypedResults.Problem($"{source.Address} is not given up. {problem}", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.NoContent();
    }

    private static Results<Created<SnapshotReport>, ValidationProblem> Order(NewSnapshot order, ContractSet contracts, CaptureSources sources, TimeProvider clock)
    {
        var mistakes = order.FindMistakes(contracts);
        if (mistakes.Count > 0) return TypedResults.ValidationProblem(mistakes);
        var now = clock.GetUtcNow();
        var id = now.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        SnapshotReport? first = null;
        // Each source reads its part of the order, all under the order's name.
        foreach (var source in order.Tenant is { } tenant && sources.OfTenant(tenant) is { } own ? [own] : sources.All)
        {
            var run = new SnapshotRun
            {
                Id = id, Reason = order.Reason ?? "It was ordered.", StartedAt = now, Reconciles = order.Filters.Count == 0,
                Parts = [.. order.Entities.Select(entity => new SnapshotPart
                {
                    Schema = ChangeTopics.Schema, Table = entity, HasKey = true,
                    Filters = [.. order.Filters.Select(filter => new SnapshotPart.PartFilter(filter.Column, filter.Operator, filter.Value))],
                })],
            };
            source.Snapshots.Order(run);
            source.Keeper.SnapshotsChanged();
            first ??= SnapshotReport.Of(run, source.Address);
        }

        return TypedResults.Created($"/capture/snapshots/{id}", first);
    }

    private static Results<NoContent, ProblemHttpResult> Set(string id, SnapshotStatus status, CaptureSources sources)
    {
        var set = sources.All.Where(source => source.Snapshots.Set(id, status)).ToList();
        if (set.Count == 0) return TypedResults.Problem($"There is no snapshot '{id}' under way.", statusCode: StatusCodes.Status404NotFound);
        foreach (var source in set) source.Keeper.SnapshotsChanged();
        return TypedResults.NoContent();
    }

    private static async ValueTask<object?> RefuseOrdersWhenOff(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return HttpMethods.IsGet(http.Request.Method) || http.RequestServices.GetRequiredService<CaptureSources>().IsOn
            ? await next(context)
            : TypedResults.Problem("The platform's own capture is off (Capture:Enabled=false); whoever fills the topics takes orders.", statusCode: StatusCodes.Status409Conflict);
    }

    private static ProblemHttpResult NoSource(string cluster, string database) =>
        TypedResults.Problem($"No source {cluster}/{database} is captured; see GET /capture.", statusCode: StatusCodes.Status404NotFound);
}
