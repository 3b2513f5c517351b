using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;
using Platform.Changes;
using Platform.Contracts;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Operation of the capture: where it stands, holding it and letting it go on, and snapshots.</summary>
internal static class CaptureEndpoints
{
    public static void MapCapture(this IEndpointRouteBuilder routes)
    {
        // Instruments are there from the start, not from the first question on.
        _ = routes.ServiceProvider.GetRequiredService<CaptureMetrics>();
        var capture = routes.MapGroup("/capture").RequireAuthorization(Policies.Service);
        capture.MapGet("", GetState);
        capture.MapPost("/pause", (CaptureState state) =>
        {
            state.Pause();
            return TypedResults.NoContent();
        });
        capture.MapPost("/resume", (CaptureState state) =>
        {
            state.Resume();
            return TypedResults.NoContent();
        });
        capture.MapPost("/start-over", (CaptureState state) =>
        {
            state.StartOver();
            return TypedResults.NoContent();
        });
        var snapshots = capture.MapGroup("/snapshots");
        snapshots.MapGet("", (SnapshotControl control) => TypedResults.Ok(control.All.Select(Describe)));
        snapshots.MapPost("", Order);
        snapshots.MapPost("/{id}/pause", (string id, SnapshotControl control, SourceKeeper keeper) => Set(id, SnapshotStatus.Paused, control, keeper));
        snapshots.MapPost("/{id}/resume", (string id, SnapshotControl control, SourceKeeper keeper) => Set(id, SnapshotStatus.Running, control, keeper));
        snapshots.MapPost("/{id}/cancel", (string id, SnapshotControl control, SourceKeeper keeper) => Set(id, SnapshotStatus.Cancelled, control, keeper));
    }

    private static Ok<CaptureReport> GetState(CaptureState state, LogProgress progress, SlotWatch watch, SnapshotControl snapshots)
    {
        var (report, slot) = (progress.Report(), watch.Latest);
        return TypedResults.Ok(new CaptureReport(
            state.Activity, state.Trouble, LsnText.Format(report.CapturedLsn), LsnText.Format(report.DeliveredLsn), slot.LagBytes, report.LagMilliseconds,
            slot.RetainedBytes, slot.LimitBytes, report.CapturedEvents, [.. snapshots.All.Select(Describe)]));
    }

    private static Results<Created<SnapshotReport>, ValidationProblem> Order(
        NewSnapshot order, ContractSet contracts, SnapshotControl control, SourceKeeper keeper, TimeProvider clock)
    {
        var mistakes = order.FindMistakes(contracts);
        if (mistakes.Count > 0) return TypedResults.ValidationProblem(mistakes);
        var now = clock.GetUtcNow();
        var run = new SnapshotRun
        {
            Id = now.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture), Reason = order.Reason ?? "It was ordered.", StartedAt = now, Reconciles = order.Filters.Count == 0,
            Parts = [.. order.Entities.Select(entity => new SnapshotPart
            {
                Schema = ChangeTopics.Schema, Table = entity, HasKey = true,
                Filters = [.. order.Filters.Select(filter => new SnapshotPart.PartFilter(filter.Column, filter.Operator, filter.Value))],
            })],
        };
        control.Order(run);
        keeper.SnapshotsChanged();
        return TypedResults.Created($"/capture/snapshots/{run.Id}", Describe(run));
    }

    private static Results<NoContent, ProblemHttpResult> Set(string id, SnapshotStatus status, SnapshotControl control, SourceKeeper keeper)
    {
        if (!control.Set(id, status))
            return TypedResults.Problem($"There is no snapshot '{id}' under way.", statusCode: StatusCodes.Status404NotFound);
        keeper.SnapshotsChanged();
        return TypedResults.NoContent();
    }

    private static SnapshotReport Describe(SnapshotRun run) => new(
        run.Id, run.Status.ToString().ToLowerInvariant(), run.Reason, run.Problem, run.StartedAt, run.EndedAt,
        [.. run.Parts.Select(part => new SnapshotReport.Part($"{part.Schema}.{part.Table}", part.Rows, part.EstimatedRows, part.IsDone))]);
}
